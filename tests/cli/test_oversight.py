"""`sharewell oversight` on a real ledger: counts for any period, nobody named, and what is not filed with its lead."""

from tests.cli.town import Town


def test_each_publisher_and_team_is_counted_and_nobody_is_named(town: Town) -> None:
    child = town.child(0, 5)
    town.take(town.discharge(child), town.discharge(child))
    town.send()
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J Hart", "--role", "health visitor")

    seen = town.json("oversight")

    row = next(r for r in seen["recipients"] if r["team"] == hv["team"])
    assert (row["told"], row["sent"], row["acknowledged"], row["filed"], row["not_filed"]) == (2, 2, 1, 0, 1)
    (ed,) = [p for p in seen["publishers"] if p["publisher"] == "ed-children"]
    assert (ed["accepted"], ed["acknowledged"]) == (2, 1)
    assert ed["told"] == sum(r["told"] for r in seen["recipients"])
    shown = town.sharewell("oversight").output
    assert "Publishers (1)" in shown
    assert "hv-" in shown
    assert not town.named_in(shown)
    assert child[:8] not in shown
    assert list(town.json("oversight", "--publishers")) == ["publishers"]
    assert list(town.json("oversight", "--recipients")) == ["recipients"]
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_a_period_is_days_in_london_or_ages(town: Town) -> None:
    child = town.child(0, 5)
    town.take(town.discharge(child))
    town.step(days=3)
    town.take(town.discharge(child))
    told = [sum(r["told"] for r in town.json("oversight", "--recipients", *period)["recipients"]) for period in (
        (), ("--since", "2016-09-22"), ("--until", "2016-09-22"), ("--since", "2d"), ("--until", "4d"),
    )]  # fmt: skip
    assert told[0] == told[1] + told[2]
    assert told[1] == told[3] > 0
    assert told[4] == 0
    assert town.sharewell("oversight", "--since", "yesterday").exit_code == 2
    assert "Nothing was sent in this period." in town.sharewell("oversight", "--until", "2016-01-01").output


def test_what_was_acknowledged_ten_working_days_ago_and_not_filed_is_listed_with_its_lead(town: Town) -> None:
    child = town.discharged(0, 5)
    hv = town.delivery("hv-")
    town.sharewell("receipt", hv["id"], "acknowledged", "--by", "J Hart", "--role", "health visitor")
    assert town.json("oversight", "--unfiled") == []
    town.step(days=20)
    (one,) = town.json("oversight", "--unfiled")
    assert (one["delivery"], one["team"], one["type"]) == (hv["id"], hv["team"], "ed-attendance-discharged-1")
    assert one["lead"]
    shown = town.sharewell("oversight", "--unfiled").output
    assert one["lead"] in shown
    assert child[:8] not in shown
    town.clocks()
    assert any(t["kind"] == "not-filed" and t["owner"] == one["lead"] for t in town.json("tasks"))
    assert town.sharewell("oversight", "--unfiled", "--since", "2d").exit_code == 2
    town.sharewell("receipt", hv["id"], "filed", "--by", "J Hart", "--role", "health visitor", "--record", "hv/77")
    assert "All that was read in time is filed." in town.sharewell("oversight", "--unfiled").output
