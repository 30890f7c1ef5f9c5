"""Small multiples: a panel per filière in the order of names, marks by state, one scale, strips of all filières."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError
from chaine_valeur.figures.multiples_data import (
    SmallMultiplesData,
    small_multiples_alt_text,
    small_multiples_data,
)
from chaine_valeur.figures.small_multiples import draw_small_multiples
from chaine_valeur.figures.strip import stacked, told_value
from chaine_valeur.portfolio.portfolio import Portfolio
from tests.figures.sheets import marks, outside, said, words
from tests.portfolio.several import Several, figures, named

NAN = float("nan")
STAGES = {"name": ["Collecte", "Tri", "Filature"], "rank": [1, 2, 3]}


def place(name: str, *held: tuple[str, str], filiere: str = "Laine", stages: Any = STAGES) -> Filiere:
    """A territory in which (actor, stage) are held."""
    actors = dict.fromkeys(["Relais", "Atelier", *(who for who, _ in held)])
    return Filiere.from_tables(
        filiere={"name": [filiere], "territory_id": [name]},
        territories={"territory_id": [name], "name": [name], "commune_code": ["76384"]},
        stages=stages,
        actors={"name": list(actors), "commune_code": "76384"},
        activities={"actor_id": [who for who, _ in held], "stage_id": [what for _, what in held]}
        if held
        else None,
    )


@pytest.fixture(scope="module")
def three() -> Portfolio:
    filieres = {
        "b": place("Val 10", ("Relais", "Collecte"), ("Atelier", "Collecte"), ("Relais", "Tri")),
        "a": place("Val 2", ("Relais", "Collecte")),
        "c": place("Bray"),
    }
    values = {"b": (0.6, 0.5, 0.8), "a": 0.3, "c": NAN}
    return Several(filieres, figures(A1=values, D1={"a": 0.1, "b": 0.1, "c": 0.4}))


@pytest.fixture(scope="module")
def data(three: Portfolio) -> SmallMultiplesData:
    return small_multiples_data(three, others=["D1"], lang="en")


@pytest.fixture(scope="module")
def ax(data: SmallMultiplesData) -> Axes:
    return draw_small_multiples(data, lang="en", title="Wool")


def test_panels_stand_in_the_order_of_their_names(data: SmallMultiplesData) -> None:
    assert data.panels["label"].tolist() == ["Bray", "Val 2", "Val 10"]
    assert data.panels["detail"].tolist() == ["", "", ""]
    assert data.panels["told"].tolist() == ["unknown", "30%", "60%"]
    assert data.panels[["n_expected", "n_held", "n_missing", "n_unknown"]].values.tolist() == [
        [3, 0, 3, 0], [3, 1, 2, 0], [3, 2, 1, 0],
    ]  # fmt: skip
    assert (data.n_before, data.n_after) == (0, 0)
    states = data.marks.pivot(index="number", columns="filiere_code", values="state")
    assert states["b"].tolist() == ["held", "one_actor", "missing"]
    assert states["a"].tolist() == ["one_actor", "missing", "missing"]
    assert data.stages["name"].tolist() == ["Collecte", "Tri", "Filature"]


def test_strips_are_of_all_filieres(data: SmallMultiplesData) -> None:
    strips = data.strips.set_index("indicator_id")
    assert strips.loc["A1", ["n", "n_known", "n_unknown"]].tolist() == [3, 2, 1]
    assert strips.loc["A1", ["q1", "median", "q3"]].tolist() == pytest.approx([0.3, 0.45, 0.6])
    assert strips.loc["A1", ["from_value", "to_value"]].tolist() == [0.0, 1.0]
    assert data.dots.groupby("indicator_id")["value"].apply(list).to_dict() == {
        "A1": [0.6, 0.3],
        "D1": [0.1, 0.1, 0.4],
    }


def test_value_order_and_pages_are_asked_for(three: Portfolio) -> None:
    by_value = small_multiples_data(three, order="value", most=2)
    assert by_value.panels["label"].tolist() == ["Val 10", "Val 2"]
    assert (by_value.n_before, by_value.n_after) == (0, 1)
    second = small_multiples_data(three, order="value", most=2, page=2)
    assert second.panels["label"].tolist() == ["Bray"]
    assert (second.n_before, second.n_after) == (2, 0)
    assert small_multiples_data(three, codes=["c"]).panels["filiere_code"].tolist() == ["c"]
    assert small_multiples_data(three, codes=["c"]).strips["n"].tolist() == [3]
    for wrong in ({"order": "best"}, {"most": 0}, {"page": 0}):
        with pytest.raises(ArgumentError, match=next(iter(wrong))):
            small_multiples_data(three, **wrong)  # type: ignore[arg-type]


def test_marks_and_values_are_drawn(ax: Axes, data: SmallMultiplesData) -> None:
    assert len(marks(ax, "held")) == 1
    assert len(marks(ax, "one_actor")) == 2
    assert len(marks(ax, "missing")) == 6
    # one line per panel, of one length; the unknown one has neither dot nor median
    tracks = marks(ax, "track")
    assert len({round(one.get_width(), 6) for one in tracks}) == 1
    values = [one for one in ax.collections if one.get_gid() == "value"]
    assert len(values) == 2
    assert len(marks(ax, "panel-median")) == 2
    # Val 10: at 60 % of its line, between bounds of 50 and 80 %
    track = tracks[-1]
    bounds = marks(ax, "bounds")[0]
    assert (bounds.get_x() - track.get_x()) / track.get_width() == pytest.approx(0.5)
    assert bounds.get_width() / track.get_width() == pytest.approx(0.3)
    spots = sorted(float(np.asarray(one.get_offsets())[0, 0]) - track.get_x() for one in values)
    assert any(spot / track.get_width() == pytest.approx(0.6) for spot in spots)
    assert {"Wool", "Bray", "Val 2", "Val 10", "30%", "unknown", "1 unknown", "all known"} <= set(words(ax))


def test_strips_have_a_box_between_the_quartiles(ax: Axes) -> None:
    scale, box, median = (marks(ax, name)[0] for name in ("scale", "box", "median"))
    share = box.get_width() / scale.get_width()
    assert share == pytest.approx(0.3, abs=0.01)
    assert box.get_x() < median.get_x() < box.get_x() + box.get_width()
    dots = [one for one in ax.collections if one.get_gid() == "dots"]
    assert [len(one.get_offsets()) for one in dots] == [2, 3]
    piled = np.asarray(dots[1].get_offsets())
    assert piled[0, 1] > piled[1, 1]  # of two alike one stands on the other


def test_nothing_leaves_the_sheet(ax: Axes) -> None:
    ax.lines  # noqa: B018 (crosses are lines: rectangles and texts are looked at)
    assert not outside(ax)


def test_legend_names_what_is_drawn(ax: Axes) -> None:
    told = said(ax)
    assert "rests on a single actor, to be secured" in told
    assert "Stages, from left to right: 1 Collecte, 2 Tri and 3 Filature" in told
    assert "expected at a wider scale" not in told


def test_alt_text_says_the_same(data: SmallMultiplesData) -> None:
    text = small_multiples_alt_text(data, "en")
    assert (
        "Coverage of the stages expected locally: median 45%, half of them from 30% to 60%; 2 known; 1 unknown."
        in text
    )
    assert "Val 2: 1 of 3 stages held; missing: Tri and Filature; 30%." in text
    assert "Bray: 0 of 3 stages held; missing: Collecte, Tri and Filature; unknown." in text


def test_several_chains_have_their_own_rows_of_stages() -> None:
    other = {"name": ["Sciage", "Pose"], "rank": [1, 2]}
    filieres = {"a": place("Val"), "b": place("Val", filiere="Bois", stages=other), "c": place("Mont")}
    data = small_multiples_data(Several(filieres, figures(A1=dict.fromkeys("abc", 0.5))), lang="en")
    # Mont first, then Val by filière
    assert data.panels["filiere_code"].tolist() == ["c", "b", "a"]
    assert data.panels["detail"].tolist() == ["Laine", "Bois", "Laine"]
    assert data.stages.groupby("chain_name")["number"].max().to_dict() == {"Bois": 2, "Laine": 3}
    assert len(data.marks) == 2 + 3 + 3
    told = said(draw_small_multiples(data, lang="en"))
    assert "Bois: 1 Sciage and 2 Pose" in told


def test_years_of_one_territory_are_told_apart() -> None:
    f = datasets.load("exemple_complet")
    filieres = {"x": f.at(2023), "y": f.at(2024)}
    data = small_multiples_data(Several(filieres, figures(A1={"x": 0.1, "y": 0.2})), all_years=True)
    assert data.panels["detail"].tolist() == ["2023", "2024"]


@pytest.mark.parametrize("length", [1, 40])
def test_hostile_names_are_plain_text(length: int) -> None:
    name = "$x_1$ <script>alert(1)</script> مرحبا \u202eabc 😀 " * length
    filieres = named("a", "b") | {"z": place(name)}
    data = small_multiples_data(Several(filieres, figures(A1=dict.fromkeys("abz", NAN))))
    drawn = draw_small_multiples(data)
    assert any("$x_1$" in text for text in words(drawn))
    assert not outside(drawn)
    assert name.split()[0] in small_multiples_alt_text(data)


def test_nothing_to_compare_is_said() -> None:
    data = small_multiples_data(Several({}), lang="en")
    assert "There is no filière to compare." in said(draw_small_multiples(data, lang="en"))
    assert small_multiples_alt_text(data, "en") == "There is no filière to compare."


def test_scales_and_piles() -> None:
    assert [told_value(0.5, "share", "en"), told_value(12_345.6, "EUR/post", "en"), told_value(3, "count", "en")] == [
        "50%", "12,346\u00a0€ per post", "3",
    ]  # fmt: skip
    assert stacked(np.array([0.0, 0.1, 0.2, 5.0]), 3.0).tolist() == [0.0, 1.0, 2.0, 0.0]
