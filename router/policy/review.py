"""What the review asks for: its gaps as flows, its recommendations, and what no routing can do about them.

From flows.md and cases.md; the words are the review's, shortened. Nothing here says that something is done: that is
read from the rules (coverage.py)."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A recommendation: its words, the flows that answer it, and why routing cannot, or cannot alone."""

    words: str
    flows: tuple[str, ...] = ()
    beyond: str = ""
    """What stays for people to do; with no flow, why routing cannot meet it."""


class Gap34(NamedTuple):
    """One of the flows: the paragraphs that show the gap, and the gap in words."""

    paragraphs: str
    words: str


FLOWS = {
    "F01": Gap34("1.3, 1.5", "midwife to health visitor handover is verbal, with little on risk"),
    "F02": Gap34("1.6", "antenatal visits are not offered, because out-of-area midwives do not tell"),
    "F03": Gap34("1.7, 5.2.14", "health visitors are not told when a parent registers for substance misuse"),
    "F04": Gap34("1.11", "domestic abuse notifications lack the account, and outcomes are not shared"),
    "F05": Gap34("1.18, 2.15, 3.17, 5.2.12", "looked-after children and those at risk of exploitation are not flagged"),
    "F06": Gap34("1.19", "16 to 18 year olds in adult ED have no vulnerability assessment"),
    "F07": Gap34("1.20", "injured infants who do not move by themselves are not reviewed by a senior doctor"),
    "F08": Gap34("1.21, 1.26, 4.5, 5.2.7", "the voice of the child is absent from records"),
    "F09": Gap34("1.23", "discharge summaries do not reach health visitors and school nurses, and lack detail"),
    "F10": Gap34("1.24", "alcohol and substance attendances are not reliably referred to Switch"),
    "F11": Gap34("1.22, 5.2.15", "concerns do not reach the paediatric liaison nurse; adult ED has no safety net"),
    "F12": Gap34("2.19, 2.18, 3.21", "adult ED does not ask about children"),
    "F13": Gap34("5.2.15, 1.9", "children leave without treatment, or are not brought"),
    "F14": Gap34("1.27, 3.1, 5.1.23", "GPs are not asked by MASH; answers come late and without analysis"),
    "F15": Gap34("3.6, 3.22, 3.23, 5.2.10, 3.31", "referrals lack analysis of risk, the father, siblings"),
    "F16": Gap34("3.8, 3.22", "telephone referrals are not followed up in writing"),
    "F17": Gap34("3.19, 5.1.14, 5.2.10", "outcomes of referrals do not return; escalations go unanswered"),
    "F18": Gap34("3.9, 3.19, 3.25, 3.32, 3.33", "conference invitations miss services or come late; reports are thin"),
    "F19": Gap34("2.4, 2.5, 2.7, 5.1.22", "liaison meetings are informal, and their outcomes are not recorded"),
    "F20": Gap34("2.15, 2.16", "a parent in psychiatric care, or a child on an adult ward (practice to keep)"),
    "F21": Gap34("2.11, 2.12, 2.13, 2.14", "CAMHS plans do not reach the ward; children wait overnight"),
    "F22": Gap34("1.15, 3.12, 3.13, 3.16, 3.31", "concerns of sexual exploitation are not told or not looked for"),
    "F23": Gap34("3.2, 3.3", "the domestic abuse enquiry in pregnancy is recorded once only"),
    "F24": Gap34("2.2, 2.3, 5.1.8", "a perinatal mental health concern finds no service"),
    "F25": Gap34("4.1, 5.1.3", "initial health assessments are late, because the notice is late"),
    "F26": Gap34("4.2, 4.3, 4.13", "family history is not gathered for health assessments"),
    "F27": Gap34("4.12, 5.1.17", "SDQ scores do not reach those who assess"),
    "F28": Gap34("4.8, 4.5", "care leavers have no health history; health plans are not chased"),
    "F29": Gap34("5.1.4", "nobody has an overview of the looked-after children"),
    "F30": Gap34("3.31, 5.2.7, 5.2.10", "nobody can audit what was referred or shared"),
    "F31": Gap34("3.9, 5.2.9", "safeguarding information is not filed in the record"),
    "F32": Gap34("5.3.4, 5.3.14", "supervision is not in the record"),
    "F33": Gap34("1.4", "early help is not shared and jointly owned"),
    "F34": Gap34("3.20, 1.14", "sexual-health services cannot see each other's history"),
}  # fmt: skip

TRAINING = "a matter of training: no message makes anybody trained"
POSTS = "a matter of posts and money: no message makes a post"

