"""Where a child may be found whose whereabouts are withheld is told to nobody, in whatever way it might slip out."""

from tests.stories import Town
from tests.story_events import ed_discharged
from tests.story_people import adult, child, family

ADDRESS = "Call at 12 Canary Lane, DY1 9ZZ, after school."


async def test_an_address_in_what_the_author_asks_is_left_out_and_it_is_said_so() -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada"), children=[tom], restricted=True))
    asks = [{"of": "PLN", "what": ADDRESS}, {"of": "PLN", "what": "Ring the ward."}]
    await town.publish(ed_discharged(tom, asks=asks))
    letter = town.letter("pln")
    assert "Ring the ward." in letter.asks
    assert b"Canary" not in letter.raw
    assert "may hold an address" in letter.withheld["What the sender asks of you"]


async def test_of_a_child_whose_address_is_open_the_same_is_asked_in_full() -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada"), children=[tom]))
    await town.publish(ed_discharged(tom, asks=[{"of": "PLN", "what": ADDRESS}]))
    assert ADDRESS in town.letter("pln").asks
