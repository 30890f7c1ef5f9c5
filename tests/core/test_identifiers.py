"""Identifiers: made from names or in sequence, kept out of each other's way, set aside where they stand already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.filiere import Filiere
from chaine_valeur.identifiers import _free, give_identifiers
from chaine_valeur.problems import Problems
from chaine_valeur.schema import table
from chaine_valeur.table_state import RawTable, State

from .reading import read, rows_of, told


def given_to(home: str, /, **cells: list[Any]) -> tuple[list[Any], list[str], list[bool]]:
    """Return the keys of a table once identifiers were given, what was told (code and row), and who is still in."""
    frame = pd.DataFrame({column: pd.array(values, dtype="str") for column, values in cells.items()})
    raw = RawTable(frame, pd.Series(["S"] * len(frame)), pd.Series(np.arange(2, len(frame) + 2)))
    state, problems = State.of(home, frame.copy(), raw), Problems("en")
    give_identifiers(state, table(home), problems)
    found = [f"{row.code} {row.row}" for row in problems.frame().itertuples()]
    keys = state.frame[table(home).key].astype(object)
    return keys.where(keys.notna(), None).tolist(), found, state.alive.tolist()


# -- from names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Relais", "Filature du Lin"], ["relais", "filature-du-lin"]),
        (["Étang", "Œuvre & Cie", "L’Atelier"], ["etang", "oeuvre-cie", "l-atelier"]),
        # two names that fold to one identifier: the first keeps it, the others are numbered from 2
        (["A b", "A-B", "a  B"], ["a-b", "a-b-2", "a-b-3"]),
        # … and a number that a name bears already is not given again
        (["A b", "A-b", "A b 2"], ["a-b", "a-b-2", "a-b-2-2"]),
        (["A b 2", "A b", "A-b"], ["a-b-2", "a-b", "a-b-3"]),
        # of nothing but signs, of another alphabet
        (["!!!", "日本", "???"], ["x", "日本", "x-2"]),
        ([], []),
    ],
)
def test_made_from_names(names: list[str], keys: list[str]) -> None:
    found, _, alive = given_to("stages", stage_id=[None] * len(names), name=names)
    assert found == keys
    assert all(alive)


def test_a_row_without_a_name_is_called_by_what_it_is() -> None:
    # stages lose « _id »; such a row is set aside by another check, and its key is in nobody's way
    assert given_to("stages", stage_id=[None] * 3, name=["tri", None, None])[0] == ["tri", "stage", "stage-2"]
    assert given_to("stages", stage_id=[None] * 2, name=[None, "Stage"])[0] == ["stage", "stage-2"]


def test_what_was_given_is_kept_and_out_of_reach() -> None:
    keys, found, _ = given_to(
        "stages", stage_id=[None, "tri", None, "tri-2"], name=["Tri", "X", "Filage", "Y"]
    )
    assert (keys, found) == (["tri-3", "tri", "filage", "tri-2"], [])
    # as it is written: « Tri » is another identifier than « tri »
    assert given_to("stages", stage_id=[None, "Tri"], name=["Tri", "X"])[0] == ["tri", "Tri"]


def test_names_told_again() -> None:
    # row 3 says row 2 again without an identifier of its own: it goes; row 4 is only like it, row 5 has its own
    keys, found, alive = given_to(
        "stages", stage_id=[None, None, None, "s5"], name=["Étang", "Étang", "ETANG", "Étang"]
    )
    assert found == ["duplicate_id 3", "near_name 4", "same_name 5"]
    assert alive == [True, False, True, True]
    assert [key for key, kept in zip(keys, alive, strict=True) if kept] == ["etang", "etang-2", "s5"]


def test_a_name_is_compared_with_the_same_one_before_one_that_is_like_it() -> None:
    # rows 2 and 3 are alike; row 4 is row 3 again, and is told so
    _, found, alive = given_to("stages", stage_id=["a", "b", "c"], name=["ETANG", "Étang", "Étang"])
    assert (found, alive) == (["near_name 3", "same_name 4"], [True] * 3)
    f = read(actors={"actor_id": ["a", "b", "c"], "name": ["ETANG", "Étang", "Étang"]})
    texts = f.problems.set_index("code")["message"]
    assert "ligne 2" in texts["near_name"] and "ligne 3" in texts["same_name"]


# -- in sequence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "keys"),
    [
        ([None, None, None], ["flow-1", "flow-2", "flow-3"]),
        # the number is that of the row, so that it stays when another row is given its own
        ([None, "x", None], ["flow-1", "x", "flow-3"]),
        (["flow-2", None, None], ["flow-2", "flow-2-2", "flow-3"]),
        (["flow-3", "flow-3-2", None], ["flow-3", "flow-3-2", "flow-3-3"]),
        ([], []),
    ],
)
def test_made_in_sequence(given_: list[Any], keys: list[str]) -> None:
    assert given_to("flows", flow_id=given_)[0] == keys


@pytest.mark.parametrize(
    ("name", "key", "made"),
    [
        ("stage_links", "stage_link_id", "stage-link-1"),
        ("territories", "perimeter_id", "perimeter-1"),
        ("cell_sources", "cell_source_id", "cell-source-1"),
        ("recruitment_needs", "need_id", "need-1"),
    ],
)
def test_called_by_what_a_row_is(name: str, key: str, made: str) -> None:
    assert given_to(name, **{key: [None]})[0] == [made]


# -- said already -------------------------------------------------------------------------------------


def test_keys_that_stand_above() -> None:
    keys, found, alive = given_to("flows", flow_id=["a", "b", "a", None, "a", "b"])
    assert found == ["duplicate_id 4", "duplicate_id 6", "duplicate_id 7"]
    assert alive == [True, True, False, True, False, False]
    assert keys[3] == "flow-4"
    f = read(
        actors={"name": ["A", "B"]},
        flows={"flow_id": ["a", "a", "a"], "source": ["A"] * 3, "target": ["B"] * 3, "year": [1, 2, 3]},
    )
    assert rows_of(f, "duplicate_id") == [3, 4]
    assert all("ligne 2" in text for text in f.problems.query("code == 'duplicate_id'")["message"])


def test_a_key_given_twice_under_two_names_and_a_name_under_two_keys() -> None:
    f = read(actors={"actor_id": ["x", "x", "y"], "name": ["A", "B", "A"]})
    assert f.actors.index.tolist() == ["x", "y"]
    assert told(f, "duplicate_id", "same_name") == [
        ("duplicate_id", "Acteurs", 3, "Identifiant", "x"),
        ("same_name", "Acteurs", 4, "Nom", "A"),
    ]
    assert f.set_aside["actors"]["reason"].tolist() == ["duplicate_id"]


def test_the_first_free_number() -> None:
    taken = {"a", "a-2", "a-4"}
    assert [_free(name, taken) for name in ("b", "a", "a", "b")] == ["b", "a-3", "a-5", "b-2"]
    assert taken == {"a", "a-2", "a-3", "a-4", "a-5", "b", "b-2"}


# -- whatever is given --------------------------------------------------------------------------------

some_keys = st.one_of(st.none(), st.sampled_from(["a", "b", "a-2", "flow-1", "flow-2", "stage"]))
some_names = st.one_of(st.none(), st.sampled_from(["A", "a", "B", "A 2", "Flow 1", "Stage", "é"]))


@settings(max_examples=25)
@given(st.lists(st.tuples(some_keys, some_names), max_size=7))
def test_no_two_rows_that_are_in_share_one(rows: list[tuple[str | None, str | None]]) -> None:
    given_, names = [key for key, _ in rows], [name for _, name in rows]
    for home, cells in (("stages", {"stage_id": given_, "name": names}), ("flows", {"flow_id": given_})):
        keys, _, alive = given_to(home, **cells)
        kept = [key for key, inside in zip(keys, alive, strict=True) if inside]
        assert len(set(kept)) == len(kept) and None not in kept
        # what was given is never changed, and of each key the first row stays
        assert all(key == own for key, own in zip(keys, given_, strict=True) if own is not None)
        assert {key for key in given_ if key is not None} <= set(kept)


@settings(max_examples=15)
@given(st.lists(some_names.filter(bool), min_size=1, max_size=6, unique=True))
def test_what_is_made_is_given_back_when_it_is_read_again(names: list[str]) -> None:
    f = read(actors={"name": names})
    again = read(actors={"actor_id": f.actors.index.tolist(), "name": names})
    assert again.actors.index.tolist() == f.actors.index.tolist()
    pd.testing.assert_frame_equal(again.actors, f.actors)


def test_the_key_is_text_however_it_is_stored() -> None:
    for storage in ("python", "pyarrow"):
        with pd.option_context("mode.string_storage", storage):
            f = Filiere.from_tables(actors={"actor_id": [None, 12, "b"], "name": ["A", "B", "C"]})
            assert f.actors.index.tolist() == ["a", "12", "b"]
            assert isinstance(f.actors.index.dtype, pd.StringDtype)
