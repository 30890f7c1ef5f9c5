"""Measured text: widths, line breaks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chaine_valeur.figures._text import LEGIBLE, LINE_HEIGHT, Words, clean, line_width, wrap, wrap_whole

NAME = st.text(alphabet="abcdefghijklmnopqrstuvwxyz éèÉ'’-/&$<>_(){}\u00a0\u202f", min_size=0, max_size=60)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  La   Boucle\tVerte\n", "La Boucle Verte"),
        ("a\x00b\u2028c", "a b c"),
        ("1\u202f200\u00a0t", "1\u202f200\u00a0t"),  # the spaces that hold a number together stay
        ("cou\u00adpé", "cou pé"),
        (None, ""),
        (12, "12"),
    ],
)
def test_clean(raw: object, shown: str) -> None:
    assert clean(raw) == shown


def test_width_grows_with_size_and_text() -> None:
    assert line_width("", 8) == 0
    assert line_width("Tri", 8) * 2 == pytest.approx(line_width("Tri", 16))
    assert line_width("Tri", 8, bold=True) > line_width("Tri", 8)
    assert line_width("Tri Tri", 8) == pytest.approx(2 * line_width("Tri", 8) + line_width(" ", 8))


@pytest.mark.parametrize("text", ["Menuiserie d’insertion", "1\u202f200\u00a0t", "ŒUVRE", "WAVE", "$a_b$"])
@pytest.mark.parametrize("bold", [False, True])
def test_width_is_that_of_the_drawn_text(text: str, bold: bool) -> None:
    """Matplotlib measures ink, we add up pen moves with a margin: ours must hold the text, not by much."""
    from matplotlib.textpath import text_to_path

    from chaine_valeur.figures._text import font

    drawn, _, _ = text_to_path.get_text_width_height_descent(text, font(bold=bold), ismath=False)
    ours = line_width(text, 10, bold=bold)
    assert drawn <= ours <= 1.12 * drawn


def test_lines_break_at_spaces_hyphens_and_slashes() -> None:
    assert wrap("Plateforme bois-énergie", 55, 8) == ["Plateforme", "bois-énergie"]
    assert wrap("Plateforme bois-énergie", 50, 8, max_lines=4) == ["Plateforme", "bois-", "énergie"]
    assert wrap("ICIAD/Cotexi", 40, 8) == ["ICIAD/", "Cotexi"]


def test_no_break_at_no_break_spaces() -> None:
    lines = wrap("Environ 1\u202f200\u00a0t par an", 42, 8, max_lines=5)
    assert "1\u202f200\u00a0t" in " ".join(lines)
    assert any("1\u202f200\u00a0t" in line for line in lines)


def test_lines_are_as_even_as_the_words_allow() -> None:
    # filled greedily the last line would hold one word
    lines = wrap("un deux trois quatre", line_width("un deux trois", 8) + 1, 8)
    assert lines == ["un deux", "trois quatre"]


def test_a_long_word_is_cut_before_a_syllable() -> None:
    lines = wrap("Transformation", 42, 8, max_lines=4)
    assert lines == ["Transfor-", "mation"]
    # not between the letters of one sound
    assert wrap("blanchisserie", 34, 8, max_lines=4)[0] in ("blan-", "blanchis-", "blanchi-")


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    name = "Groupement d'employeurs pour l'insertion et la qualification"
    lines = wrap(name, 60, 8, max_lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert line_width(lines[-1], 8) <= 60


def test_nothing_to_write_is_one_empty_line() -> None:
    assert wrap("", 50, 8) == [""]
    assert wrap("   ", 50, 8) == [""]


@example("/$ffk\u00a0<", 24.0, 1)  # cut at a space that does not break
@given(NAME, st.floats(20, 200), st.integers(1, 5))
def test_no_line_is_too_wide_and_no_letter_is_invented(name: str, width: float, most: int) -> None:
    lines = wrap(name, width, 7, max_lines=most)
    assert 1 <= len(lines) <= most
    for line in lines:
        assert line_width(line, 7) <= width + 1e-9 or len(line) <= 5
    if not lines[-1].endswith("…"):
        # what is read is what was written, apart from spaces and the hyphens of cut words
        assert "".join(lines).replace("-", "").replace(" ", "") == clean(name).replace("-", "").replace(
            " ", ""
        )


def test_wrap_whole_takes_the_largest_size_that_cuts_nothing() -> None:
    wide = line_width("Transformation", 7.0) + 0.1
    assert wrap_whole("Transformation", wide, 8.0) == Words(["Transformation"], 7.0)
    assert wrap_whole("Tri", wide, 8.0).size == 8.0


def test_wrap_whole_never_goes_below_the_legible_size() -> None:
    words = wrap_whole("Anticonstitutionnellement", 30, 6.5)
    assert words.size == LEGIBLE
    assert len(words.lines) > 1
    assert words.height == pytest.approx(len(words.lines) * LEGIBLE * LINE_HEIGHT)
