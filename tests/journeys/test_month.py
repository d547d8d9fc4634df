"""`make month`: every flow fires, every ladder's last rung is reached somewhere, and everything is accounted for."""

import subprocess
import sys
from pathlib import Path

LONGEST = 900
"""Seconds: about three minutes on two free cores."""
HEADINGS = (
    "Events by day",
    "From kept to read by a person",
    "Answered in time",
    "Done in time",
    "Overdue, by team and hour",
    "Quality by publisher",
    "Fan-out",
    "Flows",
    "Ladders",
)


def test_a_month_of_every_flow_adds_up_and_its_page_shows_it(tmp_path: Path) -> None:
    page = tmp_path / "month.html"
    command = [sys.executable, "-m", "deploy.month", "--events", "2800", "--report", str(page)]
    played = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-1000:]
    assert "brought nothing about" not in played.stdout
    shown = page.read_text()
    for heading in HEADINGS:
        assert f"<h2>{heading}</h2>" in shown, heading
    assert "everything that was accepted is accounted for" in shown
    assert shown.count('<table class="bars"') == 6
    assert shown.count('<table class="heat"') == 1
    assert "nothing to show" not in shown
    for outside in ("http://", "https://", "<script", "<link", "<img"):
        assert outside not in shown, "the page needs nothing but itself"
