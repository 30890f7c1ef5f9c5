"""What is written as Parquet comes back the same, and is not read anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import chaine_valeur as cv
from chaine_valeur import schema
from chaine_valeur.errors import MissingExtraError, UnknownNameError, UnreadableFileError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io import parquet, parquet_known
from chaine_valeur.io.parquet import read_parquet, write_parquet
from chaine_valeur.io.parquet_known import FOUND

from .making import filieres
from .parquet_hand import TABLES, again, everything, said, same, say


@pytest.fixture(scope="module")
def f() -> Filiere:
    return everything()


@pytest.fixture
def folder(f: Filiere, tmp_path: Path) -> Path:
    write_parquet(f, tmp_path / "lin")
    return tmp_path / "lin"


@pytest.fixture
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library wrote is not read as the files of anybody are."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read anew")

    monkeypatch.setattr(parquet, "read_foreign", refuse)


# -- the same again -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nobody_else")
def test_everything_comes_back(f: Filiere, folder: Path) -> None:
    found = again(folder)
    assert same(found, f)
    assert len(found.problems) >= 4 and found.set_aside["flows"]["source"].tolist() == ["Zorglub"]
    assert found.unknown_cells == {"actors": 1, "flows": 1}
    assert found.actors["Revu"].dtype == "datetime64[us]"


@pytest.mark.usefixtures("nobody_else")
@pytest.mark.parametrize("name", cv.datasets.available())
def test_every_dataset_comes_back(name: str, tmp_path: Path) -> None:
    f = cv.datasets.load(name)
    files = write_parquet(f, tmp_path)
    assert [path.stem for path in files] == list(f)
    assert same(read_parquet(tmp_path), f)


@pytest.mark.long
@settings(max_examples=6)
@given(drawn=filieres())
def test_whatever_is_drawn_comes_back(drawn: Filiere, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("drawn")
    write_parquet(drawn, home)
    assert parquet_known.read_known(home, said(home), parquet._files(home, "fr"), lang="fr") is not None
    assert same(again(home), drawn)


@pytest.mark.usefixtures("nobody_else")
@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_however_text_is_stored(folder: Path, storage: str) -> None:
    with pd.option_context("mode.string_storage", storage):
        found, f = again(folder), everything()
        assert found.actors["pole"].dtype.storage == storage
        assert found.actors.index.dtype == f.actors.index.dtype
        assert same(found, f)


@pytest.mark.usefixtures("nobody_else")
def test_a_year_is_asked_for_again(f: Filiere, tmp_path: Path) -> None:
    changed = {
        "actors": {"name": ["Étang", "Relais", "Coop"]},
        "flows": {"source": ["Étang"], "target": ["Relais"]},
    }
    of_year = Filiere.from_tables(**{**TABLES, **changed}).at(2022)
    write_parquet(of_year, tmp_path)
    assert read_parquet(tmp_path).year == 2022
    assert same(read_parquet(tmp_path), of_year)


@pytest.mark.usefixtures("nobody_else")
def test_a_copy_carries_where_its_rows_stood(f: Filiere, tmp_path: Path) -> None:
    """Rows of two origins: those of the sheet, and one that was added."""
    more = f.with_rows("actors", {"name": ["Nouveau"]}, strict=False).without_rows(
        "flows", "flow-1", strict=False
    )
    write_parquet(more, tmp_path)
    assert same(again(tmp_path), more)


@pytest.mark.usefixtures("nobody_else")
def test_a_filiere_without_actors(tmp_path: Path) -> None:
    empty = Filiere.from_tables(actors={"name": []}, strict=False)
    assert [path.name for path in write_parquet(empty, tmp_path)] == ["actors.parquet"]
    assert same(again(tmp_path), empty)


def test_the_same_filiere_gives_the_same_bytes(f: Filiere, folder: Path, tmp_path: Path) -> None:
    write_parquet(again(folder), tmp_path / "again")
    written = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert [path.as_posix() for path in written[:4]] == [
        f"{FOUND}/manifest.json", f"{FOUND}/places.parquet", f"{FOUND}/problems.parquet",
        f"{FOUND}/set_aside.parquet",
    ]  # fmt: skip
    for path in written:
        assert (folder / path).read_bytes() == (tmp_path / "again" / path).read_bytes(), path


def test_what_is_in_a_file(folder: Path) -> None:
    """Other programs read identifiers and terms, and no column of which nothing is known."""
    flows = pq.read_table(folder / "flows.parquet")
    assert flows.column_names == ["flow_id", "source", "target", "material_id", "year", "quantity_t_per_year",
                                  "status"]  # fmt: skip
    assert flows["source"].to_pylist() == ["etang", "relais", "etang"]
    assert flows["quantity_t_per_year"].to_pylist() == [12.5, None, None]
    assert flows["year"].to_pylist() == [2022, None, 2021]
    assert said(folder)["schema"] == schema.VERSION
    assert pd.read_parquet(folder / "actors.parquet")["pole"].tolist()[::2] == ["ess", "elected"]


def test_tables_that_have_no_rows_any_more_are_removed(f: Filiere, folder: Path) -> None:
    foreign = folder / "costs.parquet"
    pd.DataFrame({"cost_id": ["c"]}).to_parquet(foreign)
    fewer = f.without_rows("cooperations", list(f.cooperations.index), strict=False)
    write_parquet(fewer, folder)
    assert not (folder / "cooperations.parquet").exists()
    assert foreign.exists()  # it is somebody else's
    foreign.unlink()
    assert same(again(folder), fewer)


def test_what_could_not_be_read_is_an_error_again(folder: Path) -> None:
    with pytest.raises(ValidationError, match="Zorglub"):
        read_parquet(folder)


# -- what cannot be read --------------------------------------------------------------------------------


def refusal(path: Path, lang: str = "en") -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read_parquet(path, lang=lang)
    return str(caught.value)


def test_a_later_version_is_refused(folder: Path) -> None:
    say(folder, schema=schema.VERSION + 1, library="9.0")
    told = refusal(folder)
    assert "later version of the library (9.0), under schema 2; this one knows the schemas up to 1" in told
    assert "Install that version or a newer one." in told
    assert "version ultérieure" in refusal(folder, "fr")


def test_a_file_of_a_later_version_is_refused_without_its_folder(
    f: Filiere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chaine_valeur.io import parquet_files

    with monkeypatch.context() as later:
        later.setattr(parquet_files, "VERSION", schema.VERSION + 1)
        write_parquet(f, tmp_path)
    assert "actors.parquet" in refusal(tmp_path / "actors.parquet")
    assert "under schema 2" in refusal(tmp_path / "actors.parquet")


def test_an_older_version_is_read_anew(f: Filiere, folder: Path) -> None:
    say(folder, schema=schema.VERSION - 1)
    found = again(folder)
    assert found == f
    assert found.where("actors")["sheet"].tolist() == ["actors.parquet"] * 3
    assert found.set_aside == {}


def test_a_table_that_is_missing(folder: Path) -> None:
    (folder / "flows.parquet").unlink()
    told = refusal(folder)
    assert "“flows.parquet” is missing from" in told and "copy the folder again, whole" in told
    (folder / FOUND / "places.parquet").unlink()
    write_parquet(everything(), folder)
    (folder / FOUND / "places.parquet").unlink()
    assert "“_found/places.parquet” is missing" in refusal(folder)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all" * 9])
def test_a_file_that_is_none(folder: Path, content: bytes) -> None:
    (folder / "flows.parquet").write_bytes(content)
    assert "“flows.parquet” " in refusal(folder) or "is empty" in refusal(folder)
    assert "flows.parquet" in refusal(folder)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_file_cut_short(folder: Path, share: float) -> None:
    path = folder / "actors.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "“actors.parquet” cannot be read" in refusal(folder)


def test_no_such_folder_and_no_table_in_it(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere")
    assert "holds no file that is known" in refusal(tmp_path)
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "x.parquet")
    told = refusal(tmp_path, "fr")
    assert "Acteurs.parquet" in told


def test_nothing_can_be_written_into_a_file(f: Filiere, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="Nothing can be written"):
        write_parquet(f, tmp_path / "taken", lang="en")


def test_without_pyarrow(f: Filiere, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"chaine_valeur\[parquet\]"):
        read_parquet(folder)
    with pytest.raises(MissingExtraError, match="pyarrow"):
        write_parquet(f, folder)


def test_a_language_that_there_is_not(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="'de'"):
        read_parquet(folder, lang="de")
