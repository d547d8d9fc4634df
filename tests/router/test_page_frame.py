"""The frame of every page: self-contained, escaped, and its folds open by a link."""

import re

from router.page_frame import Html, folded, table, whole


def test_a_page_is_escaped_and_lets_nothing_in() -> None:
    page = whole("<One>", ["<p>two</p>"], "p { color: #111 }")
    assert "<title>&lt;One&gt;</title>" in page
    assert "<p>two</p>" in page
    assert "p { color: #111 }</style>" in page
    assert 'lang="en-GB"' in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|src=|<link|<script|@import|url\(", page)


def test_what_is_folded_prints_open_and_the_anchor_lies_inside() -> None:
    fold = "".join(folded("A & B", ["<p>x</p>"], id="here", beside="two"))
    assert fold == (
        '<details><summary><h3>A &amp; B</h3><span class="small">two</span></summary>'
        '<div id="here"><p>x</p></div></details>'
    )
    printed = whole("x", []).partition("@media print")[2]
    assert "details::details-content { content-visibility: visible" in printed


def test_numbers_stand_at_the_right_with_the_heading_of_their_column_and_words_at_the_left() -> None:
    shown = "".join(table(("What", "Many"), [("a < b", "1,204"), (Html("<b>c</b>"), "3")], "sums"))
    assert '<table class="sums"><thead><tr><th>What</th><th class="n">Many</th></tr></thead>' in shown
    assert '<td>a &lt; b</td><td class="n">1,204</td>' in shown
    assert '<td><b>c</b></td><td class="n">3</td>' in shown
    assert "thead" not in "".join(table((), [("a", "1")]))
