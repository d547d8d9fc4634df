"""Rules A to G as properties: no household, directory or event breaks one (flows.md, "Routing rules")."""

from typing import Any

import orjson
import pytest
from hypothesis import assume, given

from contracts.parts.event import told
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from contracts.register import event_types
from router.address import PROTECTED, teams_for
from router.directory import Cover, Found, PersonDoc, is_unborn
from router.facts import child_of
from router.policy.book import rule_book
from router.policy.health_information import parents_record_passes, parents_record_withheld
from router.policy.mash_requests import stated
from router.policy.named import rows_of, services_in
from tests.rules.worlds import World, cover_without, mark_of, often, seeds
from tests.story_people import CASTLE
from tests.story_teams import BIRMINGHAM, DUDLEY, NORTH, OUTSIDE, PRIMARY, SECONDARY, SOUTH

COVER = cover_without(frozenset())
ON_EACH_SHARE = ("publisher_contact", "lawful_basis", "consent")
HOME = {NORTH: ("hv-north", "sn-north"), SOUTH: ("hv-south", "sn-south")}
SCHOOL = {PRIMARY: "sn-north", SECONDARY: "sn-south"}
ED_EVENTS = ("ed-attendance-discharged-1", "left-before-treatment-1", "was-not-brought-1")
OF_A_PREGNANCY = (
    "birth-notified-1",
    "da-enquiry-recorded-1",
    "maternity-handover-1",
    "perinatal-mental-health-concern-1",
    "pregnancy-notified-1",
)
"""About a mother for the sake of this one child, born or not."""
OF_ADULTS = tuple(
    kind
    for kind, model in sorted(event_types().items())
    if model.about & {Role.ADULT, Role.MOTHER} and model.about != frozenset(Role) and kind not in OF_A_PREGNANCY
)
OF_SEXUAL_HEALTH = tuple(
    kind
    for kind, model in sorted(event_types().items())
    if model.published_by <= {Service.CASH, Service.RY, Service.PHARMACY}
)
RESTRICTED = {
    (kind, name): mark["restricted"]
    for kind, model in sorted(event_types().items())
    for name, field in model.model_fields.items()
    if isinstance(mark := field.json_schema_extra, dict) and mark.get("restricted")
}
"""Every field that a contract keeps from whom no row names."""
OF_RESTRICTED = sorted({kind for kind, _ in RESTRICTED})
OWN = {Service.CASH, Service.RY, Service.MASH}
MAY_SEE: dict[tuple[str, str], set[Service]] = {
    ("dart-notified-1", "perpetrator"): {Service.MASH},
    ("health-info-provided-1", "parental_history"): {Service.LACT},
    ("mash-response-1", "adult_clinical"): {Service.MASH},
    ("mash-response-1", "sexual_health"): {Service.MASH},
    ("parent-admitted-1", "legal_status"): {Service.CSC},
    ("parent-discharged-1", "legal_status"): {Service.CSC},
    ("perinatal-mental-health-concern-1", "clinical_detail"): {Service.GP, Service.AMH},
    **{known: OWN for known in RESTRICTED if known[0] in OF_SEXUAL_HEALTH and known[1] != "clinical_detail"},
}
"""Rule E by hand: who may read of it; of all else that is restricted nobody, whatever the rule book comes to say."""
IN_PREGNANCY = ("pregnancy-notified-1", "maternity-handover-1")


def found(service: Service, doc: Any, mother: Any = None, cover: Cover = COVER) -> set[str]:
    teams = teams_for(service, doc, mother, cover, "RNA")
    return {p.team for p in teams.places} if isinstance(teams, Found) else set()


def everybody(world: World) -> list[PersonDoc]:
    return [doc for family in world.families.values() for doc in family["people"].values()]


# A. Out of area


@given(seeds)
@often
def test_a_resident_with_a_practice_elsewhere_belongs_to_both_health_visiting_services(seed: int) -> None:
    world = World(seed, "ed-attendance-discharged-1")
    for doc in everybody(world):
        mother = world.families[1]["people"].get(doc.get("mother", ""))
        home = mother if mother is not None and is_unborn(doc) else doc
        if "restricted" in home or home.get("authority") != DUDLEY or home.get("area") not in HOME:
            continue
        own = doc.get("caseload", {}).get("HV", {}).get("team") or HOME[home["area"]][0]
        wanted = {own, "hv-birmingham"} if home.get("practice") == OUTSIDE else {own}
        assert found(Service.HV, doc, mother) == wanted - set(doc.get("not_ours", ()))


