"""The synthetic borough: the same from the same seed, with every household that is easily got wrong."""

import re
import time
from collections import Counter
from datetime import date

import pytest
from nhs_number.validate import is_valid

from contracts.parts.services import Service
from deploy.borough import Borough, generate, places
from deploy.borough.file import lines
from router.address import teams_for
from router.directory import Found


def test_the_same_seed_makes_the_same_borough_to_the_byte(borough: Borough) -> None:
    assert list(lines(generate())) == list(lines(borough))
    assert list(lines(generate(seed=2))) != list(lines(borough))


def test_it_has_the_children_it_was_asked_for(borough: Borough) -> None:
    assert len(borough.children) >= 2000
    assert len(generate(children=300).children) >= 300


def test_a_hundred_thousand_people_are_made_in_seconds() -> None:
    began = time.monotonic()
    large = generate(people_at_least=100_000)
    assert len(large.people) >= 100_000
    assert time.monotonic() - began < 30


def test_every_nhs_number_is_unique_valid_and_never_issued(borough: Borough) -> None:
    numbers = [doc["nhs"] for doc in borough.people.values() if "nhs" in doc]
    numbers += [old for doc in borough.people.values() for old in doc.get("formerly", ())]
    assert len(set(numbers)) == len(numbers)
    assert all(n.startswith("999") and is_valid(n) and n != "9999999999" for n in numbers)


def test_a_person_is_never_named_after_the_nhs_number(borough: Borough) -> None:
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", pid) for pid in borough.people)
    assert not any(doc.get("nhs", "none") in pid.replace("-", "") for pid, doc in borough.people.items())


def test_ages_follow_the_day_that_was_given() -> None:
    later = generate(children=300, today=date(2024, 2, 29))
    assert {later.age(later.people[c]) for c in later.children} == set(range(18))


def test_each_special_household_is_there(borough: Borough) -> None:
    docs = [borough.people[c] for c in borough.children]
    mothers_of_twins = Counter((d.get("mother"), d["born"]) for d in docs if "mother" in d)
    practice_area = {p.code: p.authority for p in places.PRACTICES}
    flags = Counter(f["kind"] for d in borough.people.values() for f in d.get("flags", ()) if "ended" not in f)
    services = Counter(s["service"] for d in borough.people.values() for s in d.get("services", ()))
    relations = Counter(tuple(sorted(r for _, r in d.get("parents", ()))) for d in docs)
    counts = {
        "twins": sum(n > 1 for n in mothers_of_twins.values()),
        "unborn": len(borough.unborn),
        **{e: sum(d.get("education") == e for d in docs) for e in ("home-educated", "not-in-education")},
        "between": sum(d.get("education") == "between-schools" for d in docs),
        **{
            f"registered in {area}": sum(
                practice_area.get(d.get("practice", "")) == a and d.get("authority") == places.DUDLEY for d in docs
            )
            for a, area in places.NEIGHBOURS.items()
        },
        "no GP": sum("practice" not in d and not d.get("restricted") for d in docs),
        "restricted": sum(d.get("restricted", False) for d in docs),
        "lone": relations[("mother",)] + relations[("father",)],
        "two parents": relations[("father", "mother")],
        "grandparents": relations[("grandfather", "grandmother", "mother")],
        "fostered": relations[("foster carer", "mother")],
        "renumbered": sum("formerly" in d for d in docs),
        "teenage mothers": sum(16 <= borough.age(borough.people[d["mother"]]) < 20 for d in docs if "mother" in d),
        "apart": sum(
            any(borough.people[p].get("household") != d["household"] for p, r in d["parents"] if r == "father")
            for d in docs
        ),
        **{k: flags[k] for k in ("child-protection-plan", "looked-after", "care-leaver", "cse-risk", "unborn-plan")},
        **{s: services[s] for s in ("CAMHS", "SWITCH", "ASM", "AMH", "MID", "FNP", "RY", "CSC", "YPSE", "CASH")},
    }
    assert {k: n for k, n in counts.items() if n < 4} == {}


def test_a_restricted_address_gives_nothing_away(borough: Borough) -> None:
    hidden = [d for d in borough.people.values() if d.get("restricted")]
    assert hidden
    assert not any(d.keys() & {"area", "authority", "practice", "school"} for d in hidden)


def test_nobody_is_a_parent_too_young_or_of_nobody(borough: Borough) -> None:
    for pid, doc in borough.people.items():
        family = borough.families[borough.family_of[pid]]["people"]
        assert all(p in family for p, _ in doc.get("parents", ()))
        mother = family.get(doc.get("mother", ""))
        if mother and "born" in doc:
            assert borough.age(mother) - borough.age(doc) >= 15


def test_services_cover_the_borough_as_the_review_found_it(borough: Borough) -> None:
    count = Counter(t.service for t in borough.teams if t.covers and t.authority == places.DUDLEY)
    assert (count[Service.GP], count[Service.HV], count[Service.SN]) == (47, 10, 8)
    assert len(places.SCHOOLS) == 100
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", t.id) for t in borough.teams)
    assert len({t.id for t in borough.teams}) == len(borough.teams)
    assert all(t.lead is None or t.lead in borough.team for t in borough.teams)
    assert all(p.team in borough.team for p in borough.publishers)


@pytest.mark.parametrize("service", [Service.HV, Service.SN, Service.PLN, Service.MASH, Service.SWITCH, Service.NN])
def test_every_child_with_a_known_address_has_a_team(borough: Borough, service: Service) -> None:
    cover = borough.cover()
    for child in borough.children:
        doc = borough.people[child]
        if "authority" in doc:
            assert isinstance(teams_for(service, doc, None, cover, places.HOSPITAL), Found)


def test_each_role_of_a_trust_is_one_team(borough: Borough) -> None:
    cover = borough.cover()
    for service in (Service.PLN, Service.NN, Service.MID, Service.WARD, Service.ED):
        assert len(cover.of_trust(service, places.HOSPITAL)) == 1
    for publisher in borough.publishers:
        assert len(cover.of_trust(Service.NN, publisher.organisation)) == 1
