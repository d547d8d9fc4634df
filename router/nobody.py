"""Rule G: whom nobody could be found for, or be sure about, becomes a task for a person with an owner and a clock."""

from contracts.parts.shape import Restriction
from router.address import CLOSED_MEANWHILE, teams_for
from router.carried import carried
from router.clocks import desk_of, task_clock
from router.directory import NobodyFound
from router.earlier import MATCH, NOBODY, NOBODY_IS, SEEKS, Question, Running, Sought, said_in
from router.events import Event, stable_id
from router.facts import Child, Facts
from router.family_birth_notes import SAID_ANEW
from router.identity import DOUBTS
from router.plan import Clock, Plan, Task, Verdict
from router.policy.words import UNNAMED, Policy, Tell

WHOSE = "A person must say whose record this is"


def ask_whose(event: Event, facts: Facts, plan: Plan) -> None:
    """Whose record somebody named here is, where that is not sure; cancelled, only if it ever was anybody's."""
    if event.action == "cancel" and facts.earlier and not _named_others(facts):
        return
    for who in facts.who:
        if who.doubt is None or who.role not in ("child", "unborn", "mother", "adult", "father", "partner"):
            continue
        task = stable_id(MATCH, event.source, event.id, who.slot)
        words = f"{WHOSE} ({who.slot}): {DOUBTS.get(who.doubt, who.doubt)}."
        plan.tasks.append(Task(task, MATCH, words, None, desk_of(facts), None, who.slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{who.slot}: {DOUBTS.get(who.doubt, who.doubt)}"))


def _named_others(facts: Facts) -> bool:
    """Whether earlier versions named somebody, on record, whom this one may mean by those of whom it is not sure."""
    now = {w.person for w in facts.who}
    named = {_now(person, facts) for _, _, person in facts.earlier.named} if facts.earlier else set()
    return any(p not in now and "unjoined" not in (facts.person(p) or {}) for p in named)


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


REPLACED = "a newer version of the event asks the same"
OVER = {
    "update": "the event was corrected, and this is sought no more",
    "cancel": "the event was cancelled",
}


def ask_once(event: Event, facts: Facts, plan: Plan) -> None:
    """An update asks nobody twice: its task takes the place of the open one in the same words, with the time and the
    rungs that one has used up; what a person has closed is asked again only where the event says something else now.

    What it does not ask any more has nobody who could answer: an older version is decided no more. But what was not
    asked by a decision stays: what somebody must see to in a file that was changed once (`family_file.Changed`), and
    who should have heard of a silence, while the record concerns the child."""
    earlier: dict[Question, Sought] = {}
    for one in facts.earlier.sought if facts.earlier else ():
        earlier[_question(one, facts)] = one
        asked = f": {NOBODY_IS} " not in one.words if one.slot is None else _is_asked_anew(one.words)
        if not one.closed and (asked or not _concerns(one.child, facts, plan)):
            plan.closes[one.task] = OVER[event.action]
    again = {_question(t, facts) for t in plan.tasks if t.kind in SEEKS}
    elsewhere = {question[:4]: one for question, one in earlier.items() if question not in again}
    for task in [t for t in plan.tasks if t.kind in SEEKS]:
        question = _question(task, facts)
        before = earlier.get(question) or elsewhere.get(question[:4])  # the same is asked of another place in it
        if before is None:
            continue
        if not before.closed:
            plan.closes[before.task] = REPLACED
            plan.clocks = [_going_on(c, before) if c.task == task.id else c for c in plan.clocks]
        elif before.said == said_in(event.body):
            plan.tasks.remove(task)
            plan.clocks = [c for c in plan.clocks if c.task != task.id]


def _is_asked_anew(words: str) -> bool:
    """Whether each version of an event asks this for itself: whose record it is, and what a birth doubts of itself."""
    return WHOSE in words or words in SAID_ANEW


def asked_still(facts: Facts, plan: Plan) -> set[Question]:
    """What an update leaves to be answered, or a person has closed: not what nobody is asked any more."""
    earlier = facts.earlier.sought if facts.earlier else ()
    asked = {_question(t, facts) for t in plan.tasks if t.kind in SEEKS}
    return asked | {_question(s, facts) for s in earlier if s.task not in plan.closes}


def is_asked(question: Question, among: set[Question], facts: Facts) -> bool:
    """Whether this is one of these questions, whoever its child has been joined to and wherever it stands since."""
    words, child, service, owner = question[:4]
    return (words, _now(child, facts) if child else None, service, owner) in {q[:4] for q in among}


def _concerns(child: str | None, facts: Facts, plan: Plan) -> bool:
    return child is None or _now(child, facts) in plan.concerned


def _question(task: Task | Sought, facts: Facts) -> Question:
    return task.words, _now(task.child, facts) if task.child else None, task.service, task.owner, task.slot


def _now(person: str, facts: Facts) -> str:
    """Who somebody is now: they may have been joined to another since."""
    return (facts.person(person) or {}).get("same_as", person)


def _going_on(fresh: Clock, before: Sought) -> Clock:
    return carried(fresh, Running(*before.waits), follows=False) if before.waits else fresh
