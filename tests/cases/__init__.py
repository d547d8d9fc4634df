"""The review's 81 cases (cases.md, C01 to C81): a story each, or here, with why routing has no answer."""

NO_ANSWER: dict[str, str] = {
    "C69": "Paper beside an electronic record: which of two records a service writes in is no message's to mend.",
    "C78": "flows.md has no flow for it: a report of FGM goes to the police by law, and by telephone.",
    "C81": "A reminder to a family who wishes one: Sharewell writes to services, and never to a family.",
}
"""Those that routing cannot answer."""

IN_PART: dict[str, str] = {
    "C79": "flows.md has no flow for the move from CAMHS to adult care outside hospital, nor for a medicine that ends.",
}
"""Those with a story for the one half, and why routing has no answer to the other."""
