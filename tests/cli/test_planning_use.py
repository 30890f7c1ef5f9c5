"""How niches, candidates, compare and plan are called: numbers, years, wrong use, in one language; exit codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chaine_valeur import datasets
from chaine_valeur.cli import planning
from chaine_valeur.cli.planning_runs import stage_named
from chaine_valeur.errors import UnknownNameError
from tests.cli.running import one_sentence, refused, run, simple
from tests.report.builders import FORMULA, PERSONS, SCRIPT, SIRET

pytestmark = pytest.mark.long

FILES = datasets.open_data("exemple_complet")
NO_FILES = dict.fromkeys(("sirene", "legal_units", "siae", "communes"))
#: Words that only an English sentence has.
ENGLISH = re.compile(r"\b(the|of|is|not|has to be|valid|range|from|write|there|with|stages?)\b")


def seen_by(monkeypatch: pytest.MonkeyPatch, name: str) -> dict[str, Any]:
    """Return what the command gives to what it runs, once it is run."""
    seen: dict[str, Any] = {}
    monkeypatch.setattr(planning, f"run_{name}", lambda **values: seen.update(values) or 0)
    return seen


# -- what is given on ------------------------------------------------------------------------------------------


def test_defaults(monkeypatch):
    plan, candidates = seen_by(monkeypatch, "plan"), seen_by(monkeypatch, "candidates")
    niches, compare = seen_by(monkeypatch, "niches"), seen_by(monkeypatch, "compare")
    for command in ("plan", "candidates", "niches", "compare"):
        assert run(command, "f.xlsx").exit_code == 0
    assert plan == {"file": "f.xlsx", "output": None, "objective": "insertion_fte", "years": None, "year": None,
                    "supervision": None, "cap": 0.3, "outlets": False, "draws": None,
                    "lang": "fr"}  # fmt: skip
    assert candidates == {"file": "f.xlsx", "stage": None, "most": 10, "output": None, "year": None, "lang": "fr",
                          **NO_FILES}  # fmt: skip
    assert niches == {"file": "f.xlsx", "output": None, "year": None, "lang": "fr", **NO_FILES}
    assert compare == {
        "file": "f.xlsx",
        "other": None,
        "scenario": (),
        "output": None,
        "year": None,
        "lang": "fr",
    }


def test_outlets_are_asked_for(monkeypatch):
    seen = seen_by(monkeypatch, "plan")
    assert run("plan", "f.xlsx", "--outlets").exit_code == 0
    assert seen["outlets"] is True


@pytest.mark.parametrize(
    ("said", "meant"),
    [("20%", 0.2), ("20 %", 0.2), ("12,5\u202f%", 0.125), ("0,2", 0.2), ("100%", 1.0)],
)
def test_shares_may_be_in_percent(said, meant, monkeypatch):
    seen = seen_by(monkeypatch, "plan")
    assert run("plan", "f.xlsx", "--cap", said, "--supervision", said).exit_code == 0
    assert (seen["cap"], seen["supervision"]) == (pytest.approx(meant), pytest.approx(meant))
    for wrong in ("101%", "%", "2%%"):
        assert run("plan", "f.xlsx", "--cap", wrong).exit_code == 2


@pytest.mark.parametrize(
    ("said", "meant"),
    [("2025-2027", range(2025, 2028)), ("2025", range(2025, 2026)), (" 2025 – 2026 ", range(2025, 2027)),
     ("2025:2025", range(2025, 2026))],
)  # fmt: skip
def test_spans_of_years(said, meant, monkeypatch):
    seen = seen_by(monkeypatch, "plan")
    run("plan", "f.xlsx", "--years", said)
    assert seen["years"] == meant


@pytest.mark.parametrize(
    ("option", "said", "name", "meant"),
    [
        ("--cap", "0,5", "cap", 0.5),  # a French comma
        ("--cap", "0", "cap", 0.0),
        ("--cap", "1", "cap", 1.0),
        ("--supervision", " 0.2 ", "supervision", 0.2),
        ("--supervision", "3", "supervision", 3.0),
    ],
)
def test_numbers_are_taken_with_a_point_or_a_comma(option, said, name, meant, monkeypatch):
    seen = seen_by(monkeypatch, "plan")
    assert run("plan", "f.xlsx", option, said).exit_code == 0
    assert seen[name] == meant


def test_files_and_scenarios_are_given_on(monkeypatch):
    candidates, compare = seen_by(monkeypatch, "candidates"), seen_by(monkeypatch, "compare")
    run(
        "candidates",
        "f",
        "--sirene",
        "a",
        "--legal-units",
        "b",
        "--siae",
        "c",
        "--communes",
        "d",
        "--most",
        "3",
    )
    assert [candidates[name] for name in NO_FILES] == ["a", "b", "c", "d"]
    assert candidates["most"] == 3 and isinstance(candidates["most"], int)
    run("compare", "f", "g", "--scenario", "un", "--scenario", "deux", "--year", "2024")
    assert (compare["other"], compare["scenario"], compare["year"]) == ("g", ("un", "deux"), 2024)


# -- wrong use -------------------------------------------------------------------------------------------------

WRONG = [
    (["plan", "f", "--cap", "abc"], ["abc", "0", "1"]),
    (["plan", "f", "--cap", "1.01"], ["1.01"]),
    (["plan", "f", "--cap", "-0.1"], ["-0.1"]),
    (["plan", "f", "--cap", "nan"], ["nan"]),
    (["plan", "f", "--cap", "0_5"], ["0_5"]),
    (["plan", "f", "--supervision", "inf"], ["inf", "0"]),
    (["plan", "f", "--supervision", "-1"], ["-1"]),
    (["plan", "f", "--objective", "money"], ["money", "insertion_fte", "served_t", "closed_gaps"]),
    (["plan", "f", "--years", "2027-2025"], ["2027-2025", "2025-2027"]),
    (["plan", "f", "--years", "0025"], ["0025"]),
    (["candidates", "f", "--most", "0"], ["0", "1"]),
    (["candidates", "f", "--most", "2,5"], ["2,5"]),
    (["candidates", "f", "--most", "٣"], ["٣"]),
    (["candidates", "f", "--year", "24"], ["24"]),
    (["candidates", "f", "--stages", "tri"], ["--stages", "--stage"]),
    (["niches"], ["FICHIER"]),
    (["niches", "f", "g"], ["g"]),
    (["compare"], ["FICHIER"]),
    (["compare", "f", "g", "h"], ["h"]),
]


@pytest.mark.parametrize(("args", "words"), WRONG)
def test_wrong_use_is_said_in_french(args, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    last = refused(*args).splitlines()[-1]
    assert last.startswith("Erreur\u00a0: ")
    assert all(word in last for word in words), last
    assert not ENGLISH.search(re.sub(r"--\w+", "", last)), last
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["plan", "f", "--cap", "2"], "“2” is not possible: write a number from 0 to 1."),
        (["plan", "f", "--supervision", "x"], "“x” is not possible: write a number from 0 up."),
        (["candidates", "f", "--most", "0"], "“0” is not possible: write a whole number from 1 up."),
        (["plan", "f", "--years", "x"], "“x” is no span of years: write 2025-2027."),
    ],
)
def test_wrong_use_is_said_in_english(args, told):
    assert refused("--lang", "en", *args).splitlines()[-1] == f"Error: {told}"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["candidates", "exemple_complet", "--stage", "trie"], ["trie", "Tri"]),
        (["candidates", "exemple_complet", "--year", "1999"], ["1999", "2024"]),
        (["candidates", "absent.xlsx"], ["absent.xlsx"]),
        (["candidates", "exemple_complets"], ["exemple_complets", "exemple_complet."]),
        (["candidates", "exemple_complet", "-o", "liste.csv"], ["liste.csv", ".xlsx", "classeur"]),
        (["candidates", "exemple_complet", "-o", "dossier.xlsx"], ["dossier.xlsx", "dossier"]),
        (["candidates", "exemple_complet", "--sirene", "stock.parquet"], ["stock.parquet"]),
        (["candidates", "exemple_complet", "--sirene", FILES["siae"]], ["siae.csv"]),
        (["candidates", "exemple_complet", "--siae", FILES["communes"]], ["communes.csv"]),
        (["niches", "exemple_complet", "--siae", FILES["siae"], "--communes", "c.csv"], ["c.csv"]),
        (["niches", "exemple_complet", "--siae", FILES["siae"], "--legal-units", "l.csv"], ["--legal-units"]),
        (["niches", "exemple_complet", "-o", "dossier.xlsx"], ["dossier.xlsx"]),
        (["niches", "exemple_complet", "--year", "1999"], ["1999"]),
        (["compare", "exemple_complet", "--scenario", "Un chantier"], ["Un chantier d’effilochage"]),
        (["compare", "exemple_complet", "--scenario", "?"], ["« ? »", "La papeterie s’arrête"]),
        (["compare", "exemple_complet", "absent"], ["absent", "lin_composite"]),
        (["compare", "absent.xlsx", "exemple_complet"], ["absent.xlsx"]),
    ],
)
def test_what_cannot_be_done_is_one_french_sentence_and_nothing_is_written(
    args, words, tmp_path, monkeypatch
):
    (tmp_path / "dossier.xlsx").mkdir()
    monkeypatch.chdir(tmp_path)
    told = one_sentence(refused(*args)).replace("\u00a0", " ")
    assert all(word in told for word in words), told
    assert not ENGLISH.search(told), told
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.xlsx"]


# -- what is said of workbooks that hold something else ------------------------------------------------------------

STAGES = [["Nom", "Nature", "Rang"], ["Collecte", "Opération", 1], ["Tri", "Opération", 2]]


def with_stages(path: Path, **more: Any) -> Path:
    """A workbook of three actors, and of an expected chain of which one stage is missing."""
    chain = [["Maillon amont", "Maillon aval"], ["Collecte", "Tri"], ["Tri", "Cardage"], ["Cardage", "Vente"]]
    stages = [*STAGES, ["Cardage", "Opération", 3], ["Vente", "Marché", 4]]
    return simple(path, **{"Maillons": stages, "Enchaînements": chain, **more})


def test_a_row_that_cannot_be_used_makes_the_exit_code_one(tmp_path: Path):
    clean = with_stages(tmp_path / "a.xlsx")
    lost = [["De", "Vers", "Type", "Tonnage (t/an)"], ["Personne ici", "Récup’ & Cie", "Flux de matière", 3]]
    other = with_stages(tmp_path / "b.xlsx", Liens=lost)
    for command in (["candidates"], ["niches"]):
        assert run(*command, clean).exit_code == 0
        assert run(*command, other).exit_code == 1
    assert run("compare", clean, clean).exit_code == 0
    assert run("compare", clean, other).exit_code == run("compare", other, clean).exit_code == 1


def test_a_cell_that_cannot_be_read_counts_on_both_sides(tmp_path: Path):
    clean = with_stages(tmp_path / "a.xlsx")
    vague = [["De", "Vers", "Type", "Tonnage (t/an)"],
             ["Récup’ & Cie", "Atelier du Tri", "Flux de matière", "beaucoup"]]  # fmt: skip
    other = with_stages(tmp_path / "b.xlsx", Liens=vague)
    assert [run("compare", *pair).exit_code for pair in ((clean, other), (other, clean))] == [1, 1]


def test_persons_have_no_name_and_no_number_in_what_is_said_or_written(tmp_path: Path):
    jeanne, marcel = PERSONS
    actors = [
        [
            "Nom de l'acteur",
            "Rôle",
            "Maillon",
            "ETP",
            "ETP insertion",
            "Personne physique",
            "SIRET",
            "Statut",
        ],
        [jeanne, "Transformateur", "Cardage", 1, None, "oui", SIRET, "pressenti"],
        [marcel, "Fournisseur", "Collecte", 1, None, "oui", None, None],
        ["Atelier", "Transformateur", "Tri", 4, 2, None, None, None],
    ]
    path = with_stages(tmp_path / "p.xlsx", Acteurs=actors, Liens=None)
    for args in (["candidates", path, "-o", tmp_path / "c"], ["niches", path, "-o", tmp_path / "n"]):
        told = run(*args)
        assert told.exit_code == 0, told.stderr
        cells = [str(cell) for sheet in openpyxl.load_workbook(tmp_path / f"{args[0][0]}.xlsx")
                 for row in sheet.values for cell in row]  # fmt: skip
        for name in (*PERSONS, "Lefebvre", "Quibel", SIRET, SIRET[:9]):
            assert name not in told.output and not any(name in cell for cell in cells)
    told = run("candidates", path, "--stage", "Cardage").stdout.splitlines()
    assert told[1] == "  1. entreprise individuelle, nom non diffusé"


def test_hostile_names_are_text_in_the_workbooks(tmp_path: Path):
    stages = [*STAGES, [SCRIPT, "Opération", 3], [FORMULA, "Opération", 4]]
    chain = [["Maillon amont", "Maillon aval"], ["Collecte", "Tri"], ["Tri", SCRIPT], [SCRIPT, FORMULA]]
    actors = [["Nom de l'acteur", "Rôle", "Maillon", "Statut"], ["=1+1", "Transformateur", FORMULA, "pressenti"],
              ["Atelier", "Transformateur", "Tri", None]]  # fmt: skip
    path = simple(tmp_path / "h.xlsx", Maillons=stages, Enchaînements=chain, Acteurs=actors, Liens=None)
    written = {}
    for command in ("candidates", "niches"):
        assert run(command, path, "-o", tmp_path / f"{command}.xlsx").exit_code == 0
        book = openpyxl.load_workbook(tmp_path / f"{command}.xlsx")
        cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}  # no formula
        written[command] = {cell.value for cell in cells}
    assert {SCRIPT, FORMULA} <= written["niches"]
    assert "=1+1" in written["candidates"]


def test_two_stages_of_one_name_have_to_be_told_apart():
    f = datasets.load("exemple_complet")
    double = type(f).from_tables(
        actors={"name": ["A"]}, stages={"stage_id": ["a", "b", "c"], "name": ["Tri", "tri", "Collecte"]}
    )
    assert stage_named(f, "TRI", lang="fr") == "tri"
    assert stage_named(double, "b", lang="fr") == "b"
    with pytest.raises(UnknownNameError, match="Tri"):
        stage_named(double, "TRI", lang="fr")


# -- workbooks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_workbook_of_candidates_says_how_they_were_looked_for(lang, tmp_path: Path):
    args = ("candidates", "exemple_complet", "--stage", "tri", "--most", "2", "--siae", FILES["siae"])
    said = run(*args, "--lang", lang, "-o", tmp_path / "liste")  # the ending is added
    book = openpyxl.load_workbook(tmp_path / "liste.xlsx")
    assert book.sheetnames[1] == {"fr": "Acteurs pressentis", "en": "Candidates"}[lang]
    assert len(book.sheetnames) == 3
    told = [row[0] for row in book.worksheets[2].values][1:]
    lines = said.stdout.splitlines()
    assert told == lines[-1 - len(told) : -1]  # the same sentences, a row each
    rows = list(book.worksheets[1].values)
    assert len(rows) == 3 and [row[1] for row in rows[1:]] == [1, 2]


def test_the_workbook_of_niches_leaves_empty_what_is_not_known(tmp_path: Path):
    assert run("niches", "textiles_usages", "--lang", "en", "-o", tmp_path / "n.xlsx").exit_code == 0
    heads, *rows = openpyxl.load_workbook(tmp_path / "n.xlsx").worksheets[1].values
    assert heads[:5] == ("Stage or idea", "Resource", "Outlet", "Skills", "Insertion")
    assert not [head for head in heads if "_" in head]
    skills = [row[3] for row in rows]
    assert skills == [None] * len(rows)  # no counts by territory: unknown, not 0
    told = run("niches", "textiles_usages", "--lang", "en").stdout
    assert "Skills ?" in told and "Skills 0" not in told


def test_the_same_answer_has_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        run("niches", "textiles_usages", "-o", tmp_path / f"{name}.xlsx")
        run("candidates", "textiles_usages", "-o", tmp_path / f"c{name}.xlsx")
    for one, other in (("a", "b"), ("ca", "cb")):
        assert (tmp_path / f"{one}.xlsx").read_bytes() == (tmp_path / f"{other}.xlsx").read_bytes()


def test_a_scenario_named_twice_is_told_once():
    name = "La papeterie s’arrête"
    twice = run("compare", "exemple_complet", "--scenario", name, "--scenario", name).stdout
    assert twice.splitlines().count(name) == 1
