"""Rows of bars in every room: texts keep out of each other, heights are never lower than words, scales are linear."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from chaine_valeur.figures._bar_page import (
    BAR,
    SIZE,
    SMALL,
    STUB,
    Line,
    Page,
    draw_lines,
    stub,
    swatch_unknown,
)
from chaine_valeur.figures._sheet import open_sheet
from tests.figures.sheets import outside, overlapping, words

LONG = "Préparation, effilochage et défibrage des textiles usagés en mélange non réemployables"
NAMES = st.one_of(
    st.sampled_from(
        ["Tri", LONG, "x" * 90, "a" * 300, "", "« Gros » volumes", "$x_1$ <b>", "مرحبا 😀", "l\x00\n"]
    ),
    st.text(max_size=40),
)
SAID = st.sampled_from(
    ["", "9", "≥\u202f13,5, dont insertion ≥\u202f2", "versé\u00a0: 40\u202f000\u00a0€ " * 5]
)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    """A heading, then rows, sentences and headings as they come."""
    found = [Line(draw(NAMES), draw(SAID))]
    for kind in draw(st.lists(st.sampled_from(["row", "row", "row", "sentence", "heading"]), max_size=8)):
        name = draw(NAMES)
        if kind == "row":
            found.append(Line(name, draw(SAID), {"value": 1.0}, 2.0))
        else:
            found.append(Line(name, draw(SAID) if kind == "heading" else "", sentence=kind == "sentence"))
    return found


@given(lines(), st.sampled_from([200.0, 453.5, 900.0]), st.sampled_from([None, 90.0, 260.0, 2000.0]))
@settings(max_examples=25)
def test_rows_follow_each_other_whatever_their_words(
    told: list[Line], width: float, height: float | None
) -> None:
    page = Page.of(told, width, height, title="Titre", legend=12.0)
    tops = [middle - tall / 2 for middle, tall in zip(page.middles, page.heights, strict=True)]
    ends = [middle + tall / 2 for middle, tall in zip(page.middles, page.heights, strict=True)]
    assert all(end <= top + 1e-9 for end, top in zip(ends[:-1], tops[1:], strict=True))
    assert 0 < page.left < page.right < width
    assert page.bottom == pytest.approx(ends[-1]) and page.total == pytest.approx(page.bottom + 17.0)
    # no row is lower than its name, than what is said of it, or than its bar
    for line, name, after, tall in zip(told, page.names, page.said, page.heights, strict=True):
        assert tall >= max(name.height, after.height)
        assert line.row is None or tall >= BAR
    # the height that is left goes to the rows, and never past what is given where there is enough
    needed = Page.of(told, width, None, title="Titre", legend=12.0).total
    if height is not None and height >= needed:
        assert needed - 1e-6 <= page.total <= height + 1e-6


@given(st.just(0.0) | st.floats(1e-3, 1e9), st.floats(0.1, 1e9), st.floats(0.0, 1.0))
@settings(max_examples=25)
def test_a_length_is_linear_and_the_whole_leaves_room_for_the_unknown(
    full: float, other: float, part: float
) -> None:
    page = Page.of([Line("Tri", "9", {"v": 1}, 2.0)], 453.5, None, title=None, legend=0.0)
    whole = page.length(full, full)
    assert whole == (pytest.approx(page.length(other, other)) if full > 0 else 0.0)
    assert page.length(part * full, full) == pytest.approx(part * whole)
    # after the longest bar comes the space of 1.5 and the sign of the unknown
    assert page.left + whole + 1.5 + STUB <= page.right


def test_a_lower_page_takes_from_the_rows_what_their_words_leave() -> None:
    told = [
        Line("Emplois"),
        *(Line(LONG, "9", {"v": 1}, 2.0) for _ in range(6)),
        Line("Tri", "9", {"v": 1}, 2.0),
    ]
    free = Page.of(told, 300.0, None, title=None, legend=0.0)
    low = Page.of(told, 300.0, free.total / 2, title=None, legend=0.0)
    # a name over three lines at 7.5 points takes 3 × 9 = 27, and one point stays around it; one over one line, the bar
    for line, words_, tall in zip(told, low.names, low.heights, strict=True):
        if line.row is not None:
            assert tall == pytest.approx(max(words_.height, BAR) + 1.0)
    assert low.heights[0] == free.heights[0]  # headings keep theirs


@pytest.mark.parametrize("width", [260.0, 453.5])
def test_no_text_runs_into_another_or_off_the_page(width: float) -> None:
    told = [
        Line(
            "Emplois par maillon, en équivalents temps plein",
            "1 200 000 € accordés ou versés ; 3 montants inconnus",
        ),
        Line(LONG, "≥\u202f13,5, dont insertion ≥\u202f2 (2022–2024)", {"v": 1}, 2.0),
        Line("Tri", "9", {"v": 1}, 2.0),
        Line(
            "Rien n’est connu des emplois : c’est à demander à chacun de ceux qui tiennent un maillon.",
            sentence=True,
        ),
        Line("Postes d’insertion", "atteint / attendu"),
        Line("Structures : " + LONG, "… / 5", {"v": 1}, 2.0),
    ]
    page = Page.of(told, width, None, title="Un titre", legend=0.0)
    ax = open_sheet(None, width=width, total=page.total, title="Un titre")
    draw_lines(ax, page)
    assert not overlapping(ax)
    assert not outside(ax)
    # bars stand between the names and what is said: no word reaches in there
    for text in ax.texts:
        x, y = text.get_position()
        rows = [
            m for line, m in zip(told, page.middles, strict=True) if line.row is not None and abs(m - y) < 20
        ]
        if rows and text.get_horizontalalignment() == "right" and x < page.left:
            assert x == pytest.approx(page.left - 5.0)
        elif rows and text.get_horizontalalignment() == "left" and x > page.left:
            assert x == pytest.approx(page.right + 4.0)


def test_names_get_a_third_of_the_page_and_what_is_said_another_at_most() -> None:
    wide = Page.of([Line("n" * 200, "s" * 200, {"v": 1}, 1.0)], 600.0, None, title=None, legend=0.0)
    # 0.33 × 600 = 198; 600 - 0.31 × 600 = 414
    assert [wide.left, wide.right] == pytest.approx([198.0, 414.0])
    narrow = Page.of([Line("Tri", "9", {"v": 1}, 1.0)], 600.0, None, title=None, legend=0.0)
    assert narrow.left < 40 and narrow.right > 580
    # lines that are no rows ask for no column
    alone = Page.of([Line("n" * 200, "s" * 200)], 600.0, None, title=None, legend=0.0)
    assert [alone.left, alone.right] == pytest.approx([12.0, 591.0])


def test_guillemets_hold_to_their_word() -> None:
    page = Page.of([Line("Tri « fin » et « gros »", "", {"v": 1}, 1.0)], 100.0, None, title=None, legend=0.0)
    assert all(not line.startswith("»") and not line.endswith("«") for line in page.names[0].lines)
    assert "«\u00a0fin\u00a0»" in " ".join(page.names[0].lines)


def test_sizes_of_names_and_of_what_is_said_are_those_of_the_figures() -> None:
    page = Page.of(
        [Line("Tri", "9", {"v": 1}, 1.0), Line("Rien.", sentence=True)], 453.5, None, title=None, legend=0.0
    )
    assert (page.names[0].size, page.said[0].size, page.names[1].size) == (SIZE, SMALL, SMALL)


@pytest.mark.parametrize(
    ("kinds", "axes"),
    [("hrrr", 1), ("hrrhr", 2), ("rsr", 2), ("hh", 0), ("r", 1), ("hrrsrh", 2)],
)
def test_an_axis_runs_along_each_run_of_rows(kinds: str, axes: int) -> None:
    told = [Line("x", "", {"v": 1} if kind == "r" else None, 1.0, sentence=kind == "s") for kind in kinds]
    page = Page.of(told, 453.5, None, title=None, legend=0.0)
    ax = open_sheet(None, width=453.5, total=page.total)
    draw_lines(ax, page)
    found = [
        one for one in ax.patches if isinstance(one, Rectangle) and one.get_width() == pytest.approx(0.8)
    ]
    assert len(found) == axes
    rows = [
        (m - t / 2, m + t / 2)
        for line, m, t in zip(told, page.middles, page.heights, strict=True)
        if line.row
    ]
    covered = [(one.get_y(), one.get_y() + one.get_height()) for one in found]
    for top, bottom in rows:  # each row lies along one of them
        assert any(first - 1e-9 <= top and bottom <= last + 1e-9 for first, last in covered)
    # a heading has a rule below it, a sentence none
    rules = [
        one for one in ax.patches if isinstance(one, Rectangle) and one.get_height() == pytest.approx(0.8)
    ]
    assert len(rules) == kinds.count("h")


@pytest.mark.parametrize("draw", [stub, swatch_unknown])
def test_the_sign_of_the_unknown_is_hatched_wherever_it_stands(draw: Any) -> None:
    ax = open_sheet(None, width=100.0, total=50.0)
    if draw is stub:
        stub(ax, 20.0, 30.0, wide=25.0, mark="…", gid="masked")
        assert words(ax) == ["…"]
    else:
        swatch_unknown(ax, 20.0, 30.0, 25.0, BAR)
        assert words(ax) == []
    (box,) = ax.patches
    assert isinstance(box, Rectangle)
    assert (box.get_x(), box.get_width(), box.get_height()) == (20.0, 25.0, BAR)
    assert box.get_y() + box.get_height() / 2 == pytest.approx(30.0)
    (lines_,) = [one for one in ax.collections if isinstance(one, LineCollection)]
    for (x0, y0), (x1, y1) in lines_.get_segments():  # no line leaves the box
        assert 20 - 1e-6 <= min(x0, x1) <= max(x0, x1) <= 45 + 1e-6
        assert 26 - 1e-6 <= min(y0, y1) <= max(y0, y1) <= 34 + 1e-6
    assert len(lines_.get_segments()) >= 6
