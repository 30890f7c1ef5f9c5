"""Every number of the report is found again in the workbook beside it, or counted from its sheets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chaine_valeur.report.blocks import Cards, Grid, Heading, anchor_of
from tests.report.conftest import Written
from tests.report.readers import book_of, sheet_rows

REPORTS = ["example", "english"]
#: Where the figures stand in a card or a table: « 1 234,5 » or “1,234.5”, a minus, a per cent.
NUMBER = re.compile(r"-?\d[\d\u202f\u00a0,.]*\d|-?\d")


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest) -> Written:
    made: Written = request.getfixturevalue(request.param)
    return made


def sheet(report: Written, french: str, english: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the workbook under its heads."""
    book = book_of(report.xlsx)
    return sheet_rows(book[french if report.content.lang == "fr" else english])


def value_of(text: str, lang: str) -> float:
    """The value of a figure as it is written in a language."""
    bare = text.replace("\u202f", "").replace("\u00a0", "")
    return float(bare.replace(",", ".") if lang == "fr" else bare.replace(",", ""))


def numbers(text: str, lang: str) -> list[float]:
    return [value_of(found, lang) for found in NUMBER.findall(text)]


def indicators(report: Written) -> dict[str, dict[str, Any]]:
    rows = sheet(report, "Indicateurs", "Indicators")
    heads = list(rows[0])
    return {row[heads[0]]: dict(zip(
        ("id", "name", "scope", "value", "low", "high", "unit", "numerator", "denominator", "n_rows",
         "n_unknown", "soft", "note"), row.values(), strict=True)) for row in rows}  # fmt: skip


def test_the_sheet_of_indicators_has_each_card_and_no_stranger(report: Written) -> None:
    told = indicators(report)
    shown = [card for block in report.content.blocks() if isinstance(block, Cards) for card in block.cards]
    assert {card.identifier for card in shown} <= set(told)
    assert set(told) == set(report.diagnosis.measured)
    for card in shown:
        assert told[card.identifier]["name"] == card.name
        assert (told[card.identifier]["value"] is None) is card.unknown


def test_each_number_of_a_card_is_one_of_its_row(report: Written) -> None:
    """The value, its terms, its bounds, as a share or as a percentage, rounded as a reader sees it."""
    lang, told = report.content.lang, indicators(report)
    checked = 0
    for block in report.content.blocks():
        if not isinstance(block, Cards):
            continue
        for card in block.cards:
            row = told[card.identifier]
            known = [row[name] for name in ("value", "low", "high", "numerator", "denominator", "n_unknown")]
            known = [float(value) for value in known if value is not None]
            # a bound may be told by its cases: a share of the denominator
            whole = float(row["denominator"] or 0)
            known += [share * whole for share in known] + [share * 100 for share in known]
            # « 3 sur 6, 2 inconnus »: the cases of which nobody knows are counted with the others
            every = round(row["numerator"] / row["low"]) if row["low"] and row["numerator"] else whole
            known += [every, every - whole]
            for number in numbers(card.value, lang):
                assert any(abs(number - value) <= 0.5 for value in known), (
                    card.identifier,
                    card.value,
                    known,
                )
                checked += 1
    assert checked > 10


def test_the_notes_of_cards_are_those_of_the_sheet(report: Written) -> None:
    told = indicators(report)
    for block in report.content.blocks():
        if isinstance(block, Cards):
            for card in block.cards:
                note = str(told[card.identifier]["note"] or "")
                for detail in card.details[-1:]:
                    # the card may leave out what the whole remark adds about rows set aside
                    begun = re.split(r"[.;\u202f]", detail)[0].strip().lower()
                    assert begun[:40] in note.lower() or card.unknown or numbers(detail, report.content.lang)


def test_findings_have_the_numbers_of_their_rows(report: Written) -> None:
    lang = report.content.lang
    rows = sheet(report, "Constats", "Findings")
    heads = list(rows[0])
    shown = [
        [cell.text for cell in row]
        for block in report.content.blocks()
        if isinstance(block, Grid) and len(block.columns) == 5 and block.columns[0].label in ("N°", "No.")
        and block.caption.startswith(("Priorité", "High", "Medium", "Low", "Priority"))
        for row in block.rows
    ]  # fmt: skip
    assert len(shown) == len(rows)
    quantity, jobs, n_rows = (heads.index(name) for name in (
        ("Quantité", "Emplois d’insertion en jeu (ETP)", "Lignes") if lang == "fr"
        else ("Quantity", "Insertion jobs at stake (FTE)", "Rows")
    ))  # fmt: skip
    for line, row in zip(shown, rows, strict=True):
        values = list(row.values())
        assert line[1] == values[1]
        at_stake = numbers(line[3], lang)
        known = [value for value in (values[quantity], values[jobs]) if value is not None]
        for number in at_stake:
            # from 100 on, what is at stake is told without decimals
            assert any(
                abs(number - value) <= (0.51 if number >= 100 else 0.051) or abs(number - 100 * value) <= 0.51
                for value in known
            ), line
        if line[4]:
            assert numbers(line[4], lang)[0] == values[n_rows]


