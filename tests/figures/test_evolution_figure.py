"""Cooperation over the years as drawn: parts of bars, what ended below, density in its range, the unknown."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.figures import draw_evolution, evolution_alt_text, evolution_figure, save
from chaine_valeur.figures._evolution_data import columns_of, parts_of, rows_of
from tests.figures.test_colours import PLAIN, SIGHT, difference, linear

NAN, NB, THIN = float("nan"), "\u00a0", "\u202f"
MINUS = "\N{MINUS SIGN}"
PARTS = ("kept", "before-unknown", "born", "undated")
COLUMNS = ["year", "ties", "born", "ended", "kept", "density", "low", "high", "undated"]


def history(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """A frame of `tie_history`: year, ties, born, ended, kept, density, low, high, undated."""
    return pd.DataFrame(rows, columns=COLUMNS).assign(kind="all", note="")


#: 2020: 4 ties; 2021: 3 of them stay, 1 ends, 2 begin, and 1 of unknown period; 2022: nothing known; 2024: 5, of
#: which one knows nothing of the year before; 2023 has no row.
HOLES = history(
    (2020, 4, NAN, NAN, NAN, 0.1, 0.1, 0.3, 0),
    (2021, 6, 2, 1, 3, 0.2, 0.15, 0.4, 1),
    (2022, 0, NAN, NAN, NAN, NAN, 0.0, 1.0, 0),
    (2024, 5, 0, 0, 0, 0.12, 0.12, 0.12, 0),
)


def dated(**changes: Any) -> Filiere:
    """Three actors, all asked: A–B from 2019, B–C from 2020 to 2020."""
    ties = {
        "actor_id": ["A", "B"], "to_actor_id": ["B", "C"], "kind": ["research", "research"],
        "since": [2019, 2020], "until": [None, 2020],
    }  # fmt: skip
    return Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [2021]},
        actors={"name": ["A", "B", "C"], "surveyed_on": ["2021-01-01"] * 3},
        cooperations=ties | changes,
    )


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def marks(ax: Axes, gid: str) -> list[Rectangle]:
    """The marks of a kind from left to right, without that of the legend."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]
    return sorted((each for each in found if each.get_y() < legend_top(ax)), key=lambda each: each.get_x())


def legend_top(ax: Axes) -> float:
    ends: list[Any] = [patch for patch in ax.patches if patch.get_gid() in ("range", "unknown-year")]
    return max(patch.get_y() + patch.get_height() for patch in ends) + 1.0


def x_of(ax: Axes, year: str) -> float:
    return next(float(text.get_position()[0]) for text in ax.texts if text.get_text() == year)


def at(ax: Axes, year: str, gid: str) -> Rectangle | None:
    """The mark of a kind in the column of a year."""
    found = [each for each in marks(ax, gid) if abs(each.get_x() + each.get_width() / 2 - x_of(ax, year)) < 1]
    return found[0] if found else None


def lines(ax: Axes, gid: str) -> list[Any]:
    found = [artist for artist in [*ax.lines, *ax.artists] if artist.get_gid() == gid]
    return sorted(found, key=lambda each: float(each.get_xdata()[0]))


@pytest.fixture(scope="module")
def ax() -> Axes:
    return draw_evolution(HOLES)


# -- bars -----------------------------------------------------------------------------------------------


def test_a_bar_is_made_of_what_stayed_what_began_and_what_is_not_dated(ax: Axes) -> None:
    found = {name: at(ax, "2021", name) for name in PARTS}
    assert found["before-unknown"] is None
    parts = {name: patch for name, patch in found.items() if patch is not None}
    assert set(parts) == {"kept", "born", "undated"}
    unit = parts["undated"].get_height()
    assert parts["kept"].get_height() == pytest.approx(3 * unit)
    assert parts["born"].get_height() == pytest.approx(2 * unit)
    # from the axis upwards: each stands on the one before
    for lower, upper in (("kept", "born"), ("born", "undated")):
        assert parts[upper].get_y() + parts[upper].get_height() == pytest.approx(parts[lower].get_y())


def test_what_ended_hangs_below_the_axis(ax: Axes) -> None:
    ended, kept = at(ax, "2021", "ended"), at(ax, "2021", "kept")
    assert ended is not None and kept is not None
    assert ended.get_y() == pytest.approx(kept.get_y() + kept.get_height())  # the axis
    assert ended.get_height() == pytest.approx(kept.get_height() / 3)
    assert len(marks(ax, "ended")) == 1
    assert f"{MINUS}1" in words(ax)


@pytest.mark.parametrize("year", ["2020", "2024"])
def test_what_is_not_compared_is_neither_kept_nor_born(ax: Axes, year: str) -> None:
    assert [name for name in (*PARTS, "ended") if at(ax, year, name) is not None] == ["before-unknown"]


