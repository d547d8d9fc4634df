"""The rule book as English: what a safeguarding lead reads, disputes and signs."""

from collections.abc import Iterable
from itertools import pairwise

from contracts.parts.actions import ANYBODY
from contracts.parts.event import EventData, field_marks
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Section
from router.policy.owners import Rung
from router.policy.tables import Table
from router.policy.words import UNNAMED, Expect, Fields, Gap, IfNoChild, Kind, Policy, Tell, Want, named_plainly
from router.policy.working_time import Term

ADDITIONS = {
    "flags": "the child's live flags",
    "mothers_flags": "those of a mother under 18",
    "earlier": "earlier events with their dates",
    "household": "the other children there that it works with",
    "services": "which services work with the child",
    "adult": "who the adult is to the child",
    "quality": "what the sender left out",
    "linked": "earlier events about the same thing",
}
"""What Sharewell adds of its own, in words."""
ON_EACH_SHARE = "On each share stands the lawful basis that the sender gave, and what it recorded of consent (rule F)."
ON_EACH_CLOCK = (
    "Unless it says otherwise, a clock starts when what happened is kept, also while a team's channel is paused; what "
    "a team is expected to do is met by a person's receipt, never by a machine's."
)
_NAMES = frozenset({Service.CAMHS, Service.SWITCH, Service.RY, Service.MID, Service.CSC, Service.AMH, Service.CASH})
"""Services whose name stands without an article."""


def english(policy: Policy, flow: str | None = None) -> list[str]:
    """One policy, a line a rule: what happened, then each row, clock and quality mark in the order of the book.

    `flow` keeps the rules of one flow only; nothing where there are none."""
    rules: list[tuple[Gap, str]] = [(r.because, _row(policy, r) + _unrung(policy, r)) for r in policy.shares]
    rules += [(clock.because, _clock(policy.event, clock)) for clock in policy.expectations]
    rules += [(want.because, _want(want)) for want in policy.wants]
    rules += [(rule.because, _no_child(rule)) for rule in policy.if_no_child]
    lines = [f"  {words} [{cited(gap)}]" for gap, words in rules if flow in (None, gap.flow)]
    if policy.answers_live_flags and flow in (None, "F05"):
        lines.append(f"  {_answer(policy)} [F05, 1.18, R3.1]")
    if policy.shares and lines:
        lines.append(f"  {ON_EACH_SHARE}")
    if any(flow in (None, clock.because.flow) for clock in policy.expectations):
        lines.append(f"  {ON_EACH_CLOCK}")
    if flow is None:
        lines += [f"  {words}" for words in _besides(policy)]
    return [_heading(policy), *lines] if lines or flow is None else []


def cited(gap: Gap) -> str:
    """The flow, the paragraph of the review and its recommendation; a local decision says that it is one."""
    if gap.local:
        return f"{gap.flow}, a local decision near {gap.paragraph}"
    return ", ".join(part for part in (gap.flow, gap.paragraph, gap.recommendation) if part)


def happened(policy: Policy) -> str:
    """What happened, to whom: 'a child was not brought to an appointment'."""
    who = "somebody" if policy.event.about == frozenset(Role) else "a child"
    return f"{who} {policy.event.happened}"


def _heading(policy: Policy) -> str:
    event = policy.event
    concerning = {
        "children named": "",
        "every child of the mother": " It concerns every child of the mother, and every child living with her.",
        "every child of the adult": " It concerns every child of the adult, and every child living there.",
        "the unborn child": " It concerns the unborn child.",
        "every child it moves": " It concerns every child whose place it changes.",
    }[policy.concerning]
    if policy.follows is not None:
        concerning += f" It concerns as well whomever the event before it ({_plain(policy.follows)}) was about."
    senders = _either(_named(s) for s in sorted(event.published_by))
    if len(event.published_by) >= len(ANYBODY) - 1:
        silent = ANYBODY - event.published_by
        senders = f"any service{f' but {_and(map(_named, sorted(silent)))}' if silent else ''}"
    return f"When {senders} says that {happened(policy)} ({event.event_type}).{concerning}"