RECOMMENDATIONS = {
    "R1.1": Asked("a robust handover from midwives to health visitors, shared and recorded", ("F01",)),
    "R1.2": Asked("timely, holistic assessments of children in care, with SMART plans", ("F25", "F26", "F28")),
    "R1.3": Asked("family medical histories in initial health assessments", ("F26",)),
    "R1.4": Asked("a choice of where the health assessment is done", ("F25",), "offering the choice is the nurse's"),
    "R1.5": Asked("health histories for all who leave care", ("F28",)),
    "R1.6": Asked("SDQ scores for those who assess", ("F27",)),
    "R1.7": Asked("designated posts that follow the guidelines", (), POSTS),
    "R1.8": Asked("the team knows the needs of the looked-after population", ("F29",)),
    "R1.9": Asked("a current work plan for looked-after children", (), "a plan of work: people write it"),
    "R1.10": Asked("the voice of the child in health assessments", ("F08", "F28")),
    "R1.11": Asked("quality assurance of looked-after children work", ("F30",), "judging quality is a person's"),
    "R2.1": Asked("GPs have and use the exploitation risk tool", ("F22",), "the template on the GP's own system"),
    "R2.2": Asked("the accompanying adult's full name and relationship", ("F08",)),
    "R2.3": Asked("GPs routinely share health information with MASH", ("F14",)),
    "R2.4": Asked("GPs keep records after discussions between agencies", ("F19", "F31")),
    "R2.5": Asked("codes that make GP referrals countable", ("F30",), "codes on the GP's own system"),
    "R2.6": Asked("GPs use the conference report template", ("F18",)),
    "R2.7": Asked("GPs contribute to health assessments", ("F26",)),
    "R2.8": Asked("level three training for primary care", (), TRAINING),
    "R3.1": Asked("ED is represented at the YPSE panel", ("F05",), "sitting on the panel; the flag reaches ED"),
    "R3.2": Asked("vulnerability of older young people is assessed in ED", ("F06",)),
    "R3.3": Asked("injured infants under one are reviewed by a senior doctor", ("F07",)),
    "R3.4": Asked("the voice of the child in ED records", ("F08",)),
    "R3.5": Asked("paediatric liaison covers ED and adult ED", ("F11", "F12"), "the hours of the liaison nurse"),
    "R3.6": Asked("detailed discharge summaries for GPs and community staff", ("F09",)),
    "R3.7": Asked("young people with alcohol or substance misuse are referred", ("F10",)),
    "R3.8": Asked("young people waiting for CAMHS on wards are risk assessed", ("F21",)),
    "R3.9": Asked("adult ED asks about children", ("F12",)),
    "R3.10": Asked("midwives record each domestic abuse discussion", ("F23",)),
    "R3.11": Asked("referrals of midwives and ED articulate risk", ("F15", "F30")),
    "R3.12": Asked("midwives refer unborn babies in time", ("F15",)),
    "R3.13": Asked("CASH practitioners safeguard effectively", ("F15", "F17", "F30")),
    "R3.14": Asked("level three training for ED", (), TRAINING),
    "R4.1": Asked("a specialist perinatal mental health service", ("F24",), "the service itself must exist"),
    "R4.2": Asked("alerts in adult mental health for vulnerable families", ("F05",)),
    "R5.1": Asked("sharing between GPs, maternity, health visiting and school nursing", ("F19",)),
    "R6.1": Asked("young people in crisis are assessed in office hours", ("F21",)),
    "R6.2": Asked("the ward has the CAMHS care plan", ("F21",)),
    "R6.3": Asked("training for the paediatric ward", (), TRAINING),
    "R7.1": Asked("health oversight in MASH", ("F14",)),
    "R7.2": Asked("resource for the looked-after children's service", (), POSTS),
    "R7.3": Asked("level three multi-agency training", (), TRAINING),
    "R8.1": Asked("all safeguarding information is filed in records", ("F31",)),
    "R8.2": Asked("review of the quality of referrals and records", ("F15", "F30")),
    "R8.3": Asked("SMART health plans with the child's voice", ("F28", "F08")),
    "R9.1": Asked("school nurses use the exploitation tool", ("F22",)),
    "R10.1": Asked("supervision is recorded with SMART actions", ("F32",)),
}  # fmt: skip

READ_OFF = {
    "F29": ("looked-after", "no rule tells it: the register is read off what F05 and F25 to F28 left in the ledger"),
    "F30": ("oversight", "no rule tells it: what was sent, acknowledged, filed and is overdue is read off the ledger"),
}
"""Flows that nobody is told of: the command that answers them from the ledger, and words that say so."""
