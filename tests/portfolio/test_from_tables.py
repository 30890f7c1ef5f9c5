"""Tables of many filières: each is checked on its own, and what belongs to none is told."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError, MissingTableError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio

from .making import assert_same, odd, small, stacked_frames, tiny

TWO = {
    "actors": {"filiere_code": ["a", "b", "a"], "name": ["Relais", "Relais", "Tri"]},
    "flows": {"filiere_code": ["b", "a"], "source": ["Relais", "Relais"], "target": [None, "Tri"]},
}


def test_what_was_stacked_is_parted_again() -> None:
    filieres = {"one": small(), "two": small("Laine", tonnes=None), "three": odd()}
    p = Portfolio.from_tables(**stacked_frames({**filieres}))
    # the third has no row in the table of filières, which lists the codes
    assert list(p) == ["one", "two"]
    for code in p:
        assert p[code] == filieres[code]
    assert p.failures["error"].unique().tolist() == ["unknown_code"]
    frames = stacked_frames(filieres)
    del frames["filiere"]
    assert list(Portfolio.from_tables(**frames)) == ["one", "two", "three"]


def test_rows_of_one_filiere_need_not_stand_together() -> None:
    p = Portfolio.from_tables(**TWO)
    assert list(p) == ["a", "b"]
    assert p.table("actors")[["filiere_code", "name"]].to_numpy().tolist() == [
        ["a", "Relais"], ["a", "Tri"], ["b", "Relais"],
    ]  # fmt: skip
    # rows as Excel numbers them, with one row of headers: a stands on 2 and 4
    assert p["a"].where("actors")["row"].tolist() == [2, 4]
    assert p["b"].where("actors")["row"].tolist() == [3]


def test_names_are_those_of_the_same_filiere() -> None:
    flows = {"filiere_code": ["b"], "source": ["Tri"], "target": ["Relais"]}
    p = Portfolio.from_tables(actors=TWO["actors"], flows=flows, lang="en")
    assert len(p["b"].flows) == 0
    assert p.problems.query("severity == 'error'")[["filiere_code", "code", "value"]].to_numpy().tolist() == [
        ["b", "unknown_reference", "Tri"]
    ]
    assert p.entries["n_set_aside"].tolist() == [0, 1]


@pytest.mark.parametrize("header", ["filiere_code", "Code de la filière", "CODE FILIERE", "Code (filière)"])
def test_how_the_column_may_be_called(header: str) -> None:
    actors = pd.DataFrame(TWO["actors"]).rename(columns={"filiere_code": header})
    p = Portfolio.from_tables(actors=actors)
    assert list(p) == ["a", "b"]
    assert list(p["a"].actors) == list(odd().actors.drop(columns="Effectif"))


def test_rows_without_a_code_are_counted() -> None:
    actors = {"filiere_code": ["a", None, " ", "a"], "name": ["Relais", "x", "y", "Tri"]}
    p = Portfolio.from_tables(actors=actors, lang="en")
    assert p["a"].actors.index.tolist() == ["relais", "tri"]
    row = p.failures.iloc[0]
    assert row["error"] == "no_code"
    assert pd.isna(row["filiere_code"])
    assert row["message"] == "2 rows of the table “Actors” have no code of a filière: they were not read."


def test_rows_of_an_unknown_code_are_counted() -> None:
    flows = {"filiere_code": ["z", "a", "z"], "source": ["Relais"] * 3, "target": ["Tri"] * 3}
    p = Portfolio.from_tables(actors=TWO["actors"], flows=flows, lang="en")
    assert p.offsets("flows").tolist() == [0, 1, 1]
    assert p.failures[["filiere_code", "source", "error"]].to_numpy().tolist() == [
        ["z", "Flows", "unknown_code"]
    ]
    assert p.failures["message"].item().startswith("2 rows of the table “Flows” are of “z”")


def test_many_unknown_codes_are_told_together() -> None:
    flows = {"filiere_code": [f"z{k}" for k in range(130)], "source": ["Relais"] * 130}
    p = Portfolio.from_tables(actors=TWO["actors"], flows=flows, lang="en")
    assert len(p.failures) == 101
    assert p.failures["message"].iat[100].startswith("30 rows of the table “Flows” are of “z100, z101,")


def test_codes_are_text_whatever_they_were_written_as() -> None:
    actors = {"filiere_code": [76, 14.0, "76"], "name": ["A", "B", "C"]}
    p = Portfolio.from_tables(actors=actors)
    assert list(p) == ["76", "14"]
    assert p.offsets("actors").tolist() == [0, 2, 3]
    p = Portfolio.from_tables(actors=pd.DataFrame(actors).astype({"filiere_code": "str"}).astype("category"))
    assert (list(p), p.offsets("actors").tolist()) == (["76", "14.0"], [0, 2, 3])


def test_the_codes_may_stand_in_the_index() -> None:
    actors = pd.DataFrame(TWO["actors"]).set_index("filiere_code")
    assert list(Portfolio.from_tables(actors=actors)) == ["a", "b"]
    keyed = actors.assign(actor_id=["r", "r", "t"]).set_index("actor_id", append=True)
    assert Portfolio.from_tables(actors=keyed)["a"].actors.index.tolist() == ["r", "t"]


def test_a_code_listed_twice_is_refused_and_both_are_named() -> None:
    filiere = {"filiere_code": ["a", "b", "a"], "name": ["Laine", "Papier", "Verre"]}
    p = Portfolio.from_tables(filiere=filiere, actors=TWO["actors"], lang="en")
    assert p["a"].name == "Laine"
    assert list(p) == ["a", "b"]
    message = p.failures["message"].item()
    assert p.failures["error"].item() == "duplicate_code"
    assert "row\u00a04 (Verre)” was not taken" in message
    assert "already that of “Filière, row\u00a02 (Laine)”" in message


def test_a_filiere_that_cannot_be_used_is_a_row() -> None:
    filiere = {"filiere_code": ["a", "lost", "b"], "name": ["A", "Lost", "B"]}
    p = Portfolio.from_tables(filiere=filiere, actors=TWO["actors"], lang="en")
    assert list(p) == ["a", "b"]
    assert p.failures[["filiere_code", "error"]].to_numpy().tolist() == [["lost", "MissingTableError"]]
    actors = {"filiere_code": ["a", "a", "b"], "name": ["Relais", None, "Tri"]}
    strict = Portfolio.from_tables(actors=actors, strict=True, lang="en")
    assert list(strict) == ["b"]
    assert strict.failures["error"].item() == "ValidationError"
    assert strict.failures["message"].item().startswith("1 error in the data:")
    assert Portfolio.from_tables(actors=actors).entries["n_set_aside"].tolist() == [1, 0]


def test_bad_arguments() -> None:
    with pytest.raises(MissingTableError, match="'actors'"):
        Portfolio.from_tables(flows=TWO["flows"])
    with pytest.raises(UnknownNameError, match="did you mean: actors"):
        Portfolio.from_tables(actor=TWO["actors"])
    with pytest.raises(ArgumentError, match="“Actors” has no column “filiere_code”"):
        Portfolio.from_tables(actors={"name": ["A"]}, lang="en")
    with pytest.raises(UnknownNameError, match="lang"):
        Portfolio.from_tables(actors=TWO["actors"], lang="de")


def test_no_row_at_all() -> None:
    p = Portfolio.from_tables(actors={"filiere_code": [], "name": []})
    assert len(p) == 0
    assert len(p.failures) == 0


def test_the_same_in_two_processes() -> None:
    joblib = pytest.importorskip("joblib")
    frames = stacked_frames({f"c{k}": tiny(f"F{k}") for k in range(4)})
    frames["actors"].loc[0, "name"] = None
    alone = Portfolio.from_tables(**frames)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert Portfolio.from_tables(**frames) == alone
    with joblib.parallel_config(backend="multiprocessing", n_jobs=2):  # it returns no generators
        assert Portfolio.from_tables(**frames) == alone
    assert alone.entries["n_set_aside"].tolist() == [1, 0, 0, 0]


@settings(max_examples=4)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_parting_and_stacking_are_opposite(rows: list[tuple[str, int, int]]) -> None:
    """Flows between four actors of three filières, in any order: each filière as if it were alone."""
    names = ["N", "E", "S", "O"]
    codes = [code for code in "abc" for _ in names]
    flows = pd.DataFrame(
        {
            "filiere_code": [code for code, _, _ in rows],
            "source": [names[one] for _, one, _ in rows],
            "target": [names[two] for _, _, two in rows],
            "quantity_t_per_year": [float(one) for _, one, _ in rows],
        }
    )
    p = Portfolio.from_tables(actors={"filiere_code": codes, "name": names * 3}, flows=flows)
    assert list(p) == ["a", "b", "c"]
    for code in "abc":
        own = flows[flows["filiere_code"] == code].drop(columns="filiere_code").reset_index(drop=True)
        alone = Filiere.from_tables(strict=False, actors={"name": names}, flows=own)
        assert p[code] == alone
    shuffled = p.select(["c", "a", "b"])
    for code in "abc":
        assert_same(shuffled[code], p[code])
