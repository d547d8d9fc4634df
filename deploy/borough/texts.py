"""What practitioners write: short made-up texts for each kind of event, varied by the generator."""

from typing import NamedTuple


class Complaint(NamedTuple):
    """Why a child came, how it happened, and what it was."""

    complaint: str
    mechanism: str | None
    diagnosis: str


BANDS = ((1, "infant"), (5, "toddler"), (12, "school"), (99, "teen"))


def band(years: int) -> str:
    """The age band whose texts fit."""
    return next(name for under, name in BANDS if years < under)


COMPLAINTS = {
    "infant": (
        Complaint("Cough and poor feeding", None, "Bronchiolitis"),
        Complaint("Fever", None, "Viral illness"),
        Complaint("Vomiting", None, "Gastro-oesophageal reflux"),
        Complaint("Crying and not settling", None, "Colic"),
    ),
    "toddler": (
        Complaint("Head injury", "Fell from a sofa on to a laminate floor, seen by mother", "Minor head injury"),
        Complaint("Burn to hand", "Pulled a cup of tea from a low table", "Superficial scald, under 1 %"),
        Complaint("Swallowed object", "Found with a coin missing from a purse", "Ingested coin, passed to stomach"),
        Complaint("Wheeze", None, "Viral wheeze"),
        Complaint("Pulled elbow", "Lifted by one hand over a kerb", "Radial head subluxation, reduced"),
        Complaint("Tablets taken", "Opened grandmother's tablet box left on a chair", "Observed, no ill effect"),
    ),
    "school": (
        Complaint("Wrist injury", "Fell from the climbing frame at school", "Buckle fracture of distal radius"),
        Complaint("Cut to forehead", "Ran into a door at home", "Laceration, glued"),
        Complaint("Asthma attack", None, "Exacerbation of asthma"),
        Complaint("Abdominal pain", None, "Constipation"),
        Complaint("Dog bite", "Bitten by the family's dog while it was eating", "Bite to forearm, antibiotics"),
        Complaint("Road accident", "Knocked off a bicycle by a car at low speed, wore no helmet", "Bruising, observed"),
    ),
    "teen": (
        Complaint("Ankle injury", "Twisted playing football", "Sprain"),
        Complaint("Hand injury", "Punched a wall after an argument at home", "Boxer's fracture"),
        Complaint("Collapse", "Found by friends in a park", "Alcohol intoxication"),
        Complaint(
            "Assault", "Says was hit by an older boy outside a shop, does not want to name him", "Facial bruising"
        ),
        Complaint("Chest pain", None, "Anxiety"),
        Complaint("Headache", None, "Migraine"),
    ),
}
INFANT_INJURIES = (
    ("Bruise to left cheek, 1.5 cm", "Rolled on to a toy in the cot"),
    ("Swelling of right thigh", "Leg caught in the bars of the cot"),
    ("Bruising to both upper arms", None),
    ("Torn upper frenulum", "Bottle pushed in by an older brother"),
)
VOICES = {
    "infant": ("Settles in mother's arms, looks for her when she leaves.", "Watchful and still; did not cry."),
    "toddler": ("Pointed at the stairs and said 'fall'.", "Played with the toys, went to father for comfort."),
    "school": (
        "Said 'it hurts when I write, and I want to go back to school'.",
        "Said 'I was being silly on the wall' and laughed about it.",
        "Said 'they shout and I go to my room'.",
    ),
    "teen": (
        "Said 'nobody listens at home' and would like to talk to someone at school.",
        "Said 'I drink with my mates at weekends, so what'; the friends are older.",
        "Said it was an accident and that things are fine at home.",
    ),
}
CONCERNS = (
    (
        "Third attendance with an injury in six months; the account changed between triage and doctor.",
        "Supervision at home may not match the child's age.",
        "At risk of further injury; tired and missing school.",
        "Grandmother lives close by and helps; the mother asked for advice.",
    ),
    (
        "Mother tearful, said her partner loses his temper; partner answered for her.",
        "Possible coercive control; the child hears the arguments.",
        "Anxious, sleeps badly, clings to the mother.",
        "Mother spoke openly when seen alone.",
    ),
    (
        "Came with an adult who could not give the date of birth or the address.",
        "Unclear who cares for the child from day to day.",
        "Basic needs may go unmet.",
        "School attendance is good.",
    ),
)
FOLLOW_UPS = (
    "GP to check the wound in five days.",
    "Fracture clinic in one week; letter sent.",
    "Advice given on home safety; health visitor asked to go through it at home.",
    "None needed unless symptoms return.",
)
INCIDENTS = (
    "Neighbours called the police to shouting. Father had pushed mother against the kitchen door and broken her phone.",
    "Mother's former partner came to the home at night, forced the back door and threatened her with a bottle.",
    "Argument over money; partner threw a chair, which hit nobody. Both had been drinking.",
    "Mother told the school that her partner had held her by the throat the evening before.",
)
ACCESS = (
    "Bailed not to come to the address; has a key and the children's school is on his way to work.",
    "Lives in the home; mother does not wish him to leave.",
    "Believed to be staying with his brother; contact with the children every weekend.",
)
MISSED = (
    ("Speech and language", "First assessment of speech delay"),
    ("Paediatric outpatients", "Review of weight, below the second centile"),
    ("CAMHS choice appointment", "Assessment after self-harm"),
    ("Audiology", "Hearing test after failed screening"),
    ("Asthma clinic", "Review after two admissions"),
)
MATERNITY = (
    "Lives with her mother, who supports her; anxious about the birth.",
    "Moved three times this year, now in a hostel place that ends in two months.",
    "Partner attends every appointment and answers for her.",
    "Planned pregnancy, good support at home.",
)
