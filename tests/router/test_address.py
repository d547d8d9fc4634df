"""Who must be told about a child: rules A, B, C and G, and what a restricted address never tells."""

from typing import Any

import pytest

from contracts.parts.services import Service
from router.address import CLOSED, CLOSED_MEANWHILE, every_other_team, involved_teams, senders_team, teams_for
from router.directory import Cover, Found, NobodyFound, PersonDoc, Publisher
from tests.story_people import caseload, involved
from tests.story_teams import BIRMINGHAM, CASTLE, COMMUNITY, DUDLEY, HOSPITAL, NORTH, OUTSIDE, PRIMARY, SECONDARY, SOUTH
from tests.story_teams import directory as teams

COVER = Cover.read(1, teams())
HERE: PersonDoc = {"born": "2023-01-01", "area": NORTH, "authority": DUDLEY, "practice": CASTLE}


def place(**doc: Any) -> PersonDoc:
    """A child of the north; None leaves out what is known of the others."""
    file: Any = {k: v for k, v in (HERE | doc).items() if v is not None}
    return file  # type: ignore[no-any-return]


def told(
    service: Service,
    child: PersonDoc,
    mother: PersonDoc | None = None,
    organisation: str = HOSPITAL,
    cover: Cover = COVER,
) -> set[str] | str:
    """The teams found, or why nobody was."""
    found = teams_for(service, child, mother, cover, organisation)
    return {p.team for p in found.places} if isinstance(found, Found) else found.why


@pytest.mark.parametrize(
    ("doc", "health_visitors"),
    [
        ({}, {"hv-north"}),
        ({"area": SOUTH}, {"hv-south"}),
        ({"practice": None}, {"hv-north"}),
        ({"practice": OUTSIDE}, {"hv-north", "hv-birmingham"}),
        ({"authority": BIRMINGHAM, "area": "E05009999", "practice": CASTLE}, {"hv-birmingham"}),
        ({"authority": BIRMINGHAM, "area": "E05009999", "practice": OUTSIDE}, {"hv-birmingham"}),
        ({"caseload": caseload("HV", "hv-south")}, {"hv-south"}),
        ({"caseload": caseload("HV", "hv-south"), "practice": OUTSIDE}, {"hv-south", "hv-birmingham"}),
        ({"caseload": caseload("HV", "hv-birmingham"), "practice": OUTSIDE}, {"hv-birmingham"}),
    ],
)
def test_a_home_and_an_out_of_area_practice_bring_in_the_health_visitors_of_both(
    doc: dict[str, Any], health_visitors: set[str]
) -> None:
    assert told(Service.HV, place(**doc)) == health_visitors


@pytest.mark.parametrize(
    ("doc", "school_nurses"),
    [
        ({"school": PRIMARY}, {"sn-north"}),
        ({"school": SECONDARY}, {"sn-south"}),
        ({"school": None}, {"sn-north"}),
        ({"school": None, "education": "home-educated", "area": SOUTH}, {"sn-south"}),
        ({"school": "999999"}, {"sn-north"}),
        ({"school": SECONDARY, "caseload": caseload("SN", "sn-birmingham")}, {"sn-birmingham"}),
    ],
)
def test_a_pupil_belongs_to_the_schools_nurse_and_a_child_in_no_school_to_the_homes(
    doc: dict[str, Any], school_nurses: set[str]
) -> None:
    assert told(Service.SN, place(**doc)) == school_nurses


def test_an_unborn_child_has_its_mothers_home_practice_and_services() -> None:
    unborn: PersonDoc = {"expected": "2026-08-01", "mother": "m"}
    mother = place(area=SOUTH, practice=OUTSIDE, services=[involved("MID", "midwives-birmingham")])
    assert told(Service.HV, unborn, mother) == {"hv-south", "hv-birmingham"}
    assert told(Service.GP, unborn, mother) == {"gp-birmingham"}
    assert told(Service.MID, unborn, mother) == {"midwives-birmingham"}
    assert told(Service.MID, place(), mother) == {"midwives"}, "a born child's midwives are not its mother's next ones"


def test_the_other_services_are_those_involved_else_the_trusts_else_the_authoritys() -> None:
    assert told(Service.CAMHS, place(services=[involved("CAMHS", "switch")])) == {"switch"}
    ended = involved("PLN", "camhs", until="2025-10-01")
    assert told(Service.PLN, place(services=[ended])) == {"pln"}
    assert told(Service.NN, place(), organisation=COMMUNITY) == {"nn-community"}
    assert told(Service.MASH, place()) == {"mash"}
    assert told(Service.MASH, place(authority=BIRMINGHAM)) == {"mash-birmingham"}