def _row(policy: Policy, row: Tell) -> str:
    who = _who(row)
    besides = f" but {_and(s.words for s in sorted(row.besides))}" if row.besides else ""
    when = f" when {' and '.join(c.words for c in row.conditions)}" if row.conditions else ", always"
    if row.withheld:
        return f"Do not tell {who}{besides}{when}: {row.withheld}. It is recorded whom this kept it from."
    ask = f" It is asked: “{row.ask.what}”{_within(row.ask.within)}" if row.ask else ""
    quiet = ""
    if row.unnamed and (row.service is None or row.service in UNNAMED):
        quiet = " Whoever else is told does not read of services whose mere part in a life is restricted."
    return f"Tell {who}{besides}{when}. {_gets(policy.event, row)}{ask}{quiet}"


def _unrung(policy: Policy, row: Tell) -> str:
    """What no clock waits for of a row's recipient, where that is so; a clock has a line of its own."""
    if row.withheld:
        return ""
    told_back = bool(row.sent and row.service is None)
    theirs = [c for c in policy.expectations if (told_back if c.back else c.service in (None, row.service))]
    if any(c.to != "happen" for c in theirs):
        return ""
    if row.service is not None and any(c.service is row.service for c in theirs):
        return " A clock runs until it is done, whatever it answers."
    if row.ask is not None and isinstance(row.ask.within, Table):
        return " The clock that runs on its answer already is set anew."
    return " No clock runs on its answer."


def _who(row: Tell) -> str:
    if row.found is not None:
        return f"{row.found.words} (nobody else hears that they were told)" if row.alone else row.found.words
    if row.sent:
        return f"the {row.who}"
    if row.service is None:
        return row.who
    if row.side:
        return f"{_named(row.service)} of {row.side}"
    if row.every:
        return f"every team of {_named(row.service)} there is for the child, but the sender's own"
    chosen = " that the sender names" if row.at else ""
    return f"{_named(row.service)}{chosen}"


def _within(term: Term | Table | None) -> str:
    return f" {term.words[0].upper()}{term.words[1:]}." if term else ""


def _gets(event: type[EventData], row: Tell) -> str:
    marks = field_marks(event)
    shown = row.gets.of(event, row.may_see)
    barred = [m["label"] for n, m in marks.items() if "restricted" in m and n not in shown]
    opened = [m["label"] for n, m in marks.items() if "restricted" in m and n in shown]
    words = f"It gets {_fields(event, row.gets)}"
    if row.gets.adds:
        words += f", with {_and(ADDITIONS[a] for a in sorted(row.gets.adds))}"
    if opened:
        words += f"; shown although restricted, because this rule says so: {_and(map(_small, opened))}"
    if barred:
        words += f"; never {_and(map(_small, barred))}"
    return f"{words}."


def _fields(event: type[EventData], fields: Fields) -> str:
    marks = field_marks(event)
    if fields.only is not None:
        named = [n for n in marks if n in fields.only and marks[n]["section"] != Section.UNSEEN.value]
        said = (_small(marks[n]["label"]) + (" (its own only)" if n in fields.own else "") for n in named)
        return f"no more than {_and(said)}" if named else "who wrote it, and why"
    if but := [n for n in marks if n in fields.but]:
        return f"all of it but {_and(_small(marks[n]['label']) for n in but)}"
    return "all of it"


