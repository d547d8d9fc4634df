"""What a birth wrote into somebody's place, noted there so that a birth told in error can be taken back (rule C)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from contracts.directory import Baby, BirthNotified
from router.directory import PersonDoc
from router.events import Event, moment, record_of
from router.facts import Facts
from router.family_file import Changed, Doc, Lives, as_place, families_of, same_flag
from router.family_numbers import are_one_name
from router.past import Happening

BIRTH = "birth"
"""The part of `as_of` that holds the note."""
_LISTS = ("flags", "parents", "merged")
"""Of these a birth adds some, and takes back those alone."""
WHOSE_NUMBER = "a birth was taken back, and something has come since for the number it gave: whose is the number?"

NUMBER_OF_TWO = "one NHS number was given for two people at a birth: a person must say whose it is"

TWO_MOTHERS = "a birth was told of a child who has another mother on record: a person must say whose the child is"

WHOSE_CHILD = "a birth was corrected to another mother's: a person must say whose the child is"

SAID_ANEW = (NUMBER_OF_TWO, TWO_MOTHERS)
"""What a birth asks of itself alone: corrected or taken back, it asks it again or not at all."""

NOT_UNDONE = "a birth was {} that was told before it was noted what a birth changes: a person must put right {}"


class Told(NamedTuple):
    """What one record says of one baby."""

    publisher: str
    record: str
    order: int
    outcome: str


class Came(NamedTuple):
    """A baby as one version of a birth has it: as which it came, and its name on record or as it is said."""

    order: int
    name: Any


def told_of(doc: PersonDoc | Doc) -> list[Told]:
    """By which records this one's birth stands."""
    return [Told(*t) for t in _note(doc).get("told", ())]


def told_by(event: Event, doc: PersonDoc | Doc) -> Told | None:
    """What an earlier version of this record says of this baby."""
    return next((t for t in told_of(doc) if (t.publisher, t.record) == _record(event)), None)


def meant_again(babies: Mapping[str, Came], before: Mapping[str, Came]) -> dict[str, str]:
    """Which place each baby of a correction has by an earlier version (slot → place), where no number says it.

    By its name, or else by the order in which they came; and where they are listed in another order now, the one that
    is left is the one that was left: nobody becomes the other twin by it."""
    found: dict[str, str] = {}
    for slot, one in babies.items():
        places = [p for p, was in before.items() if are_one_name(one.name, was.name)]
        if len(places) == 1 and places[0] not in found.values():
            found[slot] = places[0]
    by_order = {was.order: p for p, was in before.items()}
    for slot, one in babies.items():
        if slot not in found and one.order in by_order and by_order[one.order] not in found.values():
            found[slot] = by_order[one.order]
    rest, left = babies.keys() - found.keys(), before.keys() - found.values()
    if len(rest) == len(left) == 1 and babies[next(iter(rest))].order in by_order:
        found[next(iter(rest))] = next(iter(left))
    return found


def not_noted(event: Event, facts: Facts) -> frozenset[str]:
    """Of whom this record has told before, when no birth was noted: nothing says what it changed of them."""
    found = set()
    for child, kind, pregnancy in facts.earlier.stood if facts.earlier else ():
        pid = (facts.person(child) or PersonDoc()).get("same_as", child)
        doc = facts.person(pid)
        if kind != event.type or doc is None or "born" not in doc or doc.get("pregnancy") != pregnancy:
            continue
        note = _note(doc)
        is_noted = told_by(event, doc) or note.get("told") == []  # taken back, and a number stayed
        unsaid = not is_noted or list(_record(event)) in note.get("older", ())
        if unsaid and not facts.past(child).is_cancelled(kind, pregnancy, record_of(event)):
            found.add(pid)
    return frozenset(found)


def left_of(doc: PersonDoc | Doc) -> str:
    """What a birth that was not noted leaves in the file, in words that name nobody."""
    left = ["that the child was born"]
    left += ["that it died"] if "died" in doc else []
    left += ["its NHS number"] if "nhs" in doc else []
    return ", ".join(left)


def before_this(event: Event, facts: Facts) -> dict[str, Doc]:
    """Everybody of whom this record has told before, as they were then: an update says anew what is so."""
    named = {w.person for w in facts.who}
    found: dict[str, Doc] = {}
    for family in facts.families.values():
        for pid, doc in family["people"].items():
            if pid in named and told_by(event, doc):
                found |= _without_record(event, facts, pid, doc)
    return found


def taken_back(event: Event, facts: Facts) -> Changed:
    """The files as they were before a birth that is cancelled: of the babies that no other record tells of.

    Where something has come since for a number that the birth gave, only a person can say whose that is; but nobody
    stays dead of whom no record says so. Who it was may be in doubt now: the record knows whom it told of."""
    meant = None if any(w.doubt for w in facts.who) else {w.person for w in facts.who}
    home_of, slots = families_of(facts), {w.person: w.slot for w in facts.who}
    people: dict[int, dict[str, PersonDoc]] = {}
    doubts, lives = [], []
    older = not_noted(event, facts)
    for family in facts.families.values():
        for pid, doc in family["people"].items():
            if meant is not None and pid not in meant:
                continue
            if pid in older:
                words = NOT_UNDONE.format("taken back", left_of(doc))
                doubts.append((slots.get(pid, event_slot(facts)), words))
            if not told_by(event, doc):
                continue
            stuck = len(told_of(doc)) == 1 and number_in_use(facts, pid, doc)
            undone = _without_record(event, facts, pid, doc, keep=stuck)
            if stuck:
                doubts.append((slots.get(pid, event_slot(facts)), WHOSE_NUMBER))
            for one, after in undone.items():
                people.setdefault(home_of[one], {})[one] = as_place(after)
            lives += living_again(pid, doc, undone[pid])
    return Changed(people, tuple(doubts), tuple(lives))


