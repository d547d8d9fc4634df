"""Who was asked about a thing and what came back: a request as it stands, its answers collated."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from router.directory import Cover
from router.policy.passing import NOT_STATED, passes
from router.receipts import LADDER

State = Literal["held", "nothing-held", "sent-back", "silent", "not-theirs", "withdrawn"]
"""Held, nothing held and silent are three different things; sent back is held with no analysis, asked for once more."""


class AskRow(NamedTuple):
    """One team's clock on a request, as a ledger has it."""

    child: str
    team: str
    delivery: str
    starts: datetime
    due: datetime
    """Of the next rung; after the first has fired that is the next person's."""
    first_due: datetime
    """By when the answer was due, as it is rated now."""
    state: str
    how: str | None
    climbed: tuple[str | None, ...]
    """Who was told that there was no answer, rung by rung."""
    receipts: tuple[str, ...]


class AnswerRow(NamedTuple):
    """One version of one answer, as a ledger has it."""

    child: str
    kind: str
    """What it stands as in the child's history: the answer's own type, or another where it was not complete."""
    event: str
    type: str
    publisher: str
    record: str | None
    sequence: int
    at: datetime
    data: Mapping[str, Any]


class AskedRows(NamedTuple):
    """All that a ledger has about one request."""

    asks: tuple[AskRow, ...]
    answers: tuple[AnswerRow, ...]
    ratings: tuple[tuple[datetime, str], ...]
    """The latest is how it is rated now."""
    askers: tuple[str, ...] = ()
    """The teams that ask: what comes back is theirs to read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One team that was asked about one child."""

    child: str
    team: str
    name: str
    service: str
    state: State
    asked_at: datetime | None
    """None: it answered before it was asked."""
    due: datetime | None
    late: bool
    """Whether it was due and had not come, or came after that."""
    told: tuple[str, ...]
    """Who has been told that it did not answer."""
    seen: str
    """How far up the ladder of receipts the request is: sent, collected … acted."""
    answered_at: datetime | None
    delivery: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """What one service holds: facts apart from what it makes of them."""

    child: str
    team: str
    name: str
    at: datetime
    facts: Any
    analysis: Any
    impact_on_child: Any
    protective_factors: Any
    besides: Mapping[str, Any]
    """What was searched, and sensitive fields of the answer: as they were said, or why they are withheld (rule E)."""


@dataclass(frozen=True, slots=True)
class Board:
    """A request at one moment."""

    reference: str
    rated: str | None
    asked: tuple[Asked, ...]
    held: tuple[Held, ...]

    def count(self, state: State) -> int:
        """How many of those asked stand so."""
        return sum(a.state == state for a in self.asked)


def board(reference: str, rows: AskedRows, cover: Cover, now: datetime) -> Board:
    """The request as it stands at `now`, by child and by when each answer is due; nothing is read beside the rows."""
    asks = {(a.child, a.team): a for a in sorted(rows.asks, key=lambda a: a.starts)}
    stand = {(a.child, _answering(a, asks.keys(), cover)): a for a in _standing(rows.answers)}
    keys = sorted({*asks, *stand}, key=lambda k: (k[0], asks[k].first_due if k in asks else now, k[1]))
    found = [_asked(key, asks.get(key), stand.get(key), cover, now) for key in keys]
    held = [_held(key, stand[key], cover) for key in keys if key in stand and stand[key].data.get("answer") == "held"]
    rated = max(rows.ratings)[1] if rows.ratings else None
    return Board(reference, rated, tuple(found), tuple(held))


def _answering(answer: AnswerRow, asked: Collection[tuple[str, str]], cover: Cover) -> str:
    """Whose answer it is: the team it names, if that is the publisher's own; nobody answers for another service.

    As its clocks have it (decide): else the one of the publisher's own that was asked, else the publisher's team."""
    named, by = str(answer.data.get("answering_team")), cover.publishers.get(answer.publisher)
    if by is None:
        return named
    own = [t.id for t in cover.teams.values() if (t.service, t.organisation) == (by.service, by.organisation)]
    mine = [t for t in own if (answer.child, t) in asked]
    return named if named in own else mine[0] if len(mine) == 1 else by.team


def _standing(answers: Iterable[AnswerRow]) -> list[AnswerRow]:
    """The newest version of each answer that was not taken back, oldest first."""
    newest: dict[tuple[str, str, str], AnswerRow] = {}
    for a in sorted(answers, key=lambda a: (a.at, a.sequence, not _is_taken_back(a))):
        key = (a.child, a.publisher, a.record or a.event)
        if key not in newest or a.sequence >= newest[key].sequence:
            newest[key] = a
    return [a for a in newest.values() if not _is_taken_back(a)]


def _is_taken_back(answer: AnswerRow) -> bool:
    """Whether this is what a version takes back; besides, it may stand as something else (sent back)."""
    return answer.kind.startswith("cancelled ")


def _asked(key: tuple[str, str], ask: AskRow | None, answer: AnswerRow | None, cover: Cover, now: datetime) -> Asked:
    child, team = key
    known = cover.teams.get(team)
    state = _state(ask, answer)
    at = answer.at if answer else None
    late = ask is not None and (at or now) >= ask.first_due and state not in ("not-theirs", "withdrawn")
    return Asked(
        child=child,
        team=team,
        name=cover.name(team),
        service=known.service.value if known else "",
        state=state,
        asked_at=ask.starts if ask else None,
        due=ask.first_due if ask else None,
        late=late,
        told=tuple(t for t in ask.climbed if t) if ask else (),
        seen=_seen(ask.receipts) if ask else "",
        answered_at=at,
        delivery=ask.delivery if ask else None,
    )


def _state(ask: AskRow | None, answer: AnswerRow | None) -> State:
    if answer is not None:
        if answer.kind != answer.type:
            return "sent-back"
        return "held" if answer.data.get("answer") == "held" else "nothing-held"
    if ask is not None and ask.state == "stopped":
        return "not-theirs" if ask.how == "not-ours" else "withdrawn"
    return "silent"


def _seen(receipts: Sequence[str]) -> str:
    rungs = [LADDER.index(r) for r in receipts if r in LADDER]
    return LADDER[max(rungs, default=1)]


def _held(key: tuple[str, str], answer: AnswerRow, cover: Cover) -> Held:
    concern = answer.data.get("concern") or {}
    data = answer.data
    told = {name: data[name] for name in ("sexual_health", "adult_clinical", "searched") if name in data}
    besides = {n: v for n, v in told.items() if not (isinstance(v, dict) and v.keys() == {"absent"})}
    basis, agreed = data.get("lawful_basis") or {}, (data.get("consent") or {}).get("to_sharing") or {}
    marked = (data.get("sensitivity") or {}).keys()
    if not passes(basis.get("power"), agreed.get("answer")):
        kept = [n for n in besides if n != "searched" or n in marked]
        besides |= dict.fromkeys(kept, f"withheld: {NOT_STATED}")
    return Held(
        child=key[0],
        team=key[1],
        name=cover.name(key[1]),
        at=answer.at,
        facts=concern.get("facts"),
        analysis=concern.get("analysis"),
        impact_on_child=concern.get("impact_on_child"),
        protective_factors=concern.get("protective_factors"),
        besides=besides,
    )
