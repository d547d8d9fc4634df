"""What recipients answer: checked, kept once, ending what they meet; 'not ours' finds the right team."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pydantic import ValidationError

from contracts.errors import problems_of
from contracts.parts.services import Service
from contracts.problems import problem
from contracts.receipts import Receipt
from contracts.register import whole
from router.accept import Refused, parse, set_aside
from router.address_sides import former_teams
from router.clocks import desk_of, task_clock
from router.decide import decide
from router.directory import PersonDoc
from router.events import Event, Received, stable_id
from router.facts import Facts, child_of
from router.ledger import Again, ReceiptIn, ReceiptKept, Receipts, Reroute
from router.past import ASKED
from router.plan import Plan, Task
from router.policy.book import Book

MEETS: dict[str, frozenset[str]] = {
    "acknowledge": frozenset({"acknowledged", "filed", "acted"}),
    "file": frozenset({"filed"}),
    "act": frozenset({"acted"}),
}
"""What a clock needs → the receipts, by a person, that meet it; a machine's rung never does (hazard H10)."""
DECLINED = "declined"
"""The outcome of somebody who looked and will not do it: nothing was done, and the next person must hear (F10)."""

LADDER = ("kept", "sent", "collected", "validated", "matched", "acknowledged", "filed", "acted")
"""The rungs in order; receipts come in any order and the state is the highest that was said."""


def accept_receipt(record: Received) -> ReceiptIn | Refused:
    """A receipt as its team sent it, or its refusal; `record.publisher` is the team whose topic it came on.

    Of the envelope only the id is kept: what else a system put there (it may be a number of somebody) is nobody's."""
    parsed = parse(record)
    if not isinstance(parsed, dict):
        return Refused(record, (parsed,))
    if parsed.get("type") != Receipt.event_type:
        return Refused(record, (problem("unknown-type", "type"),))
    try:
        event = whole(Receipt.event_type).validate_json(record.raw or b"")
    except ValidationError as error:
        return Refused(record, problems_of(error, prefix=""))
    said: Receipt = event.data
    hint = said.redirect
    return ReceiptIn(
        id=str(event.id),
        team=record.publisher,
        delivery=str(said.delivery_id),
        state=said.state,
        at=said.at,
        by_name=said.by.name,
        by_role=said.by.role,
        by_organisation=said.by.organisation,
        by_kind=said.by.kind,
        record_ref=said.record_ref,
        outcome=said.outcome,
        hint_team=hint.team if hint else None,
        hint_service=hint.service.value if hint and hint.service else None,
        note=said.note,
        action=said.action,
    )


def needs_met(receipt: ReceiptIn, handed_on: bool = False) -> list[str]:
    """What clocks on the delivery need and this receipt gives; nothing where a machine says it, or where a team
    declines a child that is `handed_on` to it: to have seen that is not to have accepted the child."""
    if receipt.by_kind != "person" or (handed_on and declines(receipt)):
        return []
    declined = receipt.state == "acted" and receipt.outcome == DECLINED
    return [need for need, states in MEETS.items() if receipt.state in states and not (declined and need == "act")]


def speaks_of(receipt: ReceiptIn, need: str, item: str | None) -> bool:
    """Whether it ends a clock that has this need, on this agreed action: one that names an action ends no other's."""
    return need != "act" or receipt.action is None or is_about(receipt, item)


def is_about(receipt: ReceiptIn, item: str | None) -> bool:
    """Whether it names this agreed action; two that were agreed under one id are both meant by it (`items_of`)."""
    return item is not None and item.partition(" ")[0] == receipt.action


NO_SUCH_ACTION = "A recipient acted on an action that its summary did not ask of it."
ACCEPTED = "accepted"


def says(receipt: ReceiptIn) -> tuple[str | None, ...]:
    """What an answer says: two that say the same under one id are one."""
    hint = receipt.hint_team or receipt.hint_service
    return (receipt.delivery, receipt.state, receipt.by_kind, receipt.record_ref, receipt.outcome, receipt.action, hint)