def test_each_figure_and_finding_leads_to_as_many_rows_as_it_says(report: Written) -> None:
    """The sheet of provenance holds, for each figure, the rows that the sheet of indicators counts."""
    rows = sheet(report, "Provenance", "Provenance")
    first = next(iter(rows[0]))
    led: dict[str, int] = {}
    for row in rows:
        led[row[first]] = led.get(row[first], 0) + 1
    for identifier, row in indicators(report).items():
        assert led.get(identifier, 0) == row["n_rows"], identifier
    for finding in report.diagnosis.findings.itertuples():
        assert led.get(finding.finding_id, 0) == finding.n_rows


def test_rows_by_confidence_are_counted_from_the_sheets(report: Written) -> None:
    """The table on firmness: as many rows as the sheet has, by confidence."""
    lang = report.content.lang
    caption = "Lignes par fiabilité" if lang == "fr" else "Rows by confidence"
    (grid,) = [one for one in report.content.blocks() if isinstance(one, Grid) and one.caption == caption]
    confidence = "Fiabilité" if lang == "fr" else "Confidence"
    kinds = [column.label for column in grid.columns[2:6]]
    for row in grid.rows:
        name, *cells = [cell.text for cell in row]
        told = sheet_rows(book_of(report.xlsx)[name[:31]])
        assert value_of(cells[0], lang) == len(told)
        if not told or confidence not in told[0]:
            continue
        said = [line[confidence] for line in told]
        assert [value_of(cell, lang) for cell in cells[1:5]] == [said.count(kind) for kind in kinds], name


def test_money_and_results_are_those_of_their_sheets(example: Written) -> None:
    grids = {one.caption: one for one in example.content.blocks() if isinstance(one, Grid)}
    money = [row["Montant (€)"] for row in sheet_rows(book_of(example.xlsx)["Financements"])]
    shown = [row[[c.label for c in grids["Financements"].columns].index("Montant (€)")].text
             for row in grids["Financements"].rows]  # fmt: skip
    assert [None if text == "inconnu" else value_of(text, "fr") for text in shown] == money
    results = sheet_rows(book_of(example.xlsx)["Résultats"])
    heads = [column.label for column in grids["Résultats"].columns]
    targets = sorted(
        value_of(NUMBER.findall(text)[0], "fr") / (100 if "%" in text else 1)
        for row in grids["Résultats"].rows
        if (text := row[heads.index("Attendu")].text)
    )
    (column,) = [head for head in results[0] if head.startswith("Attendu")]
    assert targets == pytest.approx(sorted(row[column] for row in results if row[column] is not None))


def test_actors_by_stage_are_counted_from_the_activities(example: Written) -> None:
    """Active actors per stage, from the two sheets alone."""
    book = book_of(example.xlsx)
    stages = (
        {row["Identifiant du maillon"]: row["Maillon"] for row in sheet_rows(book["Maillons"])}
        if ("Identifiant du maillon" in sheet_rows(book["Maillons"])[0])
        else None
    )
    actors = sheet_rows(book["Acteurs"])
    (grid,) = [one for one in example.content.blocks()
               if isinstance(one, Grid) and one.caption == "Acteurs par maillon"]  # fmt: skip
    shown = {row[0].text: int(row[3].text) for row in grid.rows}
    f = example.diagnosis.filiere
    active = f.actors.index[f.actors["status"] == "active"]
    held = f.activities[f.activities["actor_id"].isin(active)].drop_duplicates(["actor_id", "stage_id"])
    by_stage = held.groupby("stage_id")["actor_id"].nunique()
    for stage, name in f.stages["name"].items():
        assert shown[name] == by_stage.get(stage, 0), name
    assert len(actors) == len(f.actors)
    assert stages is None or set(stages.values()) == set(shown)


def test_the_rows_shown_of_a_figure_are_the_first_of_those_in_the_workbook(report: Written) -> None:
    """An annex shows a few rows and says how many more there are."""
    lang = report.content.lang
    led: dict[str, int] = {}
    rows = sheet(report, "Provenance", "Provenance")
    first = next(iter(rows[0]))
    for row in rows:
        led[row[first]] = led.get(row[first], 0) + 1
    section = next(one for one in report.content.sections if one.anchor == "sources-of-figures")
    identifiers = {anchor_of("why", identifier): identifier for identifier in report.diagnosis.measured}
    current = ""
    for block in section.blocks:
        if isinstance(block, Heading):
            current = identifiers.pop(block.anchor)
        if isinstance(block, Grid):
            rest = numbers(block.note, lang)[0] if block.note else 0
            assert len(block.rows) + rest == led[current], current
