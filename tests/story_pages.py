"""What a summary reads like as a page: its sections in one order, whatever happened (issue 3, part 3)."""

from tests.story_inboxes import Letter

SECTIONS = [
    "WHO", "WHY YOU", "WHAT YOU ARE ASKED TO DO", "WHAT HAPPENED", "RISK AND IMPACT ON THE CHILD",
    "VOICE OF THE CHILD", "FLAGS", "CONTEXT", "WHO ELSE WAS TOLD", "WHAT WAS NOT SHARED WITH YOU, AND WHY",
    "AUTHOR AND CALL-BACK", "LAWFUL BASIS AND CONSENT",
]  # fmt: skip
"""In this order a reader meets them: who, why you and what is asked come before what happened."""


def sections(letter: Letter) -> dict[str, str]:
    """The page's sections in their order: heading → words, its lines joined; what stands before the first is ''."""
    found: dict[str, list[str]] = {"": []}
    heading = ""
    for line in letter.page.splitlines():
        if line and line == line.upper() and not line.startswith(" ") and line[0].isalpha():
            heading = line
            found[heading] = []
        elif line.strip():
            found[heading].append(line.strip())
    return {heading: " ".join(lines) for heading, lines in found.items()}


def reads_in_order(letter: Letter) -> dict[str, str]:
    """The page's sections, all there and in the order of SECTIONS."""
    page = sections(letter)
    assert [heading for heading in page if heading] == SECTIONS, list(page)
    return page
