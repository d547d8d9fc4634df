"""Rule G: whom nobody could be found for, or be sure about, becomes a task for a person with an owner and a clock."""

from contracts.parts.shape import Restriction
from router.address import CLOSED_MEANWHILE, teams_for
from router.carried import carried
from router.clocks import desk_of, task_clock
from router.directory import NobodyFound
from router.earlier import NOBODY, Running, Sought, said_in
from router.events import Event, stable_id
from router.facts import Child, Facts
from router.identity import DOUBTS
from router.plan import Clock, Plan, Task, Verdict
from router.policy.words import UNNAMED, Policy, Tell


def ask_whose(event: Event, facts: Facts, plan: Plan) -> None:
    """Whose record somebody named here is, where that is not sure."""
    for who in facts.who:
        if who.doubt is None or who.role not in ("child", "unborn", "mother", "adult", "father", "partner"):
            continue
        task = stable_id("match", event.source, event.id, who.slot)
        words = f"A person must say whose record this is ({who.slot}): {DOUBTS.get(who.doubt, who.doubt)}."
        plan.tasks.append(Task(task, "match", words, None, desk_of(facts), None, who.slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{who.slot}: {DOUBTS.get(who.doubt, who.doubt)}"))


def ask_who_is_concerned(event: Event, facts: Facts, policy: Policy, plan: Plan) -> None:
    """Rule G: where no child is known, a person looks, unless it was said that there is none."""
    rules = [r for r in policy.if_no_child if all(c.test(event, None, facts) for c in r.conditions)]
    if not rules:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "no child is known to be concerned"))
    for rule in rules:
        task = stable_id("no-child", event.source, event.id, rule.owner.value)
        found = teams_for(rule.owner, {}, None, facts.cover, facts.publisher.organisation)
        owner = desk_of(facts) if isinstance(found, NobodyFound) else found.places[0].team
        plan.tasks.append(Task(task, NOBODY, rule.words, None, owner))
        plan.clocks.append(task_clock(task, facts, rule.because.flow, rule.because.cited, rule.words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", rule.words))


def ask_whom_to_tell(event: Event, facts: Facts, child: Child, row: Tell, why: str, plan: Plan) -> None:
    """Rule G: an alert to a person, never a drop."""
    service = None if row.sent or row.found else row.service
    task = stable_id("nobody", event.source, event.id, child.id, service.value if service else row.who)
    if any(t.id == task for t in plan.tasks):
        return
    words = f"Nobody could be found to tell in {service.words if service else f'the {row.who}'}: {why}."
    if row.asked and service is None:
        words = f"Nobody could be found of {row.who}: {why}."
    if row.found is not None:
        words = f"Nobody could be found who is meant by '{row.found.words}': {why}."
    if service and why.startswith(CLOSED_MEANWHILE):
        words = f"A person must say who the child's {service.words} is: {why}."
    plan.tasks.append(Task(task, NOBODY, words, child.id, desk_of(facts), service.value if service else None))
    quiet = bool(row.why_not) or (row.unnamed and service in UNNAMED)
    nameless = quiet or Restriction.SEXUAL_HEALTH in row.may_see  # who hears may not know of the contact (rule E)
    about = None if nameless else child.id
    plan.clocks.append(task_clock(task, facts, row.because.flow, row.because.cited, words, about))


REPLACED, FOUND = "a newer version of the event asks the same", "the event was corrected, and this is sought no more"


def ask_once(event: Event, facts: Facts, plan: Plan) -> None:
    """An update asks nobody twice: its task takes the place of the open one in the same words, with the time and the
    rungs that one has used up; what a person has closed is asked again only where the event says something else now.

    What it does not ask any more has nobody who could answer: an older version is decided no more."""
    earlier: dict[tuple[str, str | None, str | None, str], Sought] = {}
    for one in facts.earlier.sought if facts.earlier else ():
        earlier[one.words, _now(one.child, facts), one.service, one.owner] = one
        if not one.closed:
            plan.closes[one.task] = FOUND
    for task in [t for t in plan.tasks if t.kind == NOBODY]:
        before = earlier.get((task.words, task.child, task.service, task.owner))
        if before is None:
            continue
        if not before.closed:
            plan.closes[before.task] = REPLACED
            plan.clocks = [_going_on(c, before) if c.task == task.id else c for c in plan.clocks]
        elif before.said == said_in(event.body):
            plan.tasks.remove(task)
            plan.clocks = [c for c in plan.clocks if c.task != task.id]


def _now(child: str | None, facts: Facts) -> str | None:
    """Who a child is now: it may have been joined to another since."""
    return (facts.person(child) or {}).get("same_as", child) if child else None


def _going_on(fresh: Clock, before: Sought) -> Clock:
    return carried(fresh, Running(*before.waits), follows=False) if before.waits else fresh
