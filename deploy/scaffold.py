"""The beginning of a flow of one's own: a contract, a policy entry and a story that fails until they are filled in.

Lines that begin with `#: ` are a beginning to take the mark away from and to change."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from uuid import NAMESPACE_URL, uuid5

from contracts.parts.services import Service
from contracts.register import example_of, schema_of

NAME = re.compile(r"^[a-z]+(-[a-z]+){0,5}$")
"""As events are called: words in small letters with hyphens, and no version."""
FIRST_OF_ONES_OWN = 35
"""The review's flows end at F34."""

_CONTRACT = '''\
"""$Words: what is said of it ($flow)."""

from typing import ClassVar

from contracts.parts.event import AboutChildData
from contracts.parts.services import Service
from contracts.parts.shape import Section, Token, Words, shown


class $Class(AboutChildData):
    """Fill in: what happened, to whom, in one sentence ($flow)."""

    event_type: ClassVar[str] = "$name-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.$by})
    happened: ClassVar[str] = "is concerned by: $words"
    """Fill in: a clause in the past tense, such as 'was excluded from school'."""

    ${thing}_id: Token = shown(Section.WHAT_HAPPENED, "Reference")
    account: Words = shown(Section.WHAT_HAPPENED, "What happened")
    # Fill in: each field with its section and its label. One that few may see takes a Restriction, and then a story
    # that says who must not see it. What may not be known is Known[...], never left out. Write the same fields into
    # contracts/published/examples/$name-1.json.
'''

_POLICY = '''\
"""$Words: who is told, what, why and by when ($flow)."""

from contracts.$module import $Class
from router.policy.voice import VOICE
from router.policy.words import Gap, Policy

#: from contracts.parts.services import Service
#: from router.policy.conditions import aged_5_to_19
#: from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
#: from router.policy.words import AskOf, everything, expect, tell

$flow = Gap("$flow", "$paragraph", "", "fill in: the gap that this closes", local=True)

$NAMED = Policy(
    event=$Class,
    concerning="children named",
    counts_as=("$words",),
    thing="${thing}_id",
    shares=(
        #: tell(
        #:     Service.SN, aged_5_to_19, because=$flow,
        #:     gets=everything("flags", but=("${thing}_id",)), ask=AskOf("Fill in: what is asked.", SEEN),
        #: ),
    ),
    expectations=(
        #: expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=$flow),
    ),
    wants=(VOICE,),
)  # fmt: skip
'''

_STORY = '''\
"""$flow ($paragraph, a local flow): $words. Fill in: the gap in one sentence, and what it costs a child."""

from tests.stories import Town
from tests.story_events import event
from tests.story_people import Family, Person, child, family


def home() -> tuple[Person, Person, Family]:
    robin, pip = child("Robin", age=9), child("Pip", age=3)
    return robin, pip, family(children=[robin, pip])


async def test_whoever_must_know_is_told_what_is_needed() -> None:
    robin, _pip, folk = home()
    town = Town(folk)
    await town.publish(event("$name-1", [robin.subject()], account="What Robin's teacher saw."))
    assert town.refusals() == []
    assert town.told() == {"sn-north"}, "nobody is told yet: write the rows of router/policy/$module.py"
    letter = town.letter("sn-north")
    assert letter["what_happened"]["account"] == "What Robin's teacher saw."
    assert [ask["what"] for ask in letter["asked"]] == ["Fill in: what is asked."]


async def test_nobody_else_is_told_and_what_is_left_out_is_said() -> None:
    robin, pip, folk = home()
    town = Town(folk)
    await town.publish(event("$name-1", [robin.subject()]))
    assert not town.inbox("hv-north"), "Robin is at school"
    assert town.told(about=pip) == set()
    assert "Reference" in town.letter("sn-north").withheld, "fill in: what each must not see"


async def test_an_answer_ends_the_clock_and_silence_climbs_to_the_lead_and_then_the_named_nurse() -> None:
    robin, _pip, folk = home()
    answered, silent = Town(folk), Town(folk)
    for town in (answered, silent):
        await town.publish(event("$name-1", [robin.subject()]))
    await answered.receipt(answered.letter("sn-north"), "acknowledged")
    for town in (answered, silent):
        await town.advance(working_days=5)
    assert answered.escalations(flow="$flow") == []
    assert [e.team for e in silent.escalations(flow="$flow")] == ["sn-lead", "nn-community"]
    assert [t.task.kind for t in silent.tasks()] == ["unanswered"], "and stays open until a named person closes it"
'''


class NotPossible(Exception):
    """Why no flow of that name can be begun; `args[0]` in words."""


def files_of(root: Path, name: str, by: Service, paragraph: str, flow: int) -> dict[Path, str]:
    """The files of a new flow, and what stands in each; the published example is the fourth, ready as it is.

    Raises NotPossible where the name is none, is taken, or there is no checkout at `root`."""
    if not NAME.match(name):
        raise NotPossible("A flow is named in small letters with hyphens, such as school-exclusion.")
    if not (root / "tests" / "flows").is_dir():
        raise NotPossible("There is no checkout here: a flow is written into contracts, router/policy and tests/flows.")
    module = name.replace("-", "_")
    says = {
        "name": name,
        "module": module,
        "words": name.replace("-", " "),
        "Words": name.replace("-", " ").capitalize(),
        "Class": "".join(part.capitalize() for part in name.split("-")),
        "NAMED": module.upper(),
        "thing": name.rpartition("-")[2],
        "by": by.name,
        "paragraph": paragraph,
        "flow": f"F{flow}",
    }
    files = {
        root / "contracts" / f"{module}.py": Template(_CONTRACT).substitute(says),
        root / "router" / "policy" / f"{module}.py": Template(_POLICY).substitute(says),
        root / "tests" / "flows" / f"test_f{flow}_{module}.py": Template(_STORY).substitute(says),
        root / "contracts" / "published" / "examples" / f"{name}-1.json": _example(says),
    }
    for file in files:
        if file.exists():
            raise NotPossible(f"{file.relative_to(root)} is there already.")
    return files


def next_flow(root: Path) -> int:
    """The first number after the review's flows that no story here has."""
    numbers = (re.match(r"test_f([0-9]{2})_", file.name) for file in (root / "tests" / "flows").glob("test_f*.py"))
    taken = {int(found[1]) for found in numbers if found}
    return next(n for n in range(FIRST_OF_ONES_OWN, 100) if n not in taken)


def _example(says: Mapping[str, str]) -> str:
    """A whole event about nobody: what every event holds is as in the discharge's example."""
    like = example_of("ed-attendance-discharged-1")
    common = ("publisher_contact", "subjects", "lawful_basis", "consent", "voice_of_child", "concern")
    number = f"{says['name']}-0001"
    data = {
        "record_id": number,
        **{field: like["data"][field] for field in common if field in schema_of(like["type"])["properties"]},
        f"{says['thing']}_id": number,
        "account": "Fill in: what a good account of it says.",
    }
    head = {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"example/{says['name']}")),
        "source": f"https://fhir.nhs.uk/Id/ods-organization-code/RYW/{says['by'].lower()}",
        "type": f"{says['name']}-1",
        "time": datetime(2026, 3, 14, 16, 40, tzinfo=UTC).isoformat(),
        "datacontenttype": "application/json",
    }
    return json.dumps({**head, "data": data}, ensure_ascii=False, indent=2) + "\n"
