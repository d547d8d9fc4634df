"""One record id used for several children: each is a matter of its own, and a later version touches only its own."""

from collections.abc import Callable

import orjson
import pytest

from adapters.storage.records import UNSENT
from router.chronology import chronology
from router.events import stable_id
from router.facts import Facts
from router.policy.book import Book, rule_book
from router.put_aside import OF_OTHERS
from router.take import Taken, take_in
from tests.agreements.books import BOOK
from tests.agreements.cases import Case
from tests.story_events import (
    Said,
    adult_ed_attendance,
    cancel_of,
    dart_notified,
    dart_outcome,
    ed_attendance,
    ed_discharged,
    flag_changed,
    update_of,
)
from tests.story_mash_events import mash_request
from tests.story_people import Json, Person, adult, child, family
from tests.story_referral_events import referral

LIVE = rule_book()
RECORD: Json = {"record_id": "att-7"}
together = pytest.mark.parametrize("together", [True, False], ids=["in one batch", "in several"])
follows = pytest.mark.parametrize("follows", [update_of, cancel_of])


def answers(taken: Taken) -> list[tuple[str, str]]:
    """(event, code) of all that goes back to the publisher as feedback."""
    told = [a for k in taken.accepted for a in k.plan.answers if a["kind"] == "quality"]
    return [(a["event_id"], p["code"]) for a in told for p in a["problems"]]


async def two(case: Case) -> tuple[Person, Person]:
    """Two children of two families."""
    tom, ann = child("Tom", age=3), child("Ann", age=3)
    await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
    return tom, ann


async def publish(
    case: Case, together: bool, *said: Said, by: str = "ed", send: bool = False, book: Book = BOOK
) -> list[Taken]:
    """These in one batch, or each in one of its own."""
    taken = []
    for batch in [said] if together else [[one] for one in said]:
        taken.append(await case.publish(*batch, by=by, book=book if by == "ed" else LIVE))
        if send:
            await case.send_all()
    return taken


async def stand(case: Case) -> set[tuple[str | None, str | None]]:
    """(child, event) of the summaries that stand."""
    return {(d.child, d.event) for d in await case.summaries() if d.state not in ("replaced", UNSENT)}


async def waits_for(case: Case) -> set[str | None]:
    """The children about whose summaries a clock runs."""
    of = {d.id: d.child for d in await case.deliveries()}
    return {of[c.delivery] for c in await case.clocks() if c.delivery and c.state == "running"}


