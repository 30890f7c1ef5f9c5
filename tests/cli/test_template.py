"""`template` writes a workbook that can be filled in and then checked and diagnosed; `datasets` lists."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import chaine_valeur as cv
from tests.cli.running import fill, headers, one_sentence, refused, run

ACTORS = [
    {"Nom": "Récup’ Lin", "Rôles": "Fournisseur", "Collège": "ESS", "Maillons": "Collecte",
     "Emplois (ETP)": 10, "Dont insertion (ETP)": 4},
    {"Nom": "Tisserie", "Rôles": "Transformateur ; Acheteur", "Collège": "Entreprises", "Maillons": "Tissage"},
]  # fmt: skip
LINKS = [
    {"De": "Récup’ Lin", "Vers": "Tisserie", "Type de lien": "Flux de matière", "Matière": "Fibres",
     "Quantité (t/an)": 12.5, "Année": 2023},
    {"De": "Tisserie", "Vers": "Récup’ Lin", "Type de lien": "Formation"},
]  # fmt: skip
GROUPS = [{"Groupe": "GT Lin", "Membre": name} for name in ("Récup’ Lin", "Tisserie")]


@pytest.fixture(params=["essential", "complete"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# -- writing it ---------------------------------------------------------------------------------------------


def test_the_file_is_written_and_named(tmp_path):
    path = tmp_path / "ma filière à remplir.xlsx"
    told = run("template", "-o", path)
    assert told.exit_code == 0
    assert str(path) in told.stdout
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert {"Filière", "Acteurs", "Liens", "Groupes"} <= set(openpyxl.load_workbook(path).sheetnames)


def test_in_english(tmp_path):
    path = tmp_path / "f.xlsx"
    assert run("--lang", "en", "template", "-o", path).exit_code == 0
    assert "Actors" in openpyxl.load_workbook(path).sheetnames
    assert headers(path, "Actors")[0] == "Name"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_without_a_name_it_is_written_here(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run("template", "--lang", lang)
    assert told.exit_code == 0
    (written,) = tmp_path.iterdir()
    assert written.suffix == ".xlsx"
    assert written.name in told.stdout


def test_complete_holds_every_table(tmp_path):
    run("template", "--form", "complete", "-o", tmp_path / "complete.xlsx")
    run("template", "-o", tmp_path / "essential.xlsx")
    labels = {home.label("fr") for home in cv.schema.tables().values()}
    assert labels <= set(openpyxl.load_workbook(tmp_path / "complete.xlsx").sheetnames)
    assert not labels <= set(openpyxl.load_workbook(tmp_path / "essential.xlsx").sheetnames)


def test_an_existing_workbook_is_left_alone(tmp_path):
    path = tmp_path / "rempli.xlsx"
    path.write_bytes(b"three days of work")
    said = one_sentence(refused("template", "-o", path))
    assert "rempli.xlsx" in said
    assert "--force" in said
    assert path.read_bytes() == b"three days of work"
    assert run("template", "-o", path, "--force").exit_code == 0
    assert path.read_bytes().startswith(b"PK")


def test_force_does_not_replace_a_folder(tmp_path):
    (tmp_path / "f.xlsx").mkdir()
    one_sentence(refused("template", "-o", tmp_path / "f.xlsx", "--force"))
    assert list((tmp_path / "f.xlsx").iterdir()) == []


def test_a_folder_is_not_offered_to_be_replaced(tmp_path):
    """--force would not help: the sentence must not say so."""
    for name in ("dossier", "dossier.xlsx"):
        (tmp_path / name).mkdir()
        said = one_sentence(refused("template", "-o", tmp_path / name))
        assert name in said and "dossier" in said and "--force" not in said


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("filière", "filière.xlsx"),
        ("étude v1.2", "étude v1.2.xlsx"),
        ("F.XLSX", "F.XLSX"),
        ("a.b.xlsx", "a.b.xlsx"),
    ],
)
def test_a_name_without_ending_gets_one(tmp_path, name, made):
    """Excel opens no workbook under another name."""
    told = run("template", "-o", tmp_path / name)
    assert told.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == [made]
    assert made in told.stdout
    assert "existe" in one_sentence(refused("template", "-o", tmp_path / name))


@pytest.mark.parametrize("name", ["f.xls", "f.ods", "f.csv", "f.xlsm", "modèle.docx"])
def test_another_ending_is_refused_with_the_right_one(tmp_path, name):
    said = one_sentence(refused("template", "-o", tmp_path / name))
    assert name in said and ".xlsx" in said
    assert "must end in .xlsx" in one_sentence(
        refused("--lang", "en", "template", "-o", tmp_path / name), "en"
    )
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made(tmp_path):
    path = tmp_path / "nouveau" / "dossier" / "f.xlsx"
    assert run("template", "-o", path).exit_code == 0
    assert path.is_file()


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "fichier").write_text("x", encoding="utf-8")
    said = one_sentence(refused("template", "-o", tmp_path / "fichier" / "f.xlsx"))
    assert "fichier" in said


def test_one_that_is_open_elsewhere_gets_another_name_which_is_said(tmp_path, monkeypatch):
    path = tmp_path / "ouvert.xlsx"
    path.write_bytes(b"open in Excel")
    opens = Path.open

    def held(self: Path, mode: str = "r", *args: object, **more: object) -> object:
        if self == path and mode not in ("r", "rb"):
            raise PermissionError(13, "Permission denied", str(self))
        return opens(self, mode, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", held)
    told = run("template", "-o", path, "--force")
    assert told.exit_code == 0
    assert "ouvert (2).xlsx" in told.stdout
    assert "ouvert (2).xlsx" in told.stderr
    assert path.read_bytes() == b"open in Excel"
    assert (tmp_path / "ouvert (2).xlsx").read_bytes().startswith(b"PK")


# -- filling it in --------------------------------------------------------------------------------------------


def test_an_empty_one_can_be_checked_and_its_example_is_never_read(tmp_path, form):
    path = tmp_path / "f.xlsx"
    run("template", "-o", path, "--form", form)
    told = run("check", path)
    assert told.exit_code == 0
    assert "aucune ligne" in told.stdout
    assert list(cv.read_workbook(path)) == []


def test_the_essential_one_filled_in(tmp_path):
    path = tmp_path / "filière.xlsx"
    run("template", "-o", path)
    named = [{"Nom": "Lin du Plateau", "Année de référence": 2023}]
    fill(path, {"Filière": named, "Acteurs": ACTORS, "Liens": LINKS, "Groupes": GROUPS})
    told = run("check", path)
    assert told.exit_code == 0, told.stdout
    for words in (
        "Lin du Plateau",
        "Acteurs\u00a0: 2 lignes",
        "Flux\u00a0: 1 ligne",
        "Coopérations\u00a0: 1 ligne",
    ):
        assert words in told.stdout
    f = cv.read_workbook(path)
    assert f.flows["quantity_t_per_year"].tolist() == [12.5]
    assert f.actors["pole"].tolist() == ["ess", "enterprise"]
    assert len(f.memberships) == 2


def test_a_mistake_in_one_is_found_at_its_row(tmp_path):
    path = tmp_path / "filière.xlsx"
    run("template", "-o", path)
    wrong = {**LINKS[0], "Quantité (t/an)": "beaucoup"}
    fill(path, {"Acteurs": ACTORS, "Liens": [wrong, {**LINKS[1], "Vers": "Tisseri"}]})
    told = run("check", path)
    assert told.exit_code == 1
    assert "ligne 3 · Quantité (t/an)" in told.stdout
    assert "ligne 4 · Vers" in told.stdout
    assert "beaucoup" in told.stdout
    assert "Tisserie" in told.stdout


@pytest.mark.parametrize("example", cv.datasets.available())
def test_the_chain_of_an_example_comes_filled_in(tmp_path, example, form):
    path = tmp_path / "f.xlsx"
    assert run("template", "--chain", example, "--form", form, "-o", path).exit_code == 0
    chain, f = cv.datasets.load(example), cv.read_workbook(path, strict=False)
    assert f.stages["name"].tolist() == chain.stages["name"].tolist()
    assert len(f.stage_links) == len(chain.stage_links)
    assert len(f.materials) == len(chain.materials)
    assert len(f.actors) == len(f.flows) == 0


def test_with_a_chain_filled_in_and_diagnosed(tmp_path):
    path, folder = tmp_path / "f.xlsx", tmp_path / "diagnostic"
    run("template", "--chain", "lin_composite", "-o", path)
    stage = cv.datasets.load("lin_composite").stages["name"].iloc[0]
    filled = [{"Nom": "Coopérative", "Rôles": "Fournisseur", "Maillons": stage}]
    fill(path, {"Acteurs": filled})
    assert run("check", path).exit_code == 0
    told = run("diagnose", path, "-o", folder)
    assert told.exit_code == 0, told.stdout
    # every other stage of the chain is without an actor: that is said
    others = cv.datasets.load("lin_composite").stages["name"].iloc[1:]
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    assert all(name.replace("’", "'") in page.replace("’", "'").replace("&#39;", "'") for name in others)


def test_the_complete_one_filled_in(tmp_path):
    path = tmp_path / "f.xlsx"
    run("template", "--form", "complete", "-o", path)
    known = headers(path, "Acteurs")
    name = next(header for header in known if header == "Nom")
    fill(path, {"Acteurs": [{known[0]: "a", name: "Un"}, {known[0]: "b", name: "Deux"}]})
    told = run("check", path)
    assert told.exit_code == 0, told.stdout
    assert "Acteurs\u00a0: 2 lignes" in told.stdout


@pytest.mark.parametrize(("name", "close"), [("lin_composit", "lin_composite"), ("zzz", "exemple_complet")])
def test_the_chain_of_no_example(name, close, tmp_path):
    said = one_sentence(refused("template", "--chain", name, "-o", tmp_path / "f.xlsx"))
    assert name in said
    assert close in said
    assert list(tmp_path.iterdir()) == []


# -- datasets ---------------------------------------------------------------------------------------------------


def test_every_example_is_listed_with_its_name():
    told = run("datasets")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    for name in cv.datasets.available():
        assert any(line.startswith(f"{name}  ") and cv.datasets.load(name).name in line for line in lines)
    english = run("datasets", "--lang", "en").stdout
    assert english.splitlines()[:3] == lines[:3]
    assert english != told.stdout


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", cv.datasets.available())
def test_an_example_is_described(name, lang):
    told = run("datasets", name, "--lang", lang)
    assert told.exit_code == 0
    assert told.stdout == cv.datasets.describe(name, lang=lang) + "\n"


@pytest.mark.parametrize("name", ["lin_composit", "../datasets/lin_composite", "README", ""])
def test_no_such_example(name):
    said = one_sentence(refused("datasets", name))
    assert "lin_composite" in said
    english = one_sentence(refused("--lang", "en", "datasets", name), "en")
    assert "no example" in english
