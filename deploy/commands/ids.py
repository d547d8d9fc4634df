"""Ids as people type them: the first letters are enough, and nothing that was typed is repeated."""

from typing import TYPE_CHECKING

from deploy.commands.ends import USAGE, WRONG, Ended

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adapters.storage.reading import Reading, Thing
    from router.directory import Cover
    from router.policy.book import Book

_LIST = {
    "delivery": "sharewell log",
    "event": "sharewell log --json; of one that was refused: sharewell refused",
    "task": "sharewell tasks",
    "refusal": "sharewell refused",
    "person": "sharewell log --child",
}


async def the_one(reading: "Reading", thing: "Thing", typed: str) -> str:
    """The one thing whose id begins with what was typed; of an event its number."""
    found = await reading.find(thing, typed)
    if len(found) == 1:
        return found[0]
    if found:
        words = f"More than one {thing} has an id that begins so."
        raise Ended(USAGE, words, "Type more of its letters.")
    if not looks_like_id(typed):
        raise Ended(
            USAGE,
            f"That is not the id of {'an' if thing == 'event' else 'a'} {thing}.",
            f"Ids are shown by: {_LIST[thing]}",
        )
    raise Ended(WRONG, f"There is no such {thing}.", f"See: {_LIST[thing]}")


def looks_like_id(typed: str) -> bool:
    """Whether it may be the beginning of an id: four letters or more, 0 to 9 and a to f."""
    digits = typed.replace("-", "").lower()
    return 4 <= len(digits) <= 32 and all(d in "0123456789abcdef" for d in digits)


def the_publisher(cover: "Cover", typed: str) -> str:
    """A publisher of the directory; where there is none, those with a name like it."""
    from difflib import get_close_matches

    if typed in cover.publishers:
        return typed
    near = get_close_matches(typed, cover.publishers, 3, 0.6)
    mend = f"Perhaps {', '.join(near)}." if near else "List them: sharewell directory publishers"
    raise Ended(USAGE, "The directory has no such publisher.", mend)


def the_sender(cover: "Cover", typed: str) -> str:
    """Whose records may be refused: a publisher, or a team, whose receipts may be."""
    return typed if typed in cover.teams else the_publisher(cover, typed)


def the_code(typed: str) -> str:
    """The code of an error in the published catalogue; where there is none, those with a name like it."""
    from difflib import get_close_matches

    from contracts.error_catalogue import CATALOGUE

    if typed in CATALOGUE:
        return typed
    near = get_close_matches(typed, CATALOGUE, 3, 0.6)
    mend = f"Perhaps {', '.join(near)}." if near else "They are in contracts/published/errors.md."
    raise Ended(USAGE, "No error has this code.", mend)


def the_service(typed: str) -> str:
    """A service by its short name, in small letters or capitals."""
    from contracts.parts.services import Service

    try:
        return Service(typed.upper()).value
    except ValueError:
        raise Ended(USAGE, "There is no such service.", f"There are: {', '.join(Service)}.") from None


def the_authority(typed: str, cover: "Cover", looking_after: "Iterable[str]") -> str:
    """A local authority that a team works in or covers, or that looks after a child; else it says which there are."""
    known = set(looking_after)
    for team in cover.teams.values():
        known |= {*team.covers.get("authorities", ()), *([team.authority] if team.authority else ())}
    if typed in known:
        return typed
    mend = f"There are: {', '.join(sorted(known))}." if known else "No team of the directory works in one."
    raise Ended(USAGE, "Neither the directory nor the register has such an authority.", mend)


def the_flow(book: "Book", typed: str) -> str:
    """A flow or routing rule that some row of the rule book cites."""
    from router.policy.proofs import flows_of

    known = sorted({flow for policy in book.policies.values() for flow in flows_of(policy)})
    if typed in known:
        return typed
    raise Ended(USAGE, "The rule book has no such flow.", f"There are: {', '.join(known)}.")


async def the_team(reading: "Reading", typed: str, closed_too: bool = False) -> str:
    """A team of the directory; where there is none, those with a name like it. `closed_too`: also one that has left the
    directory since, whose work somebody must see to."""
    from difflib import get_close_matches

    cover = await reading.cover()
    if typed in cover.teams or (closed_too and await reading.had_work(typed)):
        return typed
    near = get_close_matches(typed, cover.teams, 3, 0.6) or [t for t in cover.teams if typed in t][:3]
    mend = f"Perhaps {', '.join(near)}." if near else "List them: sharewell directory teams"
    raise Ended(USAGE, "The directory has no such team.", mend)


def number_from(stream: str) -> str:
    """An NHS number as a person writes it, checked; what was written is not repeated."""
    from contracts.parts.people import is_placeholder, passes_check_digit

    digits = "".join(stream.split()).replace("-", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise Ended(USAGE, "Enter a valid NHS number, like 999 123 4567.", "It has ten digits.")
    if is_placeholder(digits) or not passes_check_digit(digits):
        raise Ended(USAGE, "Enter a valid NHS number, like 999 123 4567.", "At least one digit is wrong.")
    return digits
