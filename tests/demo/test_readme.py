"""The documents say what is so: tables equal the code, links lead somewhere, commands exist, alerts have runbooks."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.metrics import NAMES
from deploy.settings import Settings
from tests.demo import readme

ROOT = readme.ROOT
DOCUMENTS = ("README.md", "CHANGELOG.md", "deploy/operations.md")
ORDER = (
    "# Sharewell",
    "make demo",
    "## The picture",
    "## Send one event and see it arrive",
    "## Four invariants",
    "## What it does, and does not do",
    "## The flows",
    "## Contracts",
    "## Configuration",
    "## Operations",
    "## Security, and people's data",
    "## Speed",
    "## Which test shows which promise",
    "## To add a flow",
    "## Licence",
)
HOSTS = re.compile(
    r"pypi|pythonhosted|maven|docker\.io|ghcr|quay\.io|files\.|https?://(?!fhir\.nhs\.uk)", re.IGNORECASE
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("part", readme.PARTS)
def test_a_table_is_what_the_code_says(part: str) -> None:
    again = "run: python -m tests.demo.readme"
    assert readme.marked(text_of("README.md"), part) == readme.PARTS[part](), again


def test_speed_is_measured_or_said_not_to_be() -> None:
    rows = readme.marked(text_of("README.md"), "speed").splitlines()[2:]
    wanted = [line.split("|")[1:3] for line in readme.speed(None).splitlines()[2:]]
    assert [line.split("|")[1:3] for line in rows if line.startswith("|")] == wanted


def test_the_readme_is_in_the_order_that_a_newcomer_asks() -> None:
    text = text_of("README.md")
    places = [text.find(part) for part in ORDER]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(name)):
        assert (ROOT / Path(name).parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_names_a_registry(name: str) -> None:
    assert HOSTS.search(text_of(name)) is None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_exists(name: str) -> None:
    from typer.main import get_command

    from deploy.cli import app

    commands: Any = get_command(app).commands  # type: ignore[attr-defined]
    known = set(re.findall(r"^([a-z]+):.*##", text_of("Makefile"), re.MULTILINE))
    typed = re.findall(
        r"(?:`|^\$ \S*|\s\s)(?:\.venv/bin/)?sharewell ([a-z-]+)(?: ([a-z]+)\b)?", text_of(name), re.MULTILINE
    )
    assert typed or name == "CHANGELOG.md"
    for command, further in typed:
        assert command in commands, command
        if further and hasattr(commands[command], "commands"):
            assert further in commands[command].commands, f"{command} {further}"
    for target in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)$", text_of(name), re.MULTILINE):
        assert (target[0] or target[1]) in known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_that_is_named_is_one(name: str) -> None:
    known = {f"SHAREWELL_{field.upper()}" for field in Settings.model_fields} | {
        "SHAREWELL_WHO",
        "SHAREWELL_METRICS_HOST:PORT",
    }
    for named in re.findall(r"SHAREWELL_[A-Z_]+(?::PORT)?", text_of(name)):
        assert named in known, named


@pytest.fixture(scope="module")
def alerts() -> list[dict[str, Any]]:
    found = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())
    return [rule for group in found["groups"] for rule in group["rules"]]


def test_every_alert_is_about_a_metric_of_ours(alerts: list[dict[str, Any]]) -> None:
    ours = NAMES | {f"{name}_total" for name in NAMES}
    for rule in alerts:
        named = set(re.findall(r"sharewell_[a-z_]+", rule["expr"]))
        assert named
        assert named <= ours, rule["alert"]


def test_every_alert_says_how_grave_it_is_and_what_to_do(alerts: list[dict[str, Any]]) -> None:
    headings = re.findall(r"^## (.*)$", text_of("deploy/operations.md"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for rule in alerts:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert {"summary", "description", "runbook_url"} <= rule["annotations"].keys()
        file, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert (ROOT / file).exists()
        assert anchor in anchors, rule["alert"]


def test_make_help_lists_what_the_readme_names() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True
    )
    for target in ("demo", "test", "up", "bench", "crash", "check"):
        assert f"make {target} " in listed.stdout
