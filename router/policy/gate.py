"""`python -m router.policy.gate [STORIES]`: refuses a rule book that contradicts itself or that nobody has tested."""

import sys
from collections.abc import Sequence
from pathlib import Path

from router.policy.book import rule_book
from router.policy.checks import check_book
from router.policy.proofs import stories_in, unproved

STORIES = Path("tests") / "flows"


def findings(stories: Path) -> list[str]:
    """All that is wrong with the rule book here; `stories` is the folder of the flows' tests."""
    try:
        book = rule_book()
    except ValueError as error:  # two entries for one event: there is no book to look at
        return [str(error)]
    found = stories_in(stories)
    missing = [] if found else [f"{stories}: no story there, so nobody shows who must not be told"]
    return check_book(book) + (unproved(book, found) if found else missing)


def main(arguments: Sequence[str]) -> int:
    """0: it may be used; 1: it may not, and why; 2: not understood."""
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        sys.stderr.write("usage: python -m router.policy.gate [FOLDER OF STORIES]\n")
        return 2
    wrong = findings(Path(arguments[0]) if arguments else STORIES)
    for one in wrong:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"rule book: {len(wrong)} findings\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
