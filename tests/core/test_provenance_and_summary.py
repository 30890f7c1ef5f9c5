"""Where a figure comes from, cell before row; how much of a sum is hypothesis; what a notebook shows."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.columns import Rows, columns
from chaine_valeur.filiere import Filiere
from chaine_valeur.provenance import (
    SOFT_CONFIDENCE,
    hypothesis_share,
    provenance,
    rests_on_hypothesis,
    said_of,
    soft_mask,
)
from chaine_valeur.summary import summary_html

from .reading import read

FIELDS = ["source_id", "confidence", "hypothesis", "confidentiality"]
COLUMN = "quantity_t_per_year"


@pytest.fixture(scope="module")
def told_by() -> Filiere:
    """Four flows of 10, 20, 30 and ? t; rows say one thing, three cells another."""
    return Filiere.from_tables(
        actors={"name": ["A", "B"]},
        sources={"source_id": ["r", "e"], "name": ["Rapport", "Entretien"], "year": [2015, None]},
        flows={
            "flow_id": ["f1", "f2", "f3", "f4"], "source": ["A"] * 4, "target": ["B"] * 4,
            "year": [2001, 2002, 2003, 2004],
            COLUMN: [10, 20, 30, None], "share": [None, 0.5, None, None],
            "source_id": ["r", "r", None, "e"], "confidence": ["measured", "estimated", None, "hypothesis"],
            "hypothesis": [None, "règle de trois", None, "à dire d’expert"],
            "confidentiality": ["public", "internal", None, None],
        },
        cell_sources={
            # the sheet and the column as people name them: any language, any case; the last word on a cell counts
            "table": ["Flux", "FLUX", "FLOWS", "flows", "Actors", "flux"],
            "row_id": ["f1", "f2", "f2", "f3", "f1", "nobody"],
            "column": ["Quantité", "QUANTITE", "quantity", COLUMN, "Quantité", "Quantité"],
            "source_id": ["e", "e", None, "r", "e", "e"],
            "confidence": ["hypothesis", "estimated", "measured", None, "hypothesis", "hypothesis"],
        },
    )  # fmt: skip


def test_the_row_speaks_where_the_cell_does_not(told_by):
    rows = provenance(told_by, "flows")
    assert list(rows.columns) == FIELDS
    assert rows.index.equals(told_by.flows.index)
    assert rows.equals(told_by.flows[FIELDS])
    cells = provenance(told_by, "flows", column=COLUMN)
    assert cells["confidence"].fillna("?").tolist() == ["hypothesis", "measured", "?", "hypothesis"]
    assert cells["source_id"].fillna("?").tolist() == [
        "e",
        "r",
        "r",
        "e",
    ]  # blank in the cell: that of the row
    assert cells["hypothesis"].equals(rows["hypothesis"])
    assert provenance(told_by, "flows", column="share").equals(rows)


def test_asking_changes_nothing(told_by):
    before = told_by.flows.copy(deep=True)
    found = provenance(told_by, "flows", column=COLUMN)
    found["confidence"] = "measured"
    assert told_by.flows.equals(before)
    assert provenance(told_by, "flows", column=COLUMN)["confidence"].iloc[0] == "hypothesis"


@pytest.mark.parametrize("name", schema.tables())
def test_every_table_answers(told_by, name):
    found = provenance(told_by, name)
    assert list(found.columns) == FIELDS
    assert found.index.equals(told_by.table(name).index)
    if not schema.table(name).has_provenance:
        assert found.isna().all(axis=None)
    soft = rests_on_hypothesis(told_by, name)
    assert soft.dtype == bool
    assert soft.index.equals(found.index)


def test_what_is_soft():
    assert {"estimated", "hypothesis"} == SOFT_CONFIDENCE
    f = read(actors={"name": list("ABCDE"), "confidence": ["mesuré", "déclaré", "estimé", "hypothèse", None]})
    assert rests_on_hypothesis(f, "actors").tolist() == [False, False, True, True, False]


def test_shares_by_hand(told_by):
    everything = list(told_by.flows.index)
    # by rows, the cell of the quantity before the row: f1 and f4 (hypotheses) of four; f2 was measured
    assert hypothesis_share(told_by, {"flows": everything}) == 2 / 4
    # by weight: cells make f1 a hypothesis and f2 measured: (10 + 0) of 60; the unknown f4 weighs nothing
    weighed = {"flows": COLUMN}
    assert hypothesis_share(told_by, {"flows": everything}, values=weighed) == pytest.approx(10 / 60)
    assert hypothesis_share(told_by, {"flows": ["f2", "f3"]}, values=weighed) == 0
    assert hypothesis_share(told_by, {"flows": ["f1"]}, values=weighed) == 1
    assert math.isnan(hypothesis_share(told_by, {"flows": ["f4"]}, values=weighed))  # rests on nothing known
    assert math.isnan(hypothesis_share(told_by, {"flows": []}))
    # rows of a table without provenance do not count; those of two tables count together
    assert hypothesis_share(told_by, {"flows": ["f1"], "sources": ["r"]}) == 1
    assert hypothesis_share(told_by, {"flows": ["f2"], "sources": ["r"]}) == 0
    assert hypothesis_share(told_by, {"flows": ["f1"], "actors": ["a", "b"]}) == pytest.approx(1 / 3)
    assert hypothesis_share(told_by, {"flows": iter(everything)}) == 2 / 4  # any iterable
    with pytest.raises(KeyError, match="f9"):
        hypothesis_share(told_by, {"flows": ["f9"]})


def test_rows_are_found_by_where_they_stand_as_by_their_name(told_by):
    flows = columns(told_by, "flows")
    for places in ([0, 1, 2, 3], [1, 2], [0], []):
        rows = Rows(flows, np.array(places, dtype=np.int64))
        for values in (None, {"flows": COLUMN}):
            by_place = hypothesis_share(told_by, {"flows": rows}, values=values)
            by_name = hypothesis_share(told_by, {"flows": list(rows.names)}, values=values)
            assert by_place == pytest.approx(by_name, nan_ok=True)
    twice = Rows(flows, np.array([3, 0, 3]))
    measure = Measure(1.0, "count").resting_on(told_by, {"flows": twice, "actors": ["b", "b"], "markets": []})
    assert measure.rows == {"flows": ("f4", "f1"), "actors": ("b",)}
    assert measure.hypothesis_share == pytest.approx(2 / 3)  # both flows, the actor on nothing


def test_what_is_said_of_a_field_of_each_row(told_by):
    assert said_of(told_by, "flows", "source_id").tolist() == ["r", "r", None, "e"]
    assert said_of(told_by, "flows", "source_id", column=COLUMN).tolist() == ["e", "r", "r", "e"]
    assert said_of(told_by, "sources", "confidence").tolist() == [None, None]
    assert soft_mask(told_by, "flows").tolist() == [True, False, False, True]  # of the figure: its cells
    assert soft_mask(told_by, "flows", column="share").tolist() == [False, True, False, True]
    assert soft_mask(told_by, "sources").tolist() == [False, False]


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e6), st.sampled_from([None, "measured", "declared", "estimated", "hypothesis"])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_share_lies_between_none_and_all(cells):
    f = read(
        actors={"name": ["A"]},
        flows={"source": ["A"] * len(cells), "amount_eur_per_year": [cell for cell, _ in cells],
               "confidence": [firm for _, firm in cells], "year": range(2000, 2000 + len(cells))},
    )  # fmt: skip
    rows = {"flows": list(f.flows.index)}
    share = hypothesis_share(f, rows, values={"flows": "amount_eur_per_year"})
    soft = [abs(cell) for cell, firm in cells if firm in ("estimated", "hypothesis")]
    whole = sum(abs(cell) for cell, _ in cells)
    if whole == 0:
        assert math.isnan(share)
    else:
        assert share == pytest.approx(sum(soft) / whole)
        assert 0 <= share <= 1 + 1e-12
    assert hypothesis_share(f, rows) == pytest.approx(len(soft) / len(cells))


# -- what a notebook shows ------------------------------------------------------------------------------


class Cells(HTMLParser):
    """The texts of a page, and whether every tag that was opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown(f: Filiere, lang: str = "fr") -> list[str]:
    page = Cells()
    page.feed(summary_html(f, lang=lang))
    assert not page.open
    return page.texts