@pytest.mark.parametrize(
    ("service", "doc", "why"),
    [
        (Service.GP, {"practice": None}, "no GP practice is on record"),
        (Service.GP, {"practice": "Z12345"}, "no GP practice in the directory"),
        (Service.HV, {"area": None, "authority": None, "practice": None}, "the home address is not known"),
        (Service.SN, {"area": "E05009999", "authority": None}, "no team covers the home area"),
        (Service.MASH, {"authority": None}, "the home authority is not known"),
        (Service.MASH, {"authority": "E08000099"}, "no team covers the home authority"),
        (Service.HV, {"not_ours": ["hv-north"]}, "the only team found has said that this child is not theirs"),
        (
            Service.GP,
            {"practice": None, "restricted": True},
            "the whereabouts are withheld, so no team can be found from them",
        ),
    ],
)
def test_nobody_found_says_why_and_withheld_is_told_from_unknown(
    service: Service, doc: dict[str, Any], why: str
) -> None:
    assert told(service, place(**doc)) == why


def test_a_team_that_said_not_ours_is_left_out_and_the_one_that_was_named_comes_in() -> None:
    refused = place(not_ours=["hv-north"], practice=OUTSIDE)
    assert told(Service.HV, refused) == {"hv-birmingham"}
    named = place(not_ours=["hv-north"], redirected={"HV": "hv-south"})
    assert told(Service.HV, named) == {"hv-south"}
    assert told(Service.GP, place(redirected={"GP": "gp-hagley"})) == {"gp-hagley"}
    assert told(Service.HV, place(caseload=caseload("HV", "hv-south"), redirected={"HV": "hv-lead"})) == {"hv-south"}
    assert told(Service.HV, place(not_ours=["hv-south"], caseload=caseload("HV", "hv-south"))) == {"hv-north"}


def test_a_team_that_the_directory_no_longer_has_is_nobody() -> None:
    fewer = Cover.read(2, teams(without={"hv-south"}))
    nowhere = place(caseload=caseload("HV", "hv-south"), area=None, authority=None, practice=None)
    assert isinstance(teams_for(Service.HV, nowhere, None, fewer, HOSPITAL), NobodyFound)


@pytest.mark.parametrize("service", [Service.GP, Service.HV, Service.SN, Service.MASH, Service.PLN])
def test_a_restricted_address_is_not_told_by_how_a_team_was_found(service: Service) -> None:
    hidden = place(
        restricted=True, school=PRIMARY, caseload=caseload("HV", "hv-south"), services=[involved("MASH", "mash")]
    )
    found = teams_for(service, hidden, None, COVER, HOSPITAL)
    assert isinstance(found, Found)
    assert {p.relation for p in found.places} == {"a team with a current part in the child's care"}


def test_every_service_now_involved_is_found_once_but_for_the_author_and_those_left_out() -> None:
    child = place(
        services=[
            involved("CAMHS", "camhs"),
            involved("CAMHS", "camhs"),
            involved("SWITCH", "switch"),
            involved("ASM", "substance-misuse", until="2025-01-01"),
            involved("AMH", "gone"),
        ],
        caseload=caseload("HV", "hv-south"),
        not_ours=["switch"],
    )
    assert [p.team for p in involved_teams(child, COVER, frozenset())] == ["camhs", "hv-south"]
    assert [p.team for p in involved_teams(child, COVER, frozenset({Service.HV}))] == ["camhs"]
    assert [p.team for p in involved_teams(child, COVER, frozenset(), "camhs")] == ["hv-south"]


@pytest.mark.parametrize(
    ("service", "closed", "doc"),
    [
        (Service.HV, {"caseload": caseload("HV", "closed")}, {}),
        (Service.HV, {"caseload": caseload("HV", "closed")}, {"area": SOUTH}),
        (Service.HV, {"caseload": caseload("HV", "closed")}, {"practice": OUTSIDE}),
        (Service.HV, {"caseload": caseload("HV", "closed")}, {"restricted": True}),
        (Service.HV, {"caseload": caseload("HV", "closed")}, {"not_ours": ["hv-south"]}),
        (Service.SN, {"caseload": caseload("SN", "closed")}, {"school": SECONDARY}),
        (Service.SN, {"caseload": caseload("SN", "closed")}, {}),
        (Service.SN, {"caseload": caseload("SN", "closed")}, {"services": [involved("SN", "sn-south")]}),
        (Service.CAMHS, {"caseload": caseload("CAMHS", "closed")}, {}),
        (Service.CAMHS, {"caseload": caseload("CAMHS", "closed")}, {"services": [involved("CAMHS", "camhs")]}),
        (Service.CAMHS, {"services": [involved("CAMHS", "closed")]}, {}),
        (Service.MID, {"services": [involved("MID", "closed")]}, {}),
    ],
)
def test_where_the_team_on_record_was_closed_that_of_the_place_is_told_and_a_person_mends_it(
    service: Service, closed: dict[str, Any], doc: dict[str, Any]
) -> None:
    """Rules A and B find a team by residence, practice and school; rule G asks for the record to be mended."""
    found = teams_for(service, place(**closed, **doc), None, COVER, HOSPITAL)
    without = teams_for(service, place(**doc), None, COVER, HOSPITAL)
    assert isinstance(found, Found)
    assert isinstance(without, Found)
    assert found.places == without.places, "as if it were not on record"
    assert without.lacking == ""
    assert found.lacking == CLOSED_MEANWHILE


