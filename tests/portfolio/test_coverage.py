"""Stages × filières: what is held where, by hand; how stages of several workbooks are aligned, and what is not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.figures import gaps_data
from chaine_valeur.portfolio.coverage import STATES, coverage_matrix
from tests.portfolio.several import Several

CHAIN: dict[str, Any] = {
    "name": ["Collecte", "Tri", "Tri fin", "Filature", "Tissage", "Teinture", "Vente", "Musée"],
    "rank": range(1, 9),
    "alternative_group": [None, "tri", "tri", None, None, None, None, None],
    "expected_scale": ["local"] * 5 + ["regional", "local", "local"],
    "required": [True] * 7 + [False],
}


def val(name: str = "val", **changes: Any) -> Filiere:
    """Collecte by two, Tri by one (Tri fin is covered), Tissage elsewhere only, Vente by one of unknown place."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": [name]},
        "territories": {"territory_id": [name] * 2, "name": [name.title()] * 2, "commune_code": ["76384", "76114"]},
        "stages": CHAIN,
        "actors": {
            "name": ["Relais", "Ressourcerie", "Tisserand", "Nomade"],
            "commune_code": ["76384", "76114", "76351", None],
        },
        "activities": {
            "actor_id": ["Relais", "Ressourcerie", "Relais", "Tisserand", "Nomade"],
            "stage_id": ["Collecte", "Collecte", "Tri", "Tissage", "Vente"],
        },
    }  # fmt: skip
    return Filiere.from_tables(**(tables | changes))


def bare(name: str) -> Filiere:
    return val(name, actors={"name": ["Relais"]}, activities=None)


def test_each_state_by_hand() -> None:
    found = coverage_matrix(Several({"val": val(), "mont": bare("mont")}))
    states = found.states
    assert states.index.tolist() == [
        "collecte", "tri", "tri-fin", "filature", "tissage", "teinture", "vente", "musee",
    ]  # fmt: skip
    assert states["val"].tolist() == [
        "held", "one_actor", "covered", "missing", "elsewhere", "wider", "unknown", "optional",
    ]  # fmt: skip
    assert states["mont"].tolist() == ["missing"] * 5 + ["wider", "missing", "optional"]
    assert states.columns.name == "filiere_code"
    stages = found.stages
    assert stages.loc["collecte", ["n_expected", "n_held", "n_missing"]].tolist() == [2, 1, 1]
    assert stages["by"].eq("name").all()
    assert found.unaligned.empty
    assert found.filieres.loc["val", ["n_expected", "n_missing", "n_alone"]].tolist() == [8, 1, 0]
    assert found.filieres[[f"n_{state}" for state in STATES if state != "not_expected"]].sum(
        axis=1
    ).tolist() == [8, 8]
    held = found.cells[(found.cells["stage"] == "collecte") & (found.cells["filiere_code"] == "val")].iloc[0]
    assert (held["n_here"], held["n_elsewhere"], held["n_unplaced"]) == (2, 0, 0)


def test_the_states_are_those_of_the_matrix_of_gaps() -> None:
    """The figure of one filière tells held from not held in the same way, by its own computation."""
    ours = {"held": "present", "one_actor": "present", "elsewhere": "outside", "wider": "regional"}
    filieres = {name: datasets.load(name) for name in ("exemple_complet", "textiles_usages", "lin_composite")}
    filieres["val"] = val()
    found = coverage_matrix(Several(filieres)).cells
    for name, f in filieres.items():
        theirs = gaps_data(f, by="territory", most_stages=99).cells
        first = theirs[theirs["territory_id"] == f.territory_id].set_index("stage_id")["state"]
        mine = found[found["filiere_code"] == name].set_index("stage_id")["state"].replace(ours)
        assert first[mine.index].replace({"anywhere": "regional"}).tolist() == mine.tolist(), name


def named(names: list[str], identifiers: list[str] | None = None) -> Filiere:
    stages: dict[str, Any] = {"name": names, "rank": range(1, len(names) + 1)}
    if identifiers is not None:
        stages["stage_id"] = identifiers
    return Filiere.from_tables(stages=stages, actors={"name": ["Relais"]})


@pytest.mark.parametrize(
    ("one", "two", "rows", "by"),
    [
        # one name, whatever its spelling and identifier
        (named(["Tri"], ["s1"]), named(["TRI"], ["x"]), ["s1"], ["name"]),
        # two names under one identifier, in one chain (half of the identifiers are common)
        (named(["Collecte", "Tri"]), named(["Collecte", "Tri manuel"], ["collecte", "tri"]),
         ["collecte", "tri"], ["name", "identifier"]),
        # two chains that happen to use one identifier: not the same stage
        (named(["Collecte", "Préparation des étoupes", "Filature"], ["collecte", "preparation", "filature"]),
         named(["Broyage", "Pose", "Vente"], ["preparation", "pose", "vente"]),
         ["collecte", "preparation", "preparation-2", "filature", "pose", "vente"][:0] or None, None),
        # numbers as identifiers, in another order: the names prevail
        (named(["Collecte", "Tri"], ["s1", "s2"]), named(["Tri", "Collecte"], ["s1", "s2"]), ["s1", "s2"],
         ["name", "name"]),
    ],
)  # fmt: skip
def test_stages_are_aligned(one: Filiere, two: Filiere, rows: list[str] | None, by: list[str] | None) -> None:
    found = coverage_matrix(Several({"a": one, "b": two}))
    if rows is None:
        assert len(found.stages) == len(found.unaligned) == 6
        assert found.filieres["n_alone"].tolist() == [3, 3]
        assert found.stages.index.is_unique
        assert "preparation-2" in found.stages.index
        return
    assert found.stages.index.tolist() == rows
    assert found.stages["by"].tolist() == by
    assert found.stages["n_expected"].tolist() == [2] * len(rows)


def test_both_names_are_said_where_the_identifier_aligned_them() -> None:
    filieres = {
        "a": named(["Collecte", "Tri"]),
        "b": named(["Collecte", "Tri manuel"], ["collecte", "tri"]),
        "c": named(["Collecte", "Tri manuel"], ["collecte", "tri"]),
    }
    row = coverage_matrix(Several(filieres)).stages.loc["tri"]
    assert (row["name"], row["names"]) == ("Tri manuel", "Tri;Tri manuel")


def test_what_does_not_align_is_a_row_of_its_own() -> None:
    found = coverage_matrix(Several({"a": named(["Tri", "Filature"]), "b": named(["Tri", "Peignage"])}))
    assert found.unaligned.index.tolist() == ["filature", "peignage"]
    assert found.states.loc["filature"].tolist() == ["missing", "not_expected"]
    assert found.filieres["n_alone"].tolist() == [1, 1]


def test_codes_choose_and_order_is_that_of_the_portfolio() -> None:
    portfolio = Several({"a": bare("a"), "b": bare("b"), "c": bare("c")})
    assert coverage_matrix(portfolio, codes=["c", "a"]).states.columns.tolist() == ["a", "c"]
    assert coverage_matrix(portfolio, codes="b").states.shape == (8, 1)
    with pytest.raises(UnknownNameError, match="no filière 'z'"):
        coverage_matrix(portfolio, codes=["z"])


def test_without_a_chain_there_is_nothing_to_hold() -> None:
    for filieres in ({}, {"a": Filiere.from_tables(actors={"name": ["Seul"]})}):
        found = coverage_matrix(Several(filieres))
        assert found.cells.empty and found.stages.empty
        assert found.states.shape == (0, len(filieres))
        assert found.filieres["n_expected"].sum() == 0
        assert isinstance(found.unaligned, pd.DataFrame)