def test_a_summary_counts_rows_per_table_in_the_order_of_the_workbook(told_by):
    texts = shown(told_by)
    assert texts[0] == "Filière sans nom"
    assert texts[1:] == ["Acteurs", "2", "Flux", "4", "Sources", "2", "Sources par chiffre", "6"]
    assert shown(told_by, "en")[1:5] == ["Actors", "2", "Flows", "4"]


def test_a_summary_says_what_is_missing():
    f = read(
        filiere={"name": ["Lin & <chanvre>"]},
        actors={"name": ["A", "A", None]},
        flows={"source": ["Zorg"], "quantity_t_per_year": ["bof"]},
    )
    texts = shown(f.at(2020))
    assert texts[0] == "Lin & <chanvre> (2020)"
    assert "Flux" in texts  # no row left, but one aside: the table is named all the same
    assert [text for text in texts if "de côté" in text] == ["2 lignes mises de côté", "1 ligne mise de côté"]
    errors = int((f.problems["severity"] == "error").sum())
    assert errors == 4
    assert any(text.startswith(f"{errors} erreurs") for text in texts)
    english = shown(f, "en")
    assert "2 rows set aside" in english
    assert not any("erreur" in text for text in english)


def test_numbers_of_a_summary_are_those_of_the_reader():
    f = Filiere.from_tables(actors={"name": [f"A{place}" for place in range(1234)]})
    assert "1\u202f234" in shown(f)
    assert "1,234" in shown(f, "en")
    assert re.fullmatch(r"<Filiere '': 1234 actors>", repr(f))


def test_an_empty_filiere_is_shown_too():
    f = read(actors={"name": []})
    assert shown(f) == ["Filière sans nom"]
    assert repr(f) == "<Filiere '': empty>"