def test_whom_a_person_named_since_is_told_alone_and_nobody_is_asked_again() -> None:
    named = place(caseload=caseload("HV", "closed"), redirected={"HV": "hv-south"})
    found = teams_for(Service.HV, named, None, COVER, HOSPITAL)
    assert isinstance(found, Found)
    assert ([p.team for p in found.places], found.lacking) == (["hv-south"], "")


def test_a_practice_is_found_by_registration_and_by_no_caseload() -> None:
    found = teams_for(Service.GP, place(caseload=caseload("GP", "closed")), None, COVER, HOSPITAL)
    assert isinstance(found, Found)
    assert ([p.team for p in found.places], found.lacking) == (["gp-castle"], "")


def test_a_team_on_record_that_is_open_leaves_nothing_to_mend() -> None:
    works = [involved("CAMHS", "closed"), involved("CAMHS", "camhs")]
    for service, doc in ((Service.HV, {"caseload": caseload("HV", "hv-south")}), (Service.CAMHS, {"services": works})):
        found = teams_for(service, place(**doc), None, COVER, HOSPITAL)
        assert isinstance(found, Found)
        assert found.lacking == ""


def test_both_of_two_services_that_are_lacking_are_looked_for() -> None:
    cover = Cover.read(2, teams(without={"hv-birmingham"}))
    found = teams_for(Service.HV, place(caseload=caseload("HV", "closed"), practice=OUTSIDE), None, cover, HOSPITAL)
    assert isinstance(found, Found)
    assert [p.team for p in found.places] == ["hv-north"]
    assert found.lacking == f"{CLOSED_MEANWHILE}; no team covers the area of the GP practice"


@pytest.mark.parametrize(
    ("service", "doc"),
    [
        (Service.HV, {"caseload": caseload("HV", "closed"), "area": None, "authority": None, "practice": None}),
        (Service.SN, {"caseload": caseload("SN", "closed"), "not_ours": ["sn-north"]}),
        (Service.SN, {"caseload": caseload("SN", "closed"), "area": None, "authority": None}),
        (Service.CAMHS, {"services": [involved("CAMHS", "closed")], "authority": None}),
    ],
)
def test_of_a_team_that_was_closed_nobody_reads_that_it_refused_the_child(
    service: Service, doc: dict[str, Any]
) -> None:
    assert told(service, place(**doc)) == CLOSED
    assert "not theirs" in told(
        Service.HV, place(caseload=caseload("HV", "hv-south"), not_ours=["hv-south", "hv-north"])
    )


def test_of_every_team_of_a_service_one_that_was_closed_is_asked_about() -> None:
    known = place(services=[involved("CASH", "closed")])
    by_gp, by_cash = COVER.publishers["gp"], COVER.publishers["cash"]
    for doc, lacking in ((place(), ""), (known, CLOSED_MEANWHILE)):
        found = every_other_team(Service.CASH, doc, None, COVER, by_gp)
        assert isinstance(found, Found)
        assert ([p.team for p in found.places], found.lacking) == (["sexual-health"], lacking)
    assert every_other_team(Service.CASH, known, None, COVER, by_cash) == Found((), CLOSED), "the author is no other"
    away = place(services=[involved("CASH", "closed")], authority="E08000026")
    assert every_other_team(Service.CASH, away, None, COVER, by_gp) == NobodyFound(CLOSED)


def test_of_two_who_sent_the_first_one_whose_team_was_closed_is_asked_about() -> None:
    gone = Publisher("old", "https://old.example", Service.GP, "Y00001", "closed")
    found = senders_team(None, "the team that sent the first", [COVER.publishers["gp"], gone], {}, False, COVER)
    assert isinstance(found, Found)
    assert ([p.team for p in found.places], found.lacking) == (["gp-castle"], CLOSED)
