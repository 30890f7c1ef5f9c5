"""`sheets`: one-page sheets, each kind into its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaine_valeur.cli import app
from chaine_valeur.cli.sheet_runs import FOLDERS
from chaine_valeur.cli.sheets import FORMS, KINDS
from chaine_valeur.report.fiches.files import FORMS as WRITTEN
from tests.cli.running import one_sentence, refused, run, simple

pytestmark = pytest.mark.long


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simple(tmp_path_factory.mktemp("livre") / "filiere.xlsx")


def test_each_kind_has_its_folder_and_its_list(book: Path, tmp_path: Path):
    said = run("sheets", book, "-o", tmp_path / "fiches", "--form", "html")
    assert said.exit_code == 0 and said.stderr == ""
    assert names(tmp_path / "fiches") == [
        "acteurs/acteur-atelier-du-tri.html",
        "acteurs/acteur-papeterie-oeuvre.html",
        "acteurs/acteur-recup-cie.html",
        "acteurs/index.html",
        "actions/index.html",
        "experiences/index.html",
    ]
    assert all(f"  {name}" in said.stdout.splitlines() for name in names(tmp_path / "fiches"))


def test_one_kind_in_both_forms(book: Path, tmp_path: Path):
    said = run("sheets", book, "-o", tmp_path, "--kind", "ACTORS", "--year", "2022", "--lang", "en")
    assert said.exit_code == 0
    assert {Path(name).suffix for name in names(tmp_path)} == {".html", ".docx"}
    assert {name.split("/")[0] for name in names(tmp_path)} == {"acteurs"}
    text = (tmp_path / "acteurs" / "acteur-recup-cie.html").read_text(encoding="utf-8")
    assert "120" in text and "150" not in text and "Actor sheet" in text


def test_the_sheets_of_actors_are_for_nobody_else(book: Path, tmp_path: Path):
    said = run("sheets", book, "-o", tmp_path, "--audience", "public", "--form", "html")
    assert said.exit_code == 0 and "laissées de côté" in said.stdout
    assert names(tmp_path) == ["actions/index.html", "experiences/index.html"]
    told = one_sentence(
        refused("sheets", book, "-o", tmp_path / "x", "--audience", "public", "--kind", "actors")
    )
    assert "diagnostic entier" in told and not (tmp_path / "x").exists()


def test_an_example_with_its_plan(tmp_path: Path):
    said = run("sheets", "exemple_complet", "-o", tmp_path, "--kind", "actions", "--form", "html", "--plan")
    assert said.exit_code == 0
    written = names(tmp_path)
    assert "actions/action-essais-de-la-fibre-de-papier-chez-le-fabricant.html" in written
    assert "actions/action-animer-la-demarche-trois-ans.html" in written  # an option that the plan takes


def test_a_plan_needs_options_and_all_figures(book: Path, tmp_path: Path):
    assert "Options" in one_sentence(refused("sheets", book, "-o", tmp_path / "x", "--plan"))
    told = one_sentence(
        refused(
            "sheets",
            "exemple_complet",
            "-o",
            tmp_path / "x",
            "--plan",
            "--kind",
            "actions",
            "--audience",
            "public",
        )
    )
    assert "sans lui" in told
    assert names(tmp_path) == []


def test_what_is_refused(book: Path, tmp_path: Path):
    (tmp_path / "x").write_text("x")
    assert "dossier" in one_sentence(refused("sheets", book, "-o", tmp_path / "x"))
    assert "-o" in refused("sheets", book)
    assert "groups" in refused("sheets", book, "-o", tmp_path / "y", "--kind", "groups")
    assert "base.doc" in refused("sheets", book, "-o", tmp_path / "y", "--base", tmp_path / "base.docx")


def test_the_names_are_those_of_the_library():
    assert set(KINDS) == set(FOLDERS) and set(FORMS) == {*WRITTEN, "both"}


@pytest.mark.parametrize(("lang", "word"), [("fr", "Fiches"), ("en", "sheets")])
def test_help(lang, word):
    text = run("sheets", "--help", "--lang", lang).stdout
    assert "--kind" in text and "--plan" in text and "--audience" in text and word.lower() in text.lower()
    assert "sheets" in app(lang).commands
