"""What happened to one child before, as far as counting and linking need it: what stands, and what was taken back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from router.moments import day_written

CANCELLED = "cancelled "
"""What a cancelled event stands as in a child's history: this, and its type."""
RESTORED = "restored "
"""What an event stands as besides where the same had been cancelled: this, and its type; it counts again."""
ASKED = "asked "
"""What a request stands as besides, for each team that must answer it: this, and the team."""
ANSWERED = "answered by "
"""What an answer stands as besides: this, and the team that answered."""
RATED = "rated "
"""What an event that rates a thing stands as besides: this, and the rating."""
SET_FOR = "set for "
"""What an event that names a day to come stands as besides: this, and the moment; so that it is known since when."""
FROM = " from "
"""Between a type and a publisher: what an event that is answered stands as besides, so that its sender is known."""
ALSO = " also "
"""Between a type and an id: what an event stands as besides where its thing has a second name (call, referral)."""
ASKING = "asks for "
"""What a request stands as besides: this, and the team that asks, to which answers go."""


class Happening(NamedTuple):
    """One earlier event about a child, as far as counting and linking need it."""

    at: str
    type: str
    thing: str | None
    place: str | None
    record: str = ""
    """Whose record said it (`record_of`); empty in facts that were kept before this was remembered."""

    @property
    def day(self) -> str:
        """On which day it happened (ISO), in London."""
        return day_written(self.at)

    @property
    def said_by(self) -> str | None:
        """The publisher and its record, as a clock has them; None where they are not known."""
        publisher, _, record = self.record.partition(" ")
        return f"{publisher} {record.partition(' ')[2]}" if record else None

    def order(self) -> tuple[str, str, str, str, str]:
        """What to sort by: things and places are not always known, and nothing is not less than a name."""
        return self.at, self.type, self.thing or "", self.place or "", self.record


_TAKEN_BACK = (CANCELLED, RESTORED)
_What = tuple[str, str | None, str]


class Past:
    """A child's history in the order in which it was kept; never written to.

    Most questions to it ask for a kind of event that it does not hold: its kinds are known before they are sought."""

    __slots__ = ("_gone", "happened", "kinds", "took_back")

    def __init__(self, happened: Sequence[Happening]) -> None:
        self.happened = happened
        self.kinds = frozenset([h.type for h in happened])
        self.took_back = any([k.startswith(_TAKEN_BACK) for k in self.kinds])  # noqa: C419 - dearer as a generator
        self._gone: frozenset[_What] = _taken_back(happened) if self.took_back else frozenset()

    def earlier_of(self, types: Iterable[str], window_days: int, before: datetime) -> list[Happening]:
        """Those of these types in the last `window_days`, oldest first, each thing once.

        What was cancelled never happened, and is not among them."""
        wanted = frozenset(types)
        if wanted.isdisjoint(self.kinds):
            return []
        since = (before.astimezone(UTC) - timedelta(days=window_days)).isoformat()
        found = [h for h in self.happened if h.type in wanted and since <= h.at and not self._is_gone(h)]
        seen: dict[str, Happening] = {}
        for h in sorted(found, key=Happening.order):
            seen.setdefault(h.thing or h.at, h)
        return list(seen.values())

    def standing(self, types: Collection[str], thing: str | None) -> list[Happening]:
        """Those of these types about this thing that were not cancelled, in the order in which they were kept."""
        if self.kinds.isdisjoint(types):
            return []
        return [h for h in self.happened if h.thing == thing and h.type in types and not self._is_gone(h)]

    def told_of(self, kinds: Iterable[str], thing: str | None, since: datetime) -> list[Happening]:
        """What stands as one of these kinds about this thing since then, oldest first."""
        wanted = frozenset(kinds)
        if wanted.isdisjoint(self.kinds):
            return []
        begin = since.astimezone(UTC).isoformat()
        found = [h for h in self.happened if h.type in wanted and h.thing == thing and h.at >= begin]
        return sorted([h for h in found if not self._is_gone(h)], key=Happening.order)

    def is_cancelled(self, kind: str, thing: str | None, record: str) -> bool:
        """Whether what this record stood as was cancelled, and it has not said the same again since."""
        return bool(self._gone) and self._is_gone(Happening("", kind, thing, None, record))

    def known_as(self, types: Iterable[str], names: Iterable[str | None]) -> set[str | None]:
        """The things of earlier events of these types, by their first names, that are known by any of `names`."""
        found: set[str | None] = set()
        if not self.kinds:
            return found
        wanted = set(names) - {None}
        for kind in types:
            second = {f"{kind}{ALSO}{name}" for name in wanted}
            if kind not in self.kinds and self.kinds.isdisjoint(second):
                continue
            named = (h for h in self.happened if h.type in second or (h.type == kind and h.thing in wanted))
            found |= {h.thing for h in named if not self._is_gone(h._replace(type=kind))}
        return found

    def senders(self, types: Iterable[str], names: Iterable[str | None]) -> list[str]:
        """Which publishers sent events of these types about the thing that is known by any of `names`, in turn."""
        wanted = tuple(types)
        things = self.known_as(wanted, names)
        said = []
        for h in sorted(self.happened, key=Happening.order):
            kind, sent, by = h.type.partition(FROM)
            if sent and kind in wanted and h.thing in things and not self._is_gone(h._replace(type=kind)):
                said.append(by)
        return list(dict.fromkeys(said))

    def _is_gone(self, h: Happening) -> bool:
        """Whether its own record took it back; a cancellation whose record is not known takes back whoever said it."""
        gone = self._gone
        return bool(gone) and ((h.type, h.thing, h.record) in gone or (h.type, h.thing, "") in gone)


NOTHING = Past(())


def set_for(moment: datetime) -> str:
    """What an event stands as that is set for this moment, with whatever offset it was written."""
    return SET_FOR + moment.astimezone(UTC).isoformat()


def besides(h: Happening, kind: str, past: Iterable[Happening]) -> list[str]:
    """What the same event stands as besides, of the kinds that begin so, each without that beginning."""
    same = (o.type for o in past if (o.at, o.thing, o.record) == (h.at, h.thing, h.record))
    return [k.removeprefix(kind) for k in same if k.startswith(kind)]


def _taken_back(past: Iterable[Happening]) -> frozenset[_What]:
    """(type, thing, record) of what was cancelled last, and not restored; each is kept only where it changes that.

    Two records may say the same of one thing: what one of them takes back the other has said still."""
    gone: dict[_What, int] = {}
    for h in past:
        if h.type.startswith(_TAKEN_BACK):
            back = h.type.startswith(RESTORED)
            what = (h.type.removeprefix(RESTORED if back else CANCELLED), h.thing, h.record)
            gone[what] = gone.get(what, 0) + (-1 if back else 1)
    return frozenset(what for what, times in gone.items() if times > 0)
