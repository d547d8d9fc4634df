"""An update or cancellation that names somebody else: whom an earlier version named in error it never concerned."""

from collections.abc import Mapping, Set
from dataclasses import replace

from router.directory import FamilyDoc, PersonDoc, is_unborn
from router.events import Event
from router.facts import Child, Facts, Who, children_concerned
from router.family_file import Changed, wrote
from router.policy.words import Policy

Files = dict[int, dict[str, PersonDoc]]


def named_in_error(event: Event, facts: Facts) -> tuple[Who, ...]:
    """Whom earlier versions of the record named and this one does not, as they stood there.

    Nobody while a person must still say who is meant now: it may be the same."""
    if facts.earlier is None or event.action == "new" or any(w.doubt for w in facts.who):
        return ()
    now = {w.person for w in facts.who}
    home_of = {pid: number for number, family in facts.families.items() for pid in family["people"]}
    gone: dict[str, Who] = {}
    for slot, role, named in facts.earlier.named:
        person = (facts.person(named) or PersonDoc()).get("same_as", named)
        if person in home_of and person not in now:
            gone.setdefault(person, Who(slot, role, person, home_of[person], None))
    return tuple(gone.values())


def concerns_no_more(event: Event, facts: Facts, policy: Policy, child: Child) -> bool:
    """Whether this is the correction that took the record from the child: what it says is about somebody else."""
    gone = {w.person for w in named_in_error(event, facts)}
    ids = {child.id, *child.also_known_as}
    if not gone or ids & gone or policy.concerning == "every child it moves":
        return bool(ids & gone)
    return ids.isdisjoint(c.id for c in children_concerned(event, facts, policy))


def taken_back(event: Event, facts: Facts, policy: Policy, gone: tuple[Who, ...]) -> Changed:
    """Their files as if the record had been cancelled for them; nobody else's."""
    if policy.changes is None or not gone:
        return Changed({})
    changed: Changed = policy.changes(replace(event, action="cancel"), replace(facts, who=gone))
    return changed


def as_first_found(event: Event, facts: Facts, policy: Policy) -> Mapping[int, FamilyDoc]:
    """The files as they were before the first version of the record: what a correction moves, that one moved.

    No file says where somebody lived before an address that was restricted: whose the child was then say the letters
    that the version before this one sent, and where it sent none, the place that it wrote."""
    assert policy.changes is not None
    undone: Changed = policy.changes(replace(event, action="cancel"), facts)
    first = facts.after(undone.people)
    hidden = {pid for family in facts.families.values() for pid in family["people"] if _hides(event, facts, first, pid)}
    if not hidden:
        return first.families
    return first.after(_as_told(facts, hidden)).families


def _hides(event: Event, facts: Facts, first: Facts, pid: str) -> bool:
    """Whether the record moved this person (or the mother who carries it) from or to where nobody may learn."""
    doc = facts.person(pid) or PersonDoc()
    home = doc["mother"] if is_unborn(doc) and "mother" in doc else pid
    return wrote(event, dict(facts.person(home) or {}), "address") and bool(
        (first.person(home) or {}).get("restricted")
    )


def _as_told(facts: Facts, hidden: Set[str]) -> Files:
    """Their places as they are on file, with the teams that the last version told of each of them."""
    files: Files = {}
    for number, family in facts.families.items():
        for pid in hidden & family["people"].keys():
            doc = family["people"][pid].copy()
            told: dict[str, list[str]] = {}
            for one in facts.earlier.standing if facts.earlier else ():
                team = facts.cover.teams.get(one.team)
                if team and one.child in (pid, *doc.get("merged", ())) and team.id not in doc.get("not_ours", ()):
                    told.setdefault(team.service.value, []).append(team.id)
            if told:
                doc["was_with"] = told
            files.setdefault(number, {})[pid] = doc
    return files


def together(first: Files, then: Files) -> Files:
    """One set of changes after another; each person in the one file that the last of them says."""
    later = {pid for people in then.values() for pid in people}
    files: Files = {n: {p: d for p, d in people.items() if p not in later} for n, people in first.items()}
    for number, people in then.items():
        files[number] = {**files.get(number, {}), **people}
    return {number: people for number, people in files.items() if people}
