"""What MASH asks in the borough, and what it is answered, is accepted of any child."""

from random import Random

import pytest

from deploy.borough import Borough, mash_events
from router.directory import Cover
from tests.borough.taking import START, codes


def test_a_request_its_answers_and_a_new_rating_are_accepted_of_any_child(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for child in (*borough.children[::9], *borough.unborn[::3]):
        ref = mash_events.mash_ref(rng)
        said = [
            mash_events.mash_request(borough, child, START, rng, ref=ref, rag="red"),
            mash_events.mash_response(borough, child, START, rng, ref=ref, by="hv", team="hv-lead"),
            mash_events.mash_response(
                borough, child, START, rng, ref=ref, by="sn", team="sn-lead", analysed=False
            ),
            mash_events.mash_response(
                borough, child, START, rng, ref=ref, by="asm", team="asm-atlantic-house", held=False
            ),
            mash_events.mash_rag_changed(borough, child, START, rng, ref=ref, was="red", rag="amber"),
        ]  # fmt: skip
        assert [codes(one, cover) for one in said] == [[]] * len(said)
        assert len({one.event["data"].get("record_id") for one in said}) == len(said)


@pytest.mark.parametrize("rag", ["blue"])
def test_a_rating_that_is_none_is_refused(borough: Borough, cover: Cover, rag: str) -> None:
    said = mash_events.mash_request(borough, borough.children[0], START, Random(4), ref="mash-1", rag=rag)
    assert codes(said, cover) == ["wrong-choice"]
