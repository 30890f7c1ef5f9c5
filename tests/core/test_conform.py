"""What goes into the tables comes out of them or is set aside: nothing is lost, nothing is changed behind."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.errors import UnknownNameError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.parse import dtype_of
from chaine_valeur.schema import reference_targets
from chaine_valeur.tables import conform, empty_table, raw_table

from .hand import TABLES
from .reading import read, rows_of, told

pytestmark = pytest.mark.long

# -- damage: sound tables in which anything may be wrong -------------------------------------------------

who = st.sampled_from(["A", "B", "C", "a ", "D", "Zorg", None])
#: column → what may stand in it; good and bad cells alike
CELLS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "actors": {"actor_id": st.sampled_from([None, None, "a", "x"]), "name": st.sampled_from(["A", "B", "C", "a", None]),
               "part_of": st.sampled_from([None, None, "A", "B", "Zorg"]), "pole": st.sampled_from([None, "ESS", "zorg"]),
               "siret": st.sampled_from([None, "73282932000074", "1"]), "Surface": st.sampled_from([None, 1, "x"])},
    "stages": {"name": st.sampled_from(["tri", "Tri", "vente", None]), "rank": st.sampled_from([1, 2, 4, "x", -1])},
    "stage_links": {"stage_id": st.sampled_from(["tri", "vente"]), "to_stage_id": st.sampled_from(["tri", "vente", "x"])},
    "activities": {"actor_id": who, "stage_id": st.sampled_from(["tri", "vente", "x", None]),
                   "jobs_fte": st.sampled_from([None, 0, 3, "env. 3"]), "insertion_fte": st.sampled_from([None, 4])},
    "flows": {"flow_id": st.sampled_from([None, None, "f", "g", "h"]), "source": who, "target": who,
              "quantity_t_per_year": st.sampled_from([None, 0, 5, -5, "12 %", "?"]),
              "min_t_per_year": st.sampled_from([None, 6]), "max_t_per_year": st.sampled_from([None, 4, 7]),
              "year": st.sampled_from([None, 2020, "bof"]), "source_id": st.sampled_from([None, "Rapport", "Livre", "s"]),
              "same_flow_as": st.sampled_from([None, None, "f", "g", "x"])},
    "constraints": {"constraint_id": st.sampled_from(["k", None]), "flow_id": st.sampled_from(["f", "g", "flow-1", "x"])},
    "cooperations": {"actor_id": who, "to_actor_id": who, "kind": st.sampled_from([None, "information", "zorg"])},
    "sources": {"source_id": st.sampled_from([None, "s"]), "name": st.sampled_from(["Rapport", "rapport", None])},
}  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Small tables as people leave them."""
    frames = {}
    for name, cells in CELLS.items():
        rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=3))
        if rows or name == "actors":
            frames[name] = pd.DataFrame(rows, columns=list(cells), dtype=object)
    return frames


@settings(max_examples=15)
@given(damaged())
def test_whatever_is_wrong_nothing_is_lost_and_what_stays_is_sound(frames):
    before = copy.deepcopy(frames)
    f = read(**frames)
    errors = f.problems[f.problems["severity"] == "error"]
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[name])  # no argument is changed
        kept, aside = f.where(name)["row"].tolist(), f.set_aside.get(name)
        out = [] if aside is None else aside["row"].tolist()
        # each row is in or aside, and in one place only
        assert sorted([*kept, *out]) == list(range(2, len(frame) + 2))
        assert kept == sorted(kept)
        # a row aside is there as it was written, and an error says so on that row (or of the whole sheet)
        for place, row in enumerate(out):
            written = frame.iloc[row - 2]
            for column in frame.columns:
                cell = aside[column].iloc[place]
                assert (
                    cell is written[column]
                    or cell == written[column]
                    or pd.isna(cell)
                    and pd.isna(written[column])
                )
            said = set(f.problems[(f.problems["table"] == name) & (f.problems["row"] == row)]["code"])
            assert aside["reason"].iloc[place] in said
    for name in f:
        table, home = f.table(name), schema.table(name)
        assert table.index.is_unique
        assert table.index.notna().all()
        for column in home:
            if column.name == home.key:
                continue
            assert table[column.name].dtype == dtype_of(column)
            if column.compulsory:
                assert table[column.name].notna().all()
            if column.is_numeric:
                assert not (table[column.name].dropna() < (column.minimum or -np.inf)).any()
            target = reference_targets(column)
            if target is not None:
                assert set(table[column.name].dropna()) <= set(f.table(target[0]).reset_index()[target[1]])
    # strict reading refuses exactly what has an error
    if len(errors):
        with pytest.raises(ValidationError) as caught:
            Filiere.from_tables(**frames)
        assert caught.value.problems.equals(f.problems)
    else:
        assert Filiere.from_tables(**frames) == f
        assert not f.set_aside
    # what stays needs no further repair: reading it again finds no error and changes nothing
    again = Filiere.from_tables(**{name: f.table(name) for name in schema.tables()})
    assert again == f


