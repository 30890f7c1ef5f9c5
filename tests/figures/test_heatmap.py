"""The heat map of cooperation: counts, the unknown told apart from none, text that stands out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere
from chaine_valeur.figures import cooperation_heatmap
from chaine_valeur.figures.heatmap import _colour, _ink, draw_heatmap


def blocks(*rows: tuple[str, str, int, int, int]) -> pd.DataFrame:
    """Rows of group, other group, ties, possible pairs, documented pairs."""
    columns = ["group_label", "to_group_label", "ties", "possible", "documented"]
    return pd.DataFrame(rows, columns=columns)


THREE = blocks(
    ("ESS", "ESS", 1, 3, 3),
    ("ESS", "Élus", 3, 12, 12),
    ("ESS", "Entreprises", 0, 12, 7),
    ("Élus", "Élus", 0, 6, 0),
    ("Élus", "Entreprises", 0, 4, 4),
    ("Entreprises", "Entreprises", 0, 0, 0),
)


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def cells(ax: Axes) -> list[Any]:
    return [
        patch
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_zorder() == 1 and patch.get_linewidth() == 1.5
    ]


def inside(ax: Axes, patch: Any) -> list[str]:
    (x, y), w, h = patch.get_xy(), patch.get_width(), patch.get_height()
    return [
        text.get_text()
        for text in ax.texts
        if x < text.get_position()[0] < x + w and y < text.get_position()[1] < y + h
    ]


def test_cells_say_ties_over_possible_pairs() -> None:
    ax = draw_heatmap(THREE)
    assert {"1/3", "3/12", "0/12", "0/4"} <= set(words(ax))
    assert len(cells(ax)) == 5  # none where no pair is possible
    assert "–" in words(ax)


def test_the_unknown_is_hatched_and_asked_none_is_not() -> None:
    ax = draw_heatmap(THREE)
    told = {tuple(inside(ax, patch)): patch for patch in cells(ax)}
    assert ("?",) in told
    assert ("0/4",) in told
    hatches = [each for each in ax.collections if isinstance(each, LineCollection)]
    assert len(hatches) == 2  # the cell and the legend
    segments = hatches[0].get_segments()
    unknown = told[("?",)]
    assert min(segment[:, 0].min() for segment in segments) >= unknown.get_x()
    assert max(segment[:, 0].max() for segment in segments) <= unknown.get_x() + unknown.get_width()
    assert "rien n’est connu" in words(ax)


def test_a_cell_half_documented_says_how_many_pairs_are_unknown() -> None:
    assert ["0/12", "5 inconnues"] in [
        inside(draw_heatmap(THREE), patch) for patch in cells(draw_heatmap(THREE))
    ]


def test_the_darker_the_larger_the_share() -> None:
    ax = draw_heatmap(THREE)
    light = {}
    for patch in cells(ax):
        text = inside(ax, patch)[0]
        light[text] = sum(patch.get_facecolor()[:3])
    assert light["1/3"] < light["3/12"] < light["0/4"]


def test_one_tie_among_many_is_not_shown_as_much() -> None:
    # 1 of 100: the darkest colour stands for a quarter at least
    few = draw_heatmap(blocks(("A", "A", 1, 100, 100)))
    assert sum(cells(few)[0].get_facecolor()[:3]) > 2.7
    assert "de 0 à 25\u00a0%" in words(few)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.6, 0.7, 0.9, 1.0])
def test_text_stands_out_on_every_colour(share: float) -> None:
    """Contrast of WCAG, 4.5 at least: (L1 + 0.05) / (L2 + 0.05)."""

    def luminance(rgb: tuple[float, ...]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colour = _colour(share, 1.0)
    ink = _ink(colour)
    text = luminance(tuple(int(ink[k : k + 2], 16) / 255 for k in (1, 3, 5)))
    high, low = max(luminance(colour), text), min(luminance(colour), text)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_an_undirected_frame_fills_half_a_directed_one_all() -> None:
    half = draw_heatmap(blocks(("A", "A", 0, 1, 1), ("A", "B", 1, 2, 2), ("B", "B", 0, 1, 1)))
    assert len(cells(half)) == 3
    whole = draw_heatmap(
        blocks(("A", "A", 0, 2, 2), ("A", "B", 1, 4, 4), ("B", "A", 3, 4, 4), ("B", "B", 0, 2, 2))
    )
    assert len(cells(whole)) == 4
    # the tie from A to B stands in the row of A and the column of B
    row_of_a = [patch for patch in cells(whole) if inside(whole, patch) == ["1/4"]]
    row_of_b = [patch for patch in cells(whole) if inside(whole, patch) == ["3/4"]]
    assert row_of_a[0].get_y() < row_of_b[0].get_y()
    assert row_of_a[0].get_x() > row_of_b[0].get_x()


def test_nothing_known_needs_no_scale_of_colours() -> None:
    written = words(draw_heatmap(blocks(("A", "A", 0, 3, 0), ("A", "B", 0, 6, 0))))
    assert written.count("?") == 2
    assert not any("paires possibles" in text for text in written)


def test_many_groups_are_labelled_upright_and_stay_legible() -> None:
    names = [f"Communauté de communes numéro {k}" for k in range(14)]
    rows = [(a, b, 1, 4, 4) for number, a in enumerate(names) for b in names[number:]]
    ax = draw_heatmap(blocks(*rows))
    assert {text.get_rotation() for text in ax.texts} == {0.0, 90.0}
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6
    assert isinstance(ax.figure, Figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    for text in ax.texts:
        box = text.get_window_extent(renderer).transformed(ax.transData.inverted())
        assert box.x0 >= -1
        assert box.x1 <= ax.get_xlim()[1] + 1
        assert min(box.y0, box.y1) >= -1


def test_no_group_says_so() -> None:
    ax = draw_heatmap(blocks())
    assert words(ax) == ["Aucun acteur susceptible de coopérer n’est décrit."]
    assert not ax.patches


def test_axes_title_and_language() -> None:
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    assert draw_heatmap(THREE, ax=ax, title="$x$", lang="en") is ax
    assert "$x$" in words(ax)
    assert "5 unknown" in words(ax)
    assert not any(text.get_parse_math() for text in ax.texts)
    FigureCanvasAgg(figure).draw()


def test_the_frame_is_not_changed() -> None:
    before = THREE.copy()
    draw_heatmap(THREE)
    assert THREE.equals(before)


def small(**more: Any) -> Filiere:
    """Two suppliers, one buyer; one tie between a supplier and the buyer, who alone was asked."""
    return Filiere.from_tables(
        actors={
            "actor_id": ["a", "b", "c"],
            "name": ["A", "B", "C"],
            "roles": ["supplier", "supplier", "buyer"],
            "pole": ["enterprise", None, "elected"],
            "surveyed_on": [None, None, "2024-05-02"],
        },
        cooperations={"actor_id": ["a"], "to_actor_id": ["c"], "kind": ["joint_project"]},
        **more,
    )


def test_a_filiere_by_role() -> None:
    # suppliers among themselves: one pair, nobody asked; with the buyer: one tie of two documented pairs
    ax = cooperation_heatmap(small())
    told = [inside(ax, patch) for patch in cells(ax)]
    assert sorted(told) == [["1/2"], ["?"]]
    assert {"Fournisseur", "Acheteur"} <= set(words(ax))


def test_a_filiere_by_pole_and_in_a_year() -> None:
    assert "Élus" in words(cooperation_heatmap(small(), by="pole"))
    assert words(cooperation_heatmap(small(), year=2024)) == words(cooperation_heatmap(small()))


def test_a_filiere_without_actors() -> None:
    empty = Filiere.from_tables(actors=pd.DataFrame({"name": []}))
    assert "coopérer" in words(cooperation_heatmap(empty))[0]


def test_a_narrow_cell_still_says_that_some_is_unknown():
    from chaine_valeur.figures import cooperation_heatmap
    from chaine_valeur.filiere import Filiere

    names = [f"a{number}" for number in range(40)]
    f = Filiere.from_tables(
        actors={
            "name": names,
            "pole": ["enterprise"] * 20 + ["ess"] * 20,
            "surveyed_on": ["2024-01-01", *[None] * 39],
        },
        cooperations={"actor_id": ["a0"], "to_actor_id": ["a1"]},
    )
    for width in (16.0, 7.0):
        ax = cooperation_heatmap(f, by="pole", width_cm=width)
        texts = [text.get_text() for text in ax.texts]
        # enterprise–enterprise: 190 pairs, 19 of them with a0; the other 171 are unknown
        assert any("1/190" in text for text in texts)
        assert any("171" in text or text.startswith("1/190\u202f?") for text in texts), (width, texts)
