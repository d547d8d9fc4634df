"""Why an event told whom: by the same decide, on the facts as they were kept; and of a file, leaving nothing behind."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from adapters.storage.reading import Reading
from router.decide import decide
from router.explain import explain
from router.policy.book import rule_book
from tests.cli.town import Town


def test_a_kept_event_is_explained_row_by_row_and_is_what_was_kept(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    town.take(said)
    told = town.json("explain", said.id)
    assert told["same_as_kept"] is True
    rows = {c["words"].partition(" when ")[0]: c for c in told["considered"]}
    hv = next(c for words, c in rows.items() if "health visiting" in words)
    sn = next(c for words, c in rows.items() if "school nursing" in words)
    assert (hv["outcome"], sn["outcome"]) == ("told", "not-applicable")
    assert hv["teams"] == [town.delivery("hv-")["team"]]
    assert sn["detail"] == "the child is 5 to 19"
    assert told["families"]
    shown = town.sharewell("explain", said.id).output
    assert "Decided again, it is what was kept." in shown
    assert not town.named_in(shown)
    assert town.accesses() == []


def test_the_facts_that_rows_read_are_shown_with_a_reason_and_the_look_is_recorded(town: Town) -> None:
    child = town.child(0, 5)
    said = town.discharge(child)
    town.take(said)
    without = town.json("explain", said.id)
    assert all(look["read"] == {} for c in without["considered"] for look in c["looks"])
    told = town.json("explain", said.id, "--why", "the GP asks")
    reads = {name: value for c in told["considered"] for look in c["looks"] for name, value in look["read"].items()}
    assert reads["the child's age"] == str(town.borough.age(town.borough.people[child]))
    assert town.accesses() == [("A Tester", "the GP asks", f"explain event {said.id}")]
    assert not town.named_in(town.sharewell("explain", said.id, "--why", "the GP asks").output)


def test_todays_directory_is_not_asked(town: Town, tmp_path: Path) -> None:
    child = town.child(0, 5)
    said = town.discharge(child)
    town.take(said)
    before = town.json("explain", said.id)
    town.sql(
        "UPDATE family f SET version = 2 FROM person p WHERE p.id = %s AND f.id = p.family",
        child,
    )
    town.sql("INSERT INTO family_version SELECT family, 2, '{\"people\":{}}', now() FROM person WHERE id = %s", child)
    town.sql("INSERT INTO cover_version (version, doc) VALUES (2, '{}')")
    assert town.json("explain", said.id) == before


def test_a_decision_that_would_be_another_now_is_told_as_such(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    town.take(said)
    (kept,) = town.sql("SELECT decision FROM event")[0]
    changed = [v for v in orjson.loads(kept) if v[2] != "told"]
    town.sql("UPDATE event SET decision = %s", orjson.dumps(changed))
    done = town.sharewell("explain", said.id)
    assert done.exit_code == 1
    assert "not considered then, told" in done.output
    assert town.json("explain", said.id, exits=1)["same_as_kept"] is False


def test_who_was_told_after_a_person_said_something_new_is_told_too(town: Town) -> None:
    said = town.discharge(town.child_without_practice())
    town.take(said)
    (task,) = town.json("tasks", "list", "--kind", "nobody-found")
    town.sharewell("tasks", "match", task["id"], "--team", "gp-alder-lane-surgery", "--why", "they said so")
    assert town.json("explain", said.id)["decided_again"] == [
        {"team": "gp-alder-lane-surgery", "because": "nobody-found"}
    ]


def everything(town: Town) -> Any:
    tables = "event inbox delivery due clock task refusal happening family family_version person position".split()
    return {t: town.sql(f"SELECT count(*) FROM {t}") for t in tables}


def test_a_file_is_explained_on_todays_directory_and_nothing_is_left_behind(town: Town, tmp_path: Path) -> None:
    said = town.discharge(town.child(0, 5))
    file = tmp_path / "event.json"
    file.write_text(json.dumps(said.event, indent=2))
    before = everything(town)
    would = town.json("explain", str(file))
    assert everything(town) == before
    assert would["same_as_kept"] is None
    town.take(said)
    did = town.json("explain", said.id)
    assert [(c["outcome"], c["teams"]) for c in would["considered"]] == [
        (c["outcome"], c["teams"]) for c in did["considered"]
    ]


def test_a_file_that_would_be_refused_says_every_error(town: Town, tmp_path: Path) -> None:
    said = town.discharge(town.child(0, 5))
    said.event["data"]["subjects"][0]["nhs_number"] = "9990000011"
    file = tmp_path / "event.json"
    file.write_text(json.dumps(said.event))
    done = town.sharewell("explain", str(file))
    assert done.exit_code == 1
    assert "It would be refused." in done.output
    assert "[nhs-number-check-digit]" in done.output
    assert "9990000011" not in done.output
    file.write_text(json.dumps({**said.event, "source": "https://nobody.example"}))
    assert town.sharewell("explain", str(file)).exit_code == 2


def test_a_row_that_does_not_apply_says_what_is_not_so_and_a_cancellation_that_it_is_one(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    town.take(said)
    sequence = {"id": str(uuid4()), "eventaction": "cancel", "sequence": f"{int(said.event['sequence']) + 1:020d}"}
    cancel = replace(said, event={**said.event, **sequence})
    town.take(cancel)
    shown = " ".join(town.sharewell("explain", said.id).stdout.split())
    failed = {
        c["detail"]
        for c in town.json("explain", said.id, "--why", "a test")["considered"]
        if c["outcome"] == "not-applicable" and [look for look in c["looks"] if not look["held"]]
    }
    assert any(not words.startswith("the ") for words in failed), failed
    for words in failed:
        assert f"because it is not so that {words}" in shown
    whole = " ".join(town.sharewell("explain", cancel.id).stdout.split())
    assert "NOT APPLICABLE the event as a whole the event was cancelled" in whole


def test_of_a_file_of_many_none_is_explained_as_if_it_were_all(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text("".join(json.dumps(town.discharge(town.child(0, 5)).event) + "\n" for _ in range(2)))
    done = town.sharewell("explain", str(file))
    assert (done.exit_code, "holds 2 records" in done.output) == (2, True), done.output


def test_restored_facts_make_the_very_deliveries_that_were_sent(town: Town) -> None:
    ages = ((0, 1), (1, 5), (5, 12), (12, 16), (16, 18))
    for low, high in ages:
        town.take(town.discharge(town.child(low, high)))
    town.take(town.discharge(town.child_without_practice()))
    sent = {id: bytes(body) for id, body in town.sql("SELECT id::text, body FROM delivery WHERE kind = 'summary'")}

    async def again(ledger: Any) -> dict[str, bytes]:
        found = {}
        async with ledger._pool.connection() as connection:
            reading = Reading(connection)
            for no in range(1, len(ages) + 2):
                kept = await reading.kept_event(no)
                assert kept is not None
                assert explain(kept.event, kept.facts, rule_book(), kept.decision).same_as_kept
                found |= {d.id: d.body for d in decide(kept.event, kept.facts, rule_book()).deliveries}
        return found

    assert town.ledger(again) == sent
