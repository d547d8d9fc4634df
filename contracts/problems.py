"""One thing that is wrong with a message: what those who answer it and those who find it both speak of."""

from contracts.error_catalogue import CATALOGUE
from contracts.parts.shape import Shape


class Problem(Shape):
    """One thing that is wrong, where, and how to mend it; it holds no value of the message."""

    code: str
    """A code of the catalogue."""
    path: str
    """Where: `data.subjects[0].nhs_number`; an attribute's name; empty for the record as a whole."""
    message: str
    mend: str


def problem(code: str, path: str = "", detail: str = "") -> Problem:
    """A problem of the catalogue; `detail` is a sentence of ours, never of the message. KeyError: no such code."""
    entry = CATALOGUE[code]
    return Problem(code=code, path=path, message=f"{entry.meaning} {detail}".rstrip(), mend=entry.mend)
