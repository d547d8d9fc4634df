"""Why an event told whom: every row considered, its verdict and what it read, by the same `decide` that ran."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from router.accept import Refused, accept
from router.decide import decide
from router.directory import Cover, FamilyDoc
from router.events import Event, Received
from router.facts import Child, Facts, children_concerned
from router.moments import day_words, moment_words
from router.noted import notes_of
from router.plan import Clock, Plan, Verdict
from router.policy.book import Book, english
from router.policy.words import Policy, Tell


@dataclass(frozen=True, slots=True)
class Look:
    """One condition of a row, whether it held, and the facts it read."""

    words: str
    held: bool
    read: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Considered:
    """One verdict: the row in English, for which child, and why."""

    row: int
    child: str | None
    words: str
    outcome: str
    detail: str
    teams: tuple[str, ...]
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One event explained; nothing in it names a person."""

    event: str
    type: str
    publisher: str
    decided_at: str
    policy_version: str
    directory_version: int
    families: Mapping[str, int]
    people: tuple[Mapping[str, Any], ...]
    """Whom each named person was joined to; `doubt` where a person must say."""
    considered: tuple[Considered, ...]
    clocks: tuple[str, ...]
    tasks: tuple[str, ...]
    turns: tuple[str, ...] = ()
    """What it does to clocks that others started, without ending them, and why."""
    same_as_kept: bool | None = None
    """Whether deciding again gave what was kept; None where nothing was."""
    differences: tuple[str, ...] = field(default=())


def restored(
    record: Received, kept: Mapping[str, Any], cover: Cover, families: Mapping[int, FamilyDoc]
) -> tuple[Event, Facts]:
    """An event and its facts as they were kept: today's directory is not asked.

    `cover` and `families` are the versions that the snapshot names. Raises LookupError where today's contracts refuse
    the event, which a published version never lets happen."""
    event = accept(record, cover)
    if isinstance(event, Refused):
        raise LookupError("the event is refused by today's contracts")
    return event, Facts.restore(kept, cover, families)


def explain(event: Event, facts: Facts, book: Book, kept: Sequence[Sequence[Any]] | None = None) -> Explanation:
    """Decide again, and say of each row what it read; `kept` is the decision of then, to compare."""
    plan = decide(event, facts, book)
    policy = book.of(event.type)
    rows = english(policy)[1:] if policy else []
    children = {c.id: c for c in children_concerned(event, facts, policy)} if policy else {}
    considered = tuple(_considered(v, rows, policy, children, event, facts) for v in plan.verdicts)
    differences = tuple(_differences(plan, kept)) if kept is not None else ()
    return Explanation(
        event=event.id,
        type=event.type,
        publisher=event.publisher,
        decided_at=facts.now.isoformat(),
        policy_version=plan.policy_version,
        directory_version=facts.cover.version,
        families={str(number): version for number, version in facts.versions.items()},
        people=tuple({"slot": w.slot, "role": w.role, "person": w.person, "doubt": w.doubt} for w in facts.who),
        considered=considered,
        clocks=tuple(
            f"{c.words.rstrip('.')}{f' ({c.team})' if c.team else ''}: first rung {moment_words(c.steps[0].due)}"
            + _as_set(c, facts)
            for c in plan.clocks
        ),
        tasks=tuple(t.words for t in plan.tasks),
        turns=tuple(dict.fromkeys(_turns(plan))),
        same_as_kept=None if kept is None else not differences,
        differences=differences,
    )


def _turns(plan: Plan) -> Iterator[str]:
    for turn in plan.turns:
        rated = f" rates it {turn.rating}" if turn.rating else ""
        why = f", because of {turn.why}" if turn.why else ""
        yield f"{turn.type}{rated}{why}: for the clocks of child {turn.child} that wait for it"


def _considered(
    verdict: Verdict,
    rows: Sequence[str],
    policy: Policy | None,
    children: Mapping[str, Child],
    event: Event,
    facts: Facts,
) -> Considered:
    words = rows[verdict.row].strip() if 0 <= verdict.row < len(rows) else "the event as a whole"
    looks: tuple[Look, ...] = ()
    child = children.get(verdict.child or "")
    if policy and verdict.row >= 0 and child is not None:
        looks = _looks(policy.shares[verdict.row], event, child, facts)
    return Considered(verdict.row, verdict.child, words, verdict.outcome, verdict.detail, verdict.teams, looks)


def _looks(row: Tell, event: Event, child: Child, facts: Facts) -> tuple[Look, ...]:
    """The row's conditions up to the first that failed, as `decide` reads them."""
    looks = []
    for condition in row.conditions:
        held = condition(event, child, facts)
        looks.append(Look(condition.words, held, notes_of(condition, event, child, facts)))
        if not held:
            break
    return tuple(looks)


def _as_set(clock: Clock, facts: Facts) -> str:
    """Whose own terms a clock runs by, where they are not the rule book's."""
    if clock.needs == "close":
        return ""
    who = facts.cover.teams.get(clock.team or "") if clock.delivery else facts.publisher
    own = who and facts.cover.own.of(who.organisation, clock.flow, who.service, clock.needs, clock.starts)
    return f", as {own.organisation} has set it for itself since {day_words(own.since)}" if own else ""


def _differences(plan: Plan, kept: Sequence[Sequence[Any]]) -> list[str]:
    now, then = _keyed(plan.verdicts), _keyed(kept)
    return [
        f"row {key[0]}, child {key[1] or 'none'}: {_said(then.get(key))} then, {_said(now.get(key))} now"
        for key in (*then, *(k for k in now if k not in then))
        if now.get(key) != then.get(key)
    ]


def _keyed(verdicts: Sequence[Sequence[Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {(v[0], v[1], v[3] if v[0] < 0 else ""): (v[2], tuple(v[4])) for v in verdicts}


def _said(verdict: tuple[Any, ...] | None) -> str:
    if verdict is None:
        return "not considered"
    return f"{verdict[0]} ({', '.join(verdict[1])})" if verdict[1] else str(verdict[0])