def as_another(receipt: ReceiptIn) -> ReceiptIn:
    """The same under an id of its own: its team gave the id to another answer before, and no answer is lost."""
    parts = (part or "" for part in says(receipt))
    return replace(receipt, id=stable_id("receipt", receipt.team, receipt.id, *parts))


def takes_on(receipt: ReceiptIn) -> bool:
    """Whether a person took the matter on: whoever else was told of the same need look for nobody any more (F24)."""
    return receipt.by_kind == "person" and receipt.state == "acted" and receipt.outcome == ACCEPTED


def declines(receipt: ReceiptIn) -> bool:
    """Whether a person said that their team will not do it: the next person hears at once (F24)."""
    return receipt.by_kind == "person" and receipt.state == "acted" and receipt.outcome == DECLINED


class Acted(NamedTuple):
    """What a person said came of a delivery."""

    delivery: str
    outcome: str | None


def given_up(receipt: ReceiptIn, said: Sequence[Acted]) -> list[str]:
    """Which needs run again as a team that had accepted declines after all, by what all who were told of the same said:
    what nobody else has taken on, and what its own acceptance had met with nothing done (F10, F24).

    `said` is in the order in which it came, this one the last: by its sender's clock an acceptance may lie ahead."""
    by_team: dict[str, list[str | None]] = {}
    for one in said:
        by_team.setdefault(one.delivery, []).append(one.outcome)
    own = by_team.pop(receipt.delivery, [])
    if ACCEPTED not in own:
        return []
    needs = [] if any(_has_it(of) for of in by_team.values()) else ["take"]
    return needs if set(own) - {ACCEPTED, DECLINED} else [*needs, "act"]


def _has_it(outcomes: Sequence[str | None]) -> bool:
    """Whether the last word was to accept."""
    return [o for o in outcomes if o in (ACCEPTED, DECLINED)][-1:] == [ACCEPTED]


def hastened_by_declining(handed_on: bool) -> tuple[str, ...]:
    """The needs of the clocks that fire at once when a team declines: to take a matter on, to accept a child."""
    return ("take", "acknowledge") if handed_on else ("take",)


def accepts(receipt: ReceiptIn) -> bool:
    """Whether a person has taken on a child that was handed on: by having seen it, and not by declining."""
    return bool(needs_met(receipt)) and receipt.outcome != DECLINED


@dataclass(slots=True)
class Answers:
    """What became of a batch of receipts."""

    kept: list[ReceiptKept]
    refused: list[Refused]


async def take_receipts(
    records: Sequence[Received], ledger: Receipts, book: Book, passed: Callable[[str], None] = lambda _: None
) -> Answers:
    """Keep every receipt, then re-address what was not ours; each step may be repeated without a second effect."""
    read = [accept_receipt(record) for record in records]
    refused = [r for r in read if isinstance(r, Refused)]
    passed("before_receipts_commit")
    kept = await ledger.keep_receipts([r for r in read if isinstance(r, ReceiptIn)], refused)
    passed("after_receipts_commit")
    for one in kept:
        if one.reroute is not None:
            passed("before_again_commit")
            await decide_again(one.reroute, ledger, book)
            passed("after_again_commit")
    return Answers(kept, refused)


async def take_each_receipt(
    records: Sequence[Received],
    ledger: Receipts,
    book: Book,
    broken_by: tuple[type[Exception], ...],
    passed: Callable[[str], None] = lambda _: None,
) -> Answers:
    """The receipts of a batch that broke, one by one: what breaks alone is refused, and stops nobody."""
    together = Answers([], [])
    for record in records:
        try:
            answers = await take_receipts([record], ledger, book, passed)
        except broken_by:
            answers = Answers([], [set_aside(record)])
            await ledger.keep_receipts([], answers.refused)
        together.kept += answers.kept
        together.refused += answers.refused
    return together


