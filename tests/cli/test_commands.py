"""What each command writes and says when it is well used."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result

from chaine_valeur import datasets
from chaine_valeur.io.csv import write_csv
from chaine_valeur.io.workbook import read_workbook
from chaine_valeur.report import FILES
from tests.cli.conftest import HOSTILE, Run

FIGURES = [f"figures/{name}.{suffix}" for name in ("chaine", "cooperation") for suffix in ("png", "svg")]
WRITTEN = [*FILES.values(), *FIGURES]


# -- template -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["essential", "complete"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_template_is_written_and_never_over_a_workbook(
    run: Run, tmp_path: Path, form: str, lang: str
) -> None:
    path = tmp_path / "à remplir.xlsx"
    done = run("template", "-o", path, "--form", form, "--lang", lang)
    assert done.exit_code == 0, done.stderr
    assert str(path) in done.stdout
    sheets = openpyxl.load_workbook(path).sheetnames
    assert ("Acteurs" in sheets) == (lang == "fr")
    before = path.read_bytes()
    again = run("template", "-o", path, "--form", form, "--lang", lang)
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert path.read_bytes() == before
    assert run("template", "-o", path, "--form", form, "--lang", lang, "--force").exit_code == 0


def test_a_template_has_a_name_of_its_own(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("template").exit_code == 0
    assert run("template", "--lang", "en").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "filiere_template.xlsx", "modele_filiere.xlsx",
    ]  # fmt: skip


def test_a_template_may_hold_the_chain_of_an_example(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lin.xlsx"
    done = run("template", "-o", path, "--form", "complete", "--chain", "lin_composite")
    assert done.exit_code == 0, done.stderr
    expected = datasets.load("lin_composite").stages["name"].tolist()
    texts = {
        cell for row in openpyxl.load_workbook(path)["Maillons"].iter_rows(values_only=True) for cell in row
    }
    assert set(expected) <= texts


# -- check --------------------------------------------------------------------------------------------


def test_nothing_to_correct(run: Run, good: Path) -> None:
    done = run("check", good)
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("Rien à corriger.\n")
    assert "Textiles usagés" in done.stdout


def test_what_is_wrong_is_listed_sheet_by_sheet_with_rows_as_excel_numbers_them(
    run: Run, faulty: Path
) -> None:
    done = run("check", faulty)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    # in the order of the workbook: Acteurs before Flux
    assert lines.index("Acteurs") < lines.index("Flux")
    assert "  Erreur · ligne 8 · Nom" in lines
    assert "  Erreur · ligne 3 · De" in lines
    place = lines.index("  Erreur · ligne 4 · Quantité (t/an)")
    assert "«\u00a0env. 300\u00a0» n’est pas un nombre" in lines[place + 1]
    f = read_workbook(faulty, strict=False)
    errors = int((f.problems["severity"] == "error").sum())
    aside = sum(map(len, f.set_aside.values()))
    assert lines[-1].startswith(f"{errors} erreurs, ")
    assert f"{aside} lignes mises de côté" in lines[-1]
    assert lines[-1].endswith("1 cellule illisible.")


def test_the_list_is_english_when_asked_for(run: Run, faulty: Path) -> None:
    done = run("check", faulty, "--lang", "en")
    assert done.exit_code == 1
    assert "  Error · row 8 · Nom" in done.stdout.splitlines()
    assert "“env. 300” is not a number" in done.stdout


def test_a_folder_of_csv_and_an_example_are_read_alike(run: Run, tmp_path: Path) -> None:
    write_csv(datasets.load("lin_composite"), tmp_path / "csv")
    from_folder, by_name = run("check", tmp_path / "csv"), run("check", "lin_composite")
    assert from_folder.exit_code == by_name.exit_code == 0
    assert from_folder.stdout == by_name.stdout


def test_a_warning_alone_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "acteurs.csv").write_text("nom;siret\nRelais;12345678901234\n", encoding="utf-8")
    done = run("check", tmp_path)
    assert done.exit_code == 0
    assert "À regarder · ligne 2 · SIRET" in done.stdout


# -- diagnose -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def diagnosed(run: Run, faulty: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The workbook with mistakes, diagnosed into a folder with a space and an accent."""
    folder = tmp_path_factory.mktemp("out") / "diagnostic de l’été"
    return run("diagnose", faulty, "-o", folder), folder