@settings(max_examples=5)
@given(st.data())
def test_the_order_of_rows_says_nothing(data):
    given = {name: frame for name, frame in TABLES.items() if name not in ("cell_sources",)}
    frames = {name: pd.DataFrame(frame).astype(object) for name, frame in given.items()}
    shuffled = {
        name: frame.iloc[data.draw(st.permutations(range(len(frame))), label=name)]
        for name, frame in frames.items()
    }
    f, g = Filiere.from_tables(**frames), Filiere.from_tables(**shuffled)
    for name in f:
        keyed = schema.table(name)
        # rows without a name are numbered in their order: there the rows are compared, not their numbers
        values = [key for key in f.table(name).columns if f.table(name)[key].notna().any()]
        a, b = (h.table(name)[values].reset_index(drop=not keyed.name_column) for h in (f, g))
        a, b = (h.sort_values(list(h.columns), ignore_index=True) for h in (a, b))
        pd.testing.assert_frame_equal(a, b)
    assert sorted(f.problems["code"]) == sorted(g.problems["code"])
    assert dict(zip(f.network.actor_ids, f.network.incoming_t(), strict=True)) == dict(
        zip(g.network.actor_ids, g.network.incoming_t(), strict=True)
    )


# -- what may be given ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "actors",
    [
        {"name": ["A", "B"], "latitude": [49.5, None]},
        {"name": np.array(["A", "B"]), "latitude": np.array([49.5, np.nan])},
        pd.DataFrame({"name": ["A", "B"], "latitude": ["49,5", "?"]}, index=[7, 7]),
        pd.DataFrame({"name": ["A", "B"], "latitude": [49.5, pd.NA]}, dtype=object),
        pd.DataFrame({"name": ["A", "B"], "latitude": pd.array([49.5, None], dtype="Float64")}),
        pd.DataFrame({"name": pd.Categorical(["A", "B"]), "latitude": [49.5, None]}),
        pd.DataFrame({"latitude": [49.5, None], "name": ["A", "B"]}),
        pd.DataFrame(
            {"name": ["A", "B"], "latitude": [49.5, None]}, index=pd.Index(["a", "b"], name="actor_id")
        ),
        [{"name": "A", "latitude": 49.5}, {"name": "B"}],
    ],
    ids=[
        "lists",
        "arrays",
        "text, odd index",
        "objects",
        "nullable",
        "categorical",
        "order",
        "keyed",
        "records",
    ],
)
def test_tables_of_every_make_are_the_same_table(actors):
    f = Filiere.from_tables(actors=actors)
    assert f.actors.index.tolist() == ["a", "b"]
    assert f.actors["name"].tolist() == ["A", "B"]
    assert f.actors["latitude"].tolist()[0] == 49.5
    assert pd.isna(f.actors["latitude"].iloc[1])
    assert f == Filiere.from_tables(actors={"name": ["A", "B"], "latitude": [49.5, None]})


def test_a_table_given_as_none_or_empty_is_no_table():
    f = Filiere.from_tables(actors={"name": ["A"]})
    assert Filiere.from_tables(actors={"name": ["A"]}, flows=None) == f
    assert Filiere.from_tables(actors={"name": ["A"]}, flows={}) == f
    assert Filiere.from_tables(actors={"name": ["A"]}, flows={"source": []}) == f
    assert Filiere.from_tables(actors={"name": ["A"]}, flows=pd.DataFrame(columns=["source", "Mine"])) == f


@pytest.mark.parametrize("name", schema.tables())
def test_an_empty_table_has_its_columns_and_dtypes(name):
    home, frame = schema.table(name), empty_table(schema.table(name))
    assert frame.empty
    assert frame.index.name == home.key
    assert frame.reset_index().dtypes.astype(str).to_dict() == {
        column.name: dtype_of(column) for column in home
    }
    frame["mine"] = 1
    assert "mine" not in empty_table(home)  # each caller has its own


def test_nothing_and_zero_are_two_things():
    f = read(
        actors={"name": ["A", "B"]},
        stages={"name": ["tri"]},
        activities={
            "actor_id": ["A", "B"],
            "stage_id": ["tri", "tri"],
            "jobs_fte": [0, None],
            "insertion_fte": ["0", "?"],
        },
    )
    assert f.activities["jobs_fte"].tolist()[0] == 0
    assert f.activities[["jobs_fte", "insertion_fte"]].isna().to_numpy().tolist() == [
        [False, False],
        [True, True],
    ]
    assert not f.unknown_cells  # « ? » was understood: nothing was refused