def _clock(event: type[EventData], clock: Expect) -> str:
    when = f" when {' and '.join(c.words for c in clock.conditions)}" if clock.conditions else ""
    since = {"kept": "", "event": ", counted from the event"}.get(clock.starts_at)
    if since is None:
        last = " (the last until five in the afternoon)" if clock.whole_days else ""
        since = f"{last}, counted from {clock.starts_at.replace('_', ' ')}"
    if clock.before is not None:
        name, ahead = clock.before
        label = field_marks(event).get(name, {}).get("label", name)
        since += f", and at the latest {ahead.words.removeprefix('within ')} before the time under “{label}”"
    at_once = _either(map(_plain, clock.at_once_on))
    also = {"happen": "Met by", "answer": "Met by its own"}.get(clock.to, "Also met by")
    ends = f" {also}: {_either(map(_plain, clock.met_by))}." if clock.met_by else ""
    if clock.the_next:
        ends = ends.replace(" by: ", " by the next: ")
    hurry = f" It may not run on after {at_once}." if clock.at_once_on else ""
    if clock.to == "take":
        hurry += " Met by whoever accepts; that it is declined is heard of at once."
    rated = f" {_either(map(_plain, clock.re_rated_by))} sets that anew at once." if clock.re_rated_by else ""
    nameless = " Whoever hears of it is not told which child it is about." if clock.names_nobody else ""
    wait = f"Expect that {_clause(clock)} {_term(clock)}{since}{when}."
    return f"{wait}{ends}{hurry}{rated}{_pause(clock)} {_ladder(clock.else_tell)}{nameless}"


def _term(clock: Expect) -> str:
    if clock.each is not None:
        return f"by the day of each of the {clock.each.replace('_', ' ')} (or {clock.within.words} where it has none)"
    return clock.within.words if isinstance(clock.within, Table) or clock.within.count else "by then"


def _pause(clock: Expect) -> str:
    if not clock.paused_by:
        return ""
    paused, resumed = (_either(map(_plain, kinds)) for kinds in (clock.paused_by, clock.resumed_by))
    return f" Its time stands still after {paused}, with the reason; after {resumed} it runs on with what was left."


def _clause(clock: Expect) -> str:
    if clock.to == "answer" and clock.service is None and not clock.name:
        return "each of those who are asked answers"
    if clock.name or clock.service is None:
        return clock.words
    return f"{_named(clock.service)}{clock.words.removeprefix(clock.service.words)}"


def _owner(rung: Rung) -> str:
    return _named(rung.owner.service) if rung.owner.kind == "service" and rung.owner.service else rung.owner.words


def _ladder(rungs: tuple[Rung, ...]) -> str:
    if not rungs:
        return "If not, nobody hears of it."
    steps = [f"{_owner(rungs[0])} hears of it"]
    steps += [f"{a.within.words.removeprefix('within ')} later {_owner(b)}" for a, b in pairwise(rungs)]
    return f"If not, {', '.join(steps)}; then a task stays open until a named person closes it."


def _want(want: Want) -> str:
    when = f" when {' and '.join(c.words for c in want.conditions)}" if want.conditions else ""
    return f"If there is no {want.words}{when}, the sender is told so; it is routed all the same."


def _no_child(rule: IfNoChild) -> str:
    when = f" and {' and '.join(c.words for c in rule.conditions)}" if rule.conditions else ""
    return f"Where no child is known{when}, {_named(rule.owner)} is asked to look. Nobody is dropped."


def _answer(policy: Policy) -> str:
    when = f" when {' and '.join(c.words for c in policy.answers_when)}" if policy.answers_when else ""
    return f"Answer the sender with the live flags of each child it named{when}."


def _besides(policy: Policy) -> Iterable[str]:
    if policy.changes is not None:
        yield f"It changes the family's file: {_small((policy.changes.__doc__ or '').split(chr(10))[0])}"
    if policy.counts_as:
        yield f"It counts as: {_and(policy.counts_as)}."


def _plain(event: Kind) -> str:
    return event if isinstance(event, str) else named_plainly(event)


def _named(service: Service) -> str:
    return service.words if service in _NAMES else f"the {service.words}"


def _small(label: str) -> str:
    first = label.split(" ")[0]
    return label if first.isupper() or len(label) < 2 else label[0].lower() + label[1:]


def _and(words: Iterable[str]) -> str:
    return _joined(list(words), "and")


def _either(words: Iterable[str]) -> str:
    return _joined(list(words), "or")


def _joined(words: list[str], last: str) -> str:
    return " ".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"
