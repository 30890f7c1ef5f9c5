"""The template: handed out empty, filled by another program, read as it was meant."""

from __future__ import annotations

import zipfile
from datetime import date

import openpyxl
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError, UnknownNameError, UnreadableFileError
from chaine_valeur.io.template_example import example_rows
from chaine_valeur.schema import shorthands, table, tables

from .making import told

pytestmark = pytest.mark.long

ESSENTIAL = {"fr": ["Acteurs", "Liens", "Groupes"], "en": ["Actors", "Links", "Groups"]}


@pytest.fixture(scope="module")
def lin():
    return cv.datasets.load("lin_composite")


def fill(path, rows):
    """Type rows under the headers of the sheets of a template, as a person would."""
    book = openpyxl.load_workbook(path)
    for name, records in rows.items():
        sheet = book[name]
        heads = {str(cell.value): cell.column for cell in sheet[2]}
        start = next(row for row in range(3, 5000) if all(cell.value is None for cell in sheet[row]))
        for below, record in enumerate(records, start=start):
            for head, value in record.items():
                column = next(
                    place for text, place in heads.items() if text == head or text.startswith(f"{head} (")
                )
                cell = sheet.cell(below, column, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type  # never a formula
    book.save(path)
    return path


def copy_example(path, lang):
    """Copy the blocks of the example onto the sheets that they show, and return the workbook."""
    book = openpyxl.load_workbook(path)
    example = book["Exemple" if lang == "fr" else "Example"]
    rows = [[cell.value for cell in row] for row in example.iter_rows()]
    blocks: dict[str, list[dict[str, object]]] = {}
    name, heads = "", []
    for row in rows[2:]:
        filled = [cell for cell in row if cell is not None]
        if not filled:
            name = ""
        elif not name:
            name, heads = str(row[0]), []
        elif not heads:
            heads = row
        else:
            record = {
                str(head): cell for head, cell in zip(heads, row, strict=True) if head and cell is not None
            }
            blocks.setdefault(name, []).append(record)
    book.close()
    return blocks


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("form", ["essential", "complete"])
def test_headers_and_explanations(tmp_path, form, lang):
    path = cv.write_template(tmp_path / "modèle.xlsx", form=form, lang=lang)
    book = openpyxl.load_workbook(path)
    homes = tables().values() if form == "complete" else shorthands().values()
    for home in homes:
        sheet = book[home.label(lang)]
        assert [cell.value for cell in sheet[1]] == [column.meaning(lang) for column in home]
        assert [cell.value for cell in sheet[2]] == [column.header(lang) for column in home]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert all(cell.value is None for row in sheet.iter_rows(min_row=3) for cell in row)
        assert not sheet.protection.sheet
    help_sheet = book.worksheets[0]
    written = {str(cell.value) for row in help_sheet.iter_rows() for cell in row}
    for home in homes:
        assert {column.meaning(lang) for column in home} <= written
    assert len(book.worksheets) == (len(tables()) if form == "complete" else 4) + 3
    assert [sheet.sheet_state for sheet in book.worksheets].count("hidden") == 1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_in_an_empty_template_is_data(tmp_path, lang):
    for form in ("essential", "complete"):
        f = cv.read_workbook(cv.write_template(tmp_path / "x.xlsx", form=form, lang=lang), lang=lang)
        assert not list(f) and set(f.problems["code"]) == {"no_actors"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_codes_are_text_and_lists_are_offered(tmp_path, lang):
    book = openpyxl.load_workbook(cv.write_template(tmp_path / "x.xlsx", lang=lang))
    sheet = book[ESSENTIAL[lang][0]]
    heads = {str(cell.value): cell for cell in sheet[2]}
    assert sheet.column_dimensions[heads["SIRET"].column_letter].width >= 16
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        styles = archive.read("xl/styles.xml").decode("utf-8")
    assert 'numFmtId="49"' in styles  # text, the format that leaves zeros alone
    offered = {}
    for name in ESSENTIAL[lang]:
        for rule in book[name].data_validations.dataValidation:
            if rule.type == "list":
                column = openpyxl.utils.cell.coordinate_from_string(str(rule.sqref).split(":")[0])[0]
                offered[name, str(book[name][f"{column}2"].value)] = rule
    words = {}  # what a rule offers, where the list is a range of the hidden sheet
    for key, rule in offered.items():
        if "!" in rule.formula1:
            name, cells = rule.formula1.split("!")
            words[key] = [cell.value for row in book[name.strip("'")][cells] for cell in row]
    poles = cv.vocabulary.labels("pole", lang)
    kinds = list(cv.vocabulary.labels("cooperation_kind", lang).values())
    assert words[ESSENTIAL[lang][0], table("actors")["pole"].label(lang)] == list(poles.values())
    assert words[ESSENTIAL[lang][1], table("essential_links")["kind"].label(lang)][1:] == kinds
    assert words[ESSENTIAL[lang][1], table("essential_links")["kind"].label(lang)][0] == (
        "Flux de matière" if lang == "fr" else "Flow of material"
    )
    # actors already typed: a name that grows with the sheet
    for column in ("source", "target"):
        rule = offered[ESSENTIAL[lang][1], table("essential_links")[column].label(lang)]
        assert rule.formula1 == "liste_actors"
    assert (
        offered[ESSENTIAL[lang][2], table("essential_groups")["actor_id"].label(lang)].formula1
        == "liste_actors"
    )
    listed = book.defined_names["liste_actors"].attr_text
    assert listed.startswith(f"OFFSET('{ESSENTIAL[lang][0]}'!$A$3,0,0,MAX(1,SUMPRODUCT(")
    # several roles may stand in a cell: no question is asked there
    assert not offered[ESSENTIAL[lang][0], table("actors")["roles"].label(lang)].showErrorMessage
    assert offered[ESSENTIAL[lang][0], table("actors")["pole"].label(lang)].errorStyle == "warning"


def test_no_cell_holds_a_formula(tmp_path, lin):
    path = cv.write_template(tmp_path / "x.xlsx", form="complete", chain=lin)
    book = openpyxl.load_workbook(path)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


FILLED = {
    "Filière": [{"Nom": "Bois du Val", "Année de référence": 2024}],
    "Acteurs": [
        {"Nom": "Scierie", "Rôles": "Fournisseur", "Maillons": "Sciage", "SIRET": "01234567890128", "Capacité": 1200},
        {"Nom": "Ressourcerie", "Rôles": "Structure d’insertion ; Transformateur", "Collège": "Autre collège",
         "Type de structure": "Atelier et chantier d’insertion (ACI)", "Maillons": "Tri", "Emplois": 12,
         "Dont insertion": 8.5, "Enquêté le": date(2024, 3, 12)},
        {"Nom": "CC du Val", "Collège": "Élus"},
    ],
    "Liens": [
        {"De": "Scierie", "Vers": "Ressourcerie", "Type de lien": "Flux de matière", "Matière": "Chutes",
         "Quantité": "1 234,5", "Année": 2024, "Fiabilité": "Déclaré", "Source": "Entretien"},
        {"De": "CC du Val", "Vers": "Ressourcerie", "Type de lien": "Soutien financier", "Intensité": "Contrat"},
        {"De": "Ressourcerie", "Type de lien": "Flux de matière", "Matière": "Meubles"},
    ],
    "Groupes": [
        {"Groupe": "COPIL", "Type de groupe": "Comité de pilotage (COPIL)", "Membre": "CC du Val", "Référent": "oui"}
    ],
}  # fmt: skip


def test_filled_and_read(tmp_path):
    f = cv.read_workbook(fill(cv.write_template(tmp_path / "x.xlsx"), FILLED))
    assert f.name == "Bois du Val" and f.reference_year == 2024
    assert f.actors["siret"].tolist()[0] == "01234567890128"
    assert f.actors["roles"].tolist()[:2] == ["supplier", "insertion;transformer"]
    assert f.actors["structure_kind"].tolist()[1] == "ACI"
    assert f.activities[["actor_id", "stage_id"]].to_numpy().tolist() == [
        ["scierie", "sciage"],
        ["ressourcerie", "tri"],
    ]
    assert f.flows["quantity_t_per_year"].tolist()[0] == 1234.5
    assert f.flows["target"].isna().tolist() == [False, True]
    assert f.cooperations[["kind", "intensity"]].to_numpy().tolist() == [["funding", "contract"]]
    assert f.groups["referent_id"].tolist() == ["cc-du-val"]
    assert set(f.problems["code"]) == {"created_from_use", "no_expected_chain"}
    assert f.where("actors")["row"].tolist() == [3, 4, 5]


def test_filled_with_mistakes(tmp_path):
    rows = {
        "Acteurs": [
            {"Nom": "A", "Collège": "Les élus", "Capacité": "env. 300"},
            {"Nom": "A"},
            {"Rôles": "Expert"},
        ],
        "Liens": [
            {"De": "A", "Vers": "B", "Type de lien": "Flux de matière"},
            {"De": "A", "Vers": "A", "Type de lien": "Formation"},
        ],
    }
    f = cv.read_workbook(fill(cv.write_template(tmp_path / "x.xlsx"), rows), strict=False)
    assert {row[:4] for row in told(f) if f.problems["severity"].eq("error").any()} >= {
        ("unknown_term", "Acteurs", 3, "Collège"),
        ("not_a_number", "Acteurs", 3, "Capacité (t/an)"),
        ("duplicate_id", "Acteurs", 4, "Nom"),
        ("missing_required", "Acteurs", 5, "Nom"),
        ("unknown_reference", "Liens", 3, "Vers"),
        ("self_tie", "Liens", 4, "Vers"),
    }


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("form", ["essential", "complete"])
def test_the_example_is_a_filiere_without_fault(tmp_path, form, lang):
    path = cv.write_template(tmp_path / "x.xlsx", form=form, lang=lang)
    f = cv.read_workbook(fill(path, copy_example(path, lang)), lang=lang)
    assert not f.problems["severity"].isin(["error", "warning"]).any()
    assert [len(f.table(name)) for name in ("actors", "activities", "flows", "cooperations", "memberships")] == [
        5, 3, 3, 3, 3,
    ]  # fmt: skip
    assert f.cooperations["state"].tolist() == ["observed", "observed", "absent"]
    assert f.flows["quantity_t_per_year"].sum() == 210
    assert "missing" not in {row["name"] for row in example_rows(lang)["essential_actors"]}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_complete_example_shows_what_could_be(tmp_path, lang):
    path = cv.write_template(tmp_path / "x.xlsx", form="complete", lang=lang)
    f = cv.read_workbook(fill(path, copy_example(path, lang)), lang=lang)
    assert {name: len(f.table(name)) for name in ("agreements", "recruitment_needs", "publics", "scenarios", "options",
                                                  "option_links", "budgets", "actions")} == {
        "agreements": 1, "recruitment_needs": 1, "publics": 3, "scenarios": 2, "options": 3, "option_links": 2,
        "budgets": 1, "actions": 1,
    }  # fmt: skip
    # what it shows can be worked with
    if lang == "fr":
        assert set(cv.planning.plan(f).chosen["name"]) == {"Formation des trieurs", "Deuxième ligne de tri"}
        assert [len(one) for one in cv.planning.scenarios_of(f).values()] == [2]


@pytest.mark.parametrize("form", ["essential", "complete"])
def test_the_expected_chain_comes_filled_in(tmp_path, lin, form):
    path = cv.write_template(tmp_path / "x.xlsx", form=form, chain=lin)
    f = cv.read_workbook(path)
    assert (
        f.stages.drop(columns="source_id")
        .reset_index(drop=True)
        .equals(lin.stages.drop(columns="source_id").reset_index(drop=True))
    )
    names = lin.stages["name"]
    links = lin.stage_links
    assert f.stage_links["stage_id"].map(f.stages["name"]).tolist() == links["stage_id"].map(names).tolist()
    assert (
        f.stage_links["to_stage_id"].map(f.stages["name"]).tolist()
        == links["to_stage_id"].map(names).tolist()
    )
    assert f.materials["name"].tolist() == lin.materials["name"].tolist()
    assert len(f.recipes) == (lin.recipes["actor_id"].isna().sum() if form == "complete" else 0)
    # every source that the chain cites came along, and only those
    cited = {lin.sources.loc[key, "name"] for name in ("stages", "stage_links", "materials")
             for key in lin.table(name)["source_id"].dropna()}  # fmt: skip
    assert cited <= set(f.sources["name"])
    assert f.actors.empty and set(f.problems["code"]) == {"no_actors"}


def test_a_filled_chain_offers_its_stages_and_takes_actors(tmp_path, lin):
    path = cv.write_template(tmp_path / "x.xlsx", chain=lin)
    book = openpyxl.load_workbook(path)
    assert {"liste_actors", "liste_stages", "liste_materials", "liste_sources"} <= set(book.defined_names)
    stage = lin.stages["name"].iloc[1]
    f = cv.read_workbook(fill(path, {"Acteurs": [{"Nom": "Teilleur", "Maillons": stage}]}))
    assert f.activities["stage_id"].map(f.stages["name"]).tolist() == [stage]
    mistaken = fill(path, {"Acteurs": [{"Nom": "Autre", "Maillons": "Zorg"}]})
    assert told(cv.read_workbook(mistaken, strict=False), "unknown_reference") == [
        ("unknown_reference", "Acteurs", 4, "Maillons", "Zorg")
    ]


def test_a_filiere_without_chain_fills_nothing(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": ["A"]})
    book = openpyxl.load_workbook(cv.write_template(tmp_path / "x.xlsx", chain=f))
    assert "Maillons" not in book.sheetnames


def test_wrong_use(tmp_path):
    with pytest.raises(UnknownNameError, match="form"):
        cv.write_template(tmp_path / "x.xlsx", form="short")
    with pytest.raises(TypeError, match="datasets.load"):
        cv.write_template(tmp_path / "x.xlsx", chain="lin_composite")
    with pytest.raises(KeyError, match="lang"):
        cv.write_template(tmp_path / "x.xlsx", lang="de")
    with pytest.raises(UnreadableFileError):
        cv.write_template(tmp_path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(MissingTableError):
        book = openpyxl.Workbook()
        book.active.title = "Liens"
        book.active.append(["De", "Vers", "Type"])
        book.save(tmp_path / "y.xlsx")
        cv.read_workbook(tmp_path / "y.xlsx")


@pytest.mark.office
@pytest.mark.parametrize("form", ["essential", "complete"])
def test_libreoffice_opens_it_and_saves_what_we_read(tmp_path, office_convert, lin, form):
    path = cv.write_template(tmp_path / "modèle.xlsx", form=form, chain=lin)
    fill(path, {"Acteurs": [{"Nom": "=cmd|' /C calc'!A0"}, {"Nom": "B", "SIRET": "01234567890128"}]})
    again = office_convert(path, to="ods")
    assert cv.read_workbook(again).actors["siret"].tolist()[1] == "01234567890128"
    kept = office_convert(path, to="xlsx:Calc MS Excel 2007 XML")
    book = openpyxl.load_workbook(kept)
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert any("liste_actors" in str(rule.formula1) for rule in rules)
    pdf = office_convert(path, to="pdf")
    assert pdf.stat().st_size > 20_000


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_other_kinds_of_workbooks(tmp_path, office_convert, suffix):
    f = cv.datasets.load("exemple_complet")
    made = office_convert(cv.write_workbook(f, tmp_path / "x.xlsx"), to=suffix)
    assert made.suffix == f".{suffix}"
    assert cv.read_workbook(made) == f
