"""`portfolio`: a folder of workbooks in, one report out; what cannot be read stops nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import one_sentence, refused, run, simple

FILES = ["portefeuille.docx", "portefeuille.html", "portefeuille.xlsx"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("territoires")
    for name in ("Bray", "Caux"):
        simple(home / f"{name}.xlsx")
    return home


def test_a_folder_becomes_one_report(folder: Path, tmp_path: Path) -> None:
    said = run("portfolio", folder, "-o", tmp_path / "vue", "--title", "Deux territoires")
    assert said.exit_code == 0, said.stdout
    assert said.stderr == ""
    assert "2 filières lues." in said.stdout
    assert sorted(path.name for path in (tmp_path / "vue").iterdir()) == FILES
    assert all(f"  {name}" in said.stdout.splitlines() for name in FILES)
    page = (tmp_path / "vue" / "portefeuille.html").read_text(encoding="utf-8")
    assert "Deux territoires" in page


def test_what_cannot_be_read_is_told_and_stops_nothing(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "avec"
    home.mkdir()
    for path in folder.iterdir():
        (home / path.name).write_bytes(path.read_bytes())
    (home / "Abîmé.xlsx").write_bytes(b"PK rien")
    kept = tmp_path / "gardé"
    first = run("portfolio", home, "-o", tmp_path / "vue", "--resume", kept, "--lang", "en")
    assert first.exit_code == 1
    assert "2 filières read." in first.stdout
    assert "1 failure:" in first.stdout
    assert "  Abîmé.xlsx — “Abîmé.xlsx” is not a workbook" in first.stdout
    sheets = pd.read_excel(
        tmp_path / "vue" / "portefeuille.xlsx", sheet_name=None, header=None, engine="calamine"
    )
    assert any("Abîmé" in str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel())
    again = run("portfolio", home, "-o", tmp_path / "vue", "--resume", kept, "--lang", "en")
    assert again.stdout == first.stdout


def test_places_and_one_year(folder: Path, tmp_path: Path) -> None:
    said = run(
        "portfolio",
        folder,
        "-o",
        tmp_path,
        "--ranked",
        "A1",
        "--ranked",
        "D1",
        "--year",
        "2022",
        "--jobs",
        "1",
    )
    assert said.exit_code == 0, said.stdout


def test_what_makes_no_sense_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    assert "Z9" in one_sentence(refused("portfolio", folder, "-o", tmp_path / "x", "--ranked", "Z9"))
    assert not (tmp_path / "x").exists()
    assert "dossier" in one_sentence(refused("portfolio", tmp_path / "absent", "-o", tmp_path / "x"))
    file = tmp_path / "fichier"
    file.write_text("", encoding="utf-8")
    assert "donnez un dossier" in one_sentence(refused("portfolio", folder, "-o", file))
    (tmp_path / "vide").mkdir()
    one_sentence(refused("portfolio", tmp_path / "vide", "-o", tmp_path / "x"))
    only = tmp_path / "seul"
    only.mkdir()
    (only / "Abîmé.xlsx").write_bytes(b"PK rien")
    one_sentence(refused("portfolio", only, "-o", tmp_path / "x"))
