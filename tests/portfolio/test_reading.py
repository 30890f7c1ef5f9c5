"""Folders as they come: workbooks, folders of CSV, stacked tables; what cannot be read is a row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.io.csv import write_csv
from chaine_valeur.io.workbook import read_workbook, write_workbook
from chaine_valeur.portfolio import Portfolio, read_portfolio, write_shards

from .making import assert_same, folder_of_workbooks, odd, small, tiny


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two workbooks, a folder of CSV, and what is none of them."""
    folder = folder_of_workbooks(tmp_path_factory.mktemp("books"), {"f 10": odd(), "f 2": tiny()})
    write_csv(tiny("Papier"), folder / "papier")
    shutil.copy(folder / "f 2.xlsx", folder / "~$f 2.xlsx")
    (folder / ".hidden.xlsx").write_bytes(b"")
    (folder / "lisez-moi.txt").write_text("rien", encoding="utf-8")
    (folder / "empty").mkdir()
    return folder


def test_workbooks_and_folders_of_csv_in_natural_order(books: Path) -> None:
    told: list[tuple[int, int, str]] = []
    p = read_portfolio(books, progress=lambda *said: told.append(said))
    # what the sheet says, else the name of the file
    assert list(p) == ["id-Verre", "f 10", "id-Papier"]
    assert p.entries["source"].tolist() == ["f 2.xlsx", "f 10.xlsx", "papier"]
    assert len(p.failures) == 0
    assert_same(p["f 10"], read_workbook(books / "f 10.xlsx"))
    assert p["id-Papier"] == tiny("Papier")
    assert [done for done, _, _ in told] == [1, 2, 3]
    assert {total for _, total, _ in told} == {3}
    assert told[0][2] == "f 2.xlsx"


def test_an_identifier_that_repeats_the_name_is_no_code(tmp_path: Path) -> None:
    """Made while reading, it is that of every territory: the names of the files tell them apart."""
    folder_of_workbooks(tmp_path, {"caux": small(), "bray": small()})
    p = read_portfolio(tmp_path)
    assert p["caux"].table("filiere").index.tolist() == ["textiles"]
    assert list(p) == ["bray", "caux"]


