"""Whatever a filière holds, every format gives it back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import chaine_valeur as cv
from chaine_valeur import schema
from chaine_valeur.io.gather import tables_called
from chaine_valeur.io.workbook import headers_of

from .making import NASTY, OWN_NAMES, filieres

pytestmark = pytest.mark.long


def same(f, again):
    for name in schema.tables():
        pd.testing.assert_frame_equal(f.table(name), again.table(name))
    assert f == again


@settings(max_examples=12)
@given(filieres())
def test_workbook_in_french_and_english(f):
    with tempfile.TemporaryDirectory() as folder:
        for lang in ("fr", "en"):
            path = cv.write_workbook(f, Path(folder) / f"é {lang}.xlsx", lang=lang)
            same(f, cv.read_workbook(path))


@settings(max_examples=12)
@given(filieres())
def test_csv_for_programs_and_for_people(f):
    for more in ({}, {"separator": ","}, {"separator": "\t", "lang": "en"}, {"lang": "fr"}):
        with tempfile.TemporaryDirectory() as folder:
            cv.write_csv(f, folder, **more)
            same(f, cv.read_csv(folder))


@settings(max_examples=12)
@given(filieres())
def test_networkx(f):
    graph = cv.to_networkx(f)
    same(f, cv.from_networkx(graph))
    assert cv.from_networkx(graph).set_aside.keys() == f.set_aside.keys()


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite", "exemple_complet"])
def test_the_examples(name, tmp_path):
    f = cv.datasets.load(name)
    for lang in ("fr", "en"):
        same(f, cv.read_workbook(cv.write_workbook(f, tmp_path / f"{lang}.xlsx", lang=lang)))
    cv.write_csv(f, tmp_path / "csv", lang="fr")
    same(f, cv.read_csv(tmp_path / "csv"))


def test_names_that_would_be_run_are_text(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": NASTY[:3], "actor_id": ["a", "b", "c"]})
    path = cv.write_workbook(f, tmp_path / "x.xlsx")
    import openpyxl

    cells = [cell for row in openpyxl.load_workbook(path)["Acteurs"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert [cell.value for cell in cells if cell.column_letter == "B"][1:] == NASTY[:3]
    (written,) = cv.write_csv(f, tmp_path / "csv")
    lines = written.read_text(encoding="utf-8").splitlines()
    assert lines[1].split(";")[1] == "<script>alert(1)</script>"
    assert lines[2].split(";")[1] == "'=cmd|' /C calc'!A0"


def test_numbers_keep_all_their_digits(tmp_path):
    values = [0.1 + 0.2, 1 / 3, 123456789.123456789, 5e-324, 1e300, 0.0]
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A"] * 6,
            "target": ["B"] * 6,
            "quantity_t_per_year": values,
            "year": range(2000, 2006),
        },
    )
    again = cv.read_workbook(cv.write_workbook(f, tmp_path / "x.xlsx"))
    assert again.flows["quantity_t_per_year"].tolist() == values


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", list(schema.tables()))
def test_headers_are_read_back_whatever_columns_are_blank(name, lang):
    """« Source » alone could be the end of a flow: then all columns are written."""
    home = schema.table(name)
    rng = np.random.default_rng(0)
    candidates = tables_called(home.label(lang))
    assert candidates[0] is home
    for _ in range(30):
        filled = [column.name for column in home if rng.random() < 0.4]
        own = [OWN_NAMES[place] for place in rng.choice(len(OWN_NAMES), 2, replace=False)]
        frame = pd.DataFrame({column: [1] for column in dict.fromkeys([*filled, *own]) if column})
        headers = headers_of(home, frame, lang)
        from chaine_valeur.io.cells import Grid, find_headers

        grid = Grid.of("x", [list(headers.values()), ["1"] * len(headers)])
        found = find_headers(grid, candidates)
        assert found.table is home
        assert found.columns == {
            header: column for column, header in headers.items() if column in home.columns
        }
        assert set(filled) <= set(headers)


def test_rows_set_aside_are_written_and_not_read(tmp_path):
    f = cv.Filiere.from_tables(
        strict=False,
        actors={"name": ["A", "A", "B"], "Surface": [1, "=2", 3]},
        flows={"source": ["A", "Z"], "target": ["B", "B"]},
    )
    path = cv.write_workbook(f, tmp_path / "x.xlsx")
    import openpyxl

    rows = list(openpyxl.load_workbook(path)["Lignes mises de côté"].iter_rows(values_only=True))
    flat = [cell for row in rows for cell in row if cell is not None]
    assert {"Acteurs", "Flux", "Feuille", "Ligne", "Pourquoi", "Z", "=2"} <= set(flat)
    assert any("figure déjà à la ligne 2" in str(cell) for cell in flat)
    again = cv.read_workbook(path)
    assert again == f
    assert not again.set_aside


def test_more_rows_than_a_sheet_holds_go_on_the_next(tmp_path, monkeypatch):
    from chaine_valeur.io import workbook

    monkeypatch.setattr(workbook, "ROWS_PER_SHEET", 3)
    f = cv.Filiere.from_tables(actors={"name": [f"A{number}" for number in range(8)]})
    path = cv.write_workbook(f, tmp_path / "x.xlsx")
    import openpyxl

    assert openpyxl.load_workbook(path).sheetnames[:3] == ["Acteurs", "Acteurs 2", "Acteurs 3"]
    assert cv.read_workbook(path) == f


def test_text_that_no_cell_holds_is_cut_and_said(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": ["A"], "note": ["x" * 40_000]})
    with pytest.warns(UserWarning, match="1 texte dépassait"):
        path = cv.write_workbook(f, tmp_path / "x.xlsx")
    note = cv.read_workbook(path).actors["note"].item()
    assert len(note) == 32_767 and note.endswith("x…")


def test_nothing_at_all(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": []})
    assert cv.read_workbook(cv.write_workbook(f, tmp_path / "x.xlsx")) == f
    with pytest.raises(ValueError, match="separator"):
        cv.write_csv(f, tmp_path, separator="|")


def test_the_filiere_is_not_changed(tmp_path):
    f = cv.datasets.load("exemple_complet")
    before = {name: f.table(name).copy() for name in schema.tables()}
    cv.write_workbook(f, tmp_path / "x.xlsx")
    cv.write_csv(f, tmp_path)
    cv.to_networkx(f)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