# B. Age


@given(seeds)
@often
def test_health_visitors_have_the_under_fives_and_school_nurses_those_of_five_to_nineteen(seed: int) -> None:
    world = World(seed)
    facts = world.known()
    rows = rule_book().policies[world.kind].shares
    named = {s for r in rows if r.named_in for s in services_in(told(world.event.data, r.named_in))}
    named |= {*(told(world.event.data, "asked_of") or ()), told(world.event.data, "lead_practitioner")}
    for child, team in world.told:
        doc = facts.person(child)
        assert doc is not None
        if COVER.teams[team].service in named:
            continue  # whom the author names is told by name: the owner of an action, or who leads on the child
        years = -1 if is_unborn(doc) else world.years(doc)
        if any(row.found for row in rule_book().policies[world.kind].shares):
            continue  # asked for what it holds, of whatever age the child is now (F14)
        service = COVER.teams[team].service
        assert service is not Service.HV or years < 5
        assert service is not Service.SN or 5 <= years <= 19


@given(seeds)
@often
def test_a_child_at_school_is_its_schools_nurses_and_one_in_no_school_those_of_its_home(seed: int) -> None:
    world = World(seed, "ed-attendance-discharged-1")
    for doc in everybody(world):
        if "caseload" in doc or "not_ours" in doc or "born" not in doc or world.years(doc) < 5:
            continue
        nurses = found(Service.SN, doc)
        if doc.get("school") in SCHOOL:
            assert nurses == {SCHOOL[doc["school"]]}
        elif doc.get("area") in HOME:
            assert nurses == {HOME[doc["area"]][1]}
        elif doc.get("authority") == BIRMINGHAM:
            assert nurses == {"sn-birmingham"}


@given(seeds)
@often
def test_the_looked_after_nurse_is_told_as_well_from_sixteen(seed: int) -> None:
    world = World(seed, ED_EVENTS[seed % 3])
    facts = world.known()
    for child in {c for c, _ in world.told}:
        doc: Any = facts.person(child)
        kinds = {f["kind"] for f in doc.get("flags", ())}
        theirs = "looked-after" in kinds and world.years(doc) >= 16
        told = {t for c, t in world.told if c == child}
        assert ("looked-after" in told) is (theirs and _has_authority(doc))


def _has_authority(doc: PersonDoc) -> bool:
    return bool(found(Service.LACT, doc))


# C. Unborn


@given(seeds)
@often
def test_at_any_gestation_an_unborn_child_is_known_by_its_mother_and_told_to_her_health_visitor(seed: int) -> None:
    world = World(seed, IN_PREGNANCY[seed % 2])
    facts, mother = world.known(), world.families[1]["people"][world.adults[0]]
    expected = found(Service.HV, mother, cover=world.cover)
    for child in (child_of(facts, pid, world.event) for pid in world.plan.concerned):
        if child.unborn:
            assert child.doc["mother"] == world.adults[0]
            told = {t for c, t in world.told if c == child.id and COVER.teams[t].service is Service.HV}
            assert told == expected
            for delivery, data in world.summaries:
                if delivery.child == child.id:
                    assert data["child"]["unborn"]["mother"] == mother["name"]