def test_one_corrupt_workbook_among_many(tmp_path: Path) -> None:
    folder = folder_of_workbooks(tmp_path, {"f000": odd()})
    good = (folder / "f000.xlsx").read_bytes()
    for number in range(1, 24):
        (folder / f"f{number:03d}.xlsx").write_bytes(good)
    (folder / "f007.xlsx").write_bytes(good[: len(good) // 2])
    (folder / "f011.xlsx").write_bytes(b"")
    p = read_portfolio(folder, lang="en")
    assert len(p) == 22
    assert "f007" not in p and "f011" not in p
    assert p.failures[["filiere_code", "source", "error"]].to_numpy().tolist() == [
        ["f007", "f007.xlsx", "UnreadableFileError"], ["f011", "f011.xlsx", "UnreadableFileError"],
    ]  # fmt: skip
    assert "damaged" in p.failures["message"].iat[0]
    assert "is empty" in p.failures["message"].iat[1]


def test_an_error_that_nobody_foresaw_ends_one_file_only(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(path: Path, **more: object) -> object:
        if path.name == "f 2.xlsx":
            raise ZeroDivisionError("a bug\nof ours")
        return read_workbook(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("chaine_valeur.portfolio.reading.read_workbook", stumbles)
    p = read_portfolio(books)
    assert list(p) == ["f 10", "id-Papier"]
    assert p.failures.iloc[0].tolist() == ["f 2", "f 2.xlsx", "ZeroDivisionError", "a bug of ours"]


def test_strict(tmp_path: Path) -> None:
    write_csv(odd(), tmp_path / "good")
    write_csv(odd(), tmp_path / "bad")
    with (tmp_path / "bad" / "actors.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n;;")
        stream.write("\nx;;une seule")
    lenient, strict = read_portfolio(tmp_path), read_portfolio(tmp_path, strict=True)
    assert list(lenient) == ["bad", "good"]
    assert lenient.entries["n_set_aside"].tolist() == [1, 0]
    assert list(strict) == ["good"]
    assert strict.failures["error"].tolist() == ["ValidationError"]


def test_two_sources_with_one_code(tmp_path: Path) -> None:
    folder_of_workbooks(tmp_path, {"b": tiny(), "a": tiny(), "c": odd()})
    p = read_portfolio(tmp_path, lang="en")
    assert list(p) == ["id-Verre", "c"]
    assert p.entries["source"].tolist() == ["a.xlsx", "c.xlsx"]
    assert p.failures[["filiere_code", "source", "error"]].to_numpy().tolist() == [
        ["id-Verre", "b.xlsx", "duplicate_code"]
    ]
    assert (
        "“b.xlsx” was not taken: its code “id-Verre” is already that of “a.xlsx”"
        in p.failures["message"].item()
    )


STACKED = {
    "filiere.csv": "filiere_code;name\n76;Textiles\n14;Laine\n",
    "Acteurs.csv": "Code de la filière;Nom;Effectif\n76;Relais;3\n14;Relais;\n76;Tri;5\n;Sans code;\n",
    "flux.csv": "filiere_code;De;Vers;Quantité (t/an)\n14;Relais;;12,5\n76;Relais;Tri;abc\n99;A;B;1\n",
}


@pytest.fixture
def stacked(tmp_path: Path) -> Path:
    for name, text in STACKED.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("header", ["Code filière", "Code (filière)", "CODE DE LA FILIERE"])
def test_codes_under_any_of_their_headers(tmp_path: Path, header: str) -> None:
    (tmp_path / "Acteurs.csv").write_text(f"{header};Nom\n76;Relais\n14;Relais\n", encoding="utf-8")
    p = read_portfolio(tmp_path)
    assert p.codes.tolist() == ["76", "14"]
    assert p.table("actors")["name"].tolist() == ["Relais", "Relais"]
    assert header not in p.table("actors")


def test_what_is_kept_needs_a_folder(stacked: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="est un fichier"):
        read_portfolio(stacked, resume=tmp_path / "kept")


def test_csv_tables_of_many_filieres(stacked: Path) -> None:
    p = read_portfolio(stacked, lang="en")
    assert list(p) == ["76", "14"]
    assert p["76"].name == "Textiles"
    # a column of the writer's own has its type; who leaves it blank does not have it
    assert p["76"].actors["Effectif"].tolist() == [3.0, 5.0]
    assert "Effectif" not in p["14"].actors
    assert "Code de la filière" not in p.table("actors")
    assert p.table("flows")["quantity_t_per_year"].fillna(-1).tolist() == [-1, 12.5]
    # rows as the file numbers them
    assert p["76"].where("actors").to_numpy().tolist() == [["Acteurs.csv", 2], ["Acteurs.csv", 4]]
    errors = p.problems.query("severity == 'error'")
    assert errors[["filiere_code", "code", "sheet", "row"]].to_numpy().tolist() == [
        ["76", "not_a_number", "flux.csv", 3]
    ]
    # the column of codes is not unknown; the other one is, and is told once
    unknown = p.problems.query("code == 'unknown_column'")
    assert unknown[["filiere_code", "value"]].to_numpy().tolist() == [["76", "Effectif"]]
    assert p.failures[["error", "source"]].to_numpy().tolist() == [
        ["no_code", "Acteurs.csv"], ["unknown_code", "flux.csv"],
    ]  # fmt: skip


def test_stacked_essential_tables(tmp_path: Path) -> None:
    """The short form: the roles and stages of an actor on its own row."""
    text = "filiere_code;Nom;Maillons;Contact\na;Relais;collecte;x@y.fr\nb;Tri;tri;\n"
    (tmp_path / "Acteurs.csv").write_text(text, encoding="utf-8")
    p = read_portfolio(tmp_path, lang="en")
    assert list(p) == ["a", "b"]
    assert p["a"].activities["stage_id"].tolist() == ["collecte"]
    assert p.problems["code"].tolist().count("contact_column") == 1
    assert "Contact" not in p.table("actors")


def test_a_stacked_table_that_is_no_text(stacked: Path) -> None:
    (stacked / "flux.csv").write_bytes(b"\x00\x01\x02" * 50)
    p = read_portfolio(stacked, lang="en")
    assert list(p) == ["76", "14"]
    assert len(p.table("flows")) == 0
    assert p.failures["source"].tolist() == ["flux.csv", "Acteurs.csv"]


def test_one_folder_of_csv_is_one_filiere(tmp_path: Path) -> None:
    write_csv(odd(), tmp_path / "seul")
    p = read_portfolio(tmp_path / "seul")
    assert list(p) == ["seul"]


def test_a_folder_of_shards(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    p = Portfolio.from_filieres({"a": tiny(), "b": odd()})
    write_shards(p, tmp_path, filieres_per_shard=1)
    assert read_portfolio(tmp_path) == p
    (tmp_path / "shard-00000" / "actors.parquet").write_bytes(b"no")
    again = read_portfolio(tmp_path, lang="en")
    assert list(again) == ["b"]
    assert again.failures["source"].tolist() == ["shard-00000"]


def test_folders_in_which_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="neither workbooks, nor folders of CSV"):
        read_portfolio(tmp_path, lang="en")
    with pytest.raises(UnreadableFileError, match="does not exist"):
        read_portfolio(tmp_path / "nowhere", lang="en")
    book = write_workbook(odd(), tmp_path / "one.xlsx")
    with pytest.raises(UnreadableFileError, match="is a file: give the folder"):
        read_portfolio(book, lang="en")


def test_the_same_with_several_processes(books: Path) -> None:
    joblib = pytest.importorskip("joblib")
    alone = read_portfolio(books)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert read_portfolio(books) == alone
        assert read_portfolio(books).entries.equals(alone.entries)


def test_codes_that_are_numbers_stay_what_they_are(tmp_path: Path) -> None:
    folder_of_workbooks(tmp_path, {"007": odd(), "76": odd(), "1e3": odd()})
    assert list(read_portfolio(tmp_path)) == ["1e3", "007", "76"]


def test_failures_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    p = read_portfolio(tmp_path)
    assert len(p) == 0
    assert {str(dtype) for dtype in p.failures.dtypes} == {"str"}
    assert p.failures.index.equals(pd.RangeIndex(1))
