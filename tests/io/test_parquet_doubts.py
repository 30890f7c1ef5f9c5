"""What does not verify is not believed, whoever signs for it: it goes through the checks of every reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.filiere import Filiere
from chaine_valeur.io import parquet, parquet_known
from chaine_valeur.io.parquet import write_parquet
from chaine_valeur.io.parquet_checks import Doubt, verify_clean, verify_numbers, verify_terms, verify_unique
from chaine_valeur.io.parquet_files import digest
from chaine_valeur.io.parquet_known import FOUND
from chaine_valeur.schema import table
from chaine_valeur.spellings import cell_text

from .parquet_hand import again, everything, forge, listed, plain, put, said, say


@pytest.fixture(scope="module")
def f() -> Filiere:
    return everything()


@pytest.fixture
def folder(f: Filiere, tmp_path: Path) -> Path:
    write_parquet(f, tmp_path)
    return tmp_path


def doubt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is doubted first in a folder; an empty text if it is believed."""
    told = []
    put_together, verify_names, read = (
        getattr(parquet_known, name) for name in ("_put_together", "_verify_names", "_read")
    )

    def heard(act: Callable[..., Any]) -> Callable[..., Any]:
        def hear(*given: Any) -> Any:
            try:
                return act(*given)
            except Doubt as found:
                told.append(str(found))
                raise

        return hear

    with monkeypatch.context() as patched:
        patched.setattr(parquet_known, "_put_together", heard(put_together))
        patched.setattr(parquet_known, "_verify_names", heard(verify_names))
        patched.setattr(parquet_known, "_read", heard(read))
        known = parquet_known.read_known(folder, said(folder), parquet._files(folder, "fr"), lang="fr")
    assert (known is None) == bool(told)
    return told[0] if told else ""


def test_what_was_written_is_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doubt(folder, monkeypatch) == ""