@given(seeds)
@often
def test_bump_to_baby_the_first_living_baby_is_the_same_child_and_a_twin_another_whose_past_ends_at_the_birth(
    seed: int,
) -> None:
    world = World(seed, "birth-notified-1")
    mother, people = world.adults[0], world.families[1]["people"]
    bump = next((p for p in people if is_unborn(people[p])), None)
    outcomes = world.rng.choices(("live", "live", "stillbirth"), k=world.rng.randrange(1, 4))
    assume("live" in outcomes)
    babies: list[dict[str, Any]] = [
        {"order": n, "outcome": outcome, "born_at": f"2026-03-15T03:0{n}:00+00:00"}
        for n, outcome in enumerate(outcomes, 1)
    ]
    named = [s for s in world.event.body["subjects"] if s["role"] == "mother"]
    unnumbered = next(s for s in world.event.body["subjects"] if s["role"] == "child")
    live = [unnumbered for outcome in outcomes if outcome == "live"]
    more = {"babies": babies, "subjects": [*named, *live], "pregnancy_id": f"preg-{seed}"}
    born = World(seed, "birth-notified-1", more)
    after = born.known()
    children = list(born.plan.concerned)
    assert len(children) == len(set(children)) == len(outcomes)
    alive = [c for c in children if "died" not in (after.person(c) or {})]
    assert len(alive) == outcomes.count("live")
    if bump is not None:
        assert bump in alive, "the file follows the baby"
        assert "expected" not in (after.person(bump) or {})
        others = [c for c in children if c != bump]
        assert all((after.person(c) or {}).get("before_birth") == bump for c in others)
    assert all((after.person(c) or {}).get("mother") == mother for c in children)
    assert not [
        p for f in after.families.values() for p, d in f["people"].items() if is_unborn(d) and "same_as" not in d
    ]


# D. Every child in the household


def children_of_its_adults(world: World) -> set[str]:
    """Those under 18, born or not, at home with an adult whom the event is about."""
    people = world.families[1]["people"]
    adults = {w.person for w in world.facts.who if w.role in ("adult", "mother", "father", "partner") and w.person}
    if not adults:
        return set()
    return {
        pid
        for pid, doc in people.items()
        if pid not in adults and (is_unborn(doc) or world.years(doc) < 18) and "household" in doc
    }


@pytest.mark.parametrize("kind", OF_ADULTS)
def test_each_event_about_an_adult_is_tried_with_several_children(kind: str) -> None:
    """That the property below is not idle for any of them."""
    assert sum(len(children_of_its_adults(World(seed, kind))) > 1 for seed in range(30)) > 2


@given(seeds)
@often
def test_every_child_of_the_adult_is_considered_for_every_row(seed: int) -> None:
    world = World(seed, OF_ADULTS[seed % len(OF_ADULTS)])
    theirs = children_of_its_adults(world)
    assume(theirs)
    considered = {v.child for v in world.plan.verdicts if v.row >= 0}
    assert theirs <= considered
    rows = len(rule_book().policies[world.kind].shares)
    for child in theirs:
        assert sorted(v.row for v in world.plan.verdicts if v.child == child and v.row >= 0) == list(range(rows))


@given(seeds)
@often
def test_each_recipient_reads_only_of_children_that_it_works_with(seed: int) -> None:
    world = World(seed)
    facts = world.known()
    adults = {p["nhs"] for p in everybody(world) if "nhs" in p and world.years(p) >= 18}
    for delivery, _ in world.summaries:
        service = COVER.teams[delivery.team].service
        for family in facts.families.values():
            for pid, doc in family["people"].items():
                if pid == delivery.child or "nhs" not in doc or doc["nhs"] in adults or "name" not in doc:
                    continue
                named = f'"given":"{doc["name"]["given"]}"'.encode() in delivery.body
                if not named or pid in _adults_of_the_event(world):
                    continue
                assert delivery.team in found(service, doc, cover=world.cover), "another team's child is named"
                years = world.years(doc)
                assert service is not Service.HV or years < 5 or "caseload" in doc
                assert service is not Service.SN or years >= 5 or "caseload" in doc


def _adults_of_the_event(world: World) -> set[str]:
    """A young mother is named as the mother, whatever her own age."""
    own = {w.person for w in world.facts.who if w.person and w.role in ("adult", "mother", "father", "partner")}
    mothers = {d.get("mother") for f in world.known().families.values() for d in f["people"].values()}
    return {p for p in own | mothers if p}


@given(seeds)
@often
def test_an_adult_is_never_the_child_a_summary_is_about(seed: int) -> None:
    world = World(seed, OF_ADULTS[seed % len(OF_ADULTS)])
    adults = {w.person for w in world.facts.who if w.role in ("adult", "mother", "father", "partner")}
    assert not adults & {child for child, _ in world.told}


# E. Restricted


