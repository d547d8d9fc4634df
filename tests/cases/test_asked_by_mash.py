"""The review's cases of the multi-agency safeguarding hub: who is asked, and what comes back in time."""

from tests.cases.steps import fed_back, heard, home
from tests.stories import Town
from tests.story_mash_events import BARE, mash_request, mash_response


async def test_c19_the_childs_gp_is_asked_and_the_practice_that_says_nothing_is_asked_for() -> None:
    """Then: MASH decided not to ask GPs for what they may hold (1.27, 5.1.23)."""
    _, kit, folk = home(age=7)
    town = Town(folk)
    request = mash_request(kit, rag="red")
    await town.publish(request)
    assert "gp-castle" in town.told(request)
    assert any(ask for ask in town.letter("gp-castle").asks)
    await town.advance(hours=3, minutes=59)
    assert heard(town, "F14") == []
    await town.advance(minutes=2)
    assert "GP CASTLE" in {e["unanswered_by"] for e in town.escalations(flow="F14")}


async def test_c20_what_comes_without_analysis_is_sent_back_and_still_reaches_mash_in_time() -> None:
    """Then: health information reached MASH late, and held no analysis of risk (3.1)."""
    _, kit, folk = home(age=7)
    town = Town(folk)
    request = mash_request(kit, rag="amber")
    await town.publish(request)
    bare = mash_response(request, "gp-castle", "gp", concern=BARE)
    await town.publish(bare)
    assert "data.concern" in fed_back(town, "gp")
    assert "mash" in town.told(bare)
    await town.advance(hours=24, minutes=1)
    assert "sn-lead" in heard(town, "F14"), "the school nurses have said nothing"
