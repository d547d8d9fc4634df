"""`sharewell replay`: let refused records in that are acceptable now, and send again what failed. Ids stay."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.ids import the_code, the_publisher, the_team
from deploy.commands.looking import reason
from deploy.commands.periods import age, ago

if TYPE_CHECKING:
    from deploy.settings import Settings
    from router.events import Received

MOST = 100_000


@dataclass(slots=True)
class Found:
    """What a replay would do."""

    acceptable: list[tuple[str, "Received"]] = field(default_factory=list)
    still_refused: int = 0
    failed: list[str] = field(default_factory=list)
    """Deliveries that their recipients could not take."""
    backing_off: dict[str, int] = field(default_factory=dict)
    """Destination → deliveries that wait for its next try."""
    held: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.acceptable or self.failed or self.backing_off)


def replay(
    why: Annotated[str, typer.Option(help="why; kept with your name", metavar="REASON")],
    refused: Annotated[bool, typer.Option("--refused", help="only refused records")] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="only deliveries that failed or wait for a next try")
    ] = False,
    publisher: Annotated[str | None, typer.Option(help="refused: sent by this publisher")] = None,
    code: Annotated[str | None, typer.Option(help="refused: with this error")] = None,
    team: Annotated[str | None, typer.Option(help="failed: to this team")] = None,
    within: Annotated[str | None, typer.Option(help="that came within the last 30m, 4h or 2d", metavar="AGE")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="do it without asking")] = False,
    json: Annotated[bool, typer.Option("--json", help="tell the result as JSON; needs --yes to do anything")] = False,
) -> None:
    """Take refused records in again that would be accepted now, and send again what failed. The count is shown first.

    Every event and delivery keeps its id, so a second run, or two at once, does nothing more. What is held because its
    destination is paused is left alone: that is `sharewell destinations resume`.

    Example: sharewell replay --refused --publisher ed-children --why "the directory has the new publisher now"

    Exit codes: 0 done, or nothing to do; 1 you said no; 2 not understood; 3 the database is away.
    """
    settings, said = reach.settings(), reason(why)
    which = {"refused": refused or not failed, "failed": failed or not refused}
    if team and refused and not failed:
        raise Ended(USAGE, "--team narrows what failed, and --refused leaves that out.", "Leave one of the two out.")
    if (publisher or code) and (team or (failed and not refused)):
        words = "--publisher and --code narrow what was refused; --team and --failed alone leave that out."
        raise Ended(USAGE, words, "Leave the one or the other out.")
    filters = {"publisher": publisher, "code": the_code(code) if code else None, "team": team, "within": within}
    found = reach.run(_find(settings, which, filters))
    if not json:
        _preview(found)
    if found.nothing:
        if json:
            shown.as_json({"found": _counts(found), "done": None})
        return
    if not yes and (json or not typer.confirm("Do it?")):
        if json:
            shown.as_json({"found": _counts(found), "done": None})
        raise Ended(WRONG, "Nothing was done.", "Add --yes to do it.")
    done = reach.run(_do(settings, found, said, json))
    if json:
        shown.as_json({"found": _counts(found), "done": done})
    else:
        shown.say(
            f"Accepted now: {done['accepted']}; seen before: {done['seen']}; in conflict: {done['conflicts']}; "
            f"sent again: {done['sent_again']}; tried at once: {done['released']}."
        )


async def _find(settings: "Settings", which: dict[str, bool], filters: dict[str, Any]) -> Found:
    from adapters.storage.acts import Acts
    from adapters.storage.reading import Reading, Which
    from router.accept import Refused, accept
    from router.put_aside import CONTRADICTIONS

    found = Found()
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        since = ago(age(filters["within"]), await reading.now())
        team = await the_team(reading, filters["team"], closed_too=True) if filters["team"] else None
        if which["refused"] and not team:
            cover = await reading.cover()
            narrowed = {"publisher": filters["publisher"], "code": filters["code"], "since": since}
            rows = await reading.refusals(**narrowed, limit=MOST)
            if filters["publisher"] and not rows:
                the_publisher(cover, filters["publisher"])
            contradict = {r.id for r in rows if CONTRADICTIONS & {p["code"] for p in r.problems}}
            for id, record in await reading.refused([r.id for r in rows if r.topic.startswith("events.")]):
                if id in contradict or isinstance(accept(record, cover), Refused):
                    found.still_refused += 1
                else:
                    found.acceptable.append((id, record))
        if which["failed"] and not (filters["publisher"] or filters["code"]):
            states = await reading.deliveries(Which(team=team, states=["failed", "held"], since=since, limit=MOST))
            found.failed = [d.id for d in states if d.state == "failed"]
            found.held = sum(d.state == "held" for d in states)
            found.backing_off = dict(await Acts(connection).backing_off(team))
    return found


def _counts(found: Found) -> dict[str, int]:
    return {
        "acceptable": len(found.acceptable),
        "still_refused": found.still_refused,
        "failed": len(found.failed),
        "destinations_backing_off": len(found.backing_off),
        "deliveries_backing_off": sum(found.backing_off.values()),
        "held": found.held,
    }


def _preview(found: Found) -> None:
    shown.say(f"{shown.count(len(found.acceptable), 'refused record')} would be accepted now.")
    if found.still_refused:
        shown.say(f"{shown.count(found.still_refused, 'other')} would be refused again: sharewell refused list")
    shown.say(f"{shown.count(len(found.failed), 'delivery', 'deliveries')} could not be taken and would be sent again.")
    for team, count in found.backing_off.items():
        shown.say(f"{team} is waited for; {shown.count(count, 'delivery', 'deliveries')} would be tried at once.")
    if found.held:
        shown.say(f"{shown.count(found.held, 'delivery is', 'deliveries are')} held: sharewell destinations")
    if found.nothing:
        shown.say("There is nothing to do.")


async def _do(settings: "Settings", found: Found, why: str, quiet: bool) -> dict[str, int]:
    from adapters.storage.acts import Acts

    done = {"accepted": 0, "seen": 0, "conflicts": 0, "sent_again": 0, "released": 0}
    clock = reach.clock_of(settings)
    who = reach.who()
    async with reach.database(settings) as connection:
        await Acts(connection, clock).record(who, why, f"replay {_counts(found)}")
    if found.acceptable:
        await _take_in(settings, found, who, done, quiet)
    async with reach.database(settings) as connection:
        acts = Acts(connection, clock)
        done["sent_again"] = len(await acts.send_again(found.failed, who, why))
        done["released"] = len(await acts.stop_backing_off(list(found.backing_off)))
        await acts.wake()
    return done


async def _take_in(settings: "Settings", found: Found, who: str, done: dict[str, int], quiet: bool) -> None:
    """Through the router's own path, in its order; what was accepted or seen before is mended, also after a crash."""
    from adapters.storage.acts import Acts
    from router.policy.book import rule_book
    from router.take import take_in

    size = settings.batch_max
    with shown.progress("taking in", quiet=quiet) as bar:
        async with reach.ledger(settings) as ledger:
            for start in range(0, len(found.acceptable), size):
                few = found.acceptable[start : start + size]
                taken = await take_in([record for _, record in few], ledger, rule_book())
                events = [*(k.event for k in taken.accepted), *taken.seen]
                places = {(e.received.topic, e.received.partition, e.received.offset) for e in events}
                well = [id for id, r in few if (r.topic, r.partition, r.offset) in places]
                async with reach.database(settings) as connection:
                    await Acts(connection, reach.clock_of(settings)).mended(well, who, "accepted on replay")
                done["accepted"] += len(taken.accepted)
                done["seen"] += len(taken.seen)
                done["conflicts"] += len(taken.conflicts)
                bar(start + len(few), len(found.acceptable))