def test_everything_is_written_and_said(diagnosed: tuple[Result, Path]) -> None:
    done, folder = diagnosed
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == sorted(WRITTEN)
    assert all((folder / name).stat().st_size > 1000 for name in WRITTEN)
    said = done.stdout.splitlines()
    assert said[-len(WRITTEN) :] == [f"  {name}" for name in WRITTEN]
    assert done.stderr == ""


def test_what_was_set_aside_is_listed_and_makes_the_exit_code_one(
    diagnosed: tuple[Result, Path], faulty: Path
) -> None:
    done, _ = diagnosed
    f = read_workbook(faulty, strict=False)
    assert done.exit_code == 1
    count = sum(map(len, f.set_aside.values()))
    assert f"{count} lignes ont été mises de côté\u00a0:" in done.stdout
    assert "  Acteurs, ligne 8\u00a0: une cellule obligatoire est vide" in done.stdout
    assert "  Flux, ligne 3\u00a0: renvoie à ce qui n’est pas dans le classeur" in done.stdout
    # what row 8 of Acteurs drags along is told as such
    assert "renvoie à une ligne mise de côté" in done.stdout
    assert "1 cellule de Flux illisible, comptée comme inconnue." in done.stdout
    assert "chaine-valeur check" in done.stdout


def test_hostile_names_reach_the_page_as_text(diagnosed: tuple[Result, Path]) -> None:
    page = (diagnosed[1] / "rapport.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert HOSTILE[0] not in page


def test_a_sound_example_is_done_with_zero(run: Run, tmp_path: Path) -> None:
    done = run("diagnose", "lin_composite", "-o", tmp_path / "a" / "b", "--profile", "expert", "--lang", "en")
    assert done.exit_code == 0, done.stderr
    assert "findings" in done.stdout
    page = (tmp_path / "a" / "b" / "rapport.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Expert figures" in page


def test_a_year_is_that_of_the_report(run: Run, tmp_path: Path) -> None:
    done = run("diagnose", "exemple_complet", "-o", tmp_path, "--year", "2023")
    assert done.exit_code == 0, done.stderr
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert "<dt>Année des chiffres</dt><dd>2023</dd>" in page


def test_a_check_that_crashes_is_said_and_makes_the_exit_code_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chaine_valeur.analysis import gaps

    def crash(f: object, *, lang: str) -> list[object]:
        raise RuntimeError("kaputt")

    monkeypatch.setattr(gaps, "CHECKS", (crash,))
    monkeypatch.setattr("chaine_valeur.report.write_all", lambda diagnosis, folder, on: [])
    done = run("diagnose", "textiles_usages", "-o", tmp_path)
    assert done.exit_code == 1
    assert "RuntimeError: kaputt" in done.stdout


def test_a_warning_of_the_library_is_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warned(diagnosis: object, folder: object, on: object) -> list[Path]:
        warnings.warn("rapport.html est ouvert : écrit sous rapport (2).html", UserWarning, stacklevel=1)
        return []

    monkeypatch.setattr("chaine_valeur.report.write_all", warned)
    done = run("diagnose", "textiles_usages", "-o", tmp_path)
    assert done.exit_code == 0
    assert done.stderr == "rapport.html est ouvert : écrit sous rapport (2).html\n"


# -- datasets -----------------------------------------------------------------------------------------


def test_the_examples_are_listed_and_described(run: Run) -> None:
    listed = run("datasets")
    assert listed.exit_code == 0
    for name in datasets.available():
        assert f"{name}  {datasets.load(name).name}" in listed.stdout
        told = run("datasets", name)
        assert told.exit_code == 0
        assert told.stdout.startswith(datasets.describe(name).splitlines()[0])


def test_a_file_named_like_an_example_comes_first(
    run: Run, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(good.parent, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    write_csv(datasets.load("lin_composite"), Path("exemple_complet"))
    assert "Lin" in run("check", "exemple_complet").stdout
