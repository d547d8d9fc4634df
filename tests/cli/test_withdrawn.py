"""What was cancelled before it was sent: shown as such by log, explain, story and reconcile, and sent to nobody."""

from dataclasses import replace
from uuid import uuid4

from deploy.borough.published import Published
from tests.cli.town import Town


def cancelled(said: Published) -> Published:
    """The same record, taken back."""
    sequence = f"{int(said.event['sequence']) + 1:020d}"
    attributes = {"id": str(uuid4()), "eventaction": "cancel", "sequence": sequence}
    return replace(said, event={**said.event, **attributes})


def test_it_is_accounted_for_and_sent_to_nobody(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    town.take(said)
    told = {d["team"] for d in town.json("log", "--kind", "summary")}
    town.take(cancelled(said))
    town.send()
    rows = town.json("log", "--state", "withdrawn-before-sending")
    assert {d["team"] for d in rows if d["kind"] == "summary"} == told
    assert {d["kind"] for d in rows} == {"summary", "withdrawal"}
    assert {d["sequence"] for d in rows} == {None}
    assert not {id for id, _ in town.channel.sent} & {d["id"] for d in rows}

    assert town.json("explain", said.id)["withdrawn_before_sending"] == sorted(told)
    assert "Withdrawn before it was sent" in town.sharewell("explain", said.id).stdout
    done = town.sharewell("reconcile", "--no-topics")
    assert f"{2 * len(told)} deliveries were withdrawn before sending" in done.stdout
    assert done.exit_code == 0
    assert town.json("reconcile", "--no-topics")["sums"]["withdrawn_before_sending"] == 2 * len(told)
    child = town.sql("SELECT child::text FROM delivery WHERE kind = 'summary' LIMIT 1")[0][0]
    tale = town.sharewell("story", child, "--why", "a test").stdout
    assert "It was withdrawn before it was sent." in tale
    assert "had been sent nothing yet" in tale
    assert town.json("queue", rows[0]["team"])["items"] == []


def test_what_was_sent_before_it_was_cancelled_is_withdrawn(town: Town) -> None:
    said = town.discharge(town.child(0, 5))
    town.take(said)
    town.send()
    town.take(cancelled(said))
    town.send()
    assert town.json("log", "--state", "withdrawn-before-sending") == []
    assert town.json("explain", said.id)["withdrawn_before_sending"] == []
    assert {d["state"] for d in town.json("log", "--kind", "withdrawal")} == {"sent"}


def test_who_reads_a_withdrawal_is_told_what_is_withdrawn_and_about_whom(town: Town) -> None:
    said = town.discharge(child := town.child(0, 5))
    town.take(said)
    town.send()
    town.take(cancelled(said))
    town.send()
    row = next(d for d in town.json("log", "--kind", "withdrawal") if d["team"].startswith("hv-"))
    name = town.borough.people[child]["name"]
    listed = f"{name['family'].upper()}, {name['given']}"
    page = " ".join(town.sharewell("show", row["id"], "--why", "what is this?").stdout.split())
    assert f"That was: “A child was discharged from the emergency department”, about {listed}, born" in page
    assert "number 1 to this team." in page
    assert "data" in town.json("show", row["id"], "--why", "what is this?")
    assert town.named_in(str(town.json("queue", row["team"]))) == set()
    (item,) = town.json("queue", row["team"], "--why", "the morning's list")["items"]
    assert (item["kind"], item["name"]) == ("withdrawal", listed)
    town.sql("UPDATE delivery SET body = '{}' WHERE kind = 'summary'")
    assert "That was" not in town.sharewell("show", row["id"], "--why", "what is this?").stdout