def test_so_is_what_was_written_again_and_signed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The forging hand changes nothing by itself: what follows is doubted for what it says."""
    for name in said(folder)["tables"]:
        forge(folder, name, lambda table: table)
    assert doubt(folder, monkeypatch) == ""


#: table, column → what is put there, and the beginning of what is doubted.
FORGED: dict[tuple[str, str], list[tuple[Any, str]]] = {
    ("actors", "actor_id"): [
        (plain(["etang", "etang", "c"]), "an identifier that stands twice"),
        (plain(["etang", None, "c"]), "a blank identifier"),
        (plain([" etang", "relais", "c"]), "blanks around"),
        (plain(["etang", "relais", ""]), "an empty text"),
        (pa.array(["etang", "relais", "c"]), "a column of another type"),
        (plain(["x", "relais", "coop-de-l-est"]), "a reference to nothing"),
    ],
    ("actors", "name"): [
        (plain(["Étang", None, "Coop"]), "a cell that is blank"),
        (plain(["Étang\u00a0", "Relais", "Coop"]), "a value"),
        (plain(["E\u0301tang", "Relais", "Coop"]), "a value"),
        (plain(["#N/A", "Relais", "Coop"]), "a value"),
        (listed(["Étang", "Relais ", "Coop"]), "a value"),
    ],
    ("actors", "pole"): [
        (listed(["ESS", None, "elected"]), "a value that column 'pole' does not hold"),
        (plain(["ess", None, " elected"]), "blanks around"),
        (pa.array([1, 2, 3]), "a column of another type"),
    ],
    ("actors", "roles"): [(listed(["supplier; buyer", None, None]), "a value that column 'roles'")],
    ("actors", "siret"): [
        (listed(["732 829 320 00074", None, None]), "a value that column 'siret'"),
        (listed(["7328293200007", None, None]), "a value that column 'siret'"),
    ],
    ("actors", "naf"): [(listed(["2221Z", None, None]), "a value that column 'naf'")],
    ("actors", "commune_code"): [(listed(["1004", None, None]), "a value that column 'commune_code'")],
    ("actors", "latitude"): [
        (pa.array([np.inf, 0.0, 0.0]), "a number without end"),
        (pa.array([91.0, 0.0, None]), "a cell that is blank, or out of bounds"),
        (pa.array([91, 0, 0]), "a column of another type"),
    ],
    ("actors", "since"): [
        (pa.array([1492, None, 2000]), "no year"),
        (pa.array([1992.0, None, 2000.0]), "a column of another type"),
    ],
    ("actors", "surveyed_on"): [
        (pa.array([datetime(2022, 1, 1, 0, 0, 0, 7), None, None], type=pa.timestamp("us")), "a moment"),
        (pa.array([datetime(2022, 1, 1), None, None], type=pa.timestamp("s")), "a column of another type"),
    ],
    ("actors", "natural_person"): [(pa.array([1, None, 0]), "a column of another type")],
    ("actors", "part_of"): [
        (listed([None, "zorglub", None]), "a reference to nothing"),
        (listed(["etang", "etang", None]), "a row that refers to itself"),
        (plain([None, "etang", None]), "a column of another type"),
    ],
    ("actors", "E-mail"): [(listed(["a@b", None, None]), "a column that is left out")],
    ("actors", " x"): [(listed(["a", None, None]), "a column that is left out")],
    ("actors", "Avis"): [(listed([" bon", None, None]), "a text that is not clean")],
    ("stages", "rank"): [(pa.array([1, 10**16]), "no integer")],
    ("filiere", "territory_id"): [(listed(["R"]), "a reference to nothing")],
    ("activities", "stage_id"): [(listed([None, "teillage"]), "a cell that is blank")],
    ("cooperations", "to_actor_id"): [(listed(["etang"]), "a row that is to be set aside")],
    ("flows", "source"): [(listed(["etang", "coop-de-l-est", None]), "a row that is to be set aside")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "column", "values", "expected"),
    [(*where, values, told) for where, cases in FORGED.items() for values, told in cases],
    ids=[f"{'.'.join(where)}-{place}" for where, cases in FORGED.items() for place in range(len(cases))],
)
def test_a_column_that_was_forged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, column: str, values: Any, expected: str
) -> None:
    if name == "flows":  # its second row has neither end then
        forge(folder, "flows", put("target", listed(["relais", "coop-de-l-est", None])))
    forge(folder, name, put(column, values))
    assert doubt(folder, monkeypatch).startswith(expected)


def test_a_compulsory_column_that_is_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(folder, "activities", lambda table: table.drop_columns("actor_id"))
    assert doubt(folder, monkeypatch).startswith("a cell that is blank")
    assert again(folder).problems["code"].tolist().count("missing_column") == 1


def test_a_row_that_is_told_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(folder, "activities", put("actor_id", listed(["etang", "etang"])))
    forge(folder, "activities", put("stage_id", listed(["culture", "culture"])))
    assert doubt(folder, monkeypatch) == "a row that says again what another says"
    found = again(folder)
    assert len(found.activities) == 1
    assert found.problems.query("code == 'duplicate_row'")["sheet"].tolist() == ["activities.parquet"]


def test_a_column_that_stands_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(folder, "sources", lambda table: table.append_column("name", table["name"]))
    assert doubt(folder, monkeypatch) == "a column that stands twice"


def test_the_checks_tell_what_is_wrong(folder: Path) -> None:
    forge(folder, "actors", put("pole", listed(["ESS", None, "nonsense"])))
    found = again(folder)
    assert found.actors["pole"].tolist()[0] == "ess"
    assert found.problems.query("code == 'unknown_term'")[["sheet", "row", "column"]].to_numpy().tolist() == [
        ["actors.parquet", 4, "pole"]
    ]


def test_a_file_that_was_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a new signature: by a program that keeps what stands in the footer."""
    path = folder / "actors.parquet"
    before = pq.read_table(path)
    pq.write_table(before.slice(0, 2), path)
    assert doubt(folder, monkeypatch) == "another actors.parquet"
    assert list(again(folder).actors.index) == ["etang", "relais"]
    before.to_pandas().drop(columns="Surface").to_parquet(path, index=False)
    assert "Surface" not in again(folder).actors


