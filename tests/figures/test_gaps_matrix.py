"""The matrix of gaps: who holds what where, each state by hand, what is grouped, what is drawn."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.gaps.chain import chain_of
from chaine_valeur.errors import ArgumentError
from chaine_valeur.figures import GapsData, draw_gaps, gaps_alt_text, gaps_data, gaps_matrix
from chaine_valeur.figures.gaps_matrix import SIGNS

VAL = {"val": ["76384", "76114", "76476"], "bassin": ["76384", "76114", "76476", "76329"]}
NAMES = {"76384": "Lillebonne", "76114": "Bolbec", "76476": "Port-Jérôme", "76329": "Gruchet"}


def small(**changes: Any) -> Filiere:
    """A chain of eight stages.

    Collecte: Relais at Lillebonne, Voisin at Gruchet (of the basin only). Tri, its alternative Tri fin and Filature are
    expected here: Tri is held at Bolbec, Tri fin by nobody, Filature by nobody. Tissage is held at Gruchet; Teinture,
    regional, by Loin, outside; Négoce, at any scale, by nobody; Vente by Nomade, of unknown place; Musée is optional.
    """
    codes = [(name, code) for name, places in VAL.items() for code in places]
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["val"]},
        "territories": {
            "territory_id": [name for name, _ in codes],
            "name": [{"val": "Val", "bassin": "Bassin"}[name] for name, _ in codes],
            "commune_code": [code for _, code in codes],
            "commune_name": [NAMES[code] for _, code in codes],
        },
        "stages": {
            "name": [
                "Collecte",
                "Tri",
                "Tri fin",
                "Filature",
                "Tissage",
                "Teinture",
                "Négoce",
                "Vente",
                "Musée",
            ],
            "rank": range(1, 10),
            "alternative_group": [None, "tri", "tri", *[None] * 6],
            "expected_scale": [*["local"] * 5, "regional", "any", "local", "local"],
            "required": [*[True] * 8, False],
        },
        "actors": {
            "name": ["Relais", "Voisin", "Trieur", "Tisseur", "Loin", "Nomade"],
            "commune_code": ["76384", "76329", "76114", "76329", "75056", None],
        },
        "activities": {
            "actor_id": ["Relais", "Voisin", "Trieur", "Tisseur", "Loin", "Nomade"],
            "stage_id": ["Collecte", "Collecte", "Tri", "Tissage", "Teinture", "Vente"],
        },
    }
    return Filiere.from_tables(**(tables | changes))


@cache
def plain() -> Filiere:
    return small()


def states(data: GapsData, territory: str) -> dict[str, str]:
    cells = data.cells[data.cells["territory_id"] == territory]
    return dict(zip(cells["stage_id"], cells["state"], strict=True))


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def marks(ax: Axes, gid: str) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]


@pytest.fixture(scope="module")
def data() -> GapsData:
    return gaps_data(plain(), lang="en")


@pytest.fixture(scope="module")
def ax(data: GapsData) -> Axes:
    return draw_gaps(data, lang="en")


# -- states, by hand ------------------------------------------------------------------------------------


def test_each_state_seen_from_the_territory(data: GapsData) -> None:
    assert states(data, "val") == {
        "collecte": "present",
        "tri": "present",
        "tri-fin": "covered",  # by Tri, its alternative
        "filature": "missing",
        "tissage": "outside",  # at Gruchet, which is not of the Val
        "teinture": "regional",  # outside too, but nobody expects it here
        "negoce": "anywhere",
        "vente": "unknown",  # nobody knows where Nomade is
        "musee": "optional",
    }


def test_each_state_seen_from_another_territory_and_from_a_commune(data: GapsData) -> None:
    assert states(data, "bassin") == states(data, "val") | {"tissage": "present"}
    bolbec = {"collecte": "outside", "tri": "present", "tri-fin": "covered"}
    assert states(data, "76114") == states(data, "val") | bolbec
    # at Lillebonne sorting is elsewhere, and its alternative is held by nobody
    assert states(data, "76384") == states(data, "val") | {"tri": "outside", "tri-fin": "missing"}


def test_counts_say_how_many_are_there_elsewhere_and_nowhere_known(data: GapsData) -> None:
    cells = data.cells.set_index(["territory_id", "stage_id"])[["n_here", "n_outside", "n_unplaced"]]
    assert cells.loc[("val", "collecte")].tolist() == [1, 1, 0]
    assert cells.loc[("bassin", "collecte")].tolist() == [2, 0, 0]
    assert cells.loc[("val", "teinture")].tolist() == [0, 1, 0]
    assert cells.loc[("val", "vente")].tolist() == [0, 0, 1]


def test_columns_are_the_territories_then_the_communes_with_most_actors(data: GapsData) -> None:
    expected = pd.DataFrame(
        {
            "territory_id": pd.Series(["val", "bassin", "76384", "76114", "76476"], dtype="str"),
            "territory_label": pd.Series(
                ["Val", "Bassin", "Lillebonne", "Bolbec", "Port-Jérôme"], dtype="str"
            ),
            "kind": pd.Series(["territory"] * 2 + ["commune"] * 3, dtype="str"),
            "n_actors": [2, 4, 1, 1, 0],
            "n_grouped": [0] * 5,
        }
    )
    pd.testing.assert_frame_equal(data.territories, expected)
    assert data.stages["stage_label"].tolist()[:3] == ["Collecte", "Tri", "Tri fin"]
    assert len(data.cells) == 5 * 9


def test_only_territories_or_only_communes() -> None:
    assert set(gaps_data(plain(), by="territory").territories["kind"]) == {"territory"}
    assert set(gaps_data(plain(), by="commune").territories["kind"]) == {"commune"}
    with pytest.raises(ArgumentError, match="'territory', 'commune' or None"):
        gaps_data(plain(), by="region")


def test_without_a_territory_all_but_the_outside_is_here() -> None:
    f = small(filiere={"name": ["Laine"]}, territories=None)
    found = gaps_data(f)
    assert found.territories["territory_label"].tolist() == ["Laine"]
    (column,) = found.territories["territory_id"]
    assert states(found, column)["teinture"] == states(found, column)["vente"] == "present"


def test_the_own_column_says_what_the_chain_says() -> None:
    for name in ("exemple_complet", "lin_composite"):
        f = datasets.load(name)
        chain = chain_of(f)
        cells = gaps_data(f).cells
        own = cells[cells["territory_id"] == f.territory_id].set_index("stage_id").loc[f.stages.index]
        np.testing.assert_array_equal((own["state"] == "present").to_numpy(), chain.here)
        np.testing.assert_array_equal((own["state"] == "unknown").to_numpy(), chain.unplaced & ~chain.here)
        counts = own[["n_here", "n_outside", "n_unplaced"]].sum(axis=1).to_numpy()
        np.testing.assert_array_equal(counts, chain.n_holders)


def test_a_commune_seen_as_a_territory_says_the_same() -> None:
    f = plain()
    column = states(gaps_data(f, by="commune"), "76114")
    other = states(gaps_data(f.within("76114"), by="territory"), "76114")
    assert column == other


@given(st.lists(st.sampled_from([*NAMES, "75056", None]), min_size=6, max_size=6))
@settings(max_examples=4, deadline=None)
def test_those_who_hold_a_stage_are_each_in_one_of_three_places(communes: list[str | None]) -> None:
    names = ["Relais", "Voisin", "Trieur", "Tisseur", "Loin", "Nomade"]
    f = small(actors={"name": names, "commune_code": communes})
    cells = gaps_data(f).cells
    counts = cells[["n_here", "n_outside", "n_unplaced"]].sum(axis=1)
    holders = dict(zip(f.stages.index, chain_of(f).n_holders, strict=True))
    assert (counts == cells["stage_id"].map(holders)).all()
    assert ((cells["state"] == "present") == (cells["n_here"] > 0)).all()


def test_a_year_has_its_own_communes() -> None:
    rows = {
        "territory_id": ["val", "val"],
        "commune_code": ["76384", "76114"],
        "since": [2010, 2020],
    }
    f = small(territories=rows)
    # Bolbec, where Tri is held, joined in 2020
    assert states(gaps_data(f.at(2015)), "val")["tri"] == "outside"
    assert states(gaps_data(f.at(2021)), "val")["tri"] == "present"


def test_renaming_the_actors_changes_no_cell(data: GapsData) -> None:
    actors = plain().actors
    names = [f"Acteur {place}" for place in range(len(actors))]
    of = dict(zip(actors["name"], names, strict=True))
    held = plain().activities
    f = small(
        actors={"name": names, "commune_code": actors["commune_code"].tolist()},
        activities={
            "actor_id": [of[actors.at[one, "name"]] for one in held["actor_id"]],
            "stage_id": held["stage_id"].tolist(),
        },
    )
    pd.testing.assert_frame_equal(gaps_data(f, lang="en").cells, data.cells)


def test_a_closed_actor_and_one_in_project_hold_nothing() -> None:
    names = ["Relais", "Voisin", "Trieur", "Tisseur", "Loin", "Nomade"]
    codes = ["76384", "76329", "76114", "76329", "75056", None]
    f = small(actors={"name": names, "commune_code": codes, "status": ["closed", "planned", *[None] * 4]})
    assert states(gaps_data(f), "val")["collecte"] == "missing"


def test_a_flow_from_an_outside_without_a_name_serves_the_stage_from_outside() -> None:
    f = small(
        flows={"source": [None], "source_stage": ["Filature"], "target": ["Trieur"], "target_stage": ["Tri"]}
    )
    cells = gaps_data(f).cells.set_index(["territory_id", "stage_id"])
    assert cells.loc[("val", "filature"), ["state", "n_outside"]].tolist() == ["outside", 0]
    drawn = gaps_matrix(f, lang="en")
    assert "↗" in words(drawn)  # nobody to count


def test_an_actor_elsewhere_is_in_no_commune_of_the_territory() -> None:
    # whose commune is not told, but who is known not to be in the Val
    f = small(
        actors={
            "name": ["Relais", "Voisin", "Trieur", "Tisseur", "Loin", "Nomade"],
            "commune_code": ["76384", "76329", "76114", "76329", "75056", None],
            "actor_type": [None] * 5 + ["outside"],
        }
    )
    for territory in ("val", "76384", "76114"):
        assert states(gaps_data(f), territory)["vente"] == "outside"


# -- several filières, many rows and columns ------------------------------------------------------------


def test_several_filieres_side_by_side_without_what_they_do_not_expect() -> None:
    other = Filiere.from_tables(
        stages={"name": ["Tri", "Lavage"], "rank": [2, 3]},
        actors={"name": ["Trieur"]},
        activities={"actor_id": ["Trieur"], "stage_id": ["Tri"]},
    )
    found = gaps_data({"Laine": plain(), "Lin": other})
    assert found.territories["kind"].tolist() == ["filiere"] * 2
    lin = states(found, "Lin")
    assert (lin["tri"], lin["lavage"], lin["collecte"]) == ("present", "missing", "not_expected")
    assert states(found, "Laine")["lavage"] == "not_expected"
    many = gaps_data({f"L{place}": other for place in range(20)}, most_territories=4, lang="en")
    assert many.territories["territory_label"].tolist() == ["L0", "L1", "L2", "17 other filières"]
    last = many.cells[many.cells["territory_id"] == ""].set_index("stage_id")
    assert last.loc["tri", ["state", "n_present", "n_all"]].tolist() == ["several", 17, 17]
    assert last.loc["lavage", ["n_present", "n_all"]].tolist() == [0, 17]


def test_what_is_beyond_is_grouped_and_said() -> None:
    found = gaps_data(plain(), most_stages=4, most_territories=4, lang="en")
    # three rows stay, those with most gaps, in the order of the chain; the others are counted together
    assert found.stages["stage_label"].tolist()[-1] == "6 other stages"
    assert "Filature" in found.stages["stage_label"].tolist()
    assert found.stages["n_grouped"].tolist() == [0, 0, 0, 6]
    assert len(found.territories) == 4
    assert found.territories["territory_label"].tolist() == [
        "Val",
        "Bassin",
        "Lillebonne",
        "2 other communes",
    ]
    grouped = found.cells[found.cells["stage_id"] == ""].set_index("territory_id")
    assert grouped["n_all"].tolist() == [6] * 4
    rest = found.cells[(found.cells["territory_id"] == "") & (found.cells["stage_id"] != "")]
    assert len(rest) == 3
    drawn = draw_gaps(found, lang="en")
    assert "6 stages are put together in the last row." in " ".join(words(drawn))
    assert any("/6" in text for text in words(drawn))
    with pytest.raises(ArgumentError, match="most_stages=1"):
        gaps_data(plain(), most_stages=1)


def test_communes_where_nobody_is_are_put_together() -> None:
    f = datasets.load("textiles_usages")
    found = gaps_data(f, lang="en")
    assert len(found.territories) <= 15
    assert found.territories["territory_label"].tolist()[-1] == "49 other communes"
    assert found.territories["n_grouped"].tolist()[-1] == 49
    # the second territory of the table has the same fifty communes: it would say the same
    assert found.territories["kind"].tolist().count("territory") == 1


@given(st.integers(2, 8), st.integers(2, 6))
@settings(max_examples=4, deadline=None)
def test_grouping_loses_no_stage_and_no_commune(most_stages: int, most_territories: int) -> None:
    f = plain()
    found = gaps_data(f, most_stages=most_stages, most_territories=most_territories)
    assert len(found.stages) <= most_stages and len(found.territories) <= most_territories
    assert len(found.cells) == len(found.stages) * len(found.territories)
    assert (found.stages["n_grouped"].clip(lower=1)).sum() == len(f.stages)
    each = found.cells.groupby("territory_id")["n_all"].sum()
    assert (each == len(f.stages)).all()


# -- the figure -----------------------------------------------------------------------------------------


def test_each_state_has_a_sign_and_a_look_of_its_own(data: GapsData, ax: Axes) -> None:
    signs = [sign for sign in SIGNS.values() if sign]
    assert len(signs) == len(set(signs))
    looks = {}
    for state in set(data.cells["state"]):
        cells = marks(ax, state)
        assert len(cells) == int((data.cells["state"] == state).sum()), state
        assert len(marks(ax, f"legend-{state}")) == 1
        looks[state] = (cells[0].get_facecolor(), cells[0].get_edgecolor(), SIGNS[state])
    assert len(set(looks.values())) == len(looks)


def test_a_cell_says_its_number_in_its_row_and_column(ax: Axes) -> None:
    def where(text: str, axis: int) -> float:
        return next(float(each.get_position()[axis]) for each in ax.texts if each.get_text() == text)

    y, x = where("Collecte", 1), where("Bassin", 0)
    inside = [
        each.get_text()
        for each in ax.texts
        if abs(each.get_position()[1] - y) < 3 and abs(each.get_position()[0] - x) < 12
    ]
    assert inside == ["2"]  # Relais and Voisin
    assert {"Territories", "Communes", "Actors of the chain", "×", "↗\u202f1"} <= set(words(ax))


def test_the_same_in_words(data: GapsData) -> None:
    told = gaps_alt_text(data, "en")
    assert (
        "Val: held here (number of actors): Collecte (1) and Tri (1); covered by an alternative stage: Tri fin"
        in told
    )
    assert "missing (expected here, held by nobody): Filature" in told
    assert gaps_alt_text(gaps_data(plain())).startswith("Val\u00a0: tenu ici")


@pytest.mark.parametrize("tables", [{}, {"filiere": {"name": ["Laine"]}}])
def test_without_a_chain_it_says_what_is_missing(tables: dict[str, Any]) -> None:
    f = Filiere.from_tables(actors={"name": ["Relais"]}, **tables)
    assert "without it nothing can be called missing" in " ".join(words(gaps_matrix(f, lang="en"))).replace(
        "\n", " "
    )
    assert gaps_alt_text(gaps_data(f), "en") == "No expected chain is described."
    assert gaps_data({}).cells.empty


def test_names_that_try_something_on_axes_that_are_given() -> None:
    name = "$x_1$ <b> \u202eمر 😀 " + "long " * 60
    f = small(
        stages={"name": [name], "rank": [1]},
        activities={"actor_id": ["Relais"], "stage_id": [name]},
    )
    given_ = Figure(figsize=(3, 1.5)).add_subplot()
    assert gaps_matrix(f, ax=given_, title="$t$") is given_
    assert "$t$" in words(given_)
    assert len(marks(given_, "present")) == 3  # Val, Bassin, Lillebonne
