"""Retention deletes nothing by itself; the doctor says what is missing; a story tells one child's alone."""

from datetime import UTC, datetime
from typing import Any

import orjson

from deploy.settings import Settings
from deploy.story import _left_out
from tests.cli.town import START, Town


def test_nothing_is_past_keeping_for_twenty_six_years(town: Town) -> None:
    child = town.discharged(0, 5)
    done = town.sharewell("retention")
    assert (done.exit_code, "Nothing is past keeping" in done.output) == (0, True)
    born = datetime.fromisoformat(town.borough.people[child]["born"]).replace(tzinfo=UTC)
    town.sql("UPDATE clock SET state = 'met'")
    town.sql("UPDATE task SET state = 'closed'")
    town.step_to(born.replace(year=born.year + 26, day=min(born.day, 28)) - (START - START.replace(hour=0)))
    assert town.json("retention")["events"] == 0
    town.step(days=5)
    assert town.json("retention")["events"] == 1


def past(town: Town) -> str:
    child = town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J", "--role", "health visitor")
    town.sql("UPDATE clock SET state = 'met'")
    town.sql("UPDATE task SET state = 'closed'")
    town.step_to(START.replace(year=2046))
    return child


def test_what_is_past_keeping_is_shown_and_deleted_only_with_yes_and_a_reason(town: Town) -> None:
    past(town)
    deliveries = len(town.json("log"))
    shown = town.sharewell("retention")
    assert "Past keeping, and not deleted: 1 event" in shown.output
    assert len(town.json("log")) == deliveries
    assert town.sharewell("retention", "--yes").exit_code == 2
    done = town.sharewell("retention", "--yes", "--why", "records board, 3 May")
    assert (done.exit_code, "Deleted: 1 event" in done.output) == (0, True)
    assert town.accesses()[-1][1] == "records board, 3 May"
    for table in ("receipt", "clock", "happening"):
        assert town.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert town.sql("SELECT count(*) FROM delivery WHERE child IS NOT NULL OR body <> '{}'") == [(0,)]
    assert town.sql("SELECT raw, facts, record_id FROM event") == [(b"", b"{}", None)]
    assert town.json("retention")["events"] == 0
    assert town.json("reconcile", "--no-topics")["faults"] == []
    id = town.sql("SELECT id::text FROM delivery WHERE kind = 'summary'")[0][0]
    gone = town.sharewell("show", id, "--why", "to read it")
    assert (gone.exit_code, "deleted under the retention rule" in gone.output) == (1, True)
    event = town.sql("SELECT id::text FROM event")[0][0]
    assert town.sharewell("explain", event).exit_code == 1


def test_what_somebody_still_owes_something_about_stays(town: Town) -> None:
    town.discharged(0, 5)
    town.step_to(START.replace(year=2046))
    told = town.json("retention")
    assert (told["events"], told["still_open"]) == (0, 1)
    assert "somebody still owes something" in town.sharewell("retention").output


def test_an_event_with_a_younger_child_waits_for_that_child(town: Town) -> None:
    past(town)
    town.step_to(START.replace(year=2016 + 20))
    assert town.json("retention")["events"] == 0


def test_the_setting_cannot_be_less_than_25_years() -> None:
    assert Settings(_env_file=None).retention_years == 26


def findings(town: Town, exits: int = 3, **environment: str) -> dict[str, Any]:
    return {one["name"]: one for one in town.json("doctor", exits=exits, **environment)}


def test_the_doctor_looks_at_everything_and_says_how_to_mend_it(town: Town) -> None:
    found = findings(town)
    assert {name: found[name]["state"] for name in ("PostgreSQL", "Tables", "Directory", "Locks", "Clocks")} == {
        "PostgreSQL": "ok", "Tables": "ok", "Directory": "ok", "Locks": "ok", "Clocks": "ok",
    }  # fmt: skip
    assert (found["Kafka"]["state"], found["Kafka"]["away"]) == ("fail", True)
    assert "SHAREWELL_KAFKA_BOOTSTRAP" in found["Kafka"]["mend"]
    assert found["Time"]["state"] == "warn"
    assert all(f["mend"] for f in found.values() if f["state"] != "ok")
    assert town.sharewell("doctor").exit_code == 3


def test_the_doctor_finds_a_missing_directory_tables_and_workers(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    assert findings(town)["Delivery"]["state"] == "fail"
    town.step(days=5)
    assert findings(town)["Clocks"]["state"] == "fail"
    town.sql("DELETE FROM cover_version")
    assert findings(town)["Directory"]["mend"] == "sharewell directory load FILE"
    town.sql("DELETE FROM migration WHERE name = '0002_replayed'")
    assert findings(town)["Tables"]["mend"] == "sharewell migrate"
    away = findings(town, SHAREWELL_POSTGRES_DSN="postgresql://127.0.0.1:1/none")
    assert away["PostgreSQL"]["away"] is True


def test_a_childs_story_is_told_from_the_ledger_in_english(town: Town) -> None:
    child = town.discharged(0, 5)
    town.discharged(5, 12)
    hv = town.delivery("hv-") if town.delivery("hv-")["child"] == child else next(
        d for d in town.json("log") if d["team"].startswith("hv-") and d["child"] == child
    )  # fmt: skip
    town.step(days=2, minutes=1)
    town.clocks()
    town.sharewell("receipt", hv["id"], "filed", "--by", "J Hart", "--role", "health visitor", "--record", "RIO-1")
    assert town.sharewell("story", child).exit_code == 2
    told = " ".join(town.sharewell("story", child[:8], "--why", "case discussion").output.split())
    name = town.borough.people[child]["name"]
    lead = town.borough.team[town.borough.team[hv["team"]].lead or ""].name
    for said in (
        f"{name['family'].upper()}, {name['given']}, born",
        "published that the child was discharged from the emergency department",
        f"{town.borough.team[hv['team']].name} was told, as the team",
        "Asked: Review this attendance",
        "filed in the record (RIO-1)",
        "by J Hart, health visitor",
        f"It ran out; told: Friday 23 September 2016, 10:31am {lead}",
        f"{lead} was told that nobody had answered",
    ):
        assert said in told
    assert "was enough done? By Thursday" in told
    assert town.accesses() == [("A Tester", "case discussion", f"story of child {child}")]
    others = {c for c in town.named_in(told) if name["family"] not in c and name["family"].upper() not in c}
    assert not others
    whole = town.json("story", child, "--why", "case discussion")
    assert {d["row"]["child"] for d in whole["told"]} == {child}
    assert orjson.dumps(whole)


def test_what_was_withheld_is_told_with_each_reason_once() -> None:
    withheld = [{"what": "Diagnosis", "why": "not needed"}, {"what": "Flags", "why": "rule E"}]
    withheld.append({"what": "Follow-up", "why": "not needed"})
    assert _left_out(withheld) == "Diagnosis, Follow-up (not needed); Flags (rule E)"


def test_a_story_of_nobody_is_exit_code_1(town: Town) -> None:
    assert town.sharewell("story", "ffffffff", "--why", "case discussion").exit_code == 1
    assert town.sharewell("story", "Jude Marsh", "--why", "case discussion").exit_code == 2


def test_a_child_of_whom_nothing_is_known_has_a_short_story(town: Town) -> None:
    told = town.sharewell("story", town.child(0, 5), "--why", "case discussion").output
    assert "Nothing has been published about this child." in told