def test_files_of_two_writings(
    folder: Path, f: Filiere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f.with_rows("actors", {"name": ["Nouveau"]}, strict=False)
    write_parquet(other, tmp_path / "other")
    (folder / "actors.parquet").write_bytes((tmp_path / "other" / "actors.parquet").read_bytes())
    assert doubt(folder, monkeypatch) == "another actors.parquet"
    assert len(again(folder).actors) == 4


def test_a_file_that_says_it_is_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (folder / "stages.parquet").read_bytes()
    (folder / "materials.parquet").write_bytes(content)
    say(folder, tables=said(folder)["tables"] | {"materials": ["materials.parquet", digest(content)]})
    assert doubt(folder, monkeypatch) == "another materials.parquet"


def test_a_table_that_was_put_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pd.DataFrame({"Nom": ["Groupe du lin"]}).to_parquet(folder / "Groupes.parquet")
    assert doubt(folder, monkeypatch) == "a table that was put there"
    assert again(folder).groups["name"].tolist() == ["Groupe du lin"]


@pytest.mark.parametrize(
    "changed",
    [
        {"tables": [1]},
        {"tables": {"actors": ["../actors.parquet", ""]}},
        {"tables": {"actors": 3}},
        {"found": None},
        {"unknown_cells": {"actors": "x"}},
        {"year": "soon"},
    ],
)
def test_a_manifest_that_says_nothing(folder: Path, f: Filiere, changed: dict[str, Any]) -> None:
    say(folder, **changed)
    assert parquet_known.read_known(folder, said(folder), [], lang="fr") is None
    assert again(folder) == f


@pytest.mark.parametrize("written", ["", "[1, 2]", "{", "\x00"])
def test_a_manifest_that_is_none(folder: Path, f: Filiere, written: str) -> None:
    (folder / FOUND / "manifest.json").write_text(written, encoding="utf-8")
    assert again(folder) == f


def test_a_table_that_there_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(folder, unknown_cells={"acteurs": 1})
    assert doubt(folder, monkeypatch) == "a table that there is not"


def nonsense(column: str) -> Callable[[Any], Any]:
    """Return what writes « ? » into every cell of a column of text."""
    return lambda before: put(column, plain(["?"] * len(before)))(before)


BESIDE: list[tuple[str, Callable[[Any], Any], str]] = [
    ("places", lambda before: put("count", pa.array([0] * len(before)))(before), "places of other rows"),
    ("places", lambda before: before.slice(1), "places of other rows"),
    ("places", lambda before: before.drop_columns("sheet"), "places of another form"),
    ("problems", nonsense("code"), "a problem that there is not"),
    ("problems", nonsense("severity"), "a problem that there is not"),
    ("problems", lambda before: before.drop_columns("value"), "problems of another form"),
    ("set_aside", nonsense("cells"), "Expecting value"),
    ("set_aside", nonsense("table"), "rows set aside of a table"),
    ("set_aside", lambda before: before.drop_columns("dtype"), "rows set aside of another form"),
]


@pytest.mark.parametrize(("name", "change", "expected"), BESIDE)
def test_what_stands_beside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Any], Any], expected: str
) -> None:
    forge(folder, name, change, beside=True)
    assert doubt(folder, monkeypatch).startswith(expected)


# -- each check by itself -------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("aé #\u00a0\u0301\n~"), max_size=4)


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=6), st.integers(0, 2))
def test_clean_is_what_every_reader_leaves_alone(texts: list[str | None], skipped: int) -> None:
    """Slices too: what is looked at are bytes, from where they begin."""
    part = texts[skipped:]
    clean = all(text is None or (cell_text(text) == text and text) for text in part)
    believed = True
    try:
        verify_clean(plain(texts)[skipped:])
    except Doubt:
        believed = False
    assert believed == clean


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["a", "b", "ab", "b-1", "b-2", "b-10", "é"]), max_size=5), st.integers(0, 2))
def test_unique_is_what_stands_once(texts: list[str], skipped: int) -> None:
    part = texts[skipped:]
    believed = True
    try:
        verify_unique(plain(texts)[skipped:])
    except Doubt:
        believed = False
    assert believed == (len(set(part)) == len(part))


def test_numbers_that_follow_one_another_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pc, "unique", lambda _: pytest.fail("all of them were kept in mind"))
    verify_unique(plain([f"flow-{number}" for number in range(1, 1200)]))
    with pytest.raises(pytest.fail.Exception):
        verify_unique(plain(["b", "a"]))


def test_an_error_of_a_formula_is_no_text() -> None:
    verify_clean(plain(["n° #3", "#Nuit"]))
    with pytest.raises(Doubt):
        verify_clean(plain(["ok", "#REF!"]))


def test_the_key_of_a_siret_is_a_warning_and_no_doubt() -> None:
    verify_terms(["73282932000075"], table("actors")["siret"])
    with pytest.raises(Doubt):
        verify_terms(["7328293200007A"], table("actors")["siret"])


def test_bounds_of_what_is_no_quantity() -> None:
    year, rank, day = table("flows")["year"], table("stages")["rank"], table("actors")["surveyed_on"]
    verify_numbers(pd.array([1800, 2200, None], dtype="Int64"), year)
    verify_numbers(pd.array([10**15, -5, None], dtype="Int64"), rank)
    verify_numbers(np.array(["2022-01-01T10:00:01", "NaT"], dtype="M8[us]"), day)
    for values, column in [([1799], year), ([2201], year), ([10**15 + 1], rank)]:
        with pytest.raises(Doubt):
            verify_numbers(pd.array(values, dtype="Int64"), column)
