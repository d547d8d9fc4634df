"""`sharewell log`: the deliveries, how far each has come, and every try."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.ids import number_from, the_one, the_publisher, the_sender, the_team
from deploy.commands.looking import WHY, looked, reason
from deploy.commands.periods import age, ago, overlapping

if TYPE_CHECKING:
    from datetime import timedelta

    from adapters.storage.reading import Reading
    from adapters.storage.rows import AttemptRow, DeliveryRow, ReceiptRow
    from deploy.settings import Settings


class State(StrEnum):
    """How far a delivery has come."""

    KEPT, HELD, SENDING, SENT, COLLECTED = "kept", "held", "sending", "sent", "collected"
    VALIDATED, MATCHED, ACKNOWLEDGED, FILED, ACTED = "validated", "matched", "acknowledged", "filed", "acted"
    FAILED, NOT_OURS, REPLACED, LOST = "failed", "not-ours", "replaced", "lost"
    WITHDRAWN_BEFORE_SENDING = "withdrawn-before-sending"


class Kind(StrEnum):
    """What a delivery is."""

    SUMMARY, WITHDRAWAL, ESCALATION, ANSWER = "summary", "withdrawal", "escalation", "answer"


def log(
    context: typer.Context,
    event: Annotated[str | None, typer.Option(help="of this event: its id, or the first letters of it")] = None,
    team: Annotated[str | None, typer.Option(help="to this team")] = None,
    publisher: Annotated[str | None, typer.Option(help="because of what this publisher sent")] = None,
    state: Annotated[
        list[State] | None,
        typer.Option(
            help="in this state: kept, held, sending, sent, collected … failed; may be repeated", metavar="STATE"
        ),
    ] = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(help="summary, withdrawal, escalation or answer; without it all but answers", metavar="KIND"),
    ] = None,
    within: Annotated[str | None, typer.Option(help="kept within the last 30m, 4h or 2d", metavar="AGE")] = None,
    older: Annotated[str | None, typer.Option(help="kept longer ago than 30m, 4h or 2d", metavar="AGE")] = None,
    child: Annotated[
        bool,
        typer.Option(
            "--child", help="about one child: asks for the NHS number, or reads it from standard input; needs --why"
        ),
    ] = False,
    why: Annotated[str | None, typer.Option(help=f"for --child: {WHY}", metavar="REASON")] = None,
    attempts: Annotated[bool, typer.Option("--attempts", help="show every try to send")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many, the newest")] = 50,
    json: Annotated[bool, typer.Option("--json", help="as JSON, with attempts and receipts")] = False,
) -> None:
    """List deliveries, newest first: to whom, about which child (by key), how far up the receipt ladder.

    No name and no NHS number is shown; the content of one delivery is `sharewell show`.

    Example: sharewell log --team hv-dudley --state sent --older 4h

    Example: sharewell log --child --why "parent on the phone"

    Exit codes: 0 listed; 1 there is no such event or child; 2 not understood; 3 the database is away.
    """
    if context.args:
        words = "An NHS number, or anything else, is not taken as an argument: others could read it there."
        raise Ended(USAGE, words, 'Type it when asked: sharewell log --child --why "…"')
    if child and not why:
        raise Ended(USAGE, "To look for a child you must say why.", 'Add --why "…".')
    nhs = asked_number() if child else None
    settings = reach.settings()
    filters = {
        "publisher": publisher,
        "states": [s.value for s in state] if state else None,
        "kinds": [k.value for k in kind] if kind else ["summary", "withdrawal", "escalation"],
        "limit": limit,
    }
    ages = {"since": age(within), "before": age(older)}
    overlapping(ages["since"], ages["before"])
    found, tries, answers = reach.run(_read(settings, event, team, nhs, why, ages, filters))
    if json:
        shown.as_json([_whole(d, tries, answers) for d in found])
        return
    _tell(found, tries if attempts else [], limit)


def asked_number() -> str:
    """An NHS number typed unseen at a prompt, or the first line of standard input."""
    if sys.stdin.isatty():
        return number_from(typer.prompt("NHS number", hide_input=True))
    return number_from(sys.stdin.readline())


async def _read(
    settings: "Settings",
    event: str | None,
    team: str | None,
    nhs: str | None,
    why: str | None,
    ages: "dict[str, timedelta | None]",
    filters: dict[str, Any],
) -> "tuple[list[DeliveryRow], list[AttemptRow], list[ReceiptRow]]":
    from adapters.storage.reading import Reading, Which

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        if nhs is not None:
            filters["children"] = await _child(reading, nhs)
            what = f"log of child {filters['children'][0]}" if filters["children"] else "log of a child not known here"
            await looked(connection, settings, reason(why or ""), what)
            if not filters["children"]:
                raise Ended(WRONG, "No child with this NHS number is known here.", "Check it on the record.")
        now = await reading.now()
        moments: dict[str, Any] = {name: ago(length, now) for name, length in ages.items()}
        number = int(await the_one(reading, "event", event)) if event else None
        if filters["publisher"] is not None:
            the_publisher(await reading.cover(), filters["publisher"])
        named = await _recipient(reading, team, filters["kinds"]) if team else None
        found = await reading.deliveries(Which(event_no=number, team=named, **moments, **filters))
        ids = [d.id for d in found]
        return found, await reading.attempts(ids), await reading.receipts(ids)


async def _recipient(reading: "Reading", typed: str, kinds: list[str]) -> str:
    """Whom deliveries of these kinds go to: answers go to publishers, all else to teams."""
    if kinds == ["answer"]:
        return the_publisher(await reading.cover(), typed)
    return (
        the_sender(await reading.cover(), typed)
        if "answer" in kinds
        else await the_team(reading, typed, closed_too=True)
    )


async def _child(reading: "Reading", nhs: str) -> list[str]:
    """The child, the unborn child whose file the child's follows (rule C), and whoever proved to be the same person."""
    found: list[str] = []
    for one in await reading.child_of_number(nhs):
        doc = await reading.person(one) or {}
        if "same_as" in doc:  # a number that was superseded still finds the person
            one = doc["same_as"]
            doc = await reading.person(one) or {}
        found += [one, *doc.get("merged", ()), *([doc["before_birth"]] if "before_birth" in doc else [])]
    return list(dict.fromkeys(found))


