"""Replay: counts first, keeps ids, and a second run does nothing."""

from datetime import timedelta
from typing import Any

from deploy.borough.published import Published, update_of
from tests.cli.town import Town

SYSTEM = ("--by", "EPR", "--role", "system", "--system")


def refused_until_known(town: Town) -> Published:
    """A record of a publisher that the directory did not know when it came."""
    town.sql("UPDATE cover_version SET doc = replace(convert_from(doc, 'UTF8'), 'ed-children', 'ed-infants')::bytea")
    said = town.discharge(town.child(0, 5))
    assert len(town.take(said).refused) == 1
    town.sql("UPDATE cover_version SET doc = replace(convert_from(doc, 'UTF8'), 'ed-infants', 'ed-children')::bytea")
    return said


def test_the_count_is_shown_first_and_no_means_no(town: Town) -> None:
    refused_until_known(town)
    done = town.sharewell("replay", "--why", "the publisher is known now", typed="n\n")
    assert done.exit_code == 1
    assert "1 refused record would be accepted now." in done.output
    assert "Nothing was done." in done.output
    assert town.json("log") == []
    assert town.accesses() == []


def test_a_refused_record_that_is_acceptable_now_is_taken_in_with_all_that_follows(town: Town) -> None:
    said = refused_until_known(town)
    done = town.sharewell("replay", "--why", "the publisher is known now", "--yes")
    assert done.exit_code == 0, done.output
    assert "Accepted now: 1" in done.output
    assert {d["event"] for d in town.json("log")} == {said.id}
    assert town.json("refused") == []
    assert town.sql("SELECT state, reason FROM refusal") == [("mended", "accepted on replay")]
    assert town.sql("SELECT count(*) FROM clock WHERE task IS NOT NULL AND state = 'running'") == [(0,)]
    assert town.accesses()[0][1] == "the publisher is known now"


def test_a_second_run_does_nothing(town: Town) -> None:
    refused_until_known(town)
    town.sharewell("replay", "--why", "the publisher is known now", "--yes")
    before = town.json("log")
    again = town.sharewell("replay", "--why", "the publisher is known now", "--yes")
    assert again.exit_code == 0
    assert "There is nothing to do." in again.output
    assert town.json("log") == before
    assert town.sql("SELECT count(*) FROM inbox") == [(1,)]


def test_a_run_that_ended_halfway_is_finished_by_the_next(town: Town) -> None:
    refused_until_known(town)
    town.sharewell("replay", "--why", "the publisher is known now", "--yes")
    before = len(town.json("log"))
    town.sql("UPDATE refusal SET state = 'open', closed_at = NULL, reason = NULL")
    done = town.json("replay", "--why", "again", "--yes")
    assert (done["done"]["accepted"], done["done"]["seen"]) == (0, 1)
    assert len(town.json("log")) == before
    assert town.json("refused") == []


def test_what_is_still_wrong_stays_refused_and_is_not_answered_again(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    said.event["data"]["subjects"][0]["nhs_number"] = "9990000011"
    town.take(said)
    answers = len(town.json("log", "--kind", "answer"))
    told = town.json("replay", "--why", "try again", "--yes")
    assert (told["found"]["still_refused"], told["done"]) == (1, None)
    assert len(town.json("log", "--kind", "answer")) == answers
    assert len(town.json("refused")) == 1


def test_filters_narrow_what_is_replayed(town: Town) -> None:
    refused_until_known(town)
    for narrowed in (["--publisher", "dart"], ["--code", "not-json"], ["--failed"]):
        assert town.json("replay", "--why", "narrowed", *narrowed)["found"]["acceptable"] == 0
    town.step(hours=2)
    assert town.json("replay", "--why", "narrowed", "--within", "1h")["found"]["acceptable"] == 0
    named = ["--publisher", "ed-children", "--code", "unknown-publisher", "--refused"]
    assert town.json("replay", "--why", "narrowed", *named, exits=1)["found"]["acceptable"] == 1


def failed(town: Town) -> dict[str, Any]:
    town.discharged(0, 5)
    delivery = town.delivery("hv-")
    town.sharewell("receipt", delivery["id"], "failed", *SYSTEM, "--note", "schema")
    assert town.delivery("hv-")["state"] == "failed"
    return delivery


def test_what_a_recipient_could_not_take_is_sent_again_under_its_id_and_number(town: Town) -> None:
    delivery = failed(town)
    done = town.json("replay", "--why", "they have mended it", "--yes")
    assert done["done"]["sent_again"] == 1
    assert town.delivery("hv-")["state"] == "kept"
    town.send()
    again = town.delivery("hv-")
    assert (again["id"], again["sequence"], again["state"]) == (delivery["id"], 1, "sent")
    assert town.channel.sent.count((delivery["id"], 1)) == 2
    assert [(one["outcome"], one["error"]) for one in again["attempts"]] == [
        ("sent", "the recipient's system could not take it"),
        ("sent", None),
    ]


def test_a_failure_is_answered_once_and_a_new_one_again(town: Town) -> None:
    delivery = failed(town)
    town.json("replay", "--why", "they have mended it", "--yes")
    assert town.json("replay", "--why", "twice", "--yes")["found"]["failed"] == 0
    town.send()
    assert town.json("replay", "--why", "twice", "--yes")["found"]["failed"] == 0
    town.sharewell("receipt", delivery["id"], "failed", *SYSTEM, "--note", "another reason")
    assert town.delivery("hv-")["state"] == "failed"
    assert town.json("replay", "--why", "mended again", "--yes")["done"]["sent_again"] == 1


def test_a_destination_that_is_waited_for_is_tried_at_once(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    team = town.delivery("hv-")["team"]
    town.channel.away = {team}
    town.send()
    town.sql("UPDATE destination SET hold_until = now() + interval '1 hour' WHERE team = %s", team)
    town.channel.away = set()
    assert town.send() == 0
    done = town.json("replay", "--failed", "--team", team, "--why", "it is back", "--yes")
    assert (done["found"]["deliveries_backing_off"], done["done"]["released"]) == (1, 1)
    assert town.send() == 1
    assert town.delivery("hv-")["state"] == "sent"


def test_what_is_paused_is_left_to_whoever_paused_it(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    team = town.delivery("hv-")["team"]
    town.sharewell("destinations", "pause", team, "--why", "away")
    done = town.sharewell("replay", "--failed", "--why", "try")
    assert "1 delivery is held: sharewell destinations" in done.output
    assert town.delivery("hv-")["state"] == "held"


def test_replay_needs_a_reason_and_filters_that_go_together(town: Town) -> None:
    assert town.sharewell("replay").exit_code == 2
    assert town.sharewell("replay", "--why", " ").exit_code == 2
    assert town.sharewell("replay", "--why", "because", "--refused", "--team", "hv-lead").exit_code == 2


def test_what_contradicts_what_was_kept_is_not_offered_as_acceptable(town: Town) -> None:
    child, other = town.child(0, 5), town.child(6, 12)
    first = town.discharge(child, record_id="att-7")
    town.take(first, update_of(first, town.now + timedelta(minutes=5), town.rng))
    reused = town.discharge(other, record_id="att-7", sequence="1")
    assert len(town.take(reused).refused) == 1
    told = town.json("replay", "--why", "try again", "--yes")
    assert (told["found"]["acceptable"], told["found"]["still_refused"], told["done"]) == (0, 1, None)
    assert [r["problems"][0]["code"] for r in town.json("refused")] == ["record-id-reused"]