@given(seeds)
@often
def test_what_a_contract_restricts_reaches_those_alone_whom_rule_e_names(seed: int) -> None:
    world = World(seed, OF_RESTRICTED[seed % len(OF_RESTRICTED)])
    for delivery, data in world.summaries:
        besides = orjson.dumps({k: v for k, v in data.items() if k != "flags"})
        for kind, name in RESTRICTED:
            if kind == world.kind and COVER.teams[delivery.team].service not in MAY_SEE.get((kind, name), ()):
                mark: Any = event_types()[kind].model_fields[name].json_schema_extra
                assert name not in data[mark["section"]]
                assert mark_of(name).encode() not in besides
                if world.event.body.get(name) is not None:
                    assert {mark["label"], name.replace("_", " ")} & {w["what"] for w in data["withheld"]}, (
                        "and says so"
                    )


@pytest.mark.parametrize("known", MAY_SEE, ids=" ".join)
def test_whom_rule_e_names_does_read_it(known: tuple[str, str]) -> None:
    """That the property above is not kept by telling nobody."""
    kind, name = known
    mark: Any = event_types()[kind].model_fields[name].json_schema_extra
    worlds = (World(seed, kind) for seed in range(300))
    read = (d.team for w in worlds for d, data in w.summaries if name in data[mark["section"]])
    assert next((team for team in read if COVER.teams[team].service in MAY_SEE[known]), None)


@given(seeds)
@often
def test_sexual_health_reaches_its_own_services_and_mash_with_cause_and_all_others_are_withheld_from(seed: int) -> None:
    world = World(seed, OF_SEXUAL_HEALTH[seed % len(OF_SEXUAL_HEALTH)])
    cause = world.event.body["significant_harm"] == "reasonable-cause"
    may = {Service.CASH, Service.RY} | ({Service.MASH} if cause else set())
    assert {COVER.teams[team].service for _, team in world.told} <= may
    rows = rule_book().policies[world.kind].shares
    for verdict in world.plan.verdicts:
        if verdict.row >= 0 and rows[verdict.row].withheld:
            assert verdict.outcome in ("withheld", "not-applicable")
            assert verdict.outcome == "not-applicable" or verdict.detail == rows[verdict.row].withheld
    for team in {t for v in world.plan.verdicts if v.outcome == "withheld" for t in v.teams}:
        assert COVER.teams[team].service not in may
    for delivery, _ in world.summaries:
        assert b"canary clinicaldetail canary" not in delivery.body
    assert all(c.child is None for c in world.plan.clocks), "no ladder names the young person"


@given(seeds)
@often
def test_what_an_author_restricts_further_is_withheld_with_the_reason(seed: int) -> None:
    world = World(seed)
    model = event_types()[world.kind]
    fields = [
        n
        for n, f in model.model_fields.items()
        if isinstance(f.json_schema_extra, dict) and n in world.event.body and n not in ON_EACH_SHARE
    ]
    secret = fields[seed % len(fields)]
    theirs = "restricted-adult-clinical" if world.kind in OF_SEXUAL_HEALTH else "restricted-sexual-health"
    if any(Restriction(theirs) in row.may_see for row in rule_book().policies[world.kind].shares):
        return  # it is for whom the rule book names: the MASH that asked (F14)
    told = World(seed, world.kind, world.event.body | {"sensitivity": {secret: theirs}})
    mark: Any = model.model_fields[secret].json_schema_extra
    for _, data in told.summaries:
        assert secret not in data[mark["section"]]
        besides = orjson.dumps({k: v for k, v in data.items() if k != "flags"})  # a flag stands by itself from then on
        assert mark_of(secret).encode() not in besides
        assert mark["label"] in {w["what"] for w in data["withheld"]}


# F. Consent


BY_CONSENT = {stated, parents_record_passes, parents_record_withheld}
"""Rule E as standards, part 11, read it: on consent or section 47, to whoever decides about a child."""


