"""`check`: what is wrong is listed; no file, however bad, is answered with a traceback."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import openpyxl
import pytest

import chaine_valeur as cv
from tests.cli.running import (
    ACTORS,
    encrypted,
    one_sentence,
    refused,
    run,
    simple,
    with_empty_rows,
    workbook,
)


def counts(said: str) -> list[int]:
    """Return the numbers of the last line: errors, points to look at, remarks, rows, cells."""
    return [int(number) for number in re.findall(r"\d+", said.splitlines()[-1])]


# -- workbooks that can be read ---------------------------------------------------------------------------


def test_nothing_wrong_is_zero(simple_path):
    told = run("check", simple_path)
    assert told.exit_code == 0
    assert told.stderr == ""
    assert "Acteurs\u00a0: 3 lignes" in told.stdout
    assert "Flux\u00a0: 3 lignes" in told.stdout
    assert "Coopérations\u00a0: 1 ligne" in told.stdout
    assert "Erreur" not in told.stdout


def test_in_english(simple_path):
    told = run("check", simple_path, "--lang", "en")
    assert told.exit_code == 0
    assert "Actors: 3 rows" in told.stdout
    assert "lignes" not in told.stdout


def test_every_mistake_is_listed_where_it_stands(messy_path):
    told = run("check", messy_path)
    assert told.exit_code == 1
    f = cv.read_workbook(messy_path, strict=False)
    assert len(f.problems) > 20
    for message in f.problems["message"]:
        assert message in told.stdout
    errors = f.problems[f.problems["severity"] == "error"]
    for row, column in zip(errors["row"], errors["column"], strict=True):
        assert f"Erreur · ligne {row} · {column}" in told.stdout
    assert told.stdout.count("Erreur ·") == len(errors) == 11


def test_mistakes_are_counted(messy_path):
    f = cv.read_workbook(messy_path, strict=False)
    levels = [int((f.problems["severity"] == name).sum()) for name in ("error", "warning", "notice")]
    # 5 rows and 6 cells are those of tests/io/test_messy_workbook.py
    assert counts(run("check", messy_path).stdout) == [*levels, 5, 6]
    english = run("check", messy_path, "--lang", "en").stdout
    assert counts(english) == [*levels, 5, 6]
    assert "11 errors" in english
    assert "set aside" in english


def test_a_close_name_is_suggested(messy_path):
    told = run("check", messy_path).stdout
    line = next(
        line for line in told.splitlines() if "« Ressourcerie du Platau »" in line.replace("\u00a0", " ")
    )
    assert "Vouliez-vous dire" in line
    assert "Ressourcerie du Plateau" in line


def test_sheets_come_in_the_order_of_the_workbook(messy_path):
    heads = [line.strip() for line in run("check", messy_path).stdout.splitlines() if line[:1].strip()]
    assert heads.index("ACTEURS") < heads.index("liens") < heads.index("Groupes")


def test_remarks_alone_are_no_errors(tmp_path):
    wide = [[*ACTORS[0], "Mail"], *([*row, "x@example.org"] for row in ACTORS[1:])]
    told = run("check", simple(tmp_path / "f.xlsx", Acteurs=wide))
    assert told.exit_code == 0
    assert "Mail" in told.stdout
    assert "example.org" not in told.stdout


def test_nothing_is_written(simple_path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = simple_path.read_bytes()
    run("check", simple_path)
    assert list(tmp_path.iterdir()) == []
    assert simple_path.read_bytes() == before


def test_merged_headers_and_a_title_above(tmp_path):
    rows = [["Étude filière papier", None], [], ACTORS[0], *ACTORS[1:]]
    path = simple(tmp_path / "fusion.xlsx", Acteurs=rows)
    book = openpyxl.load_workbook(path)
    book["Acteurs"].merge_cells("A1:F1")
    book["Liens"].insert_cols(2)  # « De » stands over two columns, the second of them blank
    book["Liens"].merge_cells("A1:B1")
    book.save(path)
    told = run("check", path)
    assert told.exit_code == 0
    assert "Acteurs\u00a0: 3 lignes" in told.stdout
    assert "Flux\u00a0: 3 lignes" in told.stdout


def test_a_million_empty_rows_are_passed_over_quickly(tmp_path):
    path = with_empty_rows(simple(tmp_path / "long.xlsx"))
    begun = time.process_time()
    told = run("check", path)
    spent = time.process_time() - begun
    assert told.exit_code == 0
    assert "Acteurs\u00a0: 3 lignes" in told.stdout
    assert spent < 20  # seconds of this process; about 2 where it was measured


def test_a_sheet_of_actors_under_another_name_is_pointed_to(tmp_path):
    path = simple(tmp_path / "f.xlsx", Acteurs=None, **{"Annuaire des structures": ACTORS})
    said = one_sentence(refused("check", path)).replace("\u00a0", " ")
    assert said.endswith("S’ils sont dans « Annuaire des structures », donnez-lui le nom « Acteurs ».")
    english = one_sentence(refused("check", path, "--lang", "en"), "en")
    assert english.endswith("If they are in “Annuaire des structures”, call it “Actors”.")


def test_the_copy_that_excel_makes_of_a_sheet_is_read_if_it_is_alone(tmp_path):
    told = run("check", simple(tmp_path / "f.xlsx", Acteurs=None, **{"Acteurs (2)": ACTORS}))
    assert told.exit_code == 0
    assert "Acteurs\u00a0: 3 lignes" in told.stdout


def test_the_habits_of_a_consultancy(tmp_path):
    """Title, merged groups of headers, totals, a hidden column, comments, colours: each row is told as Excel has it."""
    rows = [
        ["LISTE DES ACTEURS"], [], ["Qui", "", "", "Quoi", ""],
        ["N°", "Raison sociale", "SIRET", "Rôles", "Maillons", "ETP"],
        [1, "Récup’ & Cie", 73282932000074, "Fournisseur", "Collecte", "8,5"],
        [2, "Atelier du Tri", 1234567890128, "Collecteur", "Collecte, Tri", 12],
        [3, "Papeterie Œuvre", "732 829 320 00074", "Acheteur", "Tri", "env. 30"], [], ["", "TOTAL", "", "", "", 20.5],
    ]  # fmt: skip
    path = simple(tmp_path / "cabinet.xlsx", Acteurs=rows, Notes=[["à relancer"]])
    book = openpyxl.load_workbook(path)
    sheet = book["Acteurs"]
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A3:C3")
    sheet.column_dimensions["C"].hidden = True
    sheet["B5"].comment = openpyxl.comments.Comment("très intéressé", "MD")
    for cell in sheet[4]:
        cell.fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.save(path)
    told = run("check", path).stdout.replace("\u00a0", " ").replace("\u202f", " ")
    for words in (
        "ligne 6 · SIRET\n    Il manque un zéro en tête de « 1234567890128 »",
        "ligne 6 · Rôles\n    « Collecteur » n’est pas dans la liste",
        "ligne 6 · Maillons\n    « Collecte, Tri » lu comme",
        "ligne 7 · ETP\n    « env. 30 » n’est pas un nombre",
        "ligne 7 · SIRET\n    Le SIRET 73282932000074 figure aussi à la ligne 5",
        "ligne 9 · Raison sociale\n    « TOTAL » semble être le total",
        "La feuille « Notes » n’est pas connue",
        "Acteurs : 3 lignes",
    ):
        assert words in told, words
    assert "intéressé" not in told


# -- what FILE may be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", cv.datasets.available())
def test_every_example_is_without_errors(name):
    assert run("check", name).exit_code == 0


def test_a_folder_of_csv_files(tmp_path):
    folder = tmp_path / "tables à lire"
    cv.write_csv(cv.datasets.load("lin_composite"), folder)
    told = run("check", folder)
    assert told.exit_code == 0
    assert told.stdout == run("check", "lin_composite").stdout
    (folder / "actors.csv").write_text("name;latitude\nUn;nord\n", encoding="utf-8")
    told = run("check", folder)
    assert told.exit_code == 1
    assert "actors" in told.stdout


def test_a_file_goes_before_an_example_of_that_name(tmp_path, monkeypatch, simple_path):
    monkeypatch.chdir(tmp_path)
    Path("lin_composite").write_bytes(simple_path.read_bytes())
    assert "Acteurs\u00a0: 3 lignes" in run("check", "lin_composite").stdout


def test_the_extension_does_not_matter(tmp_path, simple_path):
    path = tmp_path / "sans extension"
    path.write_bytes(simple_path.read_bytes())
    assert run("check", path).exit_code == 0


@pytest.mark.parametrize(
    ("name", "close"), [("lin_composit", "lin_composite"), ("textile_usage", "textiles_usages")]
)
def test_close_examples_are_suggested(name, close):
    said = one_sentence(refused("check", name))
    assert name in said
    assert close in said
    assert "exemple_complet" not in said


def test_all_examples_are_named_if_none_is_close():
    said = one_sentence(refused("check", "zzz"))
    assert all(name in said for name in cv.datasets.available())


# -- files that cannot be read: 2, one sentence that names the file -------------------------------------------


def _bad(folder: Path) -> dict[str, Path]:
    """Make a file of each kind that cannot be read; return what it is → its path."""
    made = {
        name: folder / f"{name} é à.xlsx" for name in ("missing", "empty", "text", "cut", "noise", "blank")
    }
    made["empty"].touch()
    made["text"].write_text("nom;rôle\nUn;Acheteur\n", encoding="utf-8")
    whole = simple(folder / "whole.xlsx").read_bytes()
    made["cut"].write_bytes(whole[: len(whole) // 2])
    made["noise"].write_bytes(b"PK\x03\x04" + os.urandom(5000))
    made["blank"] = workbook(made["blank"], {"Feuil1": []})
    made["encrypted"] = encrypted(folder / "secret é.xlsx")
    made["other sheets"] = workbook(folder / "autres é.xlsx", {"Agenda": [["a"], [1]], "Planning": [["b"]]})
    made["no actors"] = simple(folder / "sans acteurs é.xlsx", Acteurs=None)
    made["only headers"] = simple(folder / "vide é.xlsx", Acteurs=[["a", "b"]], Liens=None)
    made["empty folder"] = folder / "dossier é"
    made["empty folder"].mkdir()
    made["folder of others"] = folder / "photos é"
    made["folder of others"].mkdir()
    (made["folder of others"] / "photo.jpg").write_bytes(b"\xff\xd8")
    made["no folder"] = folder / "nulle part" / "f.xlsx"
    return made


KINDS = {
    "missing": "n’existe pas", "empty": "vide", "text": "pas un classeur", "cut": "classeur", "noise": "classeur",
    "blank": "feuille", "encrypted": "mot de passe", "other sheets": "Agenda", "no actors": "Acteurs",
    "only headers": "Acteurs", "empty folder": "dossier é", "folder of others": "photos é",
    "no folder": "n’existe pas",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_bad_file_is_one_sentence(kind, lang, tmp_path):
    path = _bad(tmp_path)[kind]
    said = one_sentence(refused("check", path, "--lang", lang), lang)
    assert "Traceback" not in said
    if lang == "fr":
        assert KINDS[kind] in said
    else:
        assert not re.search(r"n’existe|classeur|mot de passe|feuille", said)


@pytest.mark.parametrize("kind", KINDS)
def test_diagnose_refuses_it_too_and_writes_nothing(kind, tmp_path):
    path = _bad(tmp_path)[kind]
    one_sentence(refused("diagnose", path, "-o", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_missing_file_names_the_close_ones(tmp_path):
    simple(tmp_path / "filière bois.xlsx")
    said = one_sentence(refused("check", tmp_path / "filiere bois.xlsx"))
    assert "filière bois.xlsx" in said


def test_a_file_that_another_program_holds(simple_path, monkeypatch):
    def held(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", held)
    said = one_sentence(refused("check", simple_path))
    assert "verrouillé" in said
    assert simple_path.name in said


@pytest.mark.parametrize("name", ["a\0b.xlsx", "x" * 400 + ".xlsx", "\udce9tude.xlsx", "*.xlsx", "<b>.xlsx"])
def test_names_that_no_system_takes(name):
    one_sentence(refused("check", name))
