"""`niches`, `candidates`, `compare`: what is said, what is written, what is refused in one sentence."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chaine_valeur import datasets
from chaine_valeur.cli.planning_runs import stage_named
from chaine_valeur.cli.public import sources_of
from chaine_valeur.errors import UnknownNameError
from tests.cli.running import one_sentence, refused, run
from tests.report.readers import plain

pytestmark = pytest.mark.long

FILES = datasets.open_data("exemple_complet")


# -- candidates -----------------------------------------------------------------------------------------------


def test_candidates_of_the_missing_stage_are_named_with_their_reasons():
    said = run("candidates", "exemple_complet", "--stage", "effilochage", "--most", "3")
    assert said.exit_code == 0 and said.stderr == ""
    lines = said.stdout.splitlines()
    assert lines[0] == "Effilochage du coton"
    ranks = [line for line in lines if line.startswith("  ") and line.strip()[:2] in ("1.", "2.", "3.")]
    assert len(ranks) == 3
    assert any("NAF 38.32Z" in plain(line) for line in lines)


def test_a_stage_is_found_by_its_name_whatever_its_case():
    one = run("candidates", "exemple_complet", "--stage", "EFFILOCHAGE DU COTON", "--most", "2").stdout
    other = run("candidates", "exemple_complet", "--stage", "effilochage", "--most", "2").stdout
    assert one == other


def test_without_a_stage_every_gap_has_its_candidates():
    told = run("candidates", "exemple_complet", "--most", "1").stdout.splitlines()
    assert {"Effilochage du coton", "Ensachage et contrôle", "Défibrage du papier"} <= set(told)


def test_an_unknown_stage_suggests_those_that_look_like_it():
    told = one_sentence(refused("candidates", "exemple_complet", "--stage", "effilochages du coton"))
    assert "Effilochage du coton" in told
    english = one_sentence(refused("candidates", "exemple_complet", "--stage", "zzz", "--lang", "en"), "en")
    assert "zzz" in english and "Tri" in english  # none looks like it: all are listed


def test_candidates_are_written_as_a_workbook(tmp_path: Path):
    path = tmp_path / "pressentis.xlsx"
    said = run("candidates", "exemple_complet", "--stage", "effilochage", "-o", path)
    assert str(path) in said.stdout
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[1].values)
    assert "Pourquoi" in rows[0] and "Activité" in rows[0]
    marks = [row[rows[0].index("Activité")] for row in rows[1:]]
    assert all(isinstance(mark, float | int) and 0 < mark <= 1 for mark in marks)


def test_files_that_are_named_are_those_that_are_read(tmp_path: Path):
    listing = tmp_path / "liste.csv"
    listing.write_text(
        "type;nom;Secteur d'activités;Code postal;Ville;SIRET\n"
        "ACI;Fil d’exemple;Recyclage textiles;76210;BOLBEC CEDEX;\n",
        encoding="cp1252",
    )
    told = run("candidates", "exemple_complet", "--stage", "effilochage", "--siae", listing).stdout
    assert "Fil d’exemple" in told
    assert "Chiffons et Compagnie" not in told  # the files beside the example are left alone


def test_a_file_that_is_not_the_stock_is_refused():
    told = one_sentence(refused("candidates", "exemple_complet", "--sirene", FILES["legal_units"]))
    assert "legal_units.csv" in told


def test_a_file_that_is_not_there():
    assert "absent.csv" in one_sentence(refused("candidates", "exemple_complet", "--siae", "absent.csv"))


@pytest.mark.parametrize("option", ["--communes", "--legal-units"])
def test_what_is_of_use_beside_the_stock_only(option):
    told = one_sentence(refused("candidates", "textiles_usages", option, FILES["communes"]))
    assert option in told and "--sirene" in told


def test_a_number_of_candidates_is_one_at_least():
    assert refused("candidates", "exemple_complet", "--most", "0")


def without_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *args: Any, **more: Any) -> Any:
        if name == "duckdb":
            raise ImportError("no duckdb here")
        return real(name, *args, **more)

    monkeypatch.delitem(sys.modules, "duckdb", raising=False)
    monkeypatch.setattr(builtins, "__import__", refusing)


def test_an_example_does_without_duckdb_and_says_so(monkeypatch):
    without_duckdb(monkeypatch)
    said = run("candidates", "exemple_complet", "--stage", "effilochage")
    assert said.exit_code == 0
    assert "duckdb" in said.stderr and "chaine_valeur[sirene]" in said.stderr
    assert "Chiffons et Compagnie" in said.stdout  # of the listing, which needs no duckdb
    assert "Société d’exemple" not in said.stdout


def test_a_stock_that_was_asked_for_is_not_done_without(monkeypatch):
    without_duckdb(monkeypatch)
    told = one_sentence(refused("candidates", "exemple_complet", "--sirene", FILES["establishments"]))
    assert "duckdb" in told


# -- niches ---------------------------------------------------------------------------------------------------


def test_niches_are_weighed_with_four_marks_each():
    told = run("niches", "exemple_complet").stdout.splitlines()
    at = told.index("Effilochage du coton")
    assert plain(told[at + 1]) == "Ressource 0,63 · Débouché 0,25 · Savoir-faire 0,73 · Insertion 0,78"
    assert "37,8" in told[at + 2]


def test_what_is_not_known_is_no_zero():
    told = run("niches", "textiles_usages", "--lang", "en").stdout.splitlines()
    marks = [line for line in told if line.startswith("  Resource ")]
    assert marks and all("Outlet ?" in line and "Skills ?" in line for line in marks)


def test_niches_are_written_as_a_workbook(tmp_path: Path):
    path = tmp_path / "niches.xlsx"
    run("niches", "exemple_complet", "-o", path)
    rows = list(openpyxl.load_workbook(path).worksheets[1].values)
    assert len(rows) == 11  # ten stages that are operations or markets
    assert rows[0][:5] == ("Maillon ou idée", "Ressource", "Débouché", "Savoir-faire", "Insertion")


def test_a_filiere_without_stages_is_told_what_to_fill(tmp_path: Path):
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "actors.csv").write_text("name\nA\n", encoding="utf-8")
    assert "Maillons" in one_sentence(refused("niches", folder))


def test_a_workbook_that_is_no_workbook_name():
    assert ".xlsx" in one_sentence(refused("niches", "exemple_complet", "-o", "niches.csv"))


# -- compare --------------------------------------------------------------------------------------------------


def test_every_scenario_is_told():
    told = run("compare", "exemple_complet").stdout.splitlines()
    names = [line for line in told if line and not line.startswith(" ")]
    assert names == [
        "Un chantier d’effilochage",
        "Habitat Brume achète 100 t de plus",
        "La papeterie s’arrête",
    ]
    assert told.count("  Ce qu’il changerait\u00a0:") == 3


def test_one_scenario_is_asked_for():
    told = run("compare", "exemple_complet", "--scenario", "La papeterie s’arrête", "--lang", "en").stdout
    assert told.startswith("La papeterie s’arrête\n  Papeterie du Vieux Bac stops.\n")
    assert "Un chantier" not in told


def test_an_unknown_scenario_suggests_those_that_there_are():
    told = one_sentence(refused("compare", "exemple_complet", "--scenario", "La papeterie"))
    assert "La papeterie s’arrête" in told


def test_two_filieres_begin_with_what_is_not_of_the_same_thing():
    told = plain(run("compare", "textiles_usages", "lin_composite").stdout)
    assert "textiles_usages" in told and "lin_composite" in told
    assert run("compare", "textiles_usages", "textiles_usages").stdout.count("\n") == 1  # nothing differs


@pytest.mark.parametrize("name", ["ecarts.txt", "ecarts.md", "ecarts"])
def test_a_comparison_is_written_as_it_is_said(name: str, tmp_path: Path):
    path = tmp_path / "envoi" / name
    said = run("compare", "textiles_usages", "lin_composite", "-o", str(path)).stdout.splitlines()
    written = path if path.suffix else path.with_name("ecarts.txt")
    assert said[-1].endswith(written.name)
    lines = written.read_text(encoding="utf-8").splitlines()
    if written.suffix == ".md":
        assert [line.removeprefix("- ").replace("\\", "") for line in lines] == said[:-1]
        assert all(line.startswith("- ") for line in lines)
    else:
        assert lines == said[:-1]


def test_scenarios_are_written_too_and_a_list_keeps_its_steps(tmp_path: Path):
    said = run("compare", "exemple_complet", "-o", str(tmp_path / "s.md")).stdout
    text = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert "- La papeterie s’arrête\n  - " in text and "\n    - " in text
    assert text.count("\n- ") == said.count("Ce qu’il changerait") - 1


@pytest.mark.parametrize("name", ["ecarts.docx", ""])
def test_a_comparison_is_a_text_and_no_other_file(name: str, tmp_path: Path):
    told = one_sentence(refused("compare", "textiles_usages", "lin_composite", "-o", str(tmp_path / name)))
    assert (".txt" in told) if name else ("dossier" in told)


def test_a_scenario_goes_with_one_filiere_only():
    assert "--scenario" in one_sentence(
        refused("compare", "exemple_complet", "lin_composite", "--scenario", "La papeterie s’arrête")
    )


def test_a_filiere_without_scenarios_is_told_what_to_fill():
    assert "Scénarios" in one_sentence(refused("compare", "lin_composite"))


@pytest.mark.parametrize("command", ["niches", "candidates"])
def test_the_same_question_has_the_same_answer(command):
    assert run(command, "exemple_complet").stdout == run(command, "exemple_complet").stdout


# -- inner parts ----------------------------------------------------------------------------------------------


def test_stages_by_identifier_name_and_close_name():
    f = datasets.load("exemple_complet")
    assert stage_named(f, "tri", lang="fr") == "tri"
    assert stage_named(f, "négoce et POSE", lang="fr") == "pose"
    with pytest.raises(UnknownNameError, match="Négoce et pose"):
        stage_named(f, "négoce", lang="fr")


def test_files_beside_an_example_are_those_of_the_example_only(tmp_path: Path, monkeypatch):
    f = datasets.load("exemple_complet")
    nothing = dict.fromkeys(("establishments", "legal_units", "siae", "communes"))
    found = sources_of(f, "exemple_complet", nothing, lang="fr")
    assert found is not None and found.territory_code == "000000101" and len(found.siae.frame) == 10
    assert sources_of(f, "lin_composite", nothing, lang="fr") is None
    assert sources_of(f, "filiere.xlsx", nothing, lang="fr") is None
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exemple_complet").mkdir()  # a folder of that name is not the example
    assert sources_of(f, "exemple_complet", nothing, lang="fr") is None
