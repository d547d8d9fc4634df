"""On what a sensitive record passes to whoever decides about a child: rule E, as the standards read it (part 11)."""

NOT_STATED = "neither consent to share nor reasonable cause to suspect significant harm is stated (rule E)"
"""Why it does not, as its recipient reads it: it is withheld, which is not that there is none."""


def passes(power: object, to_sharing: object) -> bool:
    """Whether the sender states consent to share it, or section 47: reasonable cause to suspect significant harm.

    So the ContactPoint regulations had it; no statute says it now, and a duty to disclose (Children Act 2004, section
    16LA) is not known to be in force. Any other basis shares the rest of what is said."""
    return to_sharing == "given" or power == "children-act-1989-s47"