def _whole(d: "DeliveryRow", tries: "list[AttemptRow]", answers: "list[ReceiptRow]") -> dict[str, Any]:
    import dataclasses

    of_it = {
        "attempts": [t for t in tries if t.delivery == d.id],
        "receipts": [_without_number(r) for r in answers if r.delivery == d.id],
    }
    return {**dataclasses.asdict(d), **of_it}


def _without_number(answer: "ReceiptRow") -> "ReceiptRow":
    """A reference kept before such were refused may be the NHS number itself: no list shows one."""
    import dataclasses

    from contracts.parts.people import holds_nhs_number

    named = answer.record_ref is not None and holds_nhs_number(answer.record_ref)
    return dataclasses.replace(answer, record_ref="(an NHS number)") if named else answer


def _tell(found: "list[DeliveryRow]", tries: "list[AttemptRow]", limit: int) -> None:
    from router.moments import short_words

    rows = []
    for d in found:
        failed = f"{d.state}, tried {d.tries + 1}x" if d.tries else d.state
        what = shown.kind_words(d.kind, d.type)
        rows.append((short_words(d.kept_at), shown.short(d.id), d.team, what, shown.short(d.child), failed))
        for one in tries:
            if one.delivery == d.id:
                error = f" ({one.error})" if one.error else ""
                rows.append((f"  {short_words(one.at)}", "", f"  {one.worker}", f"  {one.outcome}{error}", "", ""))
    title = f"Deliveries ({len(found)}{', there may be more: --limit' if len(found) == limit else ''})"
    empty = "None matches. Widen the filters, or see whether anything came: sharewell doctor"
    shown.table(title, ("Kept", "Delivery", "To", "What", "Child", "State"), rows, empty)
