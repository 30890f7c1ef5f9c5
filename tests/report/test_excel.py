"""The workbook: contents first, frozen heads, filters, typed cells, no formula anywhere."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur.analysis.findings import FINDING_COLUMNS
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import INDICATOR_COLUMNS, diagnose
from chaine_valeur.diagnosis.explanation import EXPLANATION_COLUMNS
from chaine_valeur.redaction import without_persons
from chaine_valeur.report import write_xlsx
from chaine_valeur.schema import table
from tests.diagnosis.builders import giving, hand, indicator
from tests.report.conftest import Written
from tests.report.readers import book_of, sheet_rows, zip_parts


@pytest.fixture(scope="module")
def book(report: Written) -> Any:
    return book_of(report.xlsx)


def test_contents_come_first_and_lead_to_every_sheet(book: Any) -> None:
    first, *others = book.worksheets
    links = [cell.hyperlink for row in first.iter_rows() for cell in row if cell.hyperlink]
    assert [link.location for link in links] == [
        "'{}'!A1".format(sheet.title.replace("'", "''")) for sheet in others
    ]
    names = [first.cell(row, 1).value for row in range(5, 5 + len(others))]
    assert names == [sheet.title for sheet in others]
    # how many rows each sheet holds, heads apart
    counts = [first.cell(row, 2).value for row in range(5, 5 + len(others))]
    assert counts == [sheet.max_row - 1 for sheet in others]
    assert book.active is first


def test_heads_are_frozen_filtered_and_repeated_on_paper(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2", sheet.title
        width = sheet.cell(1, sheet.max_column).coordinate.rstrip("0123456789")
        assert sheet.auto_filter.ref.split(":")[0] == "A1", sheet.title
        assert sheet.auto_filter.ref.split(":")[1].startswith(width), sheet.title
        assert sheet.print_title_rows in ("1:1", "$1:$1")
        heads = [cell.value for cell in sheet[1]]
        assert all(isinstance(head, str) and head for head in heads)
        assert len(set(heads)) == len(heads), heads
        assert all(cell.font.bold for cell in sheet[1])


def test_no_cell_is_a_formula_and_nothing_is_linked_outside(report: Written, book: Any) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row), sheet.title
    parts = zip_parts(report.xlsx)
    for name, data in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in data and b"<f " not in data, name
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in data, name
    assert not any("externalLink" in name or "vba" in name for name in parts)


def test_names_of_sheets_are_those_that_excel_takes(book: Any) -> None:
    names = [sheet.title for sheet in book.worksheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_figures_are_numbers_and_unknown_is_empty(report: Written, book: Any) -> None:
    frame = without_persons(report.diagnosis).indicators  # remarks may name who is to be asked
    sheet = book.worksheets[1]
    assert sheet.max_column == len(INDICATOR_COLUMNS)
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True)]
    for shown, made in zip(rows, frame.itertuples(index=False), strict=True):
        for name, cell, value in zip(INDICATOR_COLUMNS, shown, made, strict=True):
            if name in ("scope", "unit"):
                continue
            if value != value or value == "":
                assert cell is None, name
            elif isinstance(value, str):
                assert cell == value
            else:
                assert not isinstance(cell, str)
                assert cell == pytest.approx(value), name


def test_findings_come_in_their_order_with_their_numbers(report: Written, book: Any) -> None:
    frame = report.diagnosis.findings
    sheet = book.worksheets[2]
    heads = [cell.value for cell in sheet[1]]
    # priority and finding first; last the identifiers, of the findings and of what they speak of
    order = list(dict.fromkeys(["severity", "message", *FINDING_COLUMNS]))
    order.remove("finding_id")
    own = heads.index("Identifier" if report.content.lang == "en" else "Identifiant")
    assert own == len(order)
    assert all(head.endswith(("(identifier)", "(identifiant)")) for head in heads[own + 1 :])
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    if not any(f.startswith("person") for f in frame["finding_id"]) and report.content.lang == "en":
        assert [row[own] for row in rows] == frame["finding_id"].tolist()
        assert [row[1] for row in rows] == frame["message"].tolist()
    assert len(rows) == len(frame)
    quantity = order.index("quantity")
    for row, value in zip(rows, frame["quantity"], strict=True):
        assert row[quantity] == (pytest.approx(value) if value == value else None)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_references_are_read_by_name_and_joined_by_identifier(lang: str, tmp_path: Path) -> None:
    made = diagnose(hand(), lang=lang)
    f, book = made.filiere, book_of(write_xlsx(made, tmp_path / "t.xlsx"))
    last = "identifier" if lang == "en" else "identifiant"
    home = table("flows")
    flows = sheet_rows(book[home.label(lang)])
    for row, flow in zip(flows, f.flows.reset_index().to_dict("records"), strict=True):
        assert row[home["flow_id"].header(lang)] == flow["flow_id"]
        for column, target in (("source", f.actors), ("target", f.actors), ("material_id", f.materials)):
            head = home[column].header(lang)
            if flow[column] != flow[column]:
                assert row[head] is None and row.get(f"{head} ({last})") is None
                continue
            assert row[f"{head} ({last})"] == flow[column]
            assert row[head] == target.loc[flow[column], "name"]
    # a table of named rows starts with the names and ends with the identifiers
    actors = book[table("actors").label(lang)]
    assert [cell.value for cell in actors["A"][1:]] == f.actors["name"].tolist()
    findings = sheet_rows(book.worksheets[2])
    said = {table("stages")["name"].label(lang)} & set(findings[0])
    assert said, list(findings[0])
    names = dict(f.stages["name"].items())
    stage = next(iter(said))
    about = [row for row in findings if row[stage] is not None]
    assert about and all(row[stage] == names[row[f"{stage} ({last})"]] for row in about)


def test_a_problem_says_the_sheet_in_words_and_its_code_last(english: Written) -> None:
    rows = sheet_rows(book_of(english.xlsx)["Problems"])
    found = english.diagnosis.filiere.problems
    assert list(rows[0])[-1] == "Code"
    assert [row["Code"] for row in rows] == found["code"].tolist()
    assert [row["Table"] for row in rows] == [table(name).label("en") for name in found["table"]]
    assert {"Flows", "Activities"} <= {row["Table"] for row in rows}


def test_provenance_leads_from_each_figure_to_its_rows(english: Written) -> None:
    made = english.diagnosis
    sheet = book_of(english.xlsx)["Provenance"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    for identifier in [*made.measured, *made.found]:
        told = made.explain(identifier).rows
        mine = [row for row in rows if row[0] == identifier]
        assert len(mine) == len(told), identifier
        place = 2 + EXPLANATION_COLUMNS.index("row")
        assert [row[place] for row in mine] == told["row"].tolist()


def test_too_many_rows_stop_and_say_so(english: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    from chaine_valeur.report import excel

    monkeypatch.setattr(excel, "MOST_EXPLAINED", 12)
    sheet = excel._explanations(english.diagnosis)
    assert len(list(sheet.rows)) == 12
    whole = english.diagnosis.explain(next(iter(english.diagnosis.measured)))
    assert whole.n_rows <= 12
    monkeypatch.undo()
    assert len(sheet.about) > len(excel._explanations(english.diagnosis).about)


def test_tables_of_the_filiere_are_whole_and_typed(example: Written) -> None:
    f = example.diagnosis.filiere
    book = book_of(example.xlsx)
    for name in f:
        home = table(name)
        rows = sheet_rows(book[home.label("fr")[:31]])
        assert len(rows) == len(f.table(name)), name
    flows = sheet_rows(book[table("flows").label("fr")])
    head = table("flows")["quantity_t_per_year"].header("fr")
    told = f.flows["quantity_t_per_year"].tolist()
    assert [row[head] for row in flows] == [value if value == value else None for value in told]
    days = [
        row[table("actors")["surveyed_on"].header("fr")]
        for row in sheet_rows(book[table("actors").label("fr")])
    ]
    asked = [day for day in days if day is not None]
    assert asked and all(isinstance(day, datetime.datetime) for day in asked)
    assert len(asked) == f.actors["surveyed_on"].notna().sum()


def test_what_was_set_aside_is_there_as_it_was_written(english: Written) -> None:
    book = book_of(english.xlsx)
    aside = list(book["Set aside"].iter_rows(min_row=2, values_only=True))
    # rows 8 and 9 of the sheet of activities: an unknown stage, an unknown actor
    assert [(row[1], row[2]) for row in aside] == [("Activités", 8), ("Activités", 9)]
    assert "inconnu" in aside[0][4] and "Fantôme" in aside[1][4]
    problems = list(book["Problems"].iter_rows(min_row=2, values_only=True))
    assert len(problems) == len(english.diagnosis.filiere.problems)
    assert any("beaucoup" in str(row) for row in problems)


def test_text_that_a_cell_cannot_hold_is_made_to_fit(tmp_path: Path) -> None:
    # a control character cannot stand in XML, and a cell takes 32 767 characters
    said = {"X1": "a\x00b\x0bc", "X2": "x" * 40_000, "X3": "=1+1", "X4": "+33", "X5": "@a", "X6": "-1"}
    wanted = [indicator(one, giving(Measure(1.0, "count", note=note))) for one, note in said.items()]
    made = diagnose(hand(), checks=[], indicators=wanted, lang="en")
    sheet = book_of(write_xlsx(made, tmp_path / "t.xlsx")).worksheets[1]
    notes = {row[0].value: row[-1] for row in sheet.iter_rows(min_row=2)}
    assert notes["X1"].value == "a\ufffdb\ufffdc"
    assert 32_000 < len(notes["X2"].value) <= 32_767
    for one in ("X3", "X4", "X5", "X6"):
        # still text after someone edits the cell and leaves it
        assert (notes[one].value, notes[one].data_type, notes[one].quotePrefix) == (said[one], "s", True)


def test_infinite_figures_do_not_spoil_the_file(tmp_path: Path) -> None:
    wanted = [indicator("X1", giving(Measure(float("inf"), "ratio", low=float("-inf"))))]
    made = diagnose(hand(), checks=[], indicators=wanted, lang="en")
    sheet = book_of(write_xlsx(made, tmp_path / "t.xlsx")).worksheets[1]
    shown = [cell.value for cell in sheet[2]]
    assert isinstance(shown[3], str | None) and isinstance(shown[4], str | None)
