"""NHS numbers of the 999 range, which is never issued."""

from collections.abc import Iterator
from random import Random

NUMBERS = 1_000_000


def nhs_number(place: int) -> str | None:
    """The number at one of a million places of the range; None where no check digit fits, or it is a placeholder."""
    if place == 999_999:
        return None  # 9999999999 passes the check digit and is nobody's
    a, b, c, d, e, f = (place // 10**n % 10 for n in range(5, -1, -1))
    check = (11 - (9 * 27 + 7 * a + 6 * b + 5 * c + 4 * d + 3 * e + 2 * f) % 11) % 11
    return f"999{place:06d}{check}" if check < 10 else None


def nhs_numbers(rng: Random) -> Iterator[str]:
    """Each number of the range once, in an order of the generator's; about 909,000 of them."""
    at, step = rng.randrange(NUMBERS), rng.randrange(NUMBERS // 4, NUMBERS // 2)
    while step % 2 == 0 or step % 5 == 0:
        step += 1
    for _ in range(NUMBERS):
        at = (at + step) % NUMBERS
        if number := nhs_number(at):
            yield number


def unused_number(taken: frozenset[str], rng: Random) -> str:
    """A number that nobody in `taken` has."""
    while True:
        number = nhs_number(rng.randrange(NUMBERS))
        if number and number not in taken:
            return number
