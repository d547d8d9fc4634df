"""Every case of the review is either a story or says why routing has no answer."""

import re
from pathlib import Path

from tests.cases import IN_PART, NO_ANSWER

_STORY = re.compile(r"^(?:async )?def test_(c[0-9]{2})_.*?(?=^(?:async )?def |\Z)", re.MULTILINE | re.DOTALL)
CASES = [f"C{n:02d}" for n in range(1, 82)]


def stories() -> list[tuple[str, str]]:
    """Each story's case and text."""
    here = Path(__file__).parent
    return [(m[1].upper(), m[0]) for file in sorted(here.glob("test_*.py")) for m in _STORY.finditer(file.read_text())]


def test_all_eighty_one_are_a_story_or_have_a_reason_and_none_is_both() -> None:
    told = [case for case, _ in stories()]
    assert len(told) == len(set(told)), "one story a case"
    assert not set(told) & NO_ANSWER.keys()
    assert set(told) >= IN_PART.keys()
    missing = [case for case in CASES if case not in told and case not in NO_ANSWER]
    assert missing == []
    assert set(told) | NO_ANSWER.keys() == set(CASES)


def test_each_story_says_what_happened_then_and_cites_the_review() -> None:
    for case, text in stories():
        assert re.search(r'"""Then: .*\(.*\d\.\d+.*\)\."""', text), case
        assert "assert " in text, case


def test_each_story_shows_the_clock_that_would_have_fired() -> None:
    """By who was rung, or by a task or an overdue thing that stands; one shows that the clock is met instead."""
    fired = r"assert .*(heard\(|escalations\(|rung|late\b|words\b|tasks\(|task\.|overdue)"
    silent = [case for case, text in stories() if not re.search(fired, text) or "town.advance(" not in text]
    assert silent == []


def test_each_reason_is_one() -> None:
    assert all(len(why.split()) > 6 for why in (*NO_ANSWER.values(), *IN_PART.values()))
