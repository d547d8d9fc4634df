"""Each role tells only what it measures: a 0 of one that never looks would read as that all is well."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from deploy import metrics

ROOT = Path(__file__).parents[2]
PAGE = """
from prometheus_client import generate_latest
from deploy import metrics
metrics.show(metrics.OF_ROLE["{role}"])
metrics.BEAT.labels("{role}").set(1)
{more}
print(generate_latest(metrics.REGISTRY).decode())
"""


def told(role: str, more: str = "") -> set[str]:
    """The names of the figures that a process of this role gives, as Prometheus reads them."""
    done = subprocess.run(
        [sys.executable, "-c", PAGE.format(role=role, more=more)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(re.findall(r"^(sharewell_\w+)", done.stdout, re.MULTILINE))


def test_only_the_clock_worker_tells_what_is_owed_and_only_once_it_has_looked() -> None:
    owed = {"sharewell_dead_letters", "sharewell_clock_overdue", "sharewell_outbox_oldest_seconds"}
    for role in ("router", "deliver", "clocks"):
        assert told(role) & owed == set(), role
    assert owed <= told("clocks", "metrics.show(metrics.OWED); metrics.show(metrics.OWED)")


@pytest.mark.parametrize("role", metrics.OF_ROLE)
def test_a_role_that_has_done_nothing_yet_gives_no_figure_of_another(role: str) -> None:
    fired = {"sharewell_clock_rungs_fired_total", "sharewell_clock_rungs_fired_created"} if role == "clocks" else set()
    assert told(role) == {"sharewell_heartbeat_age_seconds"} | fired


def test_an_alert_on_a_figure_that_one_role_gives_is_not_blind_when_nobody_gives_it() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"][0]["rules"]
    missed = {name for rule in rules for name in re.findall(r"absent\((sharewell_\w+)", rule["expr"])}
    bare = {f.name for m in metrics.OWED if not m._labelnames for f in m.collect()}
    assert bare == {"sharewell_dead_letters", "sharewell_clock_overdue", "sharewell_outbox_oldest_seconds"}
    assert bare <= missed


def test_every_alert_is_seen_to_fire_and_to_be_silent_by_what_promtool_runs() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"][0]["rules"]
    stories = yaml.safe_load((ROOT / "deploy" / "alerts_test.yaml").read_text())["tests"]
    cases = [case for story in stories for case in story["alert_rule_test"]]
    alerts = sorted(rule["alert"] for rule in rules)
    assert sorted({case["alertname"] for case in cases if case["exp_alerts"]}) == alerts
    assert sorted({case["alertname"] for case in cases if not case["exp_alerts"]}) == alerts
    told_of = {one["series"].split("{")[0] for story in stories for one in story["input_series"]}
    assert told_of <= {n + end for n in metrics.NAMES for end in ("", "_total")}
