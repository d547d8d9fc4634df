"""Strange characters and broken receipts: what no database keeps is refused alone; all else comes out as it went in."""

from datetime import timedelta

import orjson
import pytest

from router.policy.book import rule_book
from router.receipts import take_receipts
from tests.agreements.books import BOOK
from tests.agreements.cases import Case, SeenDelivery
from tests.story_events import address_changed, ed_discharged
from tests.story_people import adult, child, family
from tests.story_teams import SOUTH

WEIRD = (
    "\u0001\u0007\u001b[31m\u0085\u2028",
    "\U0010ffff\ufffe\u202e\u200b",
    "\U0001f600" * 200,
    "e\u0301'\"; DROP TABLE event; %s %(x)s {0} \\ \\N \\. NULL <script>alert(1)</script>",
    "\x7f\t\r\n x",
)
NUL = "a\u0000b"
BROKEN = (
    b"",
    b"\x00",
    b"\xff\xfe not UTF-8",
    b"[]",
    b'{"type": "receipt-1"}',
    b'{"type": "receipt-1", "data": null, "id": "\\ud800"}',
    b"[" * 100_000,
)


class Strange:
    """What comes in is any bytes at all."""

    async def _one_told(self, case: Case, **said: str) -> SeenDelivery:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom, **said))
        return await case.summary("hv-north")

    async def test_an_event_with_a_nul_is_refused_and_the_batch_is_kept(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=3)
        await case.load(family(mother=adult(), children=[tom, ann]))
        taken = await case.publish(ed_discharged(tom, diagnosis=NUL), ed_discharged(ann))
        assert [len(taken.refused), len(taken.accepted)] == [1, 1]
        assert [r.codes for r in await case.refusals()] == [("wrong-form",)]
        assert {d.child for d in await case.summaries()} == {ann.id}

    @pytest.mark.parametrize("text", WEIRD)
    async def test_any_other_text_comes_out_as_it_went_in(self, case: Case, text: str) -> None:
        sent = await self._one_told(case, diagnosis=text)
        await case.send_all()
        (letter,) = case.inboxes.of("summary", "hv-north")
        assert letter["what_happened"]["diagnosis"] == text
        answers = await case.answer("hv-north", sent.id, "acted", id="1", note=text.strip() or "-")
        assert [k.answer for k in answers.kept] == ["kept"]
        known = await case.chronicle(sent.child or "")
        assert known is not None
        assert [n.event.body["diagnosis"] for n in known.noted] == [text]

    @pytest.mark.parametrize("raw", BROKEN)
    async def test_a_broken_receipt_is_refused_and_the_good_one_beside_it_is_kept(self, case: Case, raw: bytes) -> None:
        sent = await self._one_told(case)
        good = case.receipt("hv-north", sent.id, "acknowledged", id="1")
        bad = case.receipt("hv-north", sent.id, "acknowledged", id="2")._replace(raw=raw)
        answers = await take_receipts([bad, good], case.ledger, BOOK)
        assert [len(answers.refused), len(answers.kept)] == [1, 1]
        assert (await case.clock_of(sent)).state == "met"
        assert len(await case.refusals()) == 1

    @pytest.mark.parametrize("field", ["note", "record_ref", "outcome", "id", "name", "role", "redirect"])
    async def test_a_receipt_with_a_nul_anywhere_is_refused_and_counts_for_nothing(
        self, case: Case, field: str
    ) -> None:
        sent = await self._one_told(case)
        good = case.receipt("hv-north", sent.id, "filed", id="1")
        said = orjson.loads(good.raw or b"")
        if field == "id":
            said["id"] = NUL
        elif field in ("name", "role"):
            said["data"]["by"][field] = NUL
        else:
            said["data"][field] = {"team": NUL} if field == "redirect" else NUL
        answers = await take_receipts([good._replace(raw=orjson.dumps(said))], case.ledger, BOOK)
        assert [len(answers.refused), len(answers.kept)] == [1, 0]
        assert (await case.clock_of(sent)).state == "running"

    @pytest.mark.parametrize(("outcome", "state"), [("declined", "running"), ("accepted", "met")])
    async def test_who_declines_a_child_that_was_handed_on_has_not_accepted_it(
        self, case: Case, outcome: str, state: str
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(address_changed(tom, SOUTH), by="pds", book=rule_book())
        new = await case.summary("hv-south")
        case.hands.advance(timedelta(hours=1))
        await case.answer("hv-south", new.id, "acted", id="1", outcome=outcome, book=rule_book())
        clock = await case.clock_of(new)
        assert clock.state == state
        assert (clock.due == case.hands.now) is (outcome == "declined"), "the next person hears at once"
