"""`sharewell asked` on a real ledger: who has and has not answered, and what came back only to the team that asked."""

from typing import Any

from deploy.borough import mash_events
from tests.cli.town import Town

ASKED = ("mash-dudley", "strategy discussion")


def requested(town: Town, ref: str = "mash-1") -> tuple[str, list[str]]:
    """A request about a child of seven; the child and the teams that were asked."""
    child = town.child(7, 8)
    town.take(mash_events.mash_request(town.borough, child, town.now, town.rng, ref=ref))
    town.send()
    return child, [a["team"] for a in town.json("asked", ref)["asked"]]


def answered(town: Town, child: str, team: str, ref: str = "mash-1", **said: Any) -> None:
    by = {"sn": "sn", "hv": "hv", "camhs": "camhs", "asm": "asm"}[team.split("-")[0]]
    town.take(mash_events.mash_response(town.borough, child, town.now, town.rng, ref=ref, by=by, team=team, **said))


def test_who_has_answered_and_who_has_not_at_this_moment(town: Town) -> None:
    child, teams = requested(town)
    nurses = next(t for t in teams if t.startswith("sn-"))
    answered(town, child, nurses)
    town.step(hours=24)
    town.clocks()
    made = town.json("asked", "mash-1")
    states = {a["team"]: (a["state"], a["late"]) for a in made["asked"]}
    assert states.pop(nurses) == ("held", False)
    assert set(states.values()) == {("silent", True)}
    assert made["rated"] == "amber"
    assert "held" not in made, "what came back is not shown without a reason"
    done = town.sharewell("asked", "mash-1")
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert "1 with something held" in words
    assert "late: silent" in words
    assert town.named_in(done.output) == set()
    assert town.accesses() == []


def test_what_came_back_is_shown_to_who_asked_and_the_look_is_kept(town: Town) -> None:
    child, teams = requested(town)
    nurses = next(t for t in teams if t.startswith("sn-"))
    answered(town, child, nurses)
    asked = ("asked", "mash-1", "--answers", "--for", ASKED[0], "--why", ASKED[1])
    (held,) = town.json(*asked)["held"]
    assert held["team"] == nurses
    assert {"facts", "analysis", "impact_on_child", "protective_factors"} <= held.keys()
    done = town.sharewell(*asked)
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert f"Facts: {held['facts']}" in words
    assert f"Analysis of the risk: {held['analysis']}" in words
    assert [(who, why) for who, why, _ in town.accesses()] == [("A Tester", ASKED[1])] * 2
    assert all(what.startswith("answers to the request of delivery ") for _, _, what in town.accesses())


def test_it_is_shown_to_nobody_else_and_not_without_a_reason(town: Town) -> None:
    _, teams = requested(town)
    done = town.sharewell("asked", "mash-1", "--answers", "--for", teams[0], "--why", "curious")
    assert done.exit_code == 1
    assert "did not ask" in done.output
    assert town.sharewell("asked", "mash-1", "--answers", "--for", ASKED[0]).exit_code == 2
    assert town.sharewell("asked", "mash-1", "--answers", "--for", ASKED[0], "--why", " ").exit_code == 2
    assert town.accesses() == []


def test_a_reference_of_nothing_is_not_repeated(town: Town) -> None:
    done = town.sharewell("asked", "9990001235")
    assert done.exit_code == 1
    assert "9990001235" not in done.output
