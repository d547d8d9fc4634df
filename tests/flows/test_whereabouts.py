"""Where a child may be found whose whereabouts are withheld is told to nobody, in whatever way it might slip out."""

from tests.flows.test_chronology import read
from tests.stories import Town
from tests.story_events import address_changed, ed_discharged
from tests.story_people import adult, caseload, child, family

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


async def test_no_letter_says_that_a_child_whose_whereabouts_are_withheld_lives_with_another() -> None:
    tom, ann = child("Tom"), child("Ann", restricted=True)
    town = Town(family(mother=adult("Ada"), children=[tom, ann]))
    await town.publish(ed_discharged(tom), ed_discharged(ann))
    assert b"Ann" not in town.letter("hv-north", tom).raw
    assert b"Tom" not in town.letter("gp-castle", ann).raw


async def test_of_children_who_are_all_hidden_a_team_of_both_reads_of_the_other() -> None:
    with_both = {"caseload": caseload("HV", "hv-north")}
    tom, ann = child("Tom", **with_both), child("Ann", **with_both)
    town = Town(family(mother=adult("Ada"), children=[tom, ann], restricted=True))
    await town.publish(ed_discharged(tom))
    assert b"Ann" in town.letter("hv-north").raw


async def test_an_address_written_before_it_was_withheld_stands_in_no_chronology_since() -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada"), children=[tom]))
    await town.publish(ed_discharged(tom, follow_up=ADDRESS))
    assert "Canary" in str(await read(town, tom, "pln"))
    await town.publish(address_changed(tom, None))
    for reader in (None, "pln", "gp-castle", "hv-north"):
        assert "Canary" not in str(await read(town, tom, reader)), reader
