"""What is shown to a person holds nothing that their screen obeys."""

import pytest

from deploy.commands.shown import say, table
from router.page_values import name_words, seen, value_words, wrapped
from tests.stories import Town
from tests.story_events import ed_discharged
from tests.story_people import adult, child, family

HOSTILE = "\x1b[2J\x1b[31mred\x9b0m \N{RIGHT-TO-LEFT OVERRIDE}fasle\N{POP DIRECTIONAL ISOLATE} \a\rover it\x7f"
OBEYED = "\x1b\x9b\a\r\x7f\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL ISOLATE}\N{LINE SEPARATOR}"


def test_no_value_moves_the_cursor_or_turns_the_text_around(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    table("Title", ["What"], [[HOSTILE]], "none")
    name = name_words({"family": HOSTILE, "given": HOSTILE})
    for shown in (capsys.readouterr().out, name, value_words({"said": [HOSTILE]}), *wrapped(HOSTILE, 78, 2)):
        assert not set(OBEYED) & set(shown)
        assert "over it" in shown.lower()


@pytest.mark.parametrize("text", ["Zoë O'Brien-Müller, 5½ – “ill”", "محمد", "line\nline\ttab", "[red]not markup[/red]"])
def test_a_text_in_any_script_is_shown_as_it_was_written(text: str) -> None:
    assert seen(text) == text


async def test_a_letter_is_read_whole_whatever_its_author_wrote() -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada"), children=[tom]))
    await town.publish(ed_discharged(tom, diagnosis=HOSTILE, asks=[{"of": "PLN", "what": HOSTILE}]))
    assert not set(OBEYED) & set(town.letter("pln").page)