def test_bars_are_as_high_as_their_number_of_ties(ax: Axes) -> None:
    four, five = at(ax, "2020", "before-unknown"), at(ax, "2024", "before-unknown")
    assert four is not None and five is not None
    assert five.get_height() / four.get_height() == pytest.approx(5 / 4)
    assert {"4", "6", "5"} <= set(words(ax))


def test_the_parts_of_a_row_add_up() -> None:
    for row in HOLES.to_dict("records"):
        assert sum(count for _, count in parts_of(row)) == row["ties"]
    mixed = {"ties": 10, "kept": 3, "born": 2, "undated": 1}
    assert parts_of(mixed) == [("kept", 3), ("before-unknown", 4), ("born", 2), ("undated", 1)]


@pytest.mark.parametrize("sight", SIGHT)
def test_parts_are_told_apart_by_everybody(sight: str, ax: Axes) -> None:
    solid = {
        name: to_hex(marks(ax, name)[0].get_facecolor())
        for name in ("kept", "born", "before-unknown", "ended")
    }
    for one, other in combinations(solid.values(), 2):
        assert difference(linear(one), linear(other), sight) >= PLAIN


# -- years ----------------------------------------------------------------------------------------------


def test_years_of_which_nothing_is_known_are_hatched(ax: Axes) -> None:
    hatched = marks(ax, "unknown-year")
    assert len(hatched) == 4  # 2022 and 2023, in both panels
    middles = sorted({round(each.get_x() + each.get_width() / 2) for each in hatched})
    assert middles == [round(x_of(ax, "2022")), round(x_of(ax, "2023"))]
    assert words(ax).count("?") == 2
    for name in (*PARTS, "ended", "range"):
        assert at(ax, "2022", name) is None
    assert "rien n’est connu" in words(ax)


def test_a_year_known_to_have_no_tie_is_not_hatched() -> None:
    ax = draw_evolution(
        history((2020, 0, NAN, NAN, NAN, 0.0, 0.0, 0.5, 0), (2021, 2, 2, 0, 0, 0.2, 0.2, 0.5, 0))
    )
    assert not marks(ax, "unknown-year")
    assert "0" in words(ax)
    assert "rien n’est connu" not in words(ax)


def test_years_stand_at_their_distance() -> None:
    assert columns_of([2020, 2022]) == [2020, 2021, 2022]
    assert columns_of(["first wave", "second wave"]) == ["first wave", "second wave"]
    assert columns_of([1800, 2020]) == [1800, 2020]
    assert columns_of([]) == []
    assert columns_of([np.int64(2020), 2021]) == [2020, 2021]


def test_many_years_are_labelled_now_and_then_and_the_last_always() -> None:
    rows = [(1980 + k, 10 + k, 1, 0, 9 + k, 0.1, 0.1, 0.2, 0) for k in range(45)]
    said = set(words(draw_evolution(history(*rows))))
    assert "2024" in said
    assert 5 < sum(text in said for text in map(str, range(1980, 2025))) < 45


# -- density --------------------------------------------------------------------------------------------


def test_density_is_a_dot_in_its_range(ax: Axes) -> None:
    dots = [each for each in lines(ax, "density") if float(each.get_ydata()[0]) < legend_top(ax)]
    assert len(dots) == 3
    ranges = [at(ax, year, "range") for year in ("2020", "2021", "2024")]
    heights = []
    for dot, patch in zip(dots, ranges, strict=True):
        assert patch is not None
        y = float(dot.get_ydata()[0])
        assert patch.get_y() - 0.01 <= y <= patch.get_y() + patch.get_height() + 0.01
        heights.append(patch.get_height())
    # ranges of 0.2, 0.25 and none
    assert heights[1] / heights[0] == pytest.approx(1.25)
    assert heights[2] == pytest.approx(0.0)


def test_a_line_ties_only_years_that_follow_each_other(ax: Axes) -> None:
    (line,) = lines(ax, "density-line")
    assert [round(float(x)) for x in line.get_xdata()] == [round(x_of(ax, "2020")), round(x_of(ax, "2021"))]


def test_unknown_years_do_not_stretch_the_scale(ax: Axes) -> None:
    assert f"100{NB}%" not in words(ax)  # of 2022 the range is all there is
    assert f"40{NB}%" in words(ax)


def test_a_range_of_nothing_is_not_in_the_legend() -> None:
    ax = draw_evolution(history((2020, 2, NAN, NAN, NAN, 0.5, 0.5, 0.5, 0)))
    assert not any("étendue" in text for text in words(ax))
    assert "densité" in words(ax)


# -- from a filière and from graphs ----------------------------------------------------------------------


def test_a_filiere() -> None:
    """2019: A–B, 1 of 3 pairs; 2020: B–C begins, 2 of 3; 2021: it has ended, 1 of 3."""
    ax = evolution_figure(dated())
    assert {"2019", "2020", "2021"} <= set(words(ax))
    born, ended = marks(ax, "born"), marks(ax, "ended")
    assert len(born) == len(ended) == 1
    assert born[0].get_x() + born[0].get_width() / 2 == pytest.approx(x_of(ax, "2020"))
    assert ended[0].get_x() + ended[0].get_width() / 2 == pytest.approx(x_of(ax, "2021"))
    assert f"50{NB}%" in words(ax)


