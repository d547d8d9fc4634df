"""Claims, receipts, tasks, refusals and destinations: one person at a time, and the second is told who."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.borough.published import same_id_other_body
from tests.cli.town import Town


def test_the_second_claimer_is_told_who_has_it(town: Town) -> None:
    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]
    assert town.sharewell("claim", id, "--by", "Ann Lee").exit_code == 0
    second = town.sharewell("claim", id, "--by", "Ben Roe")
    assert second.exit_code == 4
    assert "Ann Lee has this delivery since Wednesday 21 September 2016, 10:30am." in second.output
    assert town.sharewell("claim", id, "--by", "Ann Lee").exit_code == 0, "again, by whoever has it"
    assert town.json("queue", town.delivery("hv-")["team"])["items"][0]["claimed_by"] == "Ann Lee"
    told = town.json("claim", id, "--by", "Ben Roe", exits=4)
    assert (told["done"], told["holder"]) == (False, "Ann Lee")


def test_of_many_at_the_same_moment_one_has_it(town: Town) -> None:
    from adapters.storage.acts import Acts

    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]

    def claim(name: str) -> bool:
        async def work(ledger: Any) -> bool:
            async with ledger._pool.connection() as connection:
                return (await Acts(connection).claim("delivery", id, name)).done

        return town.ledger(work)

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(claim, [f"P{n}" for n in range(6)])).count(True) == 1


def test_a_claim_is_given_back_or_taken_over_by_name(town: Town) -> None:
    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]
    nobody = town.sharewell("release", id, "--by", "Ann Lee")
    assert (nobody.exit_code, "Nobody has this delivery" in nobody.output) == (4, True)
    town.sharewell("claim", id, "--by", "Ann Lee")
    assert town.sharewell("release", id, "--by", "Ben Roe").exit_code == 4
    assert town.sharewell("claim", id, "--by", "Ben Roe", "--from", "Somebody Else").exit_code == 4
    assert town.sharewell("claim", id, "--by", "Ben Roe", "--from", "Ann Lee").exit_code == 0
    assert town.sharewell("release", id, "--by", "Ben Roe").exit_code == 0
    assert town.sharewell("claim", id).exit_code == 0
    assert town.json("queue", town.delivery("hv-")["team"])["items"][0]["claimed_by"] == "A Tester"


def test_a_receipt_takes_the_routers_own_path_and_ends_the_clock(town: Town) -> None:
    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]
    done = town.sharewell("receipt", id, "acknowledged", "--by", "J Hart", "--role", "health visitor")
    assert done.exit_code == 0
    assert town.sql("SELECT state, ended_how FROM clock WHERE delivery = %s", id) == [("met", "acknowledged")]
    again = town.sharewell("receipt", id, "acknowledged", "--by", "J Hart", "--role", "health visitor")
    assert "It was said before; nothing changed." in again.output
    assert town.sql("SELECT count(*) FROM receipt") == [(1,)]


def test_a_systems_receipt_ends_no_clock(town: Town) -> None:
    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]
    town.sharewell("receipt", id, "matched", "--by", "EPR", "--role", "system", "--system")
    assert town.sql("SELECT state FROM clock WHERE delivery = %s", id) == [("running",)]
    person = town.sharewell("receipt", id, "acknowledged", "--by", "EPR", "--role", "system", "--system")
    assert person.exit_code == 2
    assert "named person" in person.output


def test_a_receipt_that_lacks_something_is_refused_before_anything_is_kept(town: Town) -> None:
    town.discharged(0, 5)
    id = town.delivery("hv-")["id"]
    base = ("receipt", id)
    for state, words in (("filed", "--record"), ("acted", "--outcome"), ("acted", "what came of it")):
        done = town.sharewell(*base, state, "--by", "J Hart", "--role", "health visitor")
        assert done.exit_code == 2
        assert words in done.output
    one = town.sharewell(*base, "acknowledged", "--by", "J", "--role", "R", "--action", "a-1")
    assert (one.exit_code, "--action: A receipt that is not acted names an action" in one.output) == (2, True)
    assert town.sharewell(*base, "seen", "--by", "J", "--role", "R").exit_code == 2
    assert town.sharewell(*base, "not-ours", "--by", "J", "--role", "R", "--to", "no-such").exit_code == 2
    practice = next(t.id for t in town.borough.teams if t.id.startswith("gp-"))
    elsewhere = town.sharewell(*base, "not-ours", "--by", "J", "--role", "R", "--to", practice)
    assert (elsewhere.exit_code, "another service" in elsewhere.output) == (2, True)
    assert town.sql("SELECT count(*) FROM receipt") == [(0,)]
    assert town.sql("SELECT count(*) FROM refusal") == [(0,)]
    filed = town.sharewell(*base, "filed", "--by", "J Hart", "--role", "health visitor", "--record", "RIO-4471")
    assert filed.exit_code == 0
    assert town.delivery("hv-")["state"] == "filed"


def test_not_ours_tells_the_right_team_at_once_and_is_an_incident(town: Town) -> None:
    town.discharged(0, 5)
    hv = town.delivery("hv-")
    other = next(t.id for t in town.borough.teams if t.id.startswith("hv-") and t.covers and t.id != hv["team"])
    done = town.sharewell("receipt", hv["id"], "not-ours", "--by", "J Hart", "--role", "health visitor", "--to", other)
    assert done.exit_code == 0
    assert f"Told instead: {other}." in done.output
    assert {d["team"]: d["because"] for d in town.json("log")}[other] == "not-ours"
    assert [i["kind"] for i in town.json("incidents")] == ["wrong-place"]
    assert "does not work with the child" in " ".join(town.sharewell("incidents").output.split())


def a_task(town: Town, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = town.json("tasks", "list", "--kind", kind)[0]
    return found


def test_a_task_is_claimed_and_closed_by_a_named_person_with_a_reason(town: Town) -> None:
    town.take(town.discharge(town.child_without_practice()))
    id = a_task(town, "nobody-found")["id"]
    assert town.sharewell("tasks", "claim", id, "--by", "Ann Lee").exit_code == 0
    second = town.sharewell("tasks", "claim", id, "--by", "Ben Roe")
    assert (second.exit_code, "Ann Lee has this task" in second.output) == (4, True)
    assert town.sharewell("tasks", "close", id, "--by", "Ben Roe", "--why", "done it").exit_code == 4
    assert town.sharewell("tasks", "close", id, "--by", "Ann Lee", "--why", "").exit_code == 2
    assert town.sharewell("tasks", "close", id, "--by", "Ann Lee", "--why", "registered today").exit_code == 0
    again = town.sharewell("tasks", "close", id, "--by", "Ann Lee", "--why", "registered today")
    assert (again.exit_code, "was closed by Ann Lee" in again.output) == (4, True)
    assert town.json("tasks") == []
    (closed,) = town.json("tasks", "list", "--closed")
    assert (closed["closed_by"], closed["reason"], closed["due"]) == ("Ann Lee", "registered today", None)


def test_a_task_is_answered_with_a_team_and_only_that_team_is_told(town: Town) -> None:
    town.take(town.discharge(town.child_without_practice()))
    task = a_task(town, "nobody-found")
    before = {d["id"] for d in town.json("log")}
    wrong = town.sharewell("tasks", "match", task["id"], "--team", "hv-lead", "--why", "they said so")
    assert (wrong.exit_code, "GP practice" in wrong.output) == (2, True)
    done = town.sharewell("tasks", "match", task["id"], "--team", "gp-alder-lane-surgery", "--why", "they said so")
    assert done.exit_code == 0, done.output
    new = [d for d in town.json("log") if d["id"] not in before]
    assert [(d["team"], d["because"]) for d in new] == [("gp-alder-lane-surgery", "nobody-found")]
    assert town.json("tasks") == []
    second = town.sharewell("tasks", "match", task["id"], "--team", "gp-alder-lane-surgery", "--why", "they said so")
    assert second.exit_code == 4


def test_whose_record_it_is_needs_two_particulars_or_a_person_who_is_sure(town: Town) -> None:
    child, other = town.child(5, 12), town.child(13, 18)
    said = town.discharge(child)
    said.event["data"]["subjects"][0]["nhs_number_status"] = "02"
    town.take(said)
    task = a_task(town, "match")
    assert town.json("log") == []
    little = town.sharewell("tasks", "match", task["id"], "--person", other, "--why", "same street")
    assert little.exit_code == 1
    assert "The task stays open" in little.output
    assert not town.named_in(little.output)
    assert town.json("log") == []
    done = town.sharewell("tasks", "match", task["id"], "--person", child, "--why", "rang the family")
    assert done.exit_code == 0, done.output
    assert {d["because"] for d in town.json("log")} == {"match"}
    assert {d["child"] for d in town.json("log")} == {child}
    assert town.accesses()[-1][1] == "rang the family"
    assert a_closed(town)["closed_by"] == "A Tester"


def a_closed(town: Town) -> dict[str, Any]:
    found: dict[str, Any] = next(t for t in town.json("tasks", "list", "--closed") if t["state"] == "closed")
    return found


def test_match_says_one_of_two_things(town: Town) -> None:
    for typed in ([], ["--person", "abcdef", "--team", "hv-lead"]):
        assert town.sharewell("tasks", "match", "abcdef", "--why", "because", *typed).exit_code == 2


def bad(town: Town) -> Any:
    said = town.discharge(town.child(0, 5))
    said.event["data"]["subjects"][0]["nhs_number"] = "9990000011"
    return said


def test_a_refused_record_is_listed_by_code_claimed_shown_with_a_reason_and_closed(town: Town) -> None:
    town.take(bad(town))
    listed = town.sharewell("refused").output
    assert "nhs-number-check-digit" in listed
    assert not town.named_in(listed)
    (row,) = town.json("refused", "list", "--code", "nhs-number-check-digit", "--publisher", "ed-children")
    assert town.json("refused", "list", "--code", "not-json") == []
    assert "raw" not in row
    assert town.sharewell("refused", "show", row["id"]).exit_code == 2
    shown = town.sharewell("refused", "show", row["id"][:8], "--why", "the ward asks").output
    assert "9990000011" in shown
    assert "mend: " in shown
    assert town.accesses() == [("A Tester", "the ward asks", f"show refusal {row['id']}")]
    assert town.sharewell("refused", "claim", row["id"], "--by", "Ann Lee").exit_code == 0
    assert town.sharewell("refused", "claim", row["id"], "--by", "Ben Roe").exit_code == 4
    assert town.sharewell("refused", "close", row["id"], "--by", "Ann Lee", "--why", "sent by phone").exit_code == 0
    assert town.json("refused") == []
    assert [r["state"] for r in town.json("refused", "list", "--closed")] == ["closed"]


def test_both_bodies_of_one_event_id_are_shown_with_a_reason_to_whoever_settles_it(town: Town) -> None:
    first = town.discharge(town.child(0, 5))
    town.take(first)
    town.take(same_id_other_body(first, asks=[{"of": "HV", "what": "Ring them."}]), bad(town))
    listed = town.sharewell("refused")
    assert "id-conflict" in listed.output
    assert not town.named_in(listed.output)
    (row,) = town.json("refused", "list", "--code", "id-conflict", "--publisher", "ed-children", "--within", "2d")
    assert (row["event_id"], row["state"], "raw" in row) == (first.event["id"], "open", False)
    assert row["id"] in {t["id"] for t in town.json("tasks", "list", "--kind", "conflict")}
    assert [r["id"] for r in town.json("refused")].count(row["id"]) == 1
    assert town.json("refused", "list", "--publisher", "midwives", "--code", "id-conflict") == []

    assert town.sharewell("refused", "show", row["id"]).exit_code == 2
    assert town.accesses() == []
    shown = town.json("refused", "show", row["id"][:8], "--why", "which is true?")
    assert town.accesses() == [("A Tester", "which is true?", f"show refusal {row['id']}")]
    assert shown["routed"] == first.value.decode()
    assert "Ring them." in shown["record"]
    assert "Ring them." not in shown["routed"]
    text = town.sharewell("refused", "show", row["id"], "--why", "which is true?").output
    assert text.index("The first, which was routed") < text.index(first.value.decode())
    assert text.index(first.value.decode()) < text.index("The second, which was not") < text.index(shown["record"])

    assert town.sharewell("refused", "claim", row["id"], "--by", "Ann Lee").exit_code == 0
    assert town.sharewell("refused", "close", row["id"], "--by", "Ben Roe", "--why", "the first is").exit_code == 4
    assert town.sharewell("refused", "close", row["id"], "--by", "Ann Lee", "--why", "the first is").exit_code == 0
    assert [r["id"] for r in town.json("refused")].count(row["id"]) == 0
    ended = town.json("refused", "list", "--closed", "--code", "id-conflict")
    assert [(r["state"], r["closed_by"], r["due"]) for r in ended] == [("closed", "Ann Lee", None)]


def test_what_a_cancellation_is_of_is_a_task_that_a_person_closes_and_no_refused_record(town: Town) -> None:
    children = [town.child(low, high) for low, high in ((0, 3), (5, 8), (11, 14))]
    his, hers, other = (town.discharge(one, record_id="document-1") for one in children)
    other.event.update({"eventaction": "cancel", "sequence": "9"})
    town.take(his, hers, other)
    (task,) = town.json("tasks", "list", "--kind", "conflict")
    assert "A cancellation came under a record id that stands for several people" in task["words"]
    assert town.json("refused", "list", "--code", "id-conflict") == []
    shown = town.sharewell("refused", "show", task["id"], "--why", "what is it?")
    assert "There is no such refusal." in shown.output
    assert {d["state"] for d in town.json("log") if d["kind"] == "summary"} == {"kept"}
    explained = town.sharewell("explain", other.id).output
    assert "Nothing was withdrawn: what does it cancel?" in explained
    assert town.sharewell("tasks", "close", task["id"], "--by", "Ann Lee", "--why", "sent in error").exit_code == 0


def test_what_a_terminal_would_act_upon_is_not_written_to_it(town: Town) -> None:
    from dataclasses import replace

    town.take(replace(town.discharge(town.child(0, 5)), raw=b"\x1b[2Jnot json\x07"))
    (row,) = town.json("refused")
    shown = town.sharewell("refused", "show", row["id"], "--why", "the ward asks").output
    assert "\x1b" not in shown
    assert "\\x1b[2Jnot json\\x07" in shown


def test_a_destination_is_paused_once_and_resumed_in_order(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    team = town.delivery("hv-")["team"]
    assert town.sharewell("destinations", "pause", team, "--why", "system away", "--by", "R Shah").exit_code == 0
    second = town.sharewell("destinations", "pause", team, "--why", "system away", "--by", "B Roe")
    assert (second.exit_code, "paused before, by R Shah" in second.output) == (4, True)
    town.send()
    assert town.delivery("hv-")["state"] == "held"
    (row,) = [d for d in town.json("destinations") if d["team"] == team]
    assert (row["waiting"], row["paused_by"], row["paused_reason"]) == (1, "R Shah", "system away")
    assert town.sharewell("destinations", "resume", team).exit_code == 0
    assert town.sharewell("destinations", "resume", team).exit_code == 4
    town.send()
    assert town.delivery("hv-")["state"] == "sent"
    assert [a[2] for a in town.accesses()] == [f"pause destination {team}", f"resume destination {team}"]


def test_clocks_run_on_while_a_destination_is_paused(town: Town) -> None:
    town.take(town.discharge(town.child(0, 5)))
    hv = town.delivery("hv-")
    town.sharewell("destinations", "pause", hv["team"], "--why", "system away")
    town.step(days=2, minutes=1)
    town.clocks()
    assert town.sql("SELECT rung FROM clock WHERE delivery = %s", hv["id"]) == [(1,)]


def test_a_team_that_said_not_ours_is_not_the_answer_to_the_task_that_follows(town: Town) -> None:
    town.discharged(0, 5)
    practice = town.delivery("gp-")
    town.sharewell("receipt", practice["id"], "not-ours", "--by", "J Hart", "--role", "GP")
    task = a_task(town, "not-ours")
    before = town.json("log"), town.json("tasks")
    named = ("--team", practice["team"], "--why", "their list says so")
    done = town.sharewell("tasks", "match", task["id"], *named)
    assert (done.exit_code, "said before that the child is not theirs" in done.output) == (1, True), done.output
    assert [(t["id"], t["state"]) for t in town.json("tasks")] == [(task["id"], "open")], "and nobody has it now"
    town.sharewell("tasks", "claim", task["id"], "--by", "Ann Lee")
    assert town.sharewell("tasks", "match", task["id"], *named, "--by", "Ann Lee").exit_code == 1
    second = town.sharewell("tasks", "match", task["id"], *named, "--by", "Ben Roe")
    assert (second.exit_code, 'sharewell tasks claim … --from "Ann Lee"' in second.output) == (4, True), "hers still"
    town.sharewell("tasks", "release", task["id"], "--by", "Ann Lee")
    assert (town.json("log"), len(town.json("tasks"))) == (before[0], len(before[1]))


def test_a_blank_name_is_nobodys_and_claims_or_closes_nothing(town: Town) -> None:
    town.discharged(0, 5)
    town.take(town.discharge(town.child_without_practice()), bad(town))
    delivery, task, refusal = town.delivery("hv-"), a_task(town, "nobody-found")["id"], town.json("refused")[0]["id"]
    why = ("--why", "done it")
    for said in (
        ("claim", delivery["id"]),
        ("release", delivery["id"]),
        ("tasks", "claim", task),
        ("tasks", "close", task, *why),
        ("tasks", "match", task, "--team", "gp-alder-lane-surgery", *why),
        ("refused", "claim", refusal),
        ("refused", "close", refusal, *why),
        ("destinations", "pause", delivery["team"], *why),
        ("destinations", "resume", delivery["team"]),
    ):
        for name in ("", "  "):
            done = town.sharewell(*said, "--by", name)
            assert (done.exit_code, "--by names nobody." in done.output) == (2, True), (said, done.output)
    assert [t["state"] for t in town.json("tasks")] == ["open"]
    assert [r["state"] for r in town.json("refused")] == ["open"]
    assert town.delivery("hv-")["claimed_by"] is None
    assert [d["team"] for d in town.json("destinations") if d["paused_at"]] == []
    assert town.sharewell("claim", delivery["id"], "--by", " Ann Lee ").exit_code == 0
    assert town.delivery("hv-")["claimed_by"] == "Ann Lee"


def test_who_ended_a_refused_record_is_in_the_list_of_those_that_ended(town: Town) -> None:
    town.take(bad(town))
    (row,) = town.json("refused")
    town.sharewell("refused", "close", row["id"], "--by", "Ann Lee", "--why", "sent by phone")
    assert "None is open. Those that ended: --closed" in town.sharewell("refused").output
    assert "closed by Ann Lee" in " ".join(town.sharewell("refused", "list", "--closed").output.split())
    assert "None matches." in town.sharewell("refused", "list", "--publisher", "dart").output
    assert "None matches." in town.sharewell("tasks", "list", "--kind", "not-filed").output
