"""Columns of Word tables: no word is cut that fits, long texts get the room, alike tables alike widths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.report.blocks import Cell, Column, Grid
from chaine_valeur.report.word_widths import LONGEST_CM, ROOM_CM, SIZES, column_widths, text_cm

ROOM = 17.0


def grid(heads: list[str], *rows: list[str]) -> Grid:
    return Grid.of("", heads, rows)


def lines_of(one: Grid, widths: tuple[float, ...]) -> float:
    """Return about how many lines the rows of a table take."""
    total = 0.0
    for row in one.rows:
        need = [text_cm(cell.text, size=8) / (w - ROOM_CM) for cell, w in zip(row, widths, strict=True)]
        total += max(1.0, *need)
    return total


def test_the_width_of_a_text_is_that_of_arial() -> None:
    # A 667, r 333, i 222, a 556, l 222 thousandths: 2.000 × 10 pt × 0.03528 cm
    assert text_cm("Arial", size=10) == pytest.approx(2.0 * 10 * 2.54 / 72)
    assert text_cm("é", size=10) == text_cm("e", size=10)
    assert text_cm("", size=10) == 0
    assert text_cm("Arial", size=10, bold=True) > text_cm("Arial", size=10)
    assert text_cm("漢", size=10) == pytest.approx(10 * 2.54 / 72)  # as wide as high
    assert text_cm("🧶", size=10) == text_cm("漢", size=10)


def test_widths_fill_the_room_and_hold_the_longest_word() -> None:
    one = grid(["Structure", "Réalisés"], ["Les Bâtisseurs Solidaires", "7,09"])
    widths = column_widths([one], ROOM)
    assert sum(widths.cm) == pytest.approx(ROOM)
    assert widths.size == SIZES[0]
    # « Bâtisseurs » and « Réalisés » stand on one line each, the head in bold
    assert widths.cm[0] >= text_cm("Bâtisseurs", size=8) + ROOM_CM
    assert widths.cm[1] >= text_cm("Réalisés", size=8, bold=True) + ROOM_CM


def test_a_number_is_one_word_whatever_its_spaces() -> None:
    told = "1\u202f234\u202f567\u00a0€"
    widths = column_widths([grid(["x", "y"], [told, "mot " * 400])], ROOM)
    assert widths.cm[0] >= text_cm(told, size=8) + ROOM_CM
    # ordinary spaces part words, and so does a hyphen
    parted = column_widths([grid(["x", "y"], ["1 234 567 €", "mot " * 400])], ROOM)
    assert parted.cm[0] < widths.cm[0]
    hyphen = [
        column_widths([grid(["x", "y"], [f"porte{sign}porte", "mot " * 400])], ROOM).cm[0] for sign in "-_"
    ]
    assert hyphen[0] < hyphen[1]


def test_room_goes_where_it_lowers_the_rows() -> None:
    one = grid(
        ["N°", "Constat", "Source"], *[[str(n), "un constat assez long " * 12, "relevé"] for n in range(9)]
    )
    widths = column_widths([one], ROOM).cm
    assert widths[1] > 12
    even = (ROOM / 3,) * 3
    assert lines_of(one, widths) < 0.6 * lines_of(one, even)
    # two long columns share it by what they hold: three times the text, more room, not all of it
    two = column_widths([grid(["a", "b"], ["mot " * 90, "mot " * 30])], ROOM).cm
    assert 1.5 < two[0] / two[1] < 4


def test_a_word_without_end_takes_no_more_than_its_share() -> None:
    widths = column_widths([grid(["a", "b"], ["x" * 300, "court"])], ROOM)
    assert widths.size == SIZES[0] and sum(widths.cm) == pytest.approx(ROOM)
    many = column_widths([grid([f"colonne{n}" for n in range(6)], ["x" * 300] * 6)], ROOM)
    assert all(width <= LONGEST_CM + ROOM_CM for width in many.cm)


def test_too_many_columns_are_set_smaller_and_share_the_page() -> None:
    heads = [f"Consommation{n}" for n in range(8)]
    small = column_widths([grid(heads, ["1"] * 8)], ROOM)
    assert small.size == SIZES[1]
    assert sum(small.cm) == pytest.approx(ROOM)
    crowd = column_widths([grid(["Conventionnement"] * 30, ["1"] * 30)], ROOM)
    assert crowd.size == SIZES[1] and sum(crowd.cm) == pytest.approx(ROOM)
    assert len(set(np.round(crowd.cm, 6))) == 1


def test_alike_tables_share_their_widths_and_none_is_empty() -> None:
    a, b = grid(["x", "y"], ["un", "mot " * 99]), grid(["x", "y"], ["une autre histoire", "deux"])
    assert column_widths([a, b], ROOM) == column_widths([b, a], ROOM)
    assert column_widths([grid(["x", "y"])], ROOM).cm == pytest.approx((ROOM / 2, ROOM / 2), abs=0.2)
    assert column_widths([grid([""], [""])], ROOM).cm == pytest.approx((ROOM,))


def test_only_the_first_rows_of_thousands_are_looked_at() -> None:
    rows = [["court", "mot " * 9]] * 1000
    told = Grid("", (Column("a"), Column("b")), tuple(tuple(map(Cell, row)) for row in rows))
    longer = Grid("", told.columns, (*told.rows, (Cell("x" * 20), Cell("y"))))
    assert column_widths([told], ROOM) == column_widths([longer], ROOM)


TEXTS = st.text(max_size=60)


@settings(max_examples=25)
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_any_texts_fill_the_room(rows: list[list[str]]) -> None:
    heads, *rest = rows
    widths = column_widths([grid(heads, *rest)], ROOM)
    assert sum(widths.cm) == pytest.approx(ROOM)
    assert min(widths.cm) > 0
    assert len(widths.cm) == len(heads)
