"""Views of the rule book for `sharewell policy`: one team's, coverage, who must never be told, and the page."""

import os
import textwrap
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended

if TYPE_CHECKING:
    from contracts.parts.services import Service
    from router.policy.book import Book
    from router.policy.proofs import Story

STORIES = Path(__file__).parents[2] / "tests" / "flows"
"""Where the tests are in a checkout; an installed Sharewell has none, and says so."""


def show_team(book: "Book", named: str, as_page: Path | None, json: bool) -> None:
    """What a team, or every team of a service, is told."""
    from deploy.rule_book_page import team_page, title_of
    from router.policy.never import never
    from router.policy.team import told_to

    service = _service_of(named)
    told = told_to(book, service)
    if as_page is not None:
        _write(as_page, team_page(book, told, never(book, service, _stories())))
    elif json:
        shown.as_json({"version": book.version, **_plain(told)})
    else:
        shown.say(f"{title_of(told)}, by the rule book, version {book.version}")
        for one in told.arrives:
            _say("", one.happens, *(f"  {line}" for line in (*one.rows, *one.clocks)))
        if told.rings:
            _say("", "You hear of it when nobody answers", *(f"  {line}" for line in told.rings))
        for one in told.sends:
            answers = one.rows or ("You are told whether it was accepted.",)
            _say("", f"You publish: {one.happens}", *(f"  {line}" for line in answers))
    if not (told.arrives or told.rings or told.sends):
        raise Ended(WRONG, "No rule speaks of this service.", "See all rules: sharewell policy")


def show_coverage(book: "Book", commands: Collection[str], json: bool) -> None:
    """Each flow and each recommendation against the rules, or the commands, that answer it."""
    from deploy.rule_book_page import answered
    from router.policy.coverage import coverage

    flows, recommendations = coverage(book, commands)
    if json:
        found = {"flows": flows, "recommendations": recommendations}
        shown.as_json({n: [{**_plain(o), "open": o.open} for o in ones] for n, ones in found.items()})
    else:
        for title, ones in (("Flows", flows), ("Recommendations", recommendations)):
            rows = [(one.name, one.asked, "OPEN" if one.open else "", answered(one)) for one in ones]
            shown.table(
                f"{title}, by the rule book, version {book.version}", ("", "Asked", "", "Answered by"), rows, ""
            )
            shown.say("")
    left = [one.name for one in (*flows, *recommendations) if one.open]
    if left:
        raise Ended(WRONG, f"{shown.count(len(left), 'thing is', 'things are')} open: {', '.join(left)}.", "")


def show_never(book: "Book", service: "Service | None", json: bool) -> None:
    """For each service what it cannot receive, and the tests that show it."""
    from deploy.rule_book_page import never_rows
    from router.policy.never import ALWAYS_SHOWN, never, told

    stories = _stories()
    found = [never(book, one, stories) for one in ([service] if service else told(book))]
    if json:
        shown.as_json({"version": book.version, "always_shown_by": ALWAYS_SHOWN, "services": list(map(_plain, found))})
        return
    for one in found:
        _say(f"{one.service.value} ({one.service.words}) never gets", *map(_never_line, never_rows(one)), "")
    _say("Every line is tried on made-up worlds by", *(f"  {test}" for test in ALWAYS_SHOWN))
    if not stories:
        _say("The stories are not here: see the tests of a checkout for those that show the restricted fields.")


def _never_line(row: tuple[str, str, str]) -> str:
    of, what, proofs = row
    return f"  {of}: {what}{f' [{proofs}]' if proofs else ''}"


def write_page(book: "Book", commands: Collection[str], file: Path) -> None:
    """The whole rule book as one page."""
    from deploy.rule_book_page import page
    from router.policy.coverage import coverage
    from router.policy.never import never, told
    from router.policy.team import told_to

    stories, services = _stories(), told(book)
    covered = coverage(book, commands)
    teams, barred = [told_to(book, s) for s in services], [never(book, s, stories) for s in services]
    _write(file, page(book, teams, covered, barred))


def service_named(name: str) -> "Service | None":
    """A service by its short name in any case."""
    from contracts.parts.services import Service

    return next((one for one in Service if one.value == name.upper()), None)


def _service_of(named: str) -> "Service":
    """A service by its short name, or that of a team of the directory."""
    from contracts.parts.services import Service

    found = service_named(named)
    return found if found is not None else Service(reach.run(_team_service(named)))


async def _team_service(named: str) -> str:
    from adapters.storage.reading import Reading

    async with reach.database() as connection:
        team = (await Reading(connection).cover()).teams.get(named)
    if team is None:
        from contracts.parts.services import Service

        words = "There is no such service, and the directory has no such team."
        raise Ended(USAGE, words, f"Services are: {', '.join(Service)}.")
    return str(team.service)


def _stories() -> "tuple[Story, ...]":
    from router.policy.proofs import stories_in

    return stories_in(STORIES)


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_text(text, "utf-8")
        os.replace(beside, file)
    except OSError:
        raise Ended(USAGE, "That file cannot be written.", "Check the folder and its rights.") from None
    shown.say(f"Written: {file}")


def _plain(one: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one)


def _say(*lines: str) -> None:
    for line in lines:
        later = " " * (len(line) - len(line.lstrip()) + 2)
        shown.say(*(textwrap.wrap(line, shown.WIDTH, subsequent_indent=later, break_on_hyphens=False) or [""]))