def test_defaults_stand_for_blanks_and_for_what_was_refused():
    f = read(
        actors={
            "name": ["A", "B", "C"],
            "status": [None, "fermé", "zorg"],
            "natural_person": [None, "oui", "bof"],
        }
    )
    assert f.actors["status"].tolist() == ["active", "closed", "active"]
    assert f.actors["natural_person"].tolist() == [False, True, False]
    assert rows_of(f, "unknown_term") == rows_of(f, "not_yes_or_no") == [4]


# -- columns of one's own -------------------------------------------------------------------------------


def test_columns_of_ones_own_come_after_ours_and_survive_changes():
    own = {
        "Surface": [12.5, None],
        "vu le": [datetime(2024, 1, 2), None],
        "OK ?": [True, None],
        "mixte": [1, "x"],
    }
    f = read(
        actors={**own, "name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"], "N° de pesée": ["0012"]}
    )
    assert list(f.actors.columns)[-4:] == list(own)
    assert [str(f.actors[name].dtype) for name in own] == ["float64", "datetime64[us]", "boolean", "str"]
    assert f.flows["N° de pesée"].tolist() == ["0012"]
    for g in (f.at(2020), f.with_table("groups", pd.DataFrame({"name": ["G"]})), f.without_actors("b")):
        assert g.actors["Surface"].iloc[0] == 12.5
        assert g.actors["mixte"].iloc[0] == "1"
    assert Filiere.from_tables(**{name: f.table(name) for name in f}) == f


@pytest.mark.parametrize("name", ["reason", "row", "sheet"])
def test_a_column_called_as_ours_of_the_rows_aside_gets_a_line_behind(name):
    f = read(actors={"name": ["A", None], name: ["x", "y"]})
    assert f.actors[name].tolist() == ["x"]
    assert f.set_aside["actors"][f"{name}_"].tolist() == ["y"]
    assert f.set_aside["actors"]["row"].tolist() == [3]


@pytest.mark.parametrize(
    "header", ["E-mail", "téléphone", "Contact", "N° de tél.", "PRÉNOM", "Nom de famille"]
)
def test_how_to_reach_people_is_no_part_of_the_model(header):
    f = read(actors={"name": ["A", None], header: ["x@y.fr", "z@y.fr"]})
    assert header not in f.actors.columns
    assert header not in f.set_aside["actors"].columns
    assert told(f, "contact_column") == [("contact_column", "Acteurs", None, header, header)]
    assert "y.fr" not in f.problems.to_string()


# -- the door that readers use --------------------------------------------------------------------------


def test_raw_tables_are_numbered_as_excel_numbers_them():
    home = schema.table("actors")
    frame = pd.DataFrame({"name": ["A", "B"], 3: ["x", "y"], None: [1, 2]}, index=[9, 4])
    raw = raw_table(frame, home, lang="en")
    assert raw.rows.tolist() == [2, 3]
    assert raw.sheets.tolist() == ["Actors", "Actors"]
    assert list(raw.frame.columns) == ["name", "3", "?"]
    assert raw.headers["name"] == "Name"
    assert list(frame.columns) == ["name", 3, None]


def test_conform_knows_its_tables_and_leaves_the_raw_ones_alone():
    raw = {
        "actors": raw_table(
            pd.DataFrame({"name": ["A", None], "pole": ["zorg", None]}), schema.table("actors")
        )
    }
    before = raw["actors"].frame.copy(deep=True)
    done = conform(raw)
    pd.testing.assert_frame_equal(raw["actors"].frame, before)
    assert list(done.tables) == list(done.places) == list(schema.tables())
    assert done.places["actors"].to_numpy().tolist() == [["Acteurs", 2]]
    assert done.places["actors"].index.equals(done.tables["actors"].index)
    assert done.unknown_cells == {"actors": 1}
    assert list(done.set_aside) == ["actors"]
    with pytest.raises(UnknownNameError, match="flows"):
        conform({"flow": raw["actors"]})


def test_cells_refused_are_counted_once_each():
    f = read(
        actors={"name": ["A", "B"], "siret": ["1", "73282932000075"], "roles": ["Acheteur;zorg", "zorg"]},
        flows={
            "source": ["A"],
            "quantity_t_per_year": [-1],
            "share": [3],
            "min_t_per_year": [5],
            "max_t_per_year": [4],
        },
    )
    # actors: the SIRET of A (that of B is kept with its wrong key), the roles of B (those of A are known in part)
    # flows: quantity, share, and both bounds
    assert f.unknown_cells == {"actors": 2, "flows": 4}
    assert f.actors["siret"].tolist()[1] == "73282932000075"
    assert f.actors["roles"].tolist()[0] == "buyer"
