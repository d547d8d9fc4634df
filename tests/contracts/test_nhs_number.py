"""NHS numbers: ten digits, one of which checks the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nhs_number.validate import is_valid
from pydantic import TypeAdapter, ValidationError

from contracts.errors import problems_of
from contracts.parts.people import NhsNumber, is_placeholder, passes_check_digit

NUMBER: TypeAdapter[str] = TypeAdapter(NhsNumber)


@given(st.integers(9990000000, 9999999999))
def test_the_check_digit_agrees_with_the_package_that_the_nhs_uses(number: int) -> None:
    assert passes_check_digit(str(number)) == is_valid(str(number))


@given(st.integers(999000000, 999999999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(first_nine: int, place: int, off_by: int) -> None:
    whole = next((f"{first_nine}{check}" for check in range(10) if passes_check_digit(f"{first_nine}{check}")), None)
    if whole is None:
        return
    wrong = f"{whole[:place]}{(int(whole[place]) + off_by) % 10}{whole[place + 1 :]}"
    assert not passes_check_digit(wrong)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"999 000 0018"', "nhs-number-form"),
        ('"99900000180"', "nhs-number-form"),
        ('""', "nhs-number-form"),
        ('"９９９０００００１８"', "nhs-number-digits"),
        ('"9990000011"', "nhs-number-check-digit"),
        ("9990000018", "wrong-type"),
    ],
)
def test_a_number_written_wrongly_is_refused_for_its_own_reason(written: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NUMBER.validate_json(written)
    assert [problem.code for problem in problems_of(caught.value, "data.subjects[0].nhs_number")] == [code]


def test_a_repeated_digit_passes_the_check_and_is_nobodys() -> None:
    assert NUMBER.validate_json('"9999999999"') == "9999999999"
    assert is_placeholder("9999999999")
