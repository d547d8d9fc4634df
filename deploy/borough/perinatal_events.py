"""What health visitors and midwives publish of a mother's mental health (F24)."""

from datetime import datetime
from random import Random
from typing import Any

from contracts.perinatal import PerinatalMentalHealthConcern
from deploy.borough import parts
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

_ROLES = {"midwives": "Specialist midwife", "hv": "Health visitor"}
OFFERED = (
    "Six listening visits, begun.",
    "Advised to see her GP; did not go.",
    "A charity's group on Thursdays; the waiting list is three months.",
)


def mothers_need(
    borough: Borough,
    unborn: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "hv",
    urgency: str = "routine",
    **overrides: Any,
) -> Published:
    """Somebody is concerned about the mother of this unborn child."""
    doc = borough.people[unborn]
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, _ROLES[by]),
        "subjects": [parts.expecting(borough, doc["mother"], unborn), parts.subject(borough, unborn, "unborn")],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "pregnancy_id": doc["pregnancy"],
        "stage": "antenatal",
        "raised_on": at.date().isoformat(),
        "urgency": urgency,
        "scores": [
            {
                "tool": "epds",
                "version": absent("not-recorded"),
                "score": rng.randrange(11, 25),
                "of": 30,
                "made_on": at.date().isoformat(),
            }
        ],
        "thoughts_of_harm": "none" if urgency == "routine" else rng.choice(("to-self", "to-both")),
        "concern": parts.concern(rng),
        "offered": rng.choice(OFFERED),
        "her_wishes": "Would like to talk to somebody.",
        "clinical_detail": "Earlier episodes and medicines are in her record.",
        # a mother may be a concern more than once in a pregnancy
        "record_id": f"{PerinatalMentalHealthConcern.event_type}/{doc['pregnancy']}/{rng.getrandbits(24):06x}",
    }
    contract = PerinatalMentalHealthConcern
    return published(borough, by, contract, doc["mother"], at, rng, "pregnancy_id", data, overrides)
