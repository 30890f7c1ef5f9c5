"""Rows of bars on a page: nothing overlaps, nothing leaves it, long names are broken, scales hold."""

from __future__ import annotations

import pytest
from matplotlib.patches import Rectangle

from chaine_valeur.figures._bar_page import STUB, Line, Page, draw_lines, stub
from chaine_valeur.figures._sheet import open_sheet
from chaine_valeur.figures._text import line_width

WIDTH = 453.5  # 16 cm
LINES = [
    Line("Emplois par maillon", "en ETP"),
    Line("Tri", "9, dont insertion 6", {"value": 9.0}, 10.0),
    Line(
        "Un maillon au nom bien trop long pour la colonne qui lui revient sur la page",
        "3",
        {"value": 3.0},
        10.0,
    ),
    Line("Postes", "atteint / attendu"),
    Line("Rien n’est connu : à demander.", sentence=True),
    Line("Programme", "26 / 40", {"value": 26.0}, 40.0),
]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page.of(LINES, WIDTH, None, title=None, legend=20.0)


def test_lines_stand_below_each_other_without_overlap(page: Page) -> None:
    ends = [
        (middle - tall / 2, middle + tall / 2)
        for middle, tall in zip(page.middles, page.heights, strict=True)
    ]
    assert ends[0][0] >= 0
    assert all(first[1] <= second[0] + 1e-9 for first, second in zip(ends[:-1], ends[1:], strict=True))
    assert ends[-1][1] == pytest.approx(page.bottom)
    assert page.total == pytest.approx(page.bottom + 5.0 + 20.0)


def test_a_heading_begins_after_a_space_a_sentence_does_not(page: Page) -> None:
    def space(place: int) -> float:
        above = page.middles[place - 1] + page.heights[place - 1] / 2
        return page.middles[place] - page.heights[place] / 2 - above

    assert space(3) > 5
    assert space(4) == pytest.approx(0)
    assert space(1) == pytest.approx(0)


def test_names_fit_their_column_and_lose_no_word(page: Page) -> None:
    long = page.names[2]
    assert len(long.lines) > 1
    assert " ".join(long.lines) == LINES[2].text
    for line, words in zip(LINES, page.names, strict=True):
        room = page.left if line.row is not None else WIDTH
        assert all(line_width(text, words.size) <= room for text in words.lines)
    assert page.heights[2] > page.heights[1]


def test_what_is_said_fits_at_the_right_end(page: Page) -> None:
    for line, words in zip(LINES, page.said, strict=True):
        if line.row is not None:
            assert all(page.right + 4 + line_width(text, words.size) <= WIDTH for text in words.lines)


def test_lengths_are_in_proportion_and_leave_room_for_the_unknown(page: Page) -> None:
    assert page.length(0.0, 10.0) == 0.0
    assert page.length(5.0, 10.0) == pytest.approx(page.length(10.0, 10.0) / 2)
    assert page.left + page.length(10.0, 10.0) + STUB < page.right
    assert page.length(3.0, 0.0) == 0.0  # a scale of nothing


def test_a_given_height_stretches_the_rows_alone(page: Page) -> None:
    taller = Page.of(LINES, WIDTH, page.total + 30.0, title=None, legend=20.0)
    for line, before, after in zip(LINES, page.heights, taller.heights, strict=True):
        assert (after > before) == (line.row is not None and before < 24.0)


def test_a_title_takes_its_room(page: Page) -> None:
    titled = Page.of(LINES, WIDTH, None, title="Titre", legend=20.0)
    assert titled.total > page.total
    assert titled.middles[0] - page.middles[0] == pytest.approx(titled.total - page.total)


def test_it_is_drawn_with_its_axis_and_its_words(page: Page) -> None:
    ax = open_sheet(None, width=WIDTH, total=page.total)
    draw_lines(ax, page)
    words = [text.get_text() for text in ax.texts]
    assert {"Tri", "26 / 40", "Postes", "atteint / attendu", "Rien n’est connu : à demander."} <= set(words)
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    axes = [patch for patch in boxes if patch.get_x() == pytest.approx(page.left - 0.4)]
    assert len(axes) == 2  # one along each run of bars
    before = len(ax.patches)
    stub(ax, 10.0, 10.0, gid="here")
    (drawn,) = ax.patches[before:]
    assert isinstance(drawn, Rectangle)
    assert (drawn.get_width(), drawn.get_gid()) == (STUB, "here")


def test_no_line_at_all() -> None:
    empty = Page.of([], WIDTH, None, title=None, legend=0.0)
    assert empty.middles == [] and empty.total > 0
