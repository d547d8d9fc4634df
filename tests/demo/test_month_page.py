"""The month's page: what it counts is counted as it is read, and no name is cut."""

import re
from datetime import date

from deploy.month.figures import Figures, Kept, Ladder, joined, kept_by_service
from deploy.month.plots import Bar, bars, heat
from deploy.month.report import page

LONG = "young people at risk of sexual exploitation panel"
FIRST, LAST = date(2016, 3, 14), date(2016, 4, 10)
FOUND = Figures(
    totals=(2749, 90, 8264, 16286, 6448, 4803, 2179),
    days={FIRST: 118, LAST: 1204, date(2016, 4, 11): 10, date(2016, 4, 24): 2},
    flows={"F09": (1842, 10039, 809)},
    answered={LONG: [1.0, 2.0, 3.0, 40.0]},
    in_time={"GP practice": Kept(1500, 100, 400, 12), "clinic": Kept(0, 0, 0, 4), LONG: Kept(14, 1, 3, 0)},
    done={"midwifery": Kept(3, 0, 1, 20)},
    overdue={LONG: [0] * 9 + [1204] + [3] * 14},
    quality={"emergency department (ed-adult)": (200, 130, 1168)},
    fan_out={1: 1, 2: 1628},
    ladders=[
        Ladder("F09", "acknowledge", "health visiting team acknowledges", 1204, 900, 3, 3, 7),
        Ladder("F04", "happen", "the outcome is told", 4, 0, 1, 3, 0),
    ],
)


def text(html: str) -> str:
    body = re.sub(r"<svg.*?</svg>", "", html[html.index("<body>") :])
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_the_page_needs_nothing_but_itself_and_cuts_no_name_and_no_number() -> None:
    html = page(FOUND, [], FIRST, LAST)
    shown = text(html)
    assert not re.search(r"https?:|src=|href=|<link|<script|@import|url\(|<img", html)
    assert "default-src 'none'" in html
    assert html.count(f"<td>{LONG}</td>") == 3, "a name is text that wraps, not a drawing that is cut"
    for number in ("2,749", "1,204", "1,842", "10,039", "1,168", "1,628", "1,500"):
        assert number in shown, number
    assert not re.search(r">[0-9]{4,}<", html), "thousands are separated"
    assert "A borough&#x27;s month, 14 March to 10 April 2016" in shown


def test_days_after_the_last_are_one_row() -> None:
    html = page(FOUND, [], FIRST, LAST)
    assert "<td>Sun 10 Apr</td>" in html
    assert "<td>Mon 11 Apr</td>" not in html
    assert "in all the days after 12 " in text(html)


def test_the_bar_ends_where_nine_in_ten_had_read_and_the_median_is_a_mark_within_it() -> None:
    html = page(FOUND, [], FIRST, LAST)
    bar = html[html.index("Hours until read") :]
    assert bar.index('<rect x="0.00%" width="100.00%"') < bar.index('<line x1="6.25%" x2="6.25%"') < bar.index("</svg>")
    assert "half in 2.5 h, nine in ten in 40.0 h" in bar
    assert "until half were read (median)" in text(html)


def test_a_share_is_of_what_somebody_there_meets_and_few_have_none() -> None:
    shown = text(page(FOUND, [], FIRST, LAST))
    assert "1,500 of 2,000, 75%" in shown
    assert "none of 4 met" in shown
    assert "14 of 18" in shown
    assert "14 of 18, " not in shown
    assert " 0%" not in shown


def test_clocks_of_a_kind_that_a_service_met_nowhere_are_told_apart() -> None:
    clocks = [
        ("GP practice", "file", "files in the record", Kept(3, 1, 2)),
        ("GP practice", "file", "files in the record", Kept(0, 0, 5)),
        ("GP practice", "act", "acts", Kept(0, 0, 7)),
        ("clinic", "act", "acts", Kept(0, 0, 1)),
    ]
    assert kept_by_service(clocks) == {"clinic": Kept(0, 0, 0, 1), "GP practice": Kept(3, 1, 7, 7)}


def test_ladders_are_folded_by_flow_and_one_never_climbed_to_its_end_is_said_beside_it() -> None:
    html = page(FOUND, [], FIRST, LAST)
    folds = re.findall(r"<details><summary><h3>(F\d\d): [^<]*</h3><span[^>]*>([^<]*)<", html)
    assert folds == [
        ("F04", "1 kind of clock, 4 started, 0 met; the last rung of 1 was never reached"),
        ("F09", "1 kind of clock, 1,204 started, 900 met"),
    ]


def test_kinds_of_clock_that_differ_by_a_name_alone_are_one() -> None:
    unfiled = "summar{} read by {} more than 10 working days ago, and no receipt names the record it is filed in."
    rows = [
        Ladder("F31", "close", f"1 {unfiled.format('y was', 'Elm Road Practice')}", 1, 0, 2, 2, 1),
        Ladder("F31", "close", f"12 {unfiled.format('ies were', 'Ash, South')}", 3, 1, 1, 2, 0),
        Ladder("F30", "close", "Nothing has come from hv for longer than its usual 24 working hours.", 1, 0, 3, 3, 1),
        Ladder("F30", "close", "Nothing has come from pds for longer than its usual 2.5 working hours.", 1, 0, 3, 3, 1),
        Ladder("F30", "close", "Something else.", 1, 0, 3, 3, 1),
    ]
    found = joined(rows)
    assert [(one.flow, one.started, one.met, one.highest, one.ended) for one in found] == [
        ("F31", 4, 1, 2, 1),
        ("F30", 2, 0, 3, 2),
        ("F30", 1, 0, 3, 1),
    ]
    assert not any("Elm" in one.words or "hv" in one.words for one in found)


def test_shares_are_as_long_as_each_other_and_counts_are_not() -> None:
    rows = [Bar("one", (1, 3), "a"), Bar("two", (50, 50), "b")]
    assert re.findall(r'<rect x="[^"]*" width="([0-9.]+)%"', "".join(bars("x", rows, ("p", "q"), whole=True))) == [
        *("25.00", "75.00"),
        *("50.00", "50.00"),
    ]
    assert re.findall(r'<rect x="[^"]*" width="([0-9.]+)%"', "".join(bars("x", rows, ("p", "q")))) == [
        *("1.00", "3.00"),
        *("50.00", "50.00"),
    ]


def test_a_square_is_darkest_where_there_were_most_and_an_empty_plot_says_so() -> None:
    field = "".join(heat("x", ["8", "9", "10"], {"A & B": [0, 1, 100]}))
    assert '<td>A &amp; B</td><td></td><td class="s0" title="A &amp; B, 9: 1">1</td><td class="s9"' in field
    assert "nothing to show" in "".join(heat("x", ["8"], {}))
    assert "nothing to show" in "".join(bars("x", []))
