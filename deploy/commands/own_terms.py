"""`sharewell policy --for ORGANISATION`: what an organisation has set for itself, beside what the rule book says."""

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, Ended
from deploy.commands.ids import the_flow

if TYPE_CHECKING:
    from router.directory import Cover
    from router.policy.book import Book
    from router.policy.words import Expect, Policy
    from router.terms import OwnTerm


def show_own(book: "Book", organisation: str, flow: str | None, json: bool) -> None:
    """Print it, from the newest version of the directory."""
    cover = reach.run(_cover())
    known = {t.organisation for t in cover.teams.values()} | {p.organisation for p in cover.publishers.values()}
    if organisation not in known:
        near = get_close_matches(organisation, known, 3, 0.6) or sorted({t.organisation for t in cover.own.terms})
        mend = f"Perhaps {', '.join(near)}." if near else "None has set anything for itself."
        raise Ended(USAGE, "The directory has no such organisation.", mend)
    if flow is not None:
        the_flow(book, flow)
    terms = [t for t in cover.own.terms if t.organisation == organisation and flow in (None, t.flow)]
    days = [d for d in cover.own.days if d.organisation in (None, organisation)] if flow is None else []
    if json:
        set_ = [{**_plain(t), "clocks": [_words(t, p, c) for p, c in _clocks(t, book)]} for t in terms]
        shown.as_json({"directory_version": cover.version, "organisation": organisation, "terms": set_, "days": days})
        return
    shown.say(f"What {organisation} has set for itself (directory, version {cover.version})")
    for term in terms:
        shown.say("", f"{term.flow}, {_dates(term)}")
        for policy, clock in _clocks(term, book):
            _wrap(f"on {policy.event.event_type}: {_words(term, policy, clock)}", 2)
            _wrap(f"instead of: {_line(policy, clock)}", 4)
    for day in sorted(days, key=lambda d: d.day):
        from router.moments import day_words

        shown.say("", f"{day_words(day.day)}: {'a working day' if day.working else 'a day off'} ({day.name})")
    if not terms and not days:
        shown.say("", "Nothing: the rule book's durations and ladders, and England's bank holidays, hold for it.")


async def _cover() -> "Cover":
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        return await Reading(connection, reach.clock_of(settings)).cover()


def _clocks(term: "OwnTerm", book: "Book") -> "list[tuple[Policy, Expect]]":
    """The clocks of the rule book that run by this."""
    return [
        (policy, clock)
        for kind in sorted(book.policies)
        for policy in (book.policies[kind],)
        for clock in policy.expectations
        if clock.because.flow == term.flow and term.to in (None, clock.to) and _meant(term, policy, clock)
    ]


def _meant(term: "OwnTerm", policy: "Policy", clock: "Expect") -> bool:
    from router.policy.tables import Table

    if term.rating is not None and not (isinstance(clock.within, Table) and term.rating in dict(clock.within.terms)):
        return False
    services = policy.event.published_by if clock.service is None or term.rating else (clock.service,)
    return term.service is None or term.service in services


def _words(term: "OwnTerm", policy: "Policy", clock: "Expect") -> str:
    from router.policy.tables import Table

    within = term.within or clock.within
    if isinstance(clock.within, Table):
        rated = term.rating is not None and term.within is not None
        within = clock.within.with_row(term.rating, term.within) if rated else clock.within  # type: ignore[arg-type]
    return _line(policy, replace(clock, within=within, else_tell=term.ladder or clock.else_tell))


def _line(policy: "Policy", clock: "Expect") -> str:
    from router.policy.english import english

    alone = replace(policy, shares=(), expectations=(clock,), wants=(), if_no_child=(), answers_live_flags=False)
    return english(alone)[1].strip()


def _dates(term: "OwnTerm") -> str:
    from router.moments import day_words

    until = f" until {day_words(term.until)}" if term.until else ""
    return f"clocks that start from {day_words(term.since)}{until}"


def _plain(term: "OwnTerm") -> dict[str, Any]:
    rated = {"rating": term.rating} if term.rating else {}
    return {"flow": term.flow, "service": term.service, "to": term.to, **rated, "from": term.since, "until": term.until}


def _wrap(text: str, indent: int) -> None:
    import textwrap

    shown.say(*textwrap.wrap(text, shown.WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)))
