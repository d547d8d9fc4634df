"""Reconcile balances a sound ledger, and finds every row that somebody changed behind its back."""

import pytest

from tests.cli.town import Town


def busy(town: Town) -> None:
    """A ledger with a little of everything in it."""
    for low, high in ((0, 5), (5, 12), (13, 18)):
        town.take(town.discharge(town.child(low, high)))
    town.take(town.discharge(town.child_without_practice()))
    bad = town.discharge(town.child(0, 5))
    bad.event["data"]["subjects"][0]["nhs_number"] = "9990000011"
    town.take(bad)
    town.send()
    town.take(town.discharge(town.child(0, 5)))
    town.send()
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J", "--role", "health visitor")
    gp = town.delivery("gp-")
    town.sharewell("receipt", gp["id"], "not-ours", "--by", "J", "--role", "GP")


def test_a_sound_ledger_balances(town: Town) -> None:
    empty = town.sharewell("reconcile", "--no-topics")
    assert (empty.exit_code, "0 events accepted" in empty.output) == (0, True)
    busy(town)
    done = town.sharewell("reconcile", "--no-topics")
    assert done.exit_code == 0, done.output
    assert "Everything accepted is accounted for." in done.output
    told = town.json("reconcile", "--no-topics")
    sums = told["sums"]
    assert sums["events"] == 5
    assert sums["considered"] == sums["told"] + sums["not_applicable"] + sums["withheld"] + sums["nobody_found"]
    assert told["faults"] == []


A_SUMMARY = "(SELECT id FROM delivery WHERE kind = 'summary' AND because IS NULL ORDER BY no LIMIT 1)"
HARM = {
    "not_the_sum": "UPDATE event SET told = told + 1 WHERE no = 1",
    "claimed_not_kept": "DELETE FROM event WHERE no = 2",
    "past_position": "UPDATE position SET next = 1",
    "nowhere": f"DELETE FROM sent WHERE no = (SELECT no FROM delivery WHERE id = {A_SUMMARY})",
    "needed_withdrawals": "INSERT INTO delivery (id, no, event_no, kind, child, team, lane, body, flows, withheld,"
    " kept_at, withdrawn_by) SELECT gen_random_uuid(), 99999, event_no, 'withdrawal', child, team, lane, convert_to("
    " json_build_object('data', json_build_object('withdraws', id))::text, 'UTF8'), '', 0, kept_at, event_no"
    f" FROM delivery WHERE id = {A_SUMMARY}",
    "due_for_nothing": "INSERT INTO due (no, lane, team, pair) VALUES (99999, 1, 'x', 1)",
    "gaps": "DELETE FROM sent WHERE sequence = 1 AND pair = (SELECT pair FROM sent WHERE sequence = 2 LIMIT 1)",
    "stuck": "UPDATE attempt SET outcome = 'sending', marked_at = now() - interval '1 hour' WHERE no = 1",
    "unfired": "UPDATE clock SET due = due - interval '1 year' WHERE state = 'running'",
    "refusals_without_clock": "DELETE FROM clock WHERE task IN (SELECT id FROM refusal)",
    "tasks_without_clock": "DELETE FROM clock WHERE task IN (SELECT id FROM task)",
    "told_without_delivery": f"DELETE FROM delivery WHERE id = {A_SUMMARY}",
    "delivery_without_verdict": f"UPDATE delivery SET team = 'csc-dudley' WHERE id = {A_SUMMARY}",
    "nobody_without_task": "DELETE FROM task WHERE kind = 'nobody-found'",
}


@pytest.mark.parametrize("check", HARM)
def test_every_row_that_was_changed_is_found_with_what_to_do(town: Town, check: str) -> None:
    busy(town)
    assert "sequence" in town.json("log")[0]
    town.sql(HARM[check])
    done = town.sharewell("reconcile", "--no-topics")
    assert done.exit_code == 1
    told = town.json("reconcile", "--no-topics", exits=1)
    found = {fault["check"]: fault for fault in told["faults"]}
    assert check in found
    assert found[check]["ids"]
    assert len(found[check]["mend"]) > 20
    assert not town.named_in(done.output)


def test_there_is_a_harm_for_every_check() -> None:
    from adapters.storage.reconcile import CHECKS

    assert set(HARM) == {check.name for check in CHECKS}


def test_kafka_away_is_exit_code_3_unless_it_is_left_out(town: Town) -> None:
    assert town.sharewell("reconcile").exit_code == 3