@given(seeds)
@often
def test_consent_is_told_and_gates_nothing_but_a_sensitive_record_to_whoever_decides_about_a_child(seed: int) -> None:
    world = World(seed)
    answers = [{"answer": "given"}, {"answer": "refused"}, {"answer": "not-sought", "reason": "canary consent canary"}]
    consent = {part: answers[(seed + n) % 3] for n, part in enumerate(("to_service", "to_sharing", "to_treatment"))}
    body = {k: v for k, v in world.event.body.items() if k != "sensitivity"}
    refused, agreed = (World(seed, world.kind, body | {"consent": c}) for c in (consent, _agreed()))
    assert refused.told == agreed.told
    shares = rule_book().policies[world.event.type].shares
    sensitive = {at for at, row in enumerate(shares) if BY_CONSENT & set(row.conditions)}
    assert not sensitive or world.event.type in ("mash-response-1", "health-info-provided-1")
    verdicts = ([v[:3] for v in w.plan.verdicts if v.row not in sensitive] for w in (refused, agreed))
    assert next(verdicts) == next(verdicts)
    for _, data in refused.summaries:
        assert data["lawful_basis_and_consent"]["consent"] == consent
        assert data["lawful_basis_and_consent"]["lawful_basis"] == world.event.body["lawful_basis"]


def _agreed() -> dict[str, Any]:
    return {part: {"answer": "given"} for part in ("to_service", "to_sharing", "to_treatment")}


# G. No recipient found, and whereabouts that are withheld


@given(seeds)
@often
def test_nobody_found_is_a_task_with_an_owner_and_a_clock_and_never_a_drop(seed: int) -> None:
    world = World(seed)
    rows = rule_book().policies[world.kind].shares
    tasks = {(t.child, t.service) for t in world.plan.tasks if t.kind == "nobody-found"}
    for verdict in world.plan.verdicts:
        if verdict.outcome == "nobody-found" and verdict.row >= 0:
            ones = rows_of(rows[verdict.row], world.event.data)
            assert ones
            assert all(row.service is not None or row.sent or row.found for row in ones)
            looked_for = {row.service.value if row.service and not row.sent else None for row in ones}
            assert any((verdict.child, service) in tasks for service in looked_for)
        if verdict.outcome == "told":
            assert verdict.teams
            assert {(verdict.child, t) for t in verdict.teams} <= world.told
    for task in world.plan.tasks:
        assert task.owner in world.cover.teams
        assert [c.task for c in world.plan.clocks].count(task.id) == 1
        assert len({t.id for t in world.plan.tasks}) == len(world.plan.tasks)


@given(seeds)
@often
def test_whereabouts_that_are_withheld_are_told_by_no_path_and_not_taken_for_unknown(seed: int) -> None:
    world = World(seed)
    facts = world.known()
    hidden = [p for p, d in world.families[1]["people"].items() if "restricted" in d]
    for delivery, data in world.summaries:
        if delivery.child not in hidden and (facts.person(delivery.child or "") or {}).get("mother") not in hidden:
            continue
        assert data["relation"] == PROTECTED
        for where in (NORTH, SOUTH, DUDLEY, BIRMINGHAM, CASTLE):
            if where.encode() not in (world.event.received.raw or b""):
                assert where.encode() not in delivery.body
    for verdict in world.plan.verdicts:
        if (
            verdict.row >= 0
            and verdict.child in hidden
            and verdict.outcome == "nobody-found"
            and "theirs" not in verdict.detail
            and "of this reference" not in verdict.detail  # no place was looked for: who sent it is not known
        ):
            assert "withheld" in verdict.detail


@given(seeds)
@often
def test_a_team_that_said_a_child_is_not_theirs_is_never_told_of_it(seed: int) -> None:
    world = World(seed)
    assume(world.kind not in ("address-changed-1", "school-changed-1", "gp-registration-changed-1"))
    facts = world.known()
    for child, team in world.told:
        assert team not in (facts.person(child) or {}).get("not_ours", ())


def test_the_worlds_are_what_the_rules_are_about() -> None:
    """That the properties above are not idle: each kind of case comes up often enough."""
    worlds = [World(seed) for seed in range(300)]
    docs = [d for w in worlds for d in everybody(w)]
    assert sum("restricted" in d for d in docs) > 20
    assert sum(d.get("practice") == OUTSIDE for d in docs) > 20
    assert sum(is_unborn(d) for d in docs) > 50
    assert sum(len(w.told) for w in worlds) > 500
    assert sum(v.outcome == "nobody-found" for w in worlds for v in w.plan.verdicts) > 50
    assert {w.kind for w in worlds} == set(event_types())
    assert sum(any(t.kind == "match" for t in w.plan.tasks) for w in worlds) > 5