class Matters:
    """What a ledger does with a record id that stands for several people."""

    @together
    @follows
    async def test_a_later_version_takes_back_what_was_told_of_its_own_child_alone(
        self, case: Case, together: bool, follows: Callable[..., Said]
    ) -> None:
        tom, ann = await two(case)
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        later = follows(hers)
        await publish(case, together, his, hers, later, send=True)
        told = {(ann.id, later.id)} if follows is update_of else set()
        assert await stand(case) == {(tom.id, his.id), *told}
        assert await waits_for(case) == {tom.id, *(child for child, _ in told)}
        assert {d.child for d in await case.deliveries() if d.kind == "withdrawal"} <= {ann.id}
        assert (await case.reconcile())[3] == []

        await publish(case, together, cancel_of(his))
        assert await stand(case) == told

    @together
    async def test_the_clocks_of_an_event_itself_run_on_though_another_matter_is_cancelled(
        self, case: Case, together: bool
    ) -> None:
        tom, ann = await two(case)
        his, hers = dart_notified(tom, **RECORD), dart_notified(ann, **RECORD)
        await publish(case, together, his, hers, by="dart")
        running = {c.id for c in await case.clocks() if c.state == "running" and not c.delivery and not c.task}
        assert len(running) == 2
        await publish(case, together, cancel_of(hers), by="dart")
        left = {c.id for c in await case.clocks() if c.state == "running" and not c.delivery and not c.task}
        assert len(left) == 1
        met = dart_outcome(his)
        await publish(case, together, met, by="dart")
        assert [c.id for c in await case.clocks() if c.how == "dart-outcome-1"] == [*left]

    @together
    async def test_what_is_remembered_of_the_other_child_stays(self, case: Case, together: bool) -> None:
        tom, ann = await two(case)
        his = flag_changed(tom, "child-protection-plan", since="2026-03-01", **RECORD)
        hers = flag_changed(ann, "child-protection-plan", since="2026-03-01", **RECORD)
        await publish(case, together, his, hers, cancel_of(hers), by="csc")

        async def flags(of: Person) -> list[str]:
            taken = await case.publish(ed_attendance(of), book=LIVE)
            (answer,) = [a for a in taken.accepted[0].plan.answers if a["kind"] == "live-flags"]
            return [f["kind"] for f in answer["flags"]]

        assert (await flags(tom), await flags(ann)) == (["child-protection-plan"], [])
        past = await case.chronicle(tom.id)
        assert past is not None
        assert his.id in [n.event.id for n in past.noted]

    @together
    @follows
    async def test_siblings_on_no_record_are_told_apart_by_what_is_said_of_each(
        self, case: Case, together: bool, follows: Callable[..., Said]
    ) -> None:
        """Three of one referral document, with one mother, and nobody had their numbers at hand."""
        mother = adult("Ada")
        await case.load(family(mother=mother, children=[]))
        three = [child(name, age=age) for name, age in (("Bea", 2), ("Kit", 7), ("Lou", 9))]
        unknown: Json = {"nhs_number": None, "nhs_number_status": "07"}
        people = [[mother.subject("mother"), c.subject(**unknown)] for c in three]
        said = [referral([], subjects=subjects, **RECORD) for subjects in people]
        await publish(case, together, *said, send=True, book=LIVE)
        later = follows(said[1]) if follows is cancel_of else update_of(said[1], account="Kit told more.")
        await publish(case, together, later, book=LIVE)
        gone = {d.event for d in await case.summaries() if d.state == "replaced"}
        assert gone == {said[1].id}
        assert {event for _, event in await stand(case)} == {
            said[0].id,
            said[2].id,
            *([later.id] if follows is update_of else []),
        }
        open_tasks = {t.id for t in await case.open_tasks()}
        (source,) = {orjson.loads(r.raw or b"")["source"] for r in case.records(said[0])}
        asks = [stable_id("match", source, one.id, "subjects.1") in open_tasks for one in said]
        assert asks == [True, False, True], "whose record the others are is asked still"

    @together
    async def test_each_matter_counts_its_versions_by_itself(self, case: Case, together: bool) -> None:
        tom, ann = await two(case)
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        newer, same, older = (
            update_of(his, "7", diagnosis="Fracture"),
            update_of(hers, "7", diagnosis="Sprain"),
            update_of(hers, "6", diagnosis="Burn"),
        )
        taken = await publish(case, together, his, hers, newer, same, older)
        assert await stand(case) == {(tom.id, newer.id), (ann.id, same.id)}
        assert await case.refusals() == []
        late = [k for t in taken for k in t.accepted if k.plan.passed_over]
        assert [k.event.id for k in late] == [older.id]
        await publish(case, together, update_of(hers, "7"))
        assert [r.codes for r in await case.refusals()] == [("sequence-reused",)]

    @together
    @follows
    async def test_what_names_nobody_of_any_matter_withdraws_nothing_and_the_publishers_team_is_asked(
        self, case: Case, together: bool, follows: Callable[..., Said]
    ) -> None:
        tom, ann, zoe = child("Tom", age=3), child("Ann", age=3), child("Zoe", age=3)
        await case.load(*(family(mother=adult(), children=[one]) for one in (tom, ann, zoe)))
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        other = follows(ed_discharged(zoe, **RECORD), "5")
        taken = await publish(case, together, his, hers, other)
        told = {(zoe.id, other.id)} if follows is update_of else set()
        assert await stand(case) == {(tom.id, his.id), (ann.id, hers.id), *told}
        assert [a for t in taken for a in answers(t) if a[1] != "not-recorded"] == [
            (hers.id, "record-id-of-others"),
            (other.id, "record-id-of-others"),
        ]
        (task,) = await case.open_tasks()
        assert (task.kind, task.owner) == ("conflict", "emergency")
        assert [c.state for c in await case.clocks() if c.task == task.id] == ["running"]
        (verdict,) = [v for t in taken for k in t.accepted for v in k.plan.verdicts if v.row < 0 and v.detail in (
            OF_OTHERS.values()
        )]  # fmt: skip
        assert verdict.outcome == "nobody-found"
        assert (await case.reconcile())[3] == []

        again = update_of(other, "6")
        await publish(case, together, again)
        assert await stand(case) == {(tom.id, his.id), (ann.id, hers.id), (zoe.id, again.id)}
        assert [t.id for t in await case.open_tasks()] == [task.id], "what the first was of is asked still"
        await publish(case, together, cancel_of(his, "7"))
        assert await stand(case) == {(ann.id, hers.id), (zoe.id, again.id)}

    @together
    async def test_what_names_people_of_several_matters_makes_one_of_them(self, case: Case, together: bool) -> None:
        tom, ann = await two(case)
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        both = update_of(his, "5", subjects=[tom.subject(), ann.subject()])
        await publish(case, together, his, hers, both)
        assert await stand(case) == {(tom.id, both.id), (ann.id, both.id)}
        zoe = update_of(his, "6", subjects=[ann.subject()])
        await publish(case, together, zoe)
        assert await stand(case) == {(ann.id, zoe.id)}, "one matter again: a correction of whom it named"

    async def test_whom_a_person_has_found_since_is_known_to_be_meant(self, case: Case) -> None:
        tom, ann = await two(case)
        his = ed_discharged(tom, **RECORD)
        hers = ed_discharged(ann, subjects=[ann.subject(nhs_number_status="02")], **RECORD)
        await case.publish(his, hers)
        (task,) = await case.open_tasks()
        await case.decide_again(task.id, person=ann.id)
        assert await stand(case) == {(tom.id, his.id), (ann.id, hers.id)}
        await case.publish(cancel_of(ed_discharged(ann, **RECORD)))
        assert await stand(case) == {(tom.id, his.id)}

    @together
    async def test_a_new_event_about_the_same_child_is_the_same_matter(self, case: Case, together: bool) -> None:
        tom, ann = await two(case)
        once, twice = ed_discharged(tom, **RECORD), ed_discharged(tom, **RECORD)
        wrong = update_of(once, "5", subjects=[ann.subject()])
        taken = await publish(case, together, once, twice, wrong)
        assert await stand(case) == {(ann.id, wrong.id)}
        assert "record-id-of-others" not in {code for t in taken for _, code in answers(t)}
        assert await case.open_tasks() == []

    @together
    async def test_another_childs_newer_version_replaces_nothing(self, case: Case, together: bool) -> None:
        """What meets a clock under a record id meets it still, though a later version of another child's came."""
        tom, ann = await two(case)
        incidents = [dart_notified(tom), dart_notified(ann)]
        await publish(case, together, *incidents, by="dart")
        his, hers = (dart_outcome(one, **RECORD) for one in incidents)
        once_more = dart_outcome(incidents[1])
        newer = update_of(his, "9")
        await publish(case, together, his, hers, newer, once_more, cancel_of(once_more), by="dart")
        waiting = [c.state for c in await case.clocks() if not c.delivery and not c.task]
        assert waiting == ["met", "met"]

    @together
    async def test_who_sent_something_has_sent_it_though_another_matter_was_cancelled(
        self, case: Case, together: bool
    ) -> None:
        tom, ann = await two(case)
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        await publish(case, together, his, hers, cancel_of(his))
        taken = await take_in(case.records(mash_request([tom, ann]), by="mash"), case.ledger, LIVE)
        sent = {
            (pid, i.team) for pid, some in taken.accepted[0].facts.involved.items() for i in some if i.how == "sent"
        }
        assert sent == {(ann.id, "emergency")}

    async def test_in_a_childs_chronology_one_parents_cancelled_attendance_is_not_the_others(self, case: Case) -> None:
        ada, joe, tom = adult("Ada"), adult("Joe"), child("Tom", age=3)
        await case.load(family(mother=ada, father=joe, children=[tom]))
        hers, his = (adult_ed_attendance(one, tom, **RECORD) for one in (ada, joe))
        gone = cancel_of(his)
        for said, first in ((hers, "f"), (his, "e"), (gone, "0")):  # a ledger may number a batch by its ids
            said.event["id"] = first + said.id[1:]
        await case.publish(hers, his, gone, book=LIVE)
        known = await case.chronicle(tom.id)
        assert known is not None
        entries = chronology(known, LIVE).entries
        assert len(entries) == 2
        assert hers.id in {e.event for e in entries if e.standing == "stands"}

    async def test_the_facts_say_what_was_left_alone_and_older_ones_do_not(self, case: Case) -> None:
        tom, ann = await two(case)
        his, hers = ed_discharged(tom, **RECORD), ed_discharged(ann, **RECORD)
        taken = await case.publish(his, hers, cancel_of(hers))
        facts = [k.facts for k in taken.accepted]
        assert [f.others for f in facts] == [(), (his.id,), (his.id,)]
        for one in facts:
            kept = orjson.loads(orjson.dumps(one.snapshot()))
            again = Facts.restore(kept, one.cover, one.families)
            assert again.others == one.others
            assert again.snapshot() == one.snapshot()
            kept.pop("others", None)
            assert Facts.restore(kept, one.cover, one.families).others == ()
