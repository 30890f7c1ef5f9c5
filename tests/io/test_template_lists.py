"""The lists of the template: what every column offers, and the same lists computed by another program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

import chaine_valeur as cv
from chaine_valeur.schema import Column, reference_targets, shorthands, tables
from chaine_valeur.vocabulary import labels

from .test_template import fill

FORMS = [(form, lang) for form in ("essential", "complete") for lang in ("fr", "en")]


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: "-".join(form))
def handed_out(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workbook, str, str]:
    """An empty template, as another program reads it; its form and its language."""
    form, lang = request.param
    path = cv.write_template(tmp_path_factory.mktemp("t") / "modèle.xlsx", form=form, lang=lang)
    return openpyxl.load_workbook(path), form, lang


def offered(book: Workbook, sheet: str, header: str) -> list[DataValidation]:
    """Return the rules of the column under a header."""
    place = next(cell.column_letter for cell in book[sheet][2] if cell.value == header)
    rules = book[sheet].data_validations.dataValidation
    return [rule for rule in rules if re.match(rf"{place}\d", str(rule.sqref))]


def homes(form: str) -> list[Any]:
    return list(tables().values() if form == "complete" else shorthands().values())


def words(book: Workbook, formula: str) -> list[str]:
    """Return what stands in the range of a list."""
    sheet, cells = formula.split("!")
    return [str(cell.value) for row in book[sheet.strip("'")][cells] for cell in row]


def expected(column: Column, lang: str) -> list[str] | None:
    """The words that a column offers, as the vocabulary has them."""
    if column.type == "boolean":
        return ["oui", "non"] if lang == "fr" else ["yes", "no"]
    if column.vocabulary == "link_kind":
        return [*labels("link_kind", lang).values(), *labels("cooperation_kind", lang).values()]
    return list(labels(column.vocabulary, lang).values()) if column.vocabulary else None


def test_every_column_with_a_vocabulary_offers_it(handed_out):
    book, form, lang = handed_out
    seen = 0
    for home in homes(form):
        for column in home:
            rules = offered(book, home.label(lang), column.header(lang))
            given = expected(column, lang)
            if given is None:
                continue
            (rule,) = rules
            assert rule.type == "list"
            assert words(book, rule.formula1) == given, (home.name, column.name)
            # several roles may stand in a cell: nothing is asked there
            assert bool(rule.showErrorMessage) is (column.type != "list")
            assert rule.errorStyle == "warning" and rule.showDropDown in (None, False)
            first, last = re.findall(r"\d+", str(rule.sqref))
            assert first == "3" and int(last) >= 500
            seen += 1
    assert seen >= (10 if form == "essential" else 40)


def test_every_word_that_is_offered_is_read(handed_out):
    """What one picks from a list must not come out as « not in the list »."""
    book, form, lang = handed_out
    for home in homes(form):
        for column in home:
            given = expected(column, lang)
            if given is None or column.vocabulary == "link_kind":
                continue
            from pandas import Series

            from chaine_valeur.parse import parse_column

            parsed = parse_column(Series(given, dtype=object), column)
            assert (parsed.codes == "").all(), (home.name, column.name)
            assert parsed.values.nunique() == len(given)


def test_every_reference_offers_the_names_typed_so_far(handed_out):
    book, form, lang = handed_out
    named = {name.removeprefix("liste_") for name in book.defined_names}
    for home in homes(form):
        for column in home:
            target = reference_targets(column)
            if target is None or target[0] not in named:
                continue
            (rule,) = offered(book, home.label(lang), column.header(lang))
            assert rule.formula1 == f"liste_{target[0]}"
    if form == "complete":  # every table that has names and is referred to
        assert named == {"actors", "stages", "materials", "groups", "options", "sources"}
    else:
        assert named == {"actors"}


def test_defined_names_point_under_the_headers(handed_out):
    book, _, lang = handed_out
    for name, defined in book.defined_names.items():
        home = tables()[name.removeprefix("liste_")]
        sheet, place = re.match(r"OFFSET\('([^']+)'!\$([A-Z]+)\$3,0,0,", defined.attr_text).groups()
        assert sheet == home.label(lang)
        header = book[sheet][f"{place}2"].value
        assert header in {home[home.name_column].header(lang), home[home.name_column].label(lang)}


def test_numbers_are_asked_for_where_numbers_are_needed(handed_out):
    """« env. 300 » is questioned while it is typed, a figure out of bounds too."""
    book, form, lang = handed_out
    for home in homes(form):
        for column in home:
            if not column.is_numeric:
                continue
            (rule,) = offered(book, home.label(lang), column.header(lang))
            assert (rule.type, rule.operator or "between", rule.errorStyle) == (
                "decimal",
                "between",
                "warning",
            )
            low, high = float(rule.formula1), float(rule.formula2)
            assert low == (-1e12 if column.minimum is None else column.minimum)
            assert high == (1e12 if column.maximum is None else column.maximum)


@pytest.mark.office
def test_libreoffice_computes_the_lists_as_they_grow(tmp_path, office_convert):
    """The lists end with the last name, blank rows among the names or not; an empty one is one blank cell."""
    chain = cv.datasets.load("lin_composite")
    path = cv.write_template(tmp_path / "modèle.xlsx", form="complete", chain=chain)
    fill(path, {"Acteurs": [{"Nom": name} for name in ("Un", "Deux", "Trois")]})
    book = openpyxl.load_workbook(path)
    place = next(cell.column for cell in book["Acteurs"][2] if cell.value == "Nom")
    book["Acteurs"].cell(7, place, "Cinq")  # rows 3 to 5 and 7: row 6 is blank
    sheet = book.create_sheet("Calculs")
    names = ["actors", "stages", "materials", "sources", "groups"]
    for row, name in enumerate(names, start=1):
        sheet.cell(row, 1, f"=ROWS(liste_{name})")
        sheet.cell(row, 2, f"=INDEX(liste_{name},1)")
        sheet.cell(row, 3, f'=INDEX(liste_{name},ROWS(liste_{name}))&""')
    book.save(path)
    made = office_convert(path, to="xlsx:Calc MS Excel 2007 XML")
    rows = CalamineWorkbook.from_path(made).get_sheet_by_name("Calculs").to_python()
    cited = chain.sources.index.isin(
        {
            key
            for name in ("stages", "stage_links", "materials", "recipes")
            for key in chain.table(name)["source_id"].dropna()
        }
    ).sum()
    counts = dict(zip(names, [int(row[0]) for row in rows], strict=True))
    assert counts == {
        "actors": 5, "stages": len(chain.stages), "materials": len(chain.materials), "sources": cited, "groups": 1,
    }  # fmt: skip
    assert rows[0][1:] == ["Un", "Cinq"]
    assert rows[1][1:] == [chain.stages["name"].iloc[0], chain.stages["name"].iloc[-1]]
    assert [row for row in rows if any(isinstance(cell, str) and cell.startswith("#") for cell in row)] == []
    assert [name for name in Path(made).parent.iterdir()] == [made]
