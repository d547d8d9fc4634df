"""`sharewell receipt`: answer a delivery, through the same path as a receipt from Kafka."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.parts.answers import Answered, Outcome
from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, Ended
from deploy.commands.ids import the_one

if TYPE_CHECKING:
    from deploy.settings import Settings
    from router.directory import Cover
    from router.events import Received
    from router.receipts import Answers

SOURCE = "https://sharewell.example/command-line"

_OPTIONS = {
    "record_ref": "--record",
    "outcome": "--outcome",
    "action": "--action",
    "note": "--note",
    "by": "--by, --role or --system",
}
"""What a receipt's field is called here."""


def _option(path: str) -> str:
    field = path.removeprefix("data.").partition(".")[0]
    return _OPTIONS.get(field, field)


def receipt(
    delivery: Annotated[str, typer.Argument(help="the delivery's id, or its first letters")],
    state: Annotated[
        Answered,
        typer.Argument(
            help="collected, validated, matched, acknowledged, filed, acted, not-ours or failed", metavar="STATE"
        ),
    ],
    by: Annotated[str, typer.Option(help="your name", metavar="NAME")],
    role: Annotated[str, typer.Option(help="your role, such as 'health visitor'")],
    record: Annotated[str | None, typer.Option(help="for filed: where in your record", metavar="REFERENCE")] = None,
    outcome: Annotated[
        Outcome | None,
        typer.Option(help="for acted: accepted, declined, seen, follow-up-recorded …", metavar="OUTCOME"),
    ] = None,
    action: Annotated[
        str | None, typer.Option(help="for acted: the one agreed action you speak of, not all", metavar="ACTION")
    ] = None,
    to: Annotated[str | None, typer.Option(help="for not-ours: the team it should go to", metavar="TEAM")] = None,
    note: Annotated[str | None, typer.Option(help="for declined, other and failed: why")] = None,
    system: Annotated[bool, typer.Option("--system", help="a system says so, not a person: ends no clock")] = False,
    json: Annotated[bool, typer.Option("--json", help="tell the result as JSON")] = False,
) -> None:
    """Answer a delivery. A person's answer ends the clocks it meets; 'not-ours' finds the right team at once.

    The same answer twice has one effect.

    Example: sharewell receipt 8b746ea6 acknowledged --by "J Hart" --role "health visitor"

    Example: sharewell receipt 8b746ea6 filed --by "J Hart" --role "health visitor" --record RIO-4471

    Exit codes: 0 kept; 1 there is no such delivery; 2 something is missing, and what; 3 the database is away.
    """
    said = {
        "state": state,
        "by": {"name": by, "role": role, "kind": "system" if system else "person"},
        "record_ref": record,
        "outcome": outcome,
        "action": action,
        "redirect": {"team": to} if to else None,
        "note": note,
    }
    team, answers, told = reach.run(_answer(reach.settings(), delivery, said))
    kept = answers.kept[0]
    if json:
        shown.as_json(
            {
                "delivery": kept.receipt.delivery,
                "team": team,
                "state": state,
                "answer": kept.answer,
                "told_now": told,
            }
        )
        return
    again = " It was said before; nothing changed." if kept.answer == "seen" else ""
    shown.say(f"Kept: {state}, by {by} for {team}.{again}")
    if state == "not-ours":
        shown.say(
            f"Told instead: {', '.join(told)}."
            if told
            else "No other team was found: it is a task now (sharewell tasks)."
        )


async def _answer(settings: "Settings", typed: str, said: dict[str, Any]) -> "tuple[str, Answers, list[str]]":
    from adapters.storage.acts import Acts
    from adapters.storage.reading import Reading, Which
    from router.policy.book import rule_book
    from router.receipts import take_receipts

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        id = await the_one(reading, "delivery", typed)
        before = (await reading.deliveries(Which(ids=[id])))[0]
        cover, now = await reading.cover(), await reading.now()
    record = make_receipt(id, before.team, said, cover, now)
    async with reach.ledger(settings) as ledger:
        answers = await take_receipts([record], ledger, rule_book())
    async with reach.database(settings) as connection:
        await Acts(connection).wake()
        after = await Reading(connection).deliveries(Which(children=[before.child])) if before.child else []
    told = [d.team for d in after if d.because == "not-ours" and d.event == before.event and d.state == "kept"]
    return before.team, answers, sorted(set(told))


def make_receipt(delivery: str, team: str, said: dict[str, Any], cover: "Cover", now: datetime) -> "Received":
    """A receipt as its team would have sent it; refused here, with every error, before anything is kept.

    Its id follows from what it says, so that the same answer twice is one."""
    import orjson

    from router.accept import Refused
    from router.events import Received, stable_id
    from router.receipts import accept_receipt

    known = cover.teams.get(team)
    data = {name: value for name, value in said.items() if value is not None}
    organisation = known.organisation if known else "UNKNOWN"
    data |= {"delivery_id": delivery, "at": now.isoformat(), "by": {**said["by"], "organisation": organisation}}
    parts = [str(said.get(name) or "") for name in ("state", "record_ref", "outcome", "redirect", "note")]
    parts += [said["action"]] if said.get("action") else []
    event = {
        "specversion": "1.0",
        "id": stable_id("command-line", delivery, said["by"]["name"], said["by"]["kind"], *parts),
        "source": SOURCE,
        "type": "receipt-1",
        "time": now.isoformat(),
        "data": data,
    }
    record = Received(team, orjson.dumps(event), None, f"receipts.{team}", -1, 0)
    read = accept_receipt(record)
    if isinstance(read, Refused):
        wrong = [f"{_option(p.path)}: {p.message}" for p in read.problems]
        raise Ended(USAGE, "\n".join(wrong), "See: sharewell receipt --help")
    if said["redirect"]:
        _may_go_to(cover, team, said["redirect"]["team"])
    return record


def _may_go_to(cover: "Cover", team: str, other: str) -> None:
    """What is said to one service is for no other, so only a team of the same one can be named instead."""
    unknown = "Leave it out if you do not know."
    if other not in cover.teams:
        raise Ended(USAGE, "--to names a team that the directory does not have.", unknown)
    known = cover.teams.get(team)
    if known is not None and cover.teams[other].service is not known.service:
        theirs, ours = cover.teams[other].service.words, known.service.words
        raise Ended(USAGE, f"--to names another service: {theirs}, where this was for {ours}.", unknown)
