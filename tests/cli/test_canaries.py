"""No NHS number and no name in anything that is listed, logged or told as an error; a busy ledger, every list of it."""

import json
from pathlib import Path

import pytest

from deploy.borough.published import same_id_other_body
from tests.cli.town import Town

LISTS = (
    ("log",),
    ("log", "--attempts"),
    ("log", "--kind", "answer"),
    ("tasks",),
    ("tasks", "list", "--closed"),
    ("refused",),
    ("refused", "list", "--closed"),
    ("destinations",),
    ("incidents",),
    ("reconcile", "--no-topics"),
    ("retention",),
    ("doctor",),
)


@pytest.fixture(scope="module")
def busy(shared_town: Town) -> Town:
    """Everything that can happen has happened, with names wherever a sender can put one."""
    town = shared_town
    child = town.child(0, 5)
    doc = town.borough.people[child]
    whole = f"{doc['name']['given']} {doc['name']['family']}"
    town.take(
        town.discharge(child, asks=[{"of": "HV", "what": f"Ring {whole}'s mother on 01632 960000."}]),
        town.discharge(town.child_without_practice()),
    )
    unverified = town.discharge(town.child(5, 12))
    unverified.event["data"]["subjects"][0]["nhs_number_status"] = "02"
    wrong = town.discharge(child, record_id=whole.replace(" ", "-"))
    wrong.event["data"]["subjects"][0]["nhs_number"] = doc["nhs"][:9] + str((int(doc["nhs"][9]) + 1) % 10)
    wrong.event["data"][whole] = doc["nhs"]
    wrong.event["id"] = whole
    again = town.discharge(child)
    town.take(unverified, wrong, again)
    town.take(same_id_other_body(again, asks=[{"of": "HV", "what": f"Ring {whole}'s mother."}]))
    assert len(town.json("refused", "list", "--code", "id-conflict")) == 1
    town.send()
    hv = town.delivery("hv-")
    town.sharewell("claim", hv["id"], "--by", "Ann Lee")
    town.sharewell(
        "receipt", hv["id"], "not-ours", "--by", "J Hart", "--role", "health visitor", "--note", f"{whole} moved"
    )
    gp = town.delivery("gp-")
    town.sharewell("receipt", gp["id"], "failed", "--by", "EPR", "--role", "system", "--system", "--note", whole)
    town.step(days=4)
    town.clocks()
    return town


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_no_list_names_anybody(busy: Town, command: tuple[str, ...]) -> None:
    for done in (busy.sharewell(*command), busy.sharewell(*command, "--json")):
        assert done.exit_code in (0, 1, 3)
        assert done.output.strip()
        assert busy.named_in(done.output) == set()


def test_no_queue_names_anybody(busy: Town) -> None:
    teams = {d["team"] for d in busy.json("log")} | {t["owner"] for t in busy.json("tasks")}
    assert len(teams) > 5
    for team in teams:
        done = busy.sharewell("queue", team)
        assert done.exit_code == 0
        assert busy.named_in(done.output) == set()
        assert busy.named_in(busy.sharewell("queue", team, "--json").output) == set()


def test_no_error_and_no_check_repeats_what_is_wrong(busy: Town, tmp_path: Path) -> None:
    child = busy.child(0, 5)
    doc = busy.borough.people[child]
    event = busy.discharge(child).event
    event["data"]["subjects"][0]["nhs_number"] = doc["nhs"][:9] + "X"
    event["data"]["subjects"][0]["birth_date"] = f"{doc['name']['given']} {doc['name']['family']}"
    event["data"][doc["nhs"]] = 1
    file = tmp_path / f"{doc['name']['family']}.json"
    file.write_text(json.dumps(event))
    for command in (
        ("check", str(file)),
        ("explain", str(file)),
        ("publish", str(file)),
        ("directory", "load", str(file)),
    ):
        done = busy.sharewell(*command)
        assert done.exit_code != 0
        assert busy.named_in(done.output) == set(), command
        assert doc["nhs"] not in done.output


def test_a_fault_in_the_middle_repeats_nothing(busy: Town) -> None:
    busy.sql('UPDATE delivery SET body = \'{"type": "Jude Marsh"}\'')
    hv = busy.delivery("hv-")
    done = busy.sharewell("show", hv["id"], "--why", "could not be opened")
    assert done.exit_code == 5
    assert "Marsh" not in done.output
    assert "Its text is not shown" in done.output


def test_the_access_record_names_keys_and_never_a_child(busy: Town) -> None:
    child = busy.child(0, 5)
    hv = busy.delivery("hv-")
    busy.sharewell("show", hv["id"], "--why", "looking")
    busy.sharewell("story", child, "--why", "looking")
    busy.sharewell("queue", hv["team"], "--why", "looking")
    busy.sharewell("log", "--child", "--why", "looking", typed=busy.borough.people[child]["nhs"])
    assert len(busy.accesses()) >= 4
    assert busy.named_in(str(busy.accesses())) == set()
