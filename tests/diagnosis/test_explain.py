"""What a figure or a finding rests on: sheet, row, content, source, how firm, under which hypothesis."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.diagnosis.explanation import EXPLANATION_COLUMNS, column_titles
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.diagnosis.builders import finding_always, giving, hand, indicator, lenient


def sourced() -> Filiere:
    """Two flows, the second one cited, under a hypothesis, and with a cell said apart."""
    return Filiere.from_tables(
        filiere={"name": ["Textile"]},
        actors={"name": ["Relais", "Filature", "Atelier"]},
        sources={"source_id": ["s1", "s2"], "name": ["Enquête <b>2021</b>", "Bilan"], "year": [2021, None]},
        flows={
            "flow_id": ["f1", "f2"],
            "source": ["Relais", "Filature"],
            "target": ["Filature", "Atelier"],
            "quantity_t_per_year": [1200, 30.5],
            "year": [2022, None],
            "source_id": ["s1", None],
            "confidence": ["estimé", None],
            "hypothesis": ["moitié de la collecte", None],
            "confidentiality": ["interne", None],
            "note": ["à revoir", None],
        },
        cell_sources={
            "table": ["Flux"],
            "row_id": ["f2"],
            "column": ["Quantité"],
            "confidence": ["déclaré"],
            "source_id": ["s2"],
            "hypothesis": ["sur six mois"],
        },
    )


def explained(lang: str = "en") -> Diagnosis:
    measure = Measure(1230.5, "t/year", rows={"flows": ("f1", "f2")}, hypothesis_share=0.975, note="a remark")
    found = Finding("mine", "low", "What was found", rows={"flows": ("f1",), "actors": ("filature",)})
    return diagnose(
        sourced(),
        checks=[finding_always(found)],
        indicators=[indicator("X1", giving(measure), unit="t/year")],
        lang=lang,
    )


# -- rows ---------------------------------------------------------------------------------------------


def test_an_indicator_leads_to_sheet_row_source_and_hypothesis() -> None:
    told = explained().explain("X1")
    assert list(told.rows) == EXPLANATION_COLUMNS
    first, second = told.rows.to_dict("records")
    # the first row of data is row 2 of the sheet, as Excel numbers it
    assert (first["table"], first["identifier"], first["sheet"], first["row"]) == ("flows", "f1", "Flux", 2)
    assert (first["source"], first["source_year"], first["year"]) == ("Enquête <b>2021</b>", 2021, 2022)
    assert (first["confidence"], first["hypothesis"]) == ("estimated", "moitié de la collecte")
    assert (first["confidentiality"], first["note"]) == ("internal", "à revoir")
    for part in ("From: Relais", "To: Filature", "1,200\u00a0t/year"):
        assert part in first["content"]
    # names, not identifiers; what has its own column is not told twice
    assert "s1" not in first["content"]
    assert "moitié" not in first["content"]
    assert (second["row"], second["source"]) == (3, "")
    assert pd.isna(second["year"]) and pd.isna(second["source_year"])
    # what is said of one cell alone: which cell, by whom, how firm, under which hypothesis
    assert second["hypothesis"] == "Quantity: Bilan, Declared, sur six mois"


def test_a_finding_leads_to_its_rows_table_by_table() -> None:
    told = explained().explain("mine")
    assert told.title == "What was found"
    assert told.rows[["table", "identifier"]].values.tolist() == [["flows", "f1"], ["actors", "filature"]]
    assert (told.n_rows, told.note) == (2, "")


def test_the_language_words_the_rows() -> None:
    french, english = explained("fr").explain("X1"), explained("en").explain("X1")
    # French writes 1 200 with a narrow no-break space
    assert "1\u202f200\u00a0t/an" in french.rows["content"][0]
    assert "1,200\u00a0t/year" in english.rows["content"][0]
    numbers = ["table", "identifier", "sheet", "row", "year", "source", "source_year", "confidence"]
    pd.testing.assert_frame_equal(french.rows[numbers], english.rows[numbers])
    assert column_titles("fr")["row"] != column_titles("en")["row"]
    assert set(column_titles("fr")) == set(EXPLANATION_COLUMNS)


def test_dtypes_are_the_same_with_and_without_rows() -> None:
    full = explained().explain("X1").rows
    empty = explained().explain("X1", most=0).rows
    assert empty.empty
    assert list(empty) == EXPLANATION_COLUMNS
    for name in ("year", "source_year", "row"):
        assert full[name].dtype == empty[name].dtype, name


def test_most_words_the_first_rows_and_still_counts_all() -> None:
    made = explained()
    one = made.explain("mine", most=1)
    assert one.rows["identifier"].tolist() == ["f1"]
    assert one.n_rows == 2
    assert made.explain("mine", most=-3).rows.empty
    assert len(made.explain("mine", most=99).rows) == 2


def test_rows_that_are_not_in_the_tables_are_left_out() -> None:
    found = Finding("mine", "low", "!", rows={"flows": ("f1", "gone"), "stages": ("never",)})
    told = diagnose(sourced(), checks=[finding_always(found)], indicators=[]).explain("mine")
    assert told.rows["identifier"].tolist() == ["f1"]
    assert told.n_rows == 1


def test_a_source_without_a_row_is_told_by_its_identifier() -> None:
    f = lenient(actors={"name": ["A"], "source_id": ["INSEE 2009"]})
    rows = {"actors": tuple(f.actors.index)}
    told = diagnose(f, checks=[finding_always(Finding("mine", "low", "!", rows=rows))], indicators=[])
    said = told.explain("mine").rows["source"].tolist()
    # the reference that no sheet holds is kept by the tables or not; what they kept is what is told
    assert said == [one if isinstance(one, str) else "" for one in f.actors["source_id"]]


def test_every_figure_and_finding_of_a_real_diagnostic_can_be_explained() -> None:
    made = diagnose(hand(), profile="expert")
    for identifier, measured in made.measured.items():
        told = made.explain(identifier)
        assert told.n_rows == len(told.rows) == measured.measure.n_rows
        assert told.note == made.indicators.set_index("indicator_id").at[identifier, "note"]
    for identifier, found in made.found.items():
        told = made.explain(identifier)
        assert told.title == found.message
        assert told.n_rows == len(told.rows) == found.n_rows
        assert (told.rows["row"] >= 2).all()
        assert (told.rows["content"] != "").all()


def test_the_finding_on_collecte_by_hand() -> None:
    told = diagnose(hand(), lang="en").explain("single_actor_stage:collecte").rows
    rows = set(zip(told["table"], told["identifier"], told["row"], strict=True))
    # stage collecte is the second row of its sheet (row 3), and so is its activity; the flow that enters is f1
    assert ("stages", "collecte", 3) in rows
    assert ("flows", "f1", 2) in rows
    flow = told[told["identifier"] == "f1"].iloc[0]
    assert flow["confidence"] == "measured"
    # « Quantité » of f1 is said apart to be an estimate from an interview
    assert flow["hypothesis"] == "Quantity: Entretien, Estimated"


def test_a_name_that_is_in_neither_is_refused_with_the_nearest() -> None:
    made = diagnose(hand(), indicators=["A1", "A12"])
    with pytest.raises(UnknownNameError, match="single_actor_stage:collecte"):
        made.explain("single_actor_stage:colecte")
    with pytest.raises(UnknownNameError, match="'zzzzzzzz' in this diagnostic; there are: A1, A12, "):
        made.explain("zzzzzzzz")
    # the indicator exists, but was not asked for
    with pytest.raises(UnknownNameError):
        made.explain("D11")


# -- how it shows itself ------------------------------------------------------------------------------


def test_repr_tells_rows_with_their_place_and_source() -> None:
    shown = repr(explained().explain("X1"))
    first, formula, computed, *rest = shown.splitlines()
    assert first == "X1 · Figure X1"
    assert formula == "Formula: a formula"
    assert computed.replace("\u00a0", " ") == "1,231 t/year is the sum of “Quantity” over 2 rows of Flows."
    # 0.975 is 98 % (rounded half up)
    assert "2 rows" in rest[0] and "98%" in rest[0]
    assert rest[1] == "a remark"
    assert "Flux, row\u00a02" in rest[2]
    assert rest[2].endswith("[Enquête <b>2021</b> · 2021 · Estimated]")
    assert not rest[3].endswith("]")


def test_repr_cuts_a_long_list_and_says_so() -> None:
    names = [f"A{place:02}" for place in range(20)]
    f = Filiere.from_tables(actors={"name": names})
    found = Finding("mine", "low", "!", rows={"actors": tuple(f.actors.index)})
    told = diagnose(f, checks=[finding_always(found)], indicators=[], lang="en").explain("mine")
    lines = repr(told).splitlines()
    assert len([line for line in lines if "row\u00a0" in line and "A" in line]) == 12
    assert lines[-1].strip() == "… and 8 others"
    assert repr(diagnose(f, checks=[finding_always(found)], indicators=[], lang="en").explain("mine", most=3))


def test_a_figure_on_no_row_says_so() -> None:
    made = diagnose(hand(), checks=[], indicators=[indicator("X1", giving(Measure(1.0, "count")))], lang="en")
    told = made.explain("X1")
    assert (told.n_rows, len(told.rows)) == (0, 0)
    assert told.summary == "Rests on no row."


def test_the_share_is_left_out_of_the_summary_where_it_is_unknown() -> None:
    measure = Measure(1.0, "count", rows={"actors": ("tri",)})
    wanted = [indicator("X1", giving(measure))]
    told = diagnose(hand(), checks=[], indicators=wanted, lang="en").explain("X1")
    assert told.summary == "Rests on 1 row."


def test_a_notebook_shows_the_rows_escaped() -> None:
    shown = explained().explain("X1")._repr_html_()
    assert "<b>" not in shown
    assert "Enquête &lt;b&gt;2021&lt;/b&gt;" in shown
    assert shown.count("<tr>") == 1 + 2
    assert "<p>a remark</p>" in shown
    assert "<p>a remark</p>" not in explained().explain("mine")._repr_html_()