async def decide_again(reroute: Reroute, ledger: Receipts, book: Book) -> Plan:
    """Decide an event again after a person said something new; only whoever had nothing yet is sent anything."""
    async with ledger.again(reroute) as work:
        facts = work.material.facts_for(work.event)
        policy = book.of(work.event.type)
        if reroute.why != "match" and policy is not None and policy.changes is not None:
            facts = replace(facts, before=work.before)  # its change stands in the file, with what was said since
        plan = decide(work.event, facts, book)
        nobody_else = reroute.why == "not-ours" and not _another_team(reroute, work.event, facts, plan)
        plan.deliveries = [
            d for d in plan.deliveries if d.kind == "summary" and _is_new(d.child, d.team, reroute, work)
        ]
        new = {d.id for d in plan.deliveries}
        plan.hand_ons = [h for h in plan.hand_ons if h.delivery in new]
        matched = reroute.why == "match"  # a child found by a person: the event's own clocks are about it as well
        tasks = {
            t.id
            for t in plan.tasks
            if (matched and t.kind == "nobody-found") or (reroute.service and t.service == reroute.service)
        }
        plan.tasks = [t for t in plan.tasks if t.id in tasks]
        plan.clocks = [
            c
            for c in plan.clocks
            if c.delivery in new or c.task in tasks or (matched and not c.delivery and not c.task)
        ]
        if matched:
            for number, people in plan.changes.items():
                work.material.change(number, people)
        else:
            asked = {ASKED + d.team for d in plan.deliveries if d.kind == "summary"}
            plan.remembered, plan.meets, plan.turns = [r for r in plan.remembered if r.kind in asked], [], []
        plan.answers, plan.withdrawn, plan.closes, plan.unmeets, plan.changes = [], [], {}, [], {}
        if nobody_else:
            _nobody_else(reroute, work, facts, plan)
        await work.keep(plan, reroute.why)
        return plan


def _another_team(reroute: Reroute, event: Event, facts: Facts, plan: Plan) -> bool:
    """Whether another team of the service is told of the child, now or since an earlier answer of this team.

    Of a child that is handed on, not the team that it is taken from: that one is told, and is asked to take nothing."""
    teams, service = facts.cover.teams, _service_of(reroute, facts)
    former: tuple[str, ...] = ()
    if service is not None and reroute.child is not None and facts.before is not None:
        former = former_teams(service, child_of(facts, reroute.child, event), facts)
    others = [d.team for d in plan.deliveries if d.child == reroute.child and d.team not in (reroute.team, *former)]
    return any(teams[team].service is service for team in others)


def _service_of(reroute: Reroute, facts: Facts) -> Service | None:
    """The service of the team that said so."""
    teams = facts.cover.teams
    return teams[reroute.team].service if reroute.team in teams else None


def _is_new(child: str | None, team: str, reroute: Reroute, work: Again) -> bool:
    return (child, team) not in work.sent and (reroute.child is None or child == reroute.child)


def _nobody_else(reroute: Reroute, work: Again, facts: Facts, plan: Plan) -> None:
    task = stable_id("not-ours", work.event.source, work.event.id, reroute.delivery or "")
    words = "A team said that this child is not theirs, and no other team was found. Somebody must be told."
    service = _service_of(reroute, facts)
    plan.tasks.append(Task(task, "not-ours", words, reroute.child, desk_of(facts), service.value if service else None))
    plan.clocks.append(task_clock(task, facts, "G", "rule G", words, reroute.child))


def without_team(doc: PersonDoc, team: str, service: str | None, hint: str | None) -> PersonDoc:
    """The child's place in the file after a team said it is not theirs; `hint` names the team it should be."""
    changed: PersonDoc = replace_doc(doc, not_ours=[*doc.get("not_ours", ()), team])
    if hint and service and hint != team:
        changed["redirected"] = {**doc.get("redirected", {}), service: hint}
    return changed


def replace_doc(doc: PersonDoc, *, not_ours: list[str]) -> PersonDoc:
    """A copy of the place in the file: versions are never changed."""
    changed: PersonDoc = dict(doc)  # type: ignore[assignment]
    changed["not_ours"] = not_ours
    return changed