def event_slot(facts: Facts) -> str:
    """Where an event names somebody, for a question about one whom it does not name."""
    return facts.who[0].slot if facts.who else "subjects.0"


def living_again(pid: str, was: PersonDoc | Doc, now: Doc) -> list[Lives]:
    """A child who was said to have died, and is said so no more; under every id that its clocks have."""
    if "died" not in was or "died" in now:
        return []
    return [Lives(id, pid) for id in (pid, *was.get("merged", ()))]


def number_in_use(facts: Facts, pid: str, doc: PersonDoc | Doc) -> bool:
    """Whether the birth gave this one its number, and something else has come for it since."""
    note = _note(doc)
    if "nhs" not in note["wrote"] or doc.get("nhs") != note["wrote"]["nhs"]:
        return False
    return len(_past(facts.history.get(pid, ()), doc)) > int(note["past"])


def noted(event: Event, facts: Facts, pid: str, baby: Baby, base: Doc, doc: Doc) -> Doc:
    """The place with a note of what this birth changed in it: `base` is how it was."""
    old, first = _note(base), _note(facts.person(pid) or {})
    before, wrote = _difference(base, doc)
    for key, value in old.get("wrote", {}).items():  # another record tells of the same birth, and wrote this
        wrote[key] = [*value, *wrote.get(key, ())] if key in _LISTS else wrote.get(key, value)
    before = {k: v for k, v in before.items() if k not in old.get("wrote", {})} | old.get("before", {})
    place = doc.get("before_birth") or next(iter(wrote.get("merged", ())), None)
    so_far = [*facts.history.get(pid, ()), *(facts.history.get(place, ()) if place else ())]
    note: Doc = {
        "at": moment(event),
        "told": [*map(list, told_of(base)), [*_record(event), baby.order, baby.outcome]],
        "before": before,
        "wrote": wrote,
        "past": first.get("past", len(_past(so_far, doc))),
    }
    if old.get("took"):
        note["took"] = old["took"]
    older = [*old.get("older", ()), *([list(_record(event))] if pid in not_noted(event, facts) else ())]
    if older:
        note["older"] = older
    return {**doc, "as_of": {**doc.get("as_of", {}), BIRTH: note}}


def took_over(doc: Doc, place: str, unborn: Doc) -> Doc:
    """The same with the unborn child's place noted, which this one's has replaced."""
    note = {**_note(doc), "took": [place, as_place(unborn)]}
    return {**doc, "as_of": {**doc["as_of"], BIRTH: note}}


def _without_record(event: Event, facts: Facts, pid: str, doc: PersonDoc, keep: bool = False) -> dict[str, Doc]:
    """The place without what this record said, and that of the unborn child which it had replaced."""
    note = _note(doc)
    rest = [t for t in told_of(doc) if (t.publisher, t.record) != _record(event)]
    if not rest and not keep:
        return _undone(facts, pid, dict(doc))
    after: Doc = dict(doc)
    if all(t.outcome == "live" for t in rest) and after.get("died") == note["wrote"].get("died"):
        after.pop("died", None)
        note = {**note, "wrote": {k: v for k, v in note["wrote"].items() if k != "died"}}
    after["as_of"] = {**doc["as_of"], BIRTH: {**note, "told": [list(t) for t in rest]}}
    return {pid: after}


def _undone(facts: Facts, pid: str, doc: Doc) -> dict[str, Doc]:
    """As before the birth, but for what has been said otherwise since."""
    note = _note(doc)
    held = {same_flag(f): f for f in doc.get("flags", ())}
    for key, value in note["wrote"].items():
        if key in _LISTS:
            doc[key] = [one for one in doc.get(key, ()) if one not in value]
        elif doc.get(key) == value:
            del doc[key]
            doc |= {key: note["before"][key]} if key in note["before"] else {}
    doc = {**{k: v for k, v in note["before"].items() if k not in note["wrote"]}, **doc}
    doc["as_of"] = {part: said for part, said in doc["as_of"].items() if part != BIRTH}
    place, unborn = note.get("took", (None, {}))
    before: dict[str, Doc] = {pid: dict(as_place(doc))}
    if place is None or (facts.person(place) or {}).get("same_as") != pid:
        return before
    flags = [held.get(same_flag(f), f) for f in unborn.get("flags", ())]  # a flag that has ended since has ended
    return {**before, place: dict(as_place({**unborn, "flags": flags}))}


def _difference(base: Doc, doc: Doc) -> tuple[Doc, Doc]:
    """What of `base` is another now, and what it is; of a list only what was added."""
    before: Doc = {}
    wrote: Doc = {}
    for key in sorted((base.keys() | doc.keys()) - {"as_of"}):
        if key in _LISTS:
            wrote[key] = [one for one in doc.get(key, ()) if one not in base.get(key, ())]
        elif base.get(key) != doc.get(key) or (key in base) != (key in doc):
            before |= {key: base[key]} if key in base else {}
            wrote |= {key: doc[key]} if key in doc else {}
    return before, {key: value for key, value in wrote.items() if value not in ([], None)}


def _past(past: Sequence[Happening], doc: PersonDoc | Doc) -> list[Happening]:
    """What else is known to have happened: not that the child was born, whoever told of it."""
    return [h for h in past if not (h.type.endswith(BirthNotified.event_type) and h.thing == doc.get("pregnancy"))]


def _note(doc: PersonDoc | Doc) -> Doc:
    as_of: Any = doc.get("as_of", {})
    return as_of.get(BIRTH) or {}


def _record(event: Event) -> tuple[str, str]:
    return event.publisher, event.data.record_id or event.id
