"""`sharewell tasks match`: a person says whose record it is, or which team; the event is then decided again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.claims import By, Json, mend_of, standing
from deploy.commands.ends import TAKEN, USAGE, WRONG, Ended
from deploy.commands.ids import the_one, the_team
from deploy.commands.looking import looked, reason

if TYPE_CHECKING:
    from adapters.storage.reading import Reading
    from adapters.storage.rows import TaskRow
    from deploy.settings import Settings
    from router.ledger import Reroute
    from router.plan import Plan


def match(
    task: Annotated[str, typer.Argument(help="the task's id, or its first letters")],
    why: Annotated[str, typer.Option(help="how you know", metavar="REASON")],
    person: Annotated[str | None, typer.Option(help="the person whose record it is, by key", metavar="KEY")] = None,
    team: Annotated[str | None, typer.Option(help="the team that must be told", metavar="TEAM")] = None,
    sure: Annotated[bool, typer.Option("--sure", help="although fewer than two particulars agree")] = False,
    by: By = None,
    json: Json = False,
) -> None:
    """Answer a task: whose record it is (--person), or who must be told (--team). The event is decided again with it,
    only those who had nothing yet are sent anything, and the task is closed.

    A person is taken only if two of NHS number, birth date and name agree, unless you are sure.

    Example: sharewell tasks match 51ac --team hv-dudley --why "they hold the child" --by "J Hart"

    Exit codes: 0 decided again and closed; 1 nobody could be told, or too little agrees, and the task stays open;
    2 not understood; 4 somebody else has it, or it is closed.
    """
    if (person is None) == (team is None):
        raise Ended(USAGE, "Say whose record it is with --person, or who must be told with --team.", "One of the two.")
    done = reach.run(_match(reach.settings(), task, person, team, sure, reach.person(by), reason(why)))
    if json:
        shown.as_json(done)
        return
    told = ", ".join(done["told"]) or "nobody new: all had it already"
    shown.say(f"Decided again; told now: {told}. The task is closed.")


async def _match(
    settings: "Settings", typed: str, person: str | None, team: str | None, sure: bool, by: str, why: str
) -> dict[str, Any]:
    from adapters.storage.acts import Acts
    from adapters.storage.reading import Reading

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        acts = Acts(connection, reach.clock_of(settings))
        task = (await reading.tasks(id=await the_one(reading, "task", typed), closed=True))[0]
        mine = await acts.claim("task", task.id, by)
        await connection.commit()
        if not mine.done:
            raise Ended(TAKEN, standing("task", mine), mend_of("task", mine))
        try:
            if person is not None:
                reroute, chosen = await _whose(reading, task, person, sure)
                await looked(connection, settings, why, f"match task {task.id} to person {chosen}")
                await acts.choose_person(reroute.event_no, task.slot or "", chosen, by, why)
            else:
                reroute = await _which_team(reading, task, team or "")
        except Ended:
            if task.claimed_by != by:  # an answer that will not do is no claim: others need not ask for it
                await acts.release("task", task.id, by)
                await connection.commit()
            raise
    plan = await _decide(settings, reroute)
    await _or_stays_open(settings, plan, reroute)
    async with reach.database(settings) as connection:
        acts = Acts(connection, reach.clock_of(settings))
        await acts.close("task", task.id, by, why)
        await acts.wake()
    return {"task": task.id, "told": sorted({d.team for d in plan.deliveries}), "tasks": [t.words for t in plan.tasks]}


async def _whose(reading: "Reading", task: "TaskRow", typed: str, sure: bool) -> "tuple[Reroute, str]":
    from router.ledger import Reroute

    if task.kind != "match" or task.event_no is None or task.slot is None:
        raise Ended(USAGE, "This task does not ask whose record it is.", "Say who must be told with --team.")
    chosen = await the_one(reading, "person", typed)
    agree = await _agreeing(reading, task.event_no, task.slot, chosen)
    if len(agree) < 2 and not sure:
        words = f"Of NHS number, birth date and name, {' and '.join(agree) or 'none'} agrees with that person's record."
        raise Ended(WRONG, words, "The task stays open. If it is the same person all the same: --sure")
    return Reroute(task.event_no, None, None, "match"), chosen


async def _agreeing(reading: "Reading", event_no: int, slot: str, person: str) -> list[str]:
    """Which of the particulars in the event are those of the record; nothing of either is shown."""
    kept, doc = await reading.kept_event(event_no), await reading.person(person)
    if kept is None or doc is None:
        return []
    kind, _, at = slot.partition(".")
    body = kept.event.body
    named = body["subjects"] if kind == "subjects" else (body.get("household") or {}).get("children", [])
    said = named[int(at)] if at.isdigit() and int(at) < len(named) else {}
    pairs = (
        ("the NHS number", said.get("nhs_number"), doc.get("nhs")),
        ("the birth date", said.get("birth_date"), doc.get("born")),
        ("the name", _plain(said.get("name")), _plain(doc.get("name"))),
    )
    return [words for words, theirs, ours in pairs if theirs and theirs == ours]


def _plain(name: Any) -> str:
    return f"{name['family']} {name['given']}".casefold() if isinstance(name, dict) and "family" in name else ""


async def _which_team(reading: "Reading", task: "TaskRow", typed: str) -> "Reroute":
    from router.ledger import Reroute

    team = await the_team(reading, typed)
    if task.event_no is None or task.child is None:
        raise Ended(USAGE, "This task is not about whom to tell of a child.", "Close it with: sharewell tasks close")
    cover = await reading.cover()
    service = cover.teams[team].service
    if task.service and service.value != task.service:
        from contracts.parts.services import Service

        wanted = Service(task.service).words
        raise Ended(USAGE, f"The task looks for {wanted}, and that team is {service.words}.", "Name another team.")
    doc = await reading.person(task.child) or {}
    if team in doc.get("not_ours", ()):
        words = "That team said before that the child is not theirs, so that it would be told nothing."
        raise Ended(WRONG, f"{words} The task stays open.", "Name another team.")
    return Reroute(task.event_no, task.child, service.value, "nobody-found", hint=team)


async def _decide(settings: "Settings", reroute: "Reroute") -> "Plan":
    from router.policy.book import rule_book
    from router.receipts import decide_again

    async with reach.ledger(settings) as ledger:
        try:
            return await decide_again(reroute, ledger, rule_book())
        except LookupError:
            raise Ended(WRONG, "The event can no longer be decided.", "Close the task by hand.") from None


async def _or_stays_open(settings: "Settings", plan: "Plan", reroute: "Reroute") -> None:
    """Where naming a team told nobody, and that team had not been told before, the task is not done."""
    if plan.deliveries or reroute.hint is None:
        return
    from adapters.storage.reading import Reading, Which

    async with reach.database(settings) as connection:
        had = await Reading(connection).deliveries(Which(event_no=reroute.event_no, team=reroute.hint))
    if not any(d.child == reroute.child and d.state != "not-ours" for d in had):
        words = "No rule tells that team about this child, or it said before that the child is not theirs."
        raise Ended(WRONG, words, "The task stays open. See: sharewell explain EVENT")
