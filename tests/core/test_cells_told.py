"""What is said of single cells, read as arrays: the last row about a cell, whatever way its table is spelled."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.columns import Columns, columns
from chaine_valeur.diagnosis.aside import read_tables_note, rows_lost
from chaine_valeur.provenance import _cells_about, _spelled, provenance, said_of, soft_mask

QUANTITY = "quantity_t_per_year"


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"flow_id": ["a", "b", "c"], "source": "A", "target": "B", QUANTITY: [1, 2, 3],
               "confidence": ["measured", "estimated", None]},
        cell_sources={
            "table": ["flows", "Flux", "flows", "flows", "actors", "flows"],
            "row_id": ["a", "a", "b", "c", "a", "zz"],
            "column": [QUANTITY, "Quantité", QUANTITY, "share", QUANTITY, QUANTITY],
            "confidence": ["estimated", "hypothesis", None, "measured", "measured", "measured"],
        },
        strict=False,
    )  # fmt: skip


def test_the_last_row_about_a_cell_counts(f: Filiere) -> None:
    # of a: the second row, that calls the table and the column by their French names; of c: another column
    assert _cells_about(f, "flows", QUANTITY).tolist() == [1, 2, -1]
    assert _cells_about(f, "flows", "share").tolist() == [-1, -1, 3]
    spelled = _spelled(columns(f, "cell_sources"), "column", {"quantite"})
    assert spelled.tolist() == [False, True, False, False, False, False]


def test_what_the_cell_does_not_say_the_row_does(f: Filiere) -> None:
    # the row about b leaves its confidence blank
    said = said_of(f, "flows", "confidence", column=QUANTITY)
    assert said.tolist() == ["hypothesis", "estimated", None]
    assert soft_mask(f, "flows").tolist() == [True, True, False]
    assert said_of(f, "flows", "confidence").tolist() == ["measured", "estimated", None]
    assert said_of(f, "flows", "confidence", column="share").tolist() == ["measured", "estimated", "measured"]


def test_the_frame_says_the_same(f: Filiere) -> None:
    told = provenance(f, "flows", column=QUANTITY)
    assert told.columns.tolist() == ["source_id", "confidence", "hypothesis", "confidentiality"]
    assert told.index.equals(f.flows.index) and (told.dtypes == "str").all()
    said = said_of(f, "flows", "confidence", column=QUANTITY)
    assert [None if cell != cell else cell for cell in told["confidence"]] == said.tolist()
    without = provenance(f, "stage_links", column="required")  # a table that keeps no provenance
    assert without.empty and (without.dtypes == "str").all()


def test_nothing_is_looked_for_where_there_are_no_rows() -> None:
    empty = Columns(pd.DataFrame({"name": pd.Series(dtype="str")}).rename_axis("row_id"))
    assert empty.text("name").shape == empty.number("year").shape == empty.known("name").shape == (0,)
    assert empty.text("name").dtype == object and empty.number("year").dtype == float
    assert empty.among("name", "a").tolist() == [] and empty.years == ()


def test_what_was_lost_is_counted_by_table() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A", "Z"], "target": ["B", "B"], QUANTITY: ["much", "1"]},
        strict=False,
    )
    assert rows_lost(f, ["flows", "actors"]) == 1 and rows_lost(f, ["actors"]) == 0
    notes = read_tables_note(f, ["flows", "actors"], lang="en")
    assert notes == [
        "1 row of Flows set aside",
        "1 cell of Flows could not be read and counts as unknown",
    ]
