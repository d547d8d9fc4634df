"""What a lead reads: one team's rules, coverage, who must never be told, and the whole book as one page."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from contracts.parts.services import Service
from deploy.cli import app
from deploy.commands.group import commands_of
from router.policy import never
from router.policy.book import english, rule_book
from router.policy.coverage import coverage
from router.policy.english import happened
from router.policy.team import told_to
from tests.cli.town import Town


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(app, ["policy", *arguments], env=environment)


def flat(text: str) -> str:
    return " ".join(text.split())


class Balanced(HTMLParser):
    """Reads a page, and keeps what was opened and never closed."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.folds: dict[str, int] = {}
        """Of every id how many folds it lies in; one in the heading of a fold lies outside it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {f"{tag} {name}" for name, _ in attrs}
        for id in (value for name, value in attrs if name == "id" and value):
            self.ids.append(id)
            self.folds[id] = self.open.count("details") - self.open.count("summary")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)


def read(page: str) -> Balanced:
    reader = Balanced()
    reader.feed(page)
    assert (reader.open, reader.wrong) == ([], [])
    return reader


def test_the_page_holds_every_rule_every_team_and_all_that_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    assert run("--html", str(file)).exit_code == 0
    told = flat(" ".join(read(file.read_text("utf-8")).text))
    for policy in rule_book().policies.values():
        for line in english(policy):
            words, _, why = line.strip().rpartition(" [")
            assert flat(words or line) in told
            assert why.removesuffix("]") in told
    for one in (*coverage(rule_book())[0], *coverage(rule_book())[1]):
        assert f"{one.name} {one.asked}" in told
    assert "test_nobody_but_mash_reads_who_is_said_to_have_done_it" in told
    assert f"version {rule_book().version}" in told
    assert [one.name for one in tmp_path.iterdir()] == ["book.html"], "and leaves nothing half-written beside it"


def test_the_page_needs_nothing_else_and_prints(tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    run("--html", str(file))
    page = file.read_text("utf-8")
    assert not re.search(r"https?:|src=|<link|<script|@import|url\(|<iframe|<object|<img", page)
    reader = read(page)
    assert {a for a in reader.attributes if a.endswith((" href", " src", " style"))} <= {"a href"}
    assert re.findall(r'href="([^#][^"]*)"', page) == [], "links lead within the page"
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))
    assert "@media print" in page
    assert "default-src 'none'" in html.unescape(page)
    assert 'lang="en-GB"' in page


def test_the_index_leads_to_every_event_and_team_and_a_link_opens_the_fold_it_leads_into(tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    run("--html", str(file))
    page = file.read_text("utf-8")
    index = page[page.index('id="index"') : page.index('id="rules"')]
    book, reader = rule_book(), read(page)
    for kind, policy in book.policies.items():
        name = happened(policy)
        assert f'<a href="#{kind}">{html.escape(name[0].upper() + name[1:])}</a>' in index, kind
        assert reader.folds[kind] == 1, "a browser opens the folds around what a link leads to, not one it heads"
    for service in never.told(book):
        assert f'href="#team-{service.value}"' in index
        assert reader.folds[f"team-{service.value}"] == reader.folds[f"never-{service.value}"] == 1
    assert "details::details-content { content-visibility: visible" in page[page.index("@media print") :]


def test_events_stand_under_the_flow_that_most_of_their_rules_serve_in_the_order_of_the_flows(tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    run("--html", str(file))
    page = file.read_text("utf-8")
    rules = page[page.index('id="rules"') : page.index('id="teams"')]
    shown = re.findall(r"<h3>(F\d\d|The directory)|<div id=\"([a-z0-9-]+)\"", rules)
    flows = [flow for flow, _ in shown if flow]
    assert flows == [*sorted(flows[:-1]), "The directory"]
    current, under = "", {}
    for flow, kind in shown:
        if kind:
            under[kind] = current
        else:
            current = flow
    assert under.keys() == rule_book().policies.keys()
    assert under["ed-attendance-discharged-1"] == "F09", "and not F05, which one of its rules is of"
    assert under["early-help-changed-1"] == "F33", "and not F08, which it has a mark of"
    assert under["address-changed-1"] == under["nhs-number-superseded-1"] == "The directory"


def test_what_my_team_is_told_is_addressed_to_it_and_is_all_of_it() -> None:
    told = flat(run("--by", "sn").output)
    assert "You are told when the child is 5 to 19. You get all of it but to be discussed on" in told
    assert "never alleged perpetrator" in told
    assert "You are asked: “Read the account and the visiting advice" in told
    assert "Expect that the school nursing team acknowledges within 2 working days" in told
    assert "health visiting team when" not in told
    view = told_to(rule_book(), Service.SN)
    rows = [row for p in rule_book().policies.values() for row in p.shares if not row.withheld and not row.sent]
    named = sum(row.service is Service.SN for row in rows)
    involved = sum(row.service is None and Service.SN not in row.besides for row in rows)
    assert sum(len(one.rows) for one in view.arrives) >= named + involved > 5
    assert "No clock runs on its answer" in flat(run("--by", "gp").output)


def test_whom_a_row_means_beyond_the_service_is_said_to_the_team_and_nothing_is_always_that_is_not() -> None:
    clinic, nurse, hub = (flat(run("--by", service).output) for service in ("CASH", "SN", "MASH"))
    one_of = "You are told where you are one of these: "
    assert f"{one_of}each team that referred the child to social care in the last year. You get all of it" in clinic
    assert f"{one_of}every service now working with the child or with a parent or carer but" in clinic
    assert f"{one_of}the MASH that asked, when consent to share" in hub
    assert "You are told as the school nursing team of the place that takes the child over when the child is" in nurse
    assert "You are told as the school nursing team of the place that hands the child on when the child is" in nurse
    plain = [
        p.event.event_type
        for p in rule_book().policies.values()
        if any(r.service is Service.CASH and not (r.conditions or r.withheld or r.at or r.every) for r in p.shares)
    ]
    assert clinic.count("You are told, always") == len(plain)


def test_who_hears_when_nobody_answers_reads_it_and_who_publishes_reads_what_is_told_in_return() -> None:
    nurse = flat(run("--by", "NN").output)
    assert "You hear of it when nobody answers" in nurse
    assert "Expect that the outcome of the discussion is told within 5 working days" in nurse
    department = flat(run("--by", "ed").output)
    assert "You publish: When the emergency department says that a child" in department
    assert "the sender is told so; it is routed all the same" in department


def test_a_teams_page_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "switch.html"
    assert run("--by", "SWITCH", "--html", str(file)).exit_code == 0
    told = flat(" ".join(read(file.read_text("utf-8")).text))
    assert "Switch (children's substance misuse): what it is told" in told
    assert "You are told when the child is under 18 and alcohol or substances were involved" in told
    assert "Who must never be told" in told
    assert "Tell the health visiting team" not in told


def test_a_team_of_the_directory_is_told_what_its_service_is(shared_town: Town) -> None:
    assert shared_town.json("policy", "--by", "switch-dudley") == shared_town.json("policy", "--by", "SWITCH")
    assert shared_town.sharewell("policy", "--by", "no-such-team").exit_code == 2


def test_every_rule_says_basis_and_clock() -> None:
    told = flat(run("--flow", "F09").output)
    assert "On each share stands the lawful basis that the sender gave, and what it recorded of consent" in told
    assert "[F09, 1.23, R3.6]" in told
    gp = next(line for line in english(rule_book().policies["dart-notified-1"]) if line.startswith("  Tell the GP"))
    assert "No clock runs on its answer." in gp
    nurse = next(line for line in english(rule_book().policies["dart-notified-1"]) if "Tell the school" in line)
    assert "No clock" not in nurse


def test_coverage_says_what_is_open_and_its_exit_code_says_whether_anything_is() -> None:
    done = run("--coverage")
    flows, recommendations = coverage(rule_book(), ["looked-after"])
    told = json.loads(run("--coverage", "--json").stdout)
    assert [one["name"] for one in told["flows"]] == [one.name for one in flows]
    assert [one["name"] for one in told["recommendations"]] == [one.name for one in recommendations]
    left = [one["name"] for ones in told.values() for one in ones if one["open"]]
    assert done.exit_code == (1 if left else 0)
    assert all(name in done.output for name in left)
    assert "not by routing: a matter of training" in flat(done.output)


def test_commands_are_known_by_the_names_that_are_typed() -> None:
    known = commands_of(typer.Context(get_command(app)))
    assert {"new-flow", "oversight", "tasks"} <= set(known)


def test_who_must_never_be_told_names_fields_events_and_tests() -> None:
    told = flat(run("--never", "--to", "gp").output)
    assert "GP (GP practice) never gets" in told
    assert "Alleged perpetrator" in told
    assert "test_f04_domestic_abuse.py::test_nobody_but_mash_reads_who_is_said_to_have_done_it" in told
    assert "SN (school" not in told
    everybody = json.loads(run("--never", "--json").stdout)
    assert {one["service"] for one in everybody["services"]} >= {"GP", "HV", "SN", "MASH"}


@pytest.mark.parametrize(
    "typed",
    [
        ["--by", "nobody-at-all"],
        ["--by", "HV", "--coverage"],
        ["--coverage", "--flow", "F09"],
        ["--html", "x.html", "--flow", "F09"],
        ["--html", "x.html", "--json"],
        ["--html", "/no/such/folder/x.html"],
    ],
)
def test_what_does_not_go_together_is_not_understood(typed: list[str]) -> None:
    away = {"SHAREWELL_POSTGRES_DSN": "postgresql://nobody@127.0.0.1:1/none", "SHAREWELL_ENVIRONMENT": "test"}
    done = run(*typed, **away)
    assert done.exit_code == (3 if "nobody-at-all" in typed else 2)
    assert "Traceback" not in done.output
