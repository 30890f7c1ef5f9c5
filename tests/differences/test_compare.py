"""Two filières side by side: what is not of the same thing, what goes, what comes, what is unknown on one side.

The filière by hand: collection → sorting → sale. A collects, B sorts, C buys; A → B 100 t, B → C 80 t.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.differences import Comparison, compare
from chaine_valeur.differences.wording import amount_text
from chaine_valeur.errors import ArgumentError
from tests.report.readers import plain

pytestmark = pytest.mark.long

TABLES: dict[str, Any] = {
    "filiere": {"name": ["Essai"], "territory_id": ["val"], "reference_year": [2024]},
    "territories": {"territory_id": ["val", "val"], "name": ["Val", "Val"], "kind": ["epci", "epci"],
                    "commune_code": ["76384", "76114"]},
    "stages": {"name": ["collecte", "tri", "vente"], "rank": [1, 2, 3], "kind": ["resource", "operation", "market"]},
    "stage_links": {"stage_id": ["collecte", "tri"], "to_stage_id": ["tri", "vente"]},
    "materials": {"name": ["coton"]},
    "actors": {"name": ["A", "B", "C"], "commune_code": ["76384", "76384", "76114"]},
    "activities": {"actor_id": ["A", "B", "C"], "stage_id": ["collecte", "tri", "vente"],
                   "insertion_fte": [1, 2, None]},
    "flows": {"source": ["A", "B"], "target": ["B", "C"], "material_id": ["coton", "coton"],
              "quantity_t_per_year": [100, 80]},
}  # fmt: skip


def filiere(**changed: Any) -> Filiere:
    return Filiere.from_tables(**{**TABLES, **changed})


@cache
def hand() -> Filiere:
    return filiere()


def figure(
    identifier: str, value: float, *, low: float = NAN, high: float = NAN, unit: str = "t/year"
) -> Indicator:
    def measure(f: Filiere, *, lang: str = "fr") -> Measure:
        return Measure(value, unit, low=low, high=high, note="stated")

    return Indicator(identifier, f"Figure {identifier}", unit, measure, (), "essential", "how", "reading")


def told(
    value: Any, *findings: Finding, f: Filiere | None = None, lang: str = "en", **bounds: float
) -> Diagnosis:
    def check(f: Filiere, *, lang: str) -> list[Finding]:
        return list(findings)

    figures = [figure("X1", value, **bounds)] if value is not None else []
    return diagnose(f or hand(), checks=[check], indicators=figures, lang=lang)


def said(found: Comparison) -> list[str]:
    return [plain(sentence) for sentence in found.sentences()]


def only(frame: pd.DataFrame) -> dict[str, Any]:
    (row,) = frame.to_dict("records")
    return row


# -- nothing differs ------------------------------------------------------------------------------------------


def test_a_filiere_and_itself_differ_in_nothing():
    found = compare(hand(), filiere(), lang="en")
    assert found.tables.empty
    assert not found.perimeter["differs"].any()
    assert set(found.indicators["change"]) <= {"same", "unknown"}
    assert set(found.findings["change"]) <= {"same"}
    assert found.sentences() == ["Nothing that was looked at differs."]
    assert found.same_perimeter


# -- figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "change", "delta", "relative"),
    [
        (100.0, 120.0, "up", 20.0, 0.2),
        (100.0, 80.0, "down", -20.0, -0.2),
        (100.0, 100.0, "same", 0.0, 0.0),
        (-50.0, -25.0, "up", 25.0, 0.5),  # relative to the size of what it was
        (0.0, 5.0, "up", 5.0, NAN),  # nothing to be relative to
        (0.0, 0.0, "same", 0.0, NAN),
        (NAN, 5.0, "now_known", NAN, NAN),  # unknown is not 0: no growth of 5
        (5.0, NAN, "no_longer_known", NAN, NAN),
        (NAN, NAN, "unknown", NAN, NAN),
        (None, 5.0, "only_after", NAN, NAN),
        (5.0, None, "only_before", NAN, NAN),
        (0.1 + 0.2, 0.3, "same", 0.0, 0.0),
    ],
)
def test_how_a_figure_changes(before, after, change, delta, relative):
    row = only(compare(told(before), told(after)).indicators)
    assert row["change"] == change
    np.testing.assert_allclose([row["delta"], row["relative"]], [delta, relative], equal_nan=True)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ((100.0, 90.0, 110.0), (120.0, 115.0, 125.0), True),  # 110 < 115
        ((100.0, 90.0, 116.0), (120.0, 115.0, 125.0), False),
        ((100.0, NAN, NAN), (120.0, NAN, NAN), True),  # without bounds a figure is its own interval
        ((100.0, NAN, NAN), (100.0, NAN, NAN), False),
        ((120.0, 115.0, 125.0), (100.0, 90.0, 110.0), True),
        ((NAN, 0.0, 1.0), (120.0, 115.0, 125.0), None),  # nothing can be said
    ],
)
def test_whether_the_change_is_sure(first, second, apart):
    one, two = (told(value, low=low, high=high) for value, low, high in (first, second))
    found = only(compare(one, two).indicators)["apart"]
    assert pd.isna(found) if apart is None else (found == apart)


def test_sentences_on_figures():
    assert said(compare(told(100.0), told(120.0))) == ["Figure X1: 100 t/year, then 120 t/year."]
    assert said(compare(told(NAN), told(120.0))) == ["Figure X1: not known before, 120 t/year now."]
    assert said(compare(told(100.0), told(NAN))) == ["Figure X1: 100 t/year before, no longer known."]
    # a change that nobody would see is not told
    assert compare(told(100.0), told(100.00001)).sentences() == ["Nothing that was looked at differs."]


@settings(max_examples=30)
@given(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), st.one_of(st.just(NAN), st.floats(-1e6, 1e6)))
def test_the_other_way_round_is_the_opposite(first, second):
    there = only(compare(told(first), told(second)).indicators)
    back = only(compare(told(second), told(first)).indicators)
    opposite = {"up": "down", "down": "up", "now_known": "no_longer_known", "no_longer_known": "now_known"}
    assert back["change"] == opposite.get(there["change"], there["change"])
    np.testing.assert_allclose(back["delta"], -there["delta"], equal_nan=True)
    assert pd.isna(there["apart"]) == pd.isna(back["apart"])
    assert pd.isna(there["apart"]) or there["apart"] == back["apart"]


# -- findings -------------------------------------------------------------------------------------------------

GAP = Finding("missing_stage", "high", "Nobody sorts.", stage_id="tri", quantity=100.0, unit="t/year")


def test_a_finding_that_goes_one_that_comes_and_one_that_grows():
    end = Finding("dead_end", "medium", "Nothing leaves.", actor_id="b", quantity=10.0, unit="t/year")
    grown = Finding("dead_end", "medium", "Nothing leaves.", actor_id="b", quantity=30.0, unit="t/year")
    orphan = Finding("orphan", "low", "Nothing arrives at C.", actor_id="c")
    found = compare(told(None, GAP, end), told(None, grown, orphan))
    rows = found.findings.set_index("finding_id")
    assert rows["change"].to_dict() == {
        "missing_stage:tri": "solved",
        "orphan:c": "new",
        "dead_end:b": "changed",
    }
    assert rows.loc["dead_end:b", ["quantity_before", "quantity_after"]].tolist() == [10, 30]
    assert pd.isna(rows.loc["missing_stage:tri", "message_after"])
    assert said(found) == [
        "No longer found: Missing stage (tri).",
        "Newly found: Nothing arrives at C.",
        "Step without an outlet (B): 10 t/year, then 30 t/year.",
    ]


def test_one_and_the_same_finding_is_no_difference():
    found = compare(told(None, GAP), told(None, GAP))
    assert found.findings["change"].tolist() == ["same"] and len(found.sentences()) == 1


def test_a_graver_finding_has_changed():
    graver = Finding("missing_stage", "low", "Nobody sorts.", stage_id="tri", quantity=100.0, unit="t/year")
    row = only(compare(told(None, GAP), told(None, graver)).findings)
    assert (row["change"], row["severity_before"], row["severity_after"]) == ("changed", "high", "low")


def test_what_is_no_longer_to_be_said_of_a_stage_that_nobody_holds_is_not_solved():
    single = Finding("single_actor_stage", "medium", "One sorter.", stage_id="tri")
    other = Finding("single_actor_stage", "medium", "One seller.", stage_id="vente")
    found = compare(told(None, single, other), told(None, GAP))
    assert found.sentences()[0] == "No longer found: Step resting on a single operator (vente)."


def test_findings_on_what_was_recorded_solve_nothing():
    doubt = Finding("flow_suspect", "high", "A figure to check.", stage_id="tri")
    found = compare(told(None, doubt), told(None))
    assert found.findings["change"].tolist() == ["solved"]
    # it is neither told as solved nor left unsaid
    assert found.sentences() == [
        "Findings on the figures and records themselves, which say nothing of the chain: 1 no longer found, Figure to be "
        "checked (tri)."
    ]


def test_a_finding_of_unknown_size_stays_the_same():
    unknown = Finding("dead_end", "medium", "Nothing leaves.", actor_id="b")
    assert only(compare(told(None, unknown), told(None, unknown)).findings)["change"] == "same"


# -- perimeters come first ------------------------------------------------------------------------------------


def test_other_territory_year_and_chain_are_said_before_anything_else():
    other = filiere(
        filiere={"name": ["Essai"], "territory_id": ["plateau"], "reference_year": [2020]},
        territories={
            "territory_id": ["plateau"],
            "name": ["Plateau"],
            "kind": ["epci"],
            "commune_code": ["76384"],
        },
        stages={"name": ["collecte", "tri", "vente", "filature"], "rank": [1, 2, 3, 3]},
    )
    found = compare(hand(), other, names=("2024", "2020"), lang="en")
    assert not found.same_perimeter
    differs = found.perimeter.set_index("subject")["differs"]
    assert (
        differs[["territory", "communes", "year", "stages"]].all()
        and not differs[["filiere", "passages"]].any()
    )
    first = found.sentences()[:4]
    assert first[0] == "Not of the same thing: territory is Val in “2024”, Plateau in “2020”."
    assert first[1] == "Not of the same thing: communes of the territory is 2 in “2024”, 1 in “2020”."
    assert first[2] == "Not of the same thing: year of the figures is 2024 in “2024”, 2020 in “2020”."
    assert first[3] == "Expected stages are not the same: in “2020” only: filature."


def test_figures_asked_for_on_one_side_only_are_named():
    one = diagnose(hand(), checks=[], indicators=[figure("X1", 1.0), figure("X2", 2.0)], lang="en")
    found = compare(one, told(1.0))
    assert found.sentences() == ["Asked for in one of the two only: Figure X2."]


def test_a_filiere_beside_a_diagnosis_is_asked_the_same():
    one = told(1.0, GAP)
    found = compare(one, hand(), lang="en")
    assert found.indicators["indicator_id"].tolist() == ["X1"]
    assert found.findings["change"].tolist() == ["same"]


# -- jobs and rows --------------------------------------------------------------------------------------------


def test_insertion_jobs_are_told_where_they_change():
    more = filiere(activities={**TABLES["activities"], "insertion_fte": [1, 5.5, None]})
    found = compare(diagnose(hand(), checks=[], indicators=[], lang="en"), more)
    assert found.sentences() == [
        "Insertion jobs at the stages: 3 FTE, then 6.5 FTE (+3.5 FTE)."
    ]  # 1+2, 1+5.5
    fewer = compare(diagnose(more, checks=[], indicators=[], lang="en"), hand()).sentences()
    assert plain(fewer[0]).endswith("(-3.5 FTE).")


def test_rows_added_taken_off_and_changed():
    flows = {**TABLES["flows"], "quantity_t_per_year": [100, 70]}
    other = filiere(actors={"name": ["A", "B", "C", "D"], "commune_code": ["76384", "76384", "76114", None]},
                    flows={name: cells for name, cells in flows.items()}, materials={"name": ["coton", "lin"]},
                    territories={name: cells[:1] for name, cells in TABLES["territories"].items()})  # fmt: skip
    rows = compare(diagnose(hand(), checks=[], indicators=[]), other).tables
    assert rows[["table", "change", "row_id", "columns"]].values.tolist() == [
        ["territories", "removed", "perimeter-2", ""],
        ["materials", "added", "lin", ""],
        ["actors", "added", "d", ""],
        ["flows", "changed", "flow-2", "quantity_t_per_year"],
    ]


def test_unknown_and_unknown_are_the_same_in_a_cell():
    flows = {**TABLES["flows"], "quantity_t_per_year": [100, None]}
    one, two = filiere(flows=flows), filiere(flows=flows)
    assert compare(diagnose(one, checks=[], indicators=[]), two).tables.empty
    rows = compare(diagnose(hand(), checks=[], indicators=[]), two).tables
    assert rows["columns"].tolist() == ["quantity_t_per_year"]


# -- use ------------------------------------------------------------------------------------------------------


def test_what_cannot_be_compared():
    with pytest.raises(TypeError, match="dict"):
        compare({}, hand())  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="languages"):
        compare(told(1.0, lang="en"), told(1.0, lang="fr"))
    with pytest.raises(ArgumentError, match="languages"):
        compare(told(1.0, lang="en"), hand(), lang="fr")


def test_shapes_are_fixed_when_there_is_nothing():
    empty = Filiere.from_tables(actors={"name": ["A"]})
    found = compare(diagnose(empty, checks=[], indicators=[]), empty)
    assert [len(frame) for frame in (found.indicators, found.findings, found.tables)] == [0, 0, 0]
    full = compare(told(1.0, GAP), told(2.0))
    for name in ("indicators", "findings", "tables", "perimeter"):
        assert list(getattr(found, name).columns) == list(getattr(full, name).columns)
        assert getattr(found, name).dtypes.to_dict() == getattr(full, name).dtypes.to_dict()


def test_what_a_notebook_shows_is_text():
    evil = Finding("dead_end", "high", "<script>alert(1)</script>")
    found = compare(told(None), told(None, evil))
    assert "<script>" not in found._repr_html_() and "&lt;script&gt;" in found._repr_html_()
    assert (
        repr(found)
        == "<Comparison of 'before' and 'after': 0 findings solved, 1 new, 0 of 0 indicators changed>"
    )


def test_most_limits_the_sentences():
    found = compare(told(1.0, GAP), told(2.0))
    assert len(found.sentences()) == 2 and found.sentences(most=1) == found.sentences()[:1]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(12.5, "t/year", "12.5 t/year"), (0.25, "share", "25%"), (NAN, "t/year", "unknown"), (3.0, "FTE", "3 FTE"),
     (3.0, None, "3"), (None, "t/year", "unknown")],
)  # fmt: skip
def test_quantities_of_findings(value, unit, text):
    assert plain(amount_text(value, unit, "en")) == text


def test_two_years_of_the_example_in_french():
    f = datasets.load("exemple_complet")
    found = cv.compare(f.at(2023), f.at(2024), names=("2023", "2024"))
    assert isinstance(found, Comparison)
    assert (
        plain(found.sentences()[0])
        == "Périmètres différents (année des chiffres) : 2023 dans « 2023 », 2024 dans « 2024 »."
    )
    assert {"up", "down"} & set(found.indicators["change"])
