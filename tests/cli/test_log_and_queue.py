"""The log, the queues and the page: what is listed names nobody, and content is shown after the look is recorded."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import orjson

from deploy.commands.queue import group_of
from router.events import Received
from router.page import NO_ACTION
from router.policy.book import rule_book
from router.receipts import take_receipts
from tests.cli.town import Town


def test_an_empty_ledger_says_so_in_words(town: Town) -> None:
    for command, words in (
        (("log",), "None matches."),
        (("queue", "mash-dudley"), "Nothing waits."),
        (("tasks",), "Nothing needs a person."),
        (("refused",), "None is open."),
        (("destinations",), "Deliveries are running normally; nothing waits."),
        (("incidents",), "None has been recorded."),
    ):
        done = town.sharewell(*command)
        assert done.exit_code == 0
        assert words in done.output


def test_the_log_follows_a_delivery_up_its_ladder(town: Town) -> None:
    child = town.child(0, 5)
    town.take(town.discharge(child))
    assert {d["state"] for d in town.json("log")} == {"kept"}
    town.send()
    sent = town.json("log")
    assert {d["state"] for d in sent} == {"sent"}
    hv = next(d for d in sent if d["team"].startswith("hv-"))
    assert (hv["child"], hv["type"], hv["publisher"], hv["sequence"]) == (
        child, "ed-attendance-discharged-1", "ed-children", 1,
    )  # fmt: skip
    assert [a["outcome"] for a in hv["attempts"]] == ["sent"]
    town.sharewell("receipt", hv["id"], "collected", "--by", "EPR", "--role", "system", "--system")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J Hart", "--role", "health visitor")
    again = town.delivery("hv-")
    assert again["state"] == "acknowledged"
    assert [r["state"] for r in again["receipts"]] == ["collected", "acknowledged"]


def test_the_log_is_narrowed_by_event_team_publisher_state_and_age(town: Town) -> None:
    first = town.discharge(town.child(0, 5))
    town.take(first)
    town.step(hours=3)
    second = town.discharge(town.child(5, 12))
    town.take(second)
    everything = town.json("log")
    assert {d["event"] for d in everything} == {first.id, second.id}
    assert {d["event"] for d in town.json("log", "--event", first.id[:8])} == {first.id}
    assert {d["event"] for d in town.json("log", "--older", "2h")} == {first.id}
    assert {d["event"] for d in town.json("log", "--within", "2h")} == {second.id}
    team = everything[0]["team"]
    assert {d["team"] for d in town.json("log", "--team", team)} == {team}
    assert len(town.json("log", "--publisher", "ed-children")) == len(everything)
    assert town.json("log", "--publisher", "dart") == []
    mistyped = town.sharewell("log", "--publisher", "ed-childen")
    assert (mistyped.exit_code, "Perhaps ed-children" in mistyped.output) == (2, True), "and not: nothing came"
    assert town.sharewell("log", "--older", "99999999999d").exit_code == 2
    assert town.json("log", "--state", "sent") == []
    town.sharewell("destinations", "pause", team, "--why", "away")
    assert {d["team"] for d in town.json("log", "--state", "held")} == {team}
    assert len(town.json("log", "--limit", "2")) == 2
    assert all(d["kind"] == "answer" for d in town.json("log", "--kind", "answer"))


def _joined(town: Town) -> tuple[str, str]:
    """Two children who were discharged, and proved to be one: the second."""
    first, second = town.child(0, 5), next(p for p in town.borough.children if p != town.child(0, 5))
    old = town.borough.people[first]["nhs"]
    town.take(town.discharge(first), town.discharge(second))
    born = town.borough.people[second]["born"]
    family = town.sql("SELECT family FROM person WHERE id = %s", second)[0][0]
    both = {
        first: {"nhs": old, "born": born, "same_as": second},
        second: {**town.borough.people[second], "merged": [first]},
    }
    town.sql(
        "UPDATE family_version SET doc = %s WHERE family IN (%s, (SELECT family FROM person WHERE id = %s))",
        orjson.dumps({"people": both}), family, first,
    )  # fmt: skip
    return first, second


def test_the_log_of_a_child_whose_number_was_superseded_has_what_was_kept_under_both(town: Town) -> None:
    first, second = _joined(town)
    for number in (town.borough.people[p]["nhs"] for p in (first, second)):
        done = town.sharewell("log", "--child", "--why", "which is it", "--json", typed=number)
        assert {d["child"] for d in orjson.loads(done.stdout)} == {first, second}


def test_the_story_of_a_child_whose_number_was_superseded_is_told_whole_under_either_key(town: Town) -> None:
    first, second = _joined(town)
    told = [town.json("story", child, "--why", "which is it") for child in (first, second)]
    assert [t["child"] for t in told] == [second, second]
    for story in told:
        assert len(story["events"]) == 2
        assert {d["row"]["child"] for d in story["told"]} == {first, second}
        assert {c["child"] for c in story["clocks"]} == {first, second}
        assert sorted(story["events"], key=lambda e: (e["happened_at"], e["no"])) == story["events"]


def test_failed_tries_are_counted_and_told_with_their_kind_of_error(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    town.channel.away = {d["team"] for d in town.json("log") if d["team"].startswith("hv-")}
    town.send()
    failed = town.delivery("hv-")
    assert (failed["state"], failed["last_error"], failed["failures"]) == ("kept", "away", 1)
    assert [(a["outcome"], a["error"]) for a in failed["attempts"]] == [("failed", "away")]
    shown = town.sharewell("log", "--attempts").output
    assert "failed (away)" in shown
    assert "kept, tried" in shown
    arrived = town.delivery("gp-")
    assert (arrived["state"], [(a["outcome"], a["error"]) for a in arrived["attempts"]]) == ("sent", [("sent", None)])


def test_an_alert_is_as_new_as_it_is_though_its_event_is_old_or_it_came_of_a_refused_record(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    said = town.discharge(town.child(0, 5))
    said.event["data"]["subjects"][0]["nhs_number"] = "9990000011"
    town.take(said)
    town.step(days=2)
    town.take(*(town.discharge(town.child(5, 12)) for _ in range(3)))
    assert town.json("log", "--kind", "escalation", "--limit", "2") == []
    town.clocks()
    alerts = town.json("log", "--kind", "escalation", "--limit", "2")
    assert len(alerts) == 2
    newest = town.json("log", "--limit", "6")
    assert [d["id"] for d in newest][:2] == [d["id"] for d in alerts]
    assert {d["event"] is None for d in newest if d["kind"] == "escalation"} == {True, False}
    town.step(days=2)
    town.clocks()
    shown = town.sharewell("refused").output
    assert ("ladder" in shown, "no clock" in shown) == (True, False), shown
    assert [d["kept_at"] for d in newest] == sorted((d["kept_at"] for d in newest), reverse=True)


def test_no_record_is_filed_under_an_nhs_number_and_one_that_was_is_listed_without_it(town: Town) -> None:
    number = town.borough.people[town.discharged(0, 5)]["nhs"]
    by = ("--by", "J Hart", "--role", "nurse")
    refused = town.sharewell("receipt", town.delivery("hv-")["id"], "filed", *by, "--record", number)
    assert (refused.exit_code, "--record: " in refused.output, number in refused.output) == (2, True, False)
    assert town.delivery("hv-")["receipts"] == []
    for service, reference in (("hv-", "RIO-4470"), ("gp-", "RIO-4471")):
        filed = town.sharewell("receipt", town.delivery(service)["id"], "filed", *by, "--record", reference)
        assert filed.exit_code == 0, filed.output
    town.sql(f"UPDATE receipt SET record_ref = '{number}' WHERE record_ref = 'RIO-4470'")  # before it was refused
    listed = town.sharewell("log", "--json").stdout
    assert number not in listed
    assert [r["record_ref"] for r in town.delivery("hv-")["receipts"]] == ["(an NHS number)"]
    assert [r["record_ref"] for r in town.delivery("gp-")["receipts"]] == ["RIO-4471"]
    assert number not in town.sharewell("log", "--attempts").stdout


def test_a_try_whose_worker_ended_before_it_arrived_is_told_beside_the_next(town: Town) -> None:
    town.discharged(0, 5)
    town.sql("UPDATE attempt SET outcome = 'sending', ended_at = NULL")
    assert town.send() > 0, "the worker that comes next finds nothing on the topics"
    tries = [(a["outcome"], a["error"]) for a in town.delivery("hv-")["attempts"]]
    assert tries == [("taken-over", "the worker that sent it ended, and it was not there"), ("sent", None)]


def test_a_child_is_found_by_a_number_that_was_typed_and_the_search_is_recorded(town: Town) -> None:
    child = town.discharged(5, 12)
    town.discharged(0, 5)
    number = town.borough.people[child]["nhs"]
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}\n"
    done = town.sharewell("log", "--child", "--why", "parent on the phone", "--json", typed=spaced)
    assert done.exit_code == 0
    assert child in done.stdout
    assert town.accesses() == [("A Tester", "parent on the phone", f"log of child {child}")]
    assert number not in done.output
    assert not town.named_in(done.output)


def test_a_search_for_a_child_needs_a_reason_and_takes_no_argument(town: Town) -> None:
    child = town.discharged()
    number = town.borough.people[child]["nhs"]
    refused = town.sharewell("log", "--child", number, "--why", "parent on the phone")
    assert refused.exit_code == 2
    assert number not in refused.output
    assert "not taken as an argument" in refused.output
    assert town.sharewell("log", "--child", typed=number).exit_code == 2
    assert town.accesses() == []


def test_a_search_that_finds_nobody_is_recorded_and_says_no_number(town: Town) -> None:
    done = town.sharewell("log", "--child", "--why", "parent on the phone", typed="9990000018\n")
    if done.exit_code == 0:  # the seed gave somebody this number
        return
    assert done.exit_code == 1
    assert "9990000018" not in done.output
    assert town.accesses()[0][2] == "log of a child not known here"
    for wrong in ("999 123", "9990000019", "9999999999", "٩٩٩0000018"):
        bad = town.sharewell("log", "--child", "--why", "parent on the phone", typed=wrong)
        assert bad.exit_code == 2
        assert "Enter a valid NHS number, like 999 123 4567." in bad.output


def test_the_queue_stands_due_first_in_groups_and_names_nobody(town: Town) -> None:
    town.discharged(0, 5)
    team = town.delivery("hv-")["team"]
    queue = town.json("queue", team)
    assert (queue["waiting"], queue["unclaimed"]) == (1, 1)
    (item,) = queue["items"]
    assert item["group"] == "Due tomorrow or later"
    assert item["asked"][0].startswith("Review this attendance")
    town.step(days=2, minutes=30)
    overdue = town.sharewell("queue", team).output
    assert "1 waiting, 1 overdue" in overdue
    assert "Overdue (1)" in overdue
    assert "30 minutes" in " ".join(overdue.split())
    assert not town.named_in(overdue)


def test_the_queue_shows_names_only_with_a_reason_and_records_the_look(town: Town) -> None:
    child = town.discharged(0, 5)
    team = town.delivery("hv-")["team"]
    name = town.borough.people[child]["name"]
    assert town.accesses() == []
    shown = " ".join(town.sharewell("queue", team, "--why", "handing over").output.split())
    assert name["family"].upper() in shown
    assert town.accesses() == [("A Tester", "handing over", f"queue of {team}: names of 1 child")]
    assert "name" in town.json("queue", team, "--why", "handing over")["items"][0]
    assert "name" not in town.json("queue", team)["items"][0]


def test_what_an_author_asked_in_free_text_is_not_in_the_list(town: Town) -> None:
    child = town.child(0, 5)
    ask = {"of": "HV", "what": "Ring Jude Marsh's mother about the cot."}
    town.take(town.discharge(child, asks=[ask]))
    team = town.delivery("hv-")["team"]
    listed = town.sharewell("queue", team).output
    assert "Marsh" not in listed
    assert "author's own words" in " ".join(listed.split())
    id = town.delivery("hv-")["id"]
    assert "Ring Jude Marsh's mother" in town.sharewell("show", id, "--why", "to act on it").output


def test_what_was_answered_leaves_the_queue_unless_a_clock_still_waits(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J Hart", "--role", "health visitor")
    assert town.json("queue", hv["team"])["items"] == []
    gp = town.delivery("gp-")
    assert town.json("queue", gp["team"])["waiting"] == 1, "nothing is asked of it, and it has not read it yet"
    pln = town.delivery("pln-")
    acted = ("receipt", pln["id"], "acted", "--by", "R Dean", "--role", "nurse", "--outcome")
    town.sharewell(*acted, "declined", "--note", "away today")
    (item,) = town.json("queue", pln["team"])["items"]
    assert item["answered"] == "acted", "who declined has not acted: the clock runs, and it is still to be done"
    town.sharewell(*acted, "follow-up-recorded")
    assert town.json("queue", pln["team"])["items"] == []


def test_an_unanswered_delivery_climbs_and_the_next_in_line_sees_it(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.step(days=2, minutes=1)
    town.clocks()
    town.send()
    lead = town.borough.team[hv["team"]].lead
    assert lead is not None
    (item,) = [i for i in town.json("queue", lead)["items"] if i["kind"] == "escalation"]
    assert item["asked"] == [
        "Find out why there was no answer, see that the child is followed up, and record what was done."
    ]
    assert town.json("queue", hv["team"])["items"][0]["rungs_fired"] == 1
    page = town.sharewell("show", item["id"], "--why", "to follow it up").output
    assert "Nobody has answered" in page


def test_the_queue_follows_and_tells_only_what_is_new(town: Town) -> None:
    town.discharged(0, 5)
    team = town.delivery("hv-")["team"]
    done = town.sharewell("queue", team, "--follow", "--every", "0.1", "--looks", "3")
    assert done.exit_code == 0
    assert done.output.count("waiting,") == 1
    assert "New:" not in done.output


def test_tasks_of_a_team_stand_in_its_queue(town: Town) -> None:
    town.take(town.discharge(town.child_without_practice()))
    done = town.sharewell("queue", "desk-sharewell").output
    assert "Tasks of this team" in done
    assert "nobody-found" in done


def test_a_team_that_is_not_there_is_guessed(town: Town) -> None:
    done = town.sharewell("queue", "hv-brierley")
    assert done.exit_code == 2
    assert "Perhaps hv-brierley-hill" in done.output


def test_what_waited_for_a_team_that_was_closed_is_still_found(town: Town) -> None:
    """Before: there was no such team any more, and nobody could list or send on what its people had to see to."""
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sharewell("destinations", "pause", hv["team"], "--why", "they are merged on Monday")
    version, doc = town.sql("SELECT version, doc FROM cover_version ORDER BY version DESC LIMIT 1")[0]
    cover = orjson.loads(doc)
    cover["teams"] = [t for t in cover["teams"] if t["id"] != hv["team"]]
    now = "INSERT INTO cover_version (version, doc, loaded_at) VALUES (%s, %s, now())"
    town.sql(now, version + 1, orjson.dumps(cover))
    shown = town.sharewell("queue", hv["team"]).output
    assert f"Queue of {hv['team']}, which has left the directory: 1 waiting" in " ".join(shown.split())
    assert [d["id"] for d in town.json("log", "--team", hv["team"])] == [hv["id"]]
    assert town.sharewell("tasks", "list", "--owner", hv["team"]).exit_code == 0
    assert town.sharewell("destinations", "resume", hv["team"]).exit_code == 0
    assert town.sharewell("queue", f"{hv['team']}-2").exit_code == 2, "of which nothing was ever heard"


def test_a_page_is_shown_after_the_look_was_recorded_in_the_order_of_the_issue(town: Town) -> None:
    child = town.discharged(0, 5)
    hv = town.delivery("hv-")
    assert town.sharewell("show", hv["id"]).exit_code == 2, "no reason, no look"
    assert town.sharewell("show", hv["id"], "--why", " ").exit_code == 2
    assert town.accesses() == []
    page = town.sharewell("show", hv["id"][:8], "--why", "could not be opened there").output
    assert town.accesses() == [
        ("A Tester", "could not be opened there", f"show delivery {hv['id']} to {hv['team']}, child {child}")
    ]
    headings = [
        "WHO", "WHY YOU", "WHAT YOU ARE ASKED TO DO", "WHAT HAPPENED", "RISK AND IMPACT ON THE CHILD",
        "VOICE OF THE CHILD", "FLAGS", "CONTEXT", "WHO ELSE WAS TOLD", "WHAT WAS NOT SHARED WITH YOU, AND WHY",
        "AUTHOR AND CALL-BACK", "LAWFUL BASIS AND CONSENT",
    ]  # fmt: skip
    assert [line for line in page.splitlines() if line in headings] == headings
    name = town.borough.people[child]["name"]
    assert f"{name['family'].upper()}, {name['given']}" in page
    assert "By Friday 23 September 2016, 10:30am." in " ".join(page.split())
    gp = town.delivery("gp-")
    assert NO_ACTION in town.sharewell("show", gp["id"], "--why", "to compare").output
    assert town.json("show", hv["id"], "--why", "as JSON")["data"]["delivery_id"] == hv["id"]


def test_no_page_is_shown_where_the_look_cannot_be_recorded(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sql("ALTER TABLE access RENAME TO access_gone")
    done = town.sharewell("show", hv["id"], "--why", "could not be opened there")
    assert done.exit_code == 3
    assert not town.named_in(done.output)


def test_ids_may_be_shortened_as_long_as_they_are_one(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    assert town.sharewell("show", hv["id"].upper()[:6], "--why", "short").exit_code == 0
    assert town.sharewell("show", hv["id"][:3], "--why", "too short").exit_code == 2
    assert town.sharewell("show", "ffffffff", "--why", "not there").exit_code == 1
    town.sql(
        "INSERT INTO delivery SELECT 'aaaa0000-0000-4000-a000-00000000000' || n, no + 1000 + n, event_no, kind, child,"
        " team, lane, body, flows, withheld, kept_at, because, withdrawn_by FROM delivery, generate_series(1, 2) n"
        " WHERE id = %s".replace("'aaaa", "('aaaa").replace(" || n,", " || n)::uuid,"),
        hv["id"],
    )
    ambiguous = town.sharewell("show", "aaaa0000", "--why", "twice")
    assert ambiguous.exit_code == 2
    assert "More than one delivery" in ambiguous.output


def test_a_state_is_found_however_far_back_and_the_newest_first(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J", "--role", "health visitor")
    town.sql(
        "INSERT INTO delivery SELECT gen_random_uuid(), no + 1000 + n, event_no, kind, child, team, lane, body, flows,"
        " withheld, kept_at, because, withdrawn_by FROM delivery, generate_series(1, 9000) n WHERE id = %s",
        hv["id"],
    )
    assert [d["id"] for d in town.json("log", "--state", "acknowledged")] == [hv["id"]]
    assert town.json("log", "--state", "acted") == []
    town.sql("INSERT INTO due SELECT no, lane, team, 1, 0 FROM delivery WHERE no > 1000")
    kept = [d["id"] for d in town.json("log", "--state", "kept", "--limit", "4500")]
    newest = town.sql("SELECT id::text FROM delivery ORDER BY no DESC LIMIT 4500")
    assert kept == [row[0] for row in newest], "the newest, in one order, over the borders of what is looked at at once"
    both = [d["id"] for d in town.json("log", "--state", "acknowledged", "--state", "kept", "--limit", "10000")]
    assert (len(both), both[-1]) == (9001, hv["id"])
    assert len(set(both)) == 9001


def test_groups_follow_londons_day() -> None:
    now = datetime(2016, 9, 21, 22, 30, tzinfo=UTC)  # 23:30 in London
    assert group_of(None, now) == "No date is set"
    assert group_of(datetime(2016, 9, 21, 22, 29, tzinfo=UTC), now) == "Overdue"
    assert group_of(datetime(2016, 9, 21, 22, 45, tzinfo=UTC), now) == "Due today"
    assert group_of(datetime(2016, 9, 21, 23, 15, tzinfo=UTC), now) == "Due tomorrow or later"


def test_a_new_item_is_told_while_somebody_follows(town: Town) -> None:
    town.discharged(0, 5)
    team = town.delivery("hv-")["team"]
    child = town.delivery("hv-")["child"]
    looked = len(town.accesses())
    with ThreadPoolExecutor(1) as other:
        following = other.submit(
            town.sharewell, "queue", team, "--follow", "--every", "0.3", "--looks", "12", "--why", "on duty"
        )
        deadline = time.monotonic() + 30
        while len(town.accesses()) == looked:  # its first look is kept before anything is shown
            assert time.monotonic() < deadline, "it never looked"
            time.sleep(0.05)
        town.take(town.discharge(child))
        done = following.result()
    assert done.output.count("New: ed attendance discharged about child") == 1
    new = done.output[done.output.index("New:") :]
    assert not town.named_in(new), "each line that follows is a list, and names nobody"


def test_where_a_team_knows_only_the_service_that_it_should_have_been_that_is_kept_and_listed(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    said = {
        "delivery_id": hv["id"],
        "state": "not-ours",
        "at": "2016-09-21T09:00:00+00:00",
        "by": {"name": "J Hart", "role": "health visitor", "organisation": "ZA1", "kind": "person"},
        "redirect": {"service": "SN"},
    }
    example = orjson.loads((Path(__file__).parents[2] / "contracts/published/examples/receipt-1.json").read_bytes())
    raw = orjson.dumps({**example, "data": said})
    came = Received(hv["team"], raw, None, f"receipts.{hv['team']}", 0, 0)
    town.ledger(lambda ledger: take_receipts([came], ledger, rule_book()))
    assert [(r["state"], r["hint"]) for r in town.delivery("hv-")["receipts"]] == [("not-ours", "SN")]
