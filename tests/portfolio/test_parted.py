"""Rows parted by code, lots put together, and what is said of what did not come in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, ChaineValeurError, UnknownNameError, UnreadableFileError
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio._jobs import chunk_size, in_order, n_processes
from chaine_valeur.portfolio._kept import Kept, Lot
from chaine_valeur.portfolio._sources import Source, code_of, found_sources, home_of, signature, stacked_files
from chaine_valeur.portfolio._splitting import CODE_HEADERS, Split, code_header, split_by_code
from chaine_valeur.portfolio.building import made, of_parts
from chaine_valeur.portfolio.failures import (
    DUPLICATE,
    FAILURE_COLUMNS,
    NO_CODE,
    UNKNOWN_CODE,
    Failure,
    duplicate,
    failures_frame,
    reason,
)
from chaine_valeur.portfolio.packed import pack
from chaine_valeur.schema import table
from chaine_valeur.table_state import RawTable
from chaine_valeur.tables import raw_table

from .making import assert_same, faulty, odd, small, tiny


def raw(home: str, /, **columns: Any) -> RawTable:
    return raw_table(pd.DataFrame(columns), table(home), lang="en")


def parted(**tables: RawTable) -> tuple[Split, list[Failure]]:
    return split_by_code(tables, lang="en")


# -- parting --------------------------------------------------------------------------------------------


def test_rows_of_one_code_stand_together_in_the_order_of_the_codes() -> None:
    split, failures = parted(
        actors=raw("actors", filiere_code=["b", "a", "b", "c"], name=["B1", "A1", "B2", "C1"]),
        flows=raw("flows", filiere_code=["c", "b", "c"], source=["1", "2", "3"]),
    )
    assert split.codes == ("b", "a", "c")
    assert failures == []
    assert split.raws["actors"].frame["name"].tolist() == ["B1", "B2", "A1", "C1"]
    assert split.offsets["actors"].tolist() == [0, 2, 3, 4]
    assert split.raws["flows"].frame["source"].tolist() == ["2", "1", "3"]
    assert split.offsets["flows"].tolist() == [0, 1, 1, 3]
    # where each row stands is carried along: one row of headers, then rows 2, 3, 4…
    assert split.raws["actors"].rows.tolist() == [2, 4, 3, 5]
    assert "filiere_code" not in split.raws["actors"].frame


def test_what_a_code_has() -> None:
    split, _ = parted(
        actors=raw("actors", filiere_code=["b", "a"], name=["B1", "A1"], siret=[None, "1"]),
        flows=raw("flows", filiere_code=["b"], source=["B1"]),
    )
    first, second = split.of(0), split.of(1)
    assert sorted(first) == ["actors", "flows"]
    assert sorted(second) == ["actors"]  # no flows: it has no such table
    # a column that a filière leaves blank is none of its own
    assert list(first["actors"].frame.columns) == ["name"]
    assert list(second["actors"].frame.columns) == ["name", "siret"]
    assert first["actors"].frame.index.equals(pd.RangeIndex(1))


def test_some_codes_with_their_own_rows_only() -> None:
    split, _ = parted(actors=raw("actors", filiere_code=list("abca"), name=["1", "2", "3", "4"]))
    some = split.take([2, 0])
    assert some.codes == ("c", "a")
    assert some.raws["actors"].frame["name"].tolist() == ["3", "1", "4"]
    assert some.offsets["actors"].tolist() == [0, 1, 3]
    assert split.raws["actors"].frame["name"].tolist() == ["1", "4", "2", "3"]  # as it was
    none = split.take([])
    assert none.codes == () and none.offsets["actors"].tolist() == [0]


def test_codes_are_those_of_the_table_of_filieres_if_there_is_one() -> None:
    split, failures = parted(
        filiere=raw("filiere", filiere_code=["x", "y"], name=["X", "Y"]),
        actors=raw("actors", filiere_code=["y", "z", "y", None, " "], name=["1", "2", "3", "4", "5"]),
    )
    assert split.codes == ("x", "y")
    assert split.offsets["actors"].tolist() == [0, 0, 2]
    assert [(row.filiere_code, row.error) for row in failures] == [("", NO_CODE), ("z", UNKNOWN_CODE)]
    assert (
        failures[0].message == "2 rows of the table “Actors” have no code of a filière: they were not read."
    )
    assert failures[1].message.startswith("1 row of the table “Actors” is of “z”, which is no filière")


def test_notes_go_to_the_filiere_of_their_row_else_to_the_first() -> None:
    actors = raw("actors", filiere_code=["b", "a"], name=["B", "A"])
    sheet = actors.sheets.iat[0]
    notes = [
        {"sheet": sheet, "row": 3, "value": "x"},
        {"sheet": sheet, "row": 99, "value": "y"},
        {"sheet": sheet, "row": 2, "value": "Code de la filière"},  # that column is ours: nothing to say
    ]
    split, _ = split_by_code({"actors": actors}, lang="en", notes=notes)
    assert {place: [one["value"] for one in told] for place, told in split.notes.items()} == {
        1: ["x"],
        0: ["y"],
    }
    assert split.take([1]).notes == {0: [notes[0]]}


@pytest.mark.parametrize("header", [*CODE_HEADERS, "CODE FILIERE", "code-de-la-filiere"])
def test_headers_of_codes(header: str) -> None:
    assert code_header(["Nom", header]) == header


def test_the_name_of_the_schema_goes_first() -> None:
    assert code_header(["Code filière", "filiere_code"]) == "filiere_code"


@pytest.mark.parametrize("headers", [[], ["Filière"], ["code"], [None, 3, 2.5], ["filiere_id"]])
def test_headers_that_are_no_codes(headers: list[Any]) -> None:
    assert code_header(headers) is None


def test_a_table_without_codes_is_named() -> None:
    with pytest.raises(ArgumentError, match="^The table “Flows” has no column “filiere_code”"):
        parted(actors=raw("actors", filiere_code=["a"], name=["A"]), flows=raw("flows", source=["A"]))


@pytest.mark.parametrize("seed", range(10))
def test_parted_rows_are_those_of_each_code_in_their_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.choice(["a", "b", "c", "d", ""], 30).tolist()
    names = [f"n{place}" for place in range(30)]
    given = raw("actors", filiere_code=codes, name=names)
    before = given.frame.copy()
    split, failures = parted(actors=given)
    pd.testing.assert_frame_equal(given.frame, before)
    assert list(split.codes) == list(dict.fromkeys(code for code in codes if code))
    for place, code in enumerate(split.codes):
        own = [name for name, one in zip(names, codes, strict=True) if one == code]
        assert split.of(place)["actors"].frame["name"].tolist() == own
    assert [row.error for row in failures] == [NO_CODE] * ("" in codes)


# -- what did not come in -------------------------------------------------------------------------------


def test_failures_as_a_frame() -> None:
    found = failures_frame([Failure("a", "a.xlsx", "ValueError", "no"), Failure("", "", NO_CODE, "x")])
    assert list(found.columns) == FAILURE_COLUMNS
    assert found.index.equals(pd.RangeIndex(2))
    assert (found.dtypes == "str").all()
    assert found.isna().to_numpy().tolist() == [[False] * 4, [True, True, False, False]]
    none = failures_frame([])
    assert none.empty and list(none.columns) == FAILURE_COLUMNS and (none.dtypes == "str").all()


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ValueError("one\ntwo"), "ValueError", "one two"),
        (KeyError(), "KeyError", "KeyError"),  # it says nothing: its kind
        (RuntimeError("x" * 900), "RuntimeError", "x" * 500),  # a stranger's message is cut
        (ChaineValeurError("y" * 900), "ChaineValeurError", "y" * 900),  # one of ours is not
        (UnreadableFileError("a\n b"), "UnreadableFileError", "a b"),
    ],
)
def test_reasons(error: Exception, kind: str, said: str) -> None:
    assert reason(error) == (kind, said)


def test_of_two_with_one_code_the_second_is_told() -> None:
    row = duplicate("caux", "a.xlsx", "b.xlsx", "en")
    assert row[:3] == ("caux", "b.xlsx", DUPLICATE)
    assert row.message.startswith("“b.xlsx” was not taken: its code “caux” is already that of “a.xlsx”.")
    assert duplicate("caux", "a", "b", "fr").message != duplicate("caux", "a", "b", "en").message


# -- putting together -----------------------------------------------------------------------------------


def broken() -> Filiere:
    raise ValueError("no such filière")


def test_what_cannot_be_made_is_a_failure_in_its_place() -> None:
    p = made([("a", "a.xlsx", small), ("b", "b.xlsx", broken), ("c", "", tiny)])
    assert p.codes.tolist() == ["a", "c"]
    assert p.failures.to_numpy().tolist() == [["b", "b.xlsx", "ValueError", "no such filière"]]
    assert p.entries["source"].fillna("-").tolist() == ["a.xlsx", "-"]
    assert len(made([])) == 0


def test_parts_keep_the_first_of_one_code_and_all_failures() -> None:
    one = Portfolio.from_filieres({"a": small(), "b": tiny()}, sources={"a": "one.xlsx"})
    two = Portfolio.from_filieres({"b": odd(), "c": faulty()}).with_failures([Failure("z", "z", "E", "m")])
    whole = of_parts(Portfolio, [one, two], lang="en")
    assert whole.codes.tolist() == ["a", "b", "c"]
    assert whole["b"] == tiny()
    assert_same(whole["c"], faulty())
    assert whole.failures["error"].tolist() == ["E", DUPLICATE]
    assert (
        whole.failures["message"].iat[1].startswith("“b” was not taken: its code “b” is already that of “b”")
    )
    # the parts are as they were
    assert two.codes.tolist() == ["b", "c"] and two["b"] == odd() and len(two.failures) == 1


def test_many_filieres_are_stacked_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from chaine_valeur.portfolio import building

    monkeypatch.setattr(building, "MOST_AT_A_TIME", 2)
    pairs = [(f"c{place}", small() if place % 2 else tiny()) for place in range(5)]
    found = Portfolio.from_filieres(iter(pairs))  # they may come one by one
    monkeypatch.undo()
    assert found == Portfolio.from_filieres(dict(pairs))
    assert found.offsets("actors").tolist() == [0, 1, 3, 4, 6, 7]


@pytest.mark.parametrize("code", ["", "  ", 3, None])
def test_a_code_that_is_none(code: Any) -> None:
    with pytest.raises(ArgumentError, match="^the code of a filière is a text that is not blank, not "):
        Portfolio.from_filieres([(code, tiny())])


def test_errors_say_what_to_do() -> None:
    p = Portfolio.from_filieres({"a": tiny(), "b": small()})
    with pytest.raises(UnknownNameError, match="^no filière 'c' in the portfolio"):
        p["c"]
    with pytest.raises(ArgumentError, match=r"^select\(\) was asked for a code twice"):
        p.select(["a", "a"])
    with pytest.raises(UnknownNameError, match="^table 'actors' has no column 'nom'"):
        p.table("actors", columns=["nom"])
    with pytest.raises(ArgumentError, match="^column 'name' of table 'actors' refers to no other table"):
        p.rows_referred_to("actors", "name")
    with pytest.raises(AttributeError, match="^a Portfolio is frozen: make another one"):
        p.year = 3  # type: ignore[attr-defined]
    with pytest.raises(ArgumentError, match="^a portfolio of 2 filières needs as many codes"):
        Portfolio(p._store, ["a", "a"])
    with pytest.raises(ArgumentError, match="^territories='T': give a list of territories"):
        Portfolio.across(tiny(), territories="T")
    with pytest.raises(ArgumentError, match="^give territories, years, or both"):
        Portfolio.across(tiny())


def test_in_chunks() -> None:
    p = Portfolio.from_filieres({code: tiny(code) for code in "abcde"}).with_failures(
        [Failure("z", "", "E", "m")]
    )
    parts = list(p.chunks(2))
    assert [part.codes.tolist() for part in parts] == [["a", "b"], ["c", "d"], ["e"]]
    assert all(part.failures.empty for part in parts)
    assert [list(part._store.texts["actors.name"]) for part in parts] == [["a", "b"], ["c", "d"], ["e"]]
    assert Portfolio.concat(parts) == p


# -- lots of work ---------------------------------------------------------------------------------------


def test_lots_are_about_four_a_process_and_none_too_large() -> None:
    assert n_processes(1) == 1
    # 10 things, 1 process: 4 lots of 3; 2 000: lots of 500, but at most 250
    assert [chunk_size(count, 1) for count in (0, 1, 4, 10, 2000)] == [1, 1, 1, 3, 250]
    assert chunk_size(2000, 1, most=40) == 40
    assert chunk_size(800, 4) == 50


@pytest.mark.parametrize("backend", [None, "threading"])
def test_work_comes_back_in_order(backend: str | None) -> None:
    from joblib import parallel_config

    lots = [(3, 1), (1, 2), (2, 2)]
    if backend is None:
        assert list(in_order(divmod, lots, jobs=None)) == [(3, 0), (0, 1), (1, 0)]
        assert list(in_order(divmod, iter([]), jobs=1)) == []
        return
    with parallel_config(backend=backend, n_jobs=2):
        assert list(in_order(divmod, iter(lots), jobs=None)) == [(3, 0), (0, 1), (1, 0)]


# -- kept on disk ---------------------------------------------------------------------------------------


def lot() -> Lot:
    portfolio = Portfolio.from_filieres({"a.xlsx": small(), "b.xlsx": faulty()}, sources={"a.xlsx": "a.xlsx"})
    return Lot(portfolio, {"a.xlsx": "caux", "b.xlsx": "bray"})


def test_a_lot_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "new" / "deep", way="fr/lenient")
    path = kept.write(lot(), {"a.xlsx": "1", "b.xlsx": "2"})
    assert path is not None
    assert kept.known({"a.xlsx": "1", "b.xlsx": "2", "c.xlsx": "3"}) == {path: ["a.xlsx", "b.xlsx"]}
    again = kept.read(path, ["b.xlsx"], lang="en")
    assert dict(again.codes) == {"b.xlsx": "bray"}
    assert_same(again.portfolio["b.xlsx"], faulty())
    # nothing half written stays, and the archive holds what it says
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["0.json.z", "1.json.z", "manifest.json"]
        assert archive.read("0.json.z") == pack(lot().portfolio)[0]
        said = json.loads(archive.read("manifest.json"))
    assert {name: one["mark"] for name, one in said["sources"].items()} == {"a.xlsx": "1", "b.xlsx": "2"}


def test_what_changed_is_no_longer_known_and_an_old_lot_is_removed(tmp_path: Path) -> None:
    kept = Kept(tmp_path, way="fr")
    path = kept.write(lot(), {"a.xlsx": "1", "b.xlsx": "2"})
    assert kept.known({"a.xlsx": "1", "b.xlsx": "changed"}) == {path: ["a.xlsx"]}
    assert kept.known({"a.xlsx": "other"}) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_lot_of_another_way_or_that_is_damaged_is_not_known(tmp_path: Path) -> None:
    marks = {"a.xlsx": "1", "b.xlsx": "2"}
    assert Kept(tmp_path, way="fr").write(lot(), marks) is not None
    assert Kept(tmp_path, way="en").known(marks) == {}
    kept = Kept(tmp_path, way="fr")
    (tmp_path / "lot-0.zip").write_bytes(b"cut")
    assert kept.known(marks) == {}
    assert not (tmp_path / "lot-0.zip").exists()


def test_a_source_in_two_lots_is_read_once(tmp_path: Path) -> None:
    kept, marks = Kept(tmp_path, way="fr"), {"a.xlsx": "1", "b.xlsx": "2"}
    kept.write(lot(), marks)
    kept.write(Lot(lot().portfolio.select(["b.xlsx"]), {"b.xlsx": "bray"}), marks)
    found = kept.known(marks)
    assert sorted(name for names in found.values() for name in names) == ["a.xlsx", "b.xlsx"]


def test_no_lot_of_nothing_and_what_was_half_written_is_removed(tmp_path: Path) -> None:
    kept = Kept(tmp_path, way="fr")
    assert kept.write(Lot(Portfolio.from_filieres({}), {}), {}) is None
    for name in (".lot-1.part", ".lot-2.part", "mine.part"):
        (tmp_path / name).touch()
    kept.clear([tmp_path / ".lot-1.part", tmp_path / "gone.part"])
    assert sorted(one.name for one in tmp_path.iterdir()) == [".lot-2.part", "mine.part"]
    kept.clear()
    assert [one.name for one in tmp_path.iterdir()] == ["mine.part"]


# -- what a folder holds --------------------------------------------------------------------------------


def test_sources_in_the_natural_order_of_their_names(tmp_path: Path) -> None:
    for name in ("f10.xlsx", "F2.xlsx", "f1.ods", "~$f1.xlsx", ".hidden.xlsx", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "f3").mkdir()
    (tmp_path / "f3" / "Acteurs.csv").touch()
    (tmp_path / "f4").mkdir()  # nothing in it
    (tmp_path / "f²").mkdir()  # a figure, but no number to sort by
    (tmp_path / "f²" / "Acteurs.csv").touch()
    found = found_sources(tmp_path, lang="en")
    assert [(one.name, one.code, one.is_workbook) for one in found] == [
        ("f1.ods", "f1", True), ("F2.xlsx", "F2", True), ("f3", "f3", False), ("f10.xlsx", "f10", True),
        ("f²", "f²", False),
    ]  # fmt: skip


def test_a_signature_changes_with_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a", encoding="utf-8")
    first = signature([path])
    assert first == signature([path]) and first.startswith("a.csv:1:")
    path.write_text("ab", encoding="utf-8")
    assert signature([path]).startswith("a.csv:2:")


def test_folders_that_hold_nothing_say_what_they_should(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="^“.*” holds neither workbooks, nor folders of CSV files"):
        found_sources(tmp_path, lang="en")
    with pytest.raises(UnreadableFileError, match="^The folder “.*” does not exist"):
        home_of(tmp_path / "none", lang="en")
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableFileError, match="^“.*” is a file: give the folder"):
        home_of(tmp_path / "file", lang="en")
    assert stacked_files(tmp_path, lang="en") == []


@pytest.mark.parametrize(
    ("filiere", "code"),
    [
        ({"filiere_id": ["LIN-76"], "name": ["Lin"]}, "LIN-76"),
        ({"filiere_id": ["lin"], "name": ["Lin"]}, "file"),  # it only repeats the name
        ({"name": ["Lin"]}, "file"),
        (None, "file"),
    ],
)
def test_the_code_of_a_file(filiere: dict[str, Any] | None, code: str) -> None:
    f = Filiere.from_tables(filiere=filiere, actors={"name": ["Relais"]})
    assert code_of(f, Source("file.xlsx", Path("file.xlsx"), "file", "", True)) == code