def test_a_lone_year_has_one_bar() -> None:
    ax = evolution_figure(dated().at(2020))
    assert [len(marks(ax, name)) for name in (*PARTS, "ended")] == [0, 1, 0, 0, 0]
    assert not lines(ax, "density-line")


def test_years_and_kinds_can_be_asked_for() -> None:
    assert "2019" not in words(evolution_figure(dated(), years=[2020, 2021]))
    f = dated(kind=["research", "training"])
    assert not marks(evolution_figure(f, kind="research"), "born")
    assert len(marks(evolution_figure(f), "born")) == 1


def test_waves_of_graphs() -> None:
    waves = {2020: nx.path_graph(3), 2021: nx.cycle_graph(3)}
    ax = evolution_figure(waves, lang="en")
    assert len(marks(ax, "born")) == len(marks(ax, "kept")) == 1
    assert "began this year" in words(ax)


def test_of_rows_by_kind_those_of_all_ties_are_drawn() -> None:
    both = pd.concat([HOLES, HOLES.assign(kind="research")], ignore_index=True)
    assert rows_of(both).equals(HOLES)
    assert words(draw_evolution(both)) == words(draw_evolution(HOLES))


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (Filiere.from_tables(actors={"name": ["A", "B"]}), "Aucune coopération datée n’est décrite"),
        (dated(since=[None, None], until=[None, None]), "Aucune coopération connue ne porte d’année"),
    ],
)
def test_without_a_year_a_sentence_stands_in_for_the_picture(f: Filiere, said: str) -> None:
    ax = evolution_figure(f)
    (text,) = words(ax)
    assert text.replace("\n", " ").startswith(said)
    assert not ax.patches


# -- sizes, languages, files ----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [16.0, 8.0])
def test_everything_is_legible_and_on_the_page(width: float) -> None:
    ax = draw_evolution(HOLES, width_cm=width, title="La coopération")
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6
    assert isinstance(ax.figure, Figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    right, bottom = ax.get_xlim()[1], ax.get_ylim()[0]
    for text in ax.texts:
        box = text.get_window_extent(renderer).transformed(ax.transData.inverted())
        assert box.x0 >= -1 and box.x1 <= right + 1, text.get_text()
        assert min(box.y0, box.y1) >= -1 and max(box.y0, box.y1) <= bottom + 1


def test_axes_title_and_language() -> None:
    figure = Figure(figsize=(6, 5))
    ax = figure.add_subplot()
    assert draw_evolution(HOLES, ax=ax, title="$x$", lang="en") is ax
    assert {"$x$", "Known cooperations", "40%", "there the year before"} <= set(words(ax))
    assert not any(text.get_parse_math() for text in ax.texts)
    FigureCanvasAgg(figure).draw()
    english, french = set(words(draw_evolution(HOLES, lang="en"))), set(words(draw_evolution(HOLES)))
    assert not {text for text in english & french if any(c.isalpha() for c in text)}
    with pytest.raises(UnknownNameError):
        draw_evolution(HOLES, lang="de")
    with pytest.raises(UnknownNameError):
        evolution_figure(dated(), lang="de")


def test_thousands_are_written_as_the_reader_does() -> None:
    rows = history((2020, 1200, NAN, NAN, NAN, 0.01, 0.01, 0.02, 0))
    assert f"1{THIN}200" in words(draw_evolution(rows))
    assert "1,200" in words(draw_evolution(rows, lang="en"))


def test_the_frame_is_not_changed() -> None:
    before = HOLES.copy()
    draw_evolution(HOLES)
    pd.testing.assert_frame_equal(HOLES, before)


def test_the_same_filiere_gives_the_same_file(tmp_path: Path) -> None:
    first, second = (save(evolution_figure(dated()), tmp_path / name)[1].read_bytes() for name in "ab")
    assert first == second


# -- in words -------------------------------------------------------------------------------------------


def test_in_words() -> None:
    assert evolution_alt_text(HOLES) == (
        f"La coopération au fil des années{NB}: en 2020, 4 coopérations connues, densité 10,0{NB}%{THIN}; "
        f"en 2024, 5 coopérations connues, densité 12,0{NB}%. "
        f"Entre-temps{NB}: 2 ont commencé et 1 a pris fin. Rien n’est connu de{NB}: 2022."
    )
    assert evolution_alt_text(HOLES.head(2), "en") == (
        "Cooperation over the years: in 2020, 4 known cooperations, density 10.0%; in 2021, 6 known cooperations, "
        "density 20.0%. In between: 2 began and 1 ended."
    )
    assert evolution_alt_text(HOLES.head(0), "en").startswith("No cooperation that bears a year")
