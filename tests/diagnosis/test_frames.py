"""The frames of a diagnostic: same columns and dtypes whatever the filière, same output for the same input."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.analysis.findings import FINDING_COLUMNS, Finding
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import INDICATOR_COLUMNS, Diagnosis, available_indicators, diagnose
from chaine_valeur.filiere import Filiere
from tests.core.hand import TABLES, by_hand
from tests.diagnosis.builders import DEGENERATE, finding_always, giving, hand, indicator, lenient

pytestmark = pytest.mark.long

FINDING_DTYPES = {
    "finding_id": "str", "kind": "str", "severity": "str", "stage_id": "str", "to_stage_id": "str",
    "actor_id": "str", "to_actor_id": "str", "group_id": "str", "material_id": "str", "year": "Int64",
    "quantity": "float64", "unit": "str", "jobs_at_stake_fte": "float64", "message": "str",
    "n_rows": "int64", "n_unknown": "int64", "hypothesis_share": "float64",
}  # fmt: skip
INDICATOR_DTYPES = {
    "indicator_id": "str", "name": "str", "scope": "str", "value": "float64", "low": "float64",
    "high": "float64", "unit": "str", "numerator": "float64", "denominator": "float64", "n_rows": "int64",
    "n_unknown": "int64", "hypothesis_share": "float64", "note": "str",
}  # fmt: skip


def assert_shapes(made: Diagnosis) -> None:
    findings, indicators = made.findings, made.indicators
    assert list(findings) == FINDING_COLUMNS == list(FINDING_DTYPES)
    assert list(indicators) == INDICATOR_COLUMNS == list(INDICATOR_DTYPES)
    assert {name: str(dtype) for name, dtype in findings.dtypes.items()} == FINDING_DTYPES
    assert {name: str(dtype) for name, dtype in indicators.dtypes.items()} == INDICATOR_DTYPES
    for frame in (findings, indicators):
        assert frame.index.equals(pd.RangeIndex(len(frame)))
    assert findings["finding_id"].is_unique
    assert indicators["indicator_id"].is_unique


def test_frames_keep_their_columns_and_dtypes() -> None:
    made = diagnose(hand(), profile="expert")
    assert len(made.findings) > 0
    assert_shapes(made)


def test_empty_frames_have_the_same_columns_and_dtypes() -> None:
    made = diagnose(hand(), checks=[], indicators=[])
    assert made.findings.empty and made.indicators.empty
    assert_shapes(made)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", DEGENERATE)
def test_a_filiere_of_which_little_is_known_is_diagnosed_without_a_crash(name: str, lang: str) -> None:
    made = diagnose(lenient(**DEGENERATE[name]), profile="expert", lang=lang)
    assert_shapes(made)
    assert "check_failed" not in set(made.findings["kind"])
    assert made.indicators["indicator_id"].tolist() == list(available_indicators())
    unknown = made.indicators["value"].isna()
    # whatever is unknown says why
    assert (made.indicators.loc[unknown, "note"] != "").all(), made.indicators.loc[unknown]
    for frame in (made.findings, made.indicators):
        assert (frame["n_rows"] >= 0).all()
        assert (frame["n_unknown"] >= 0).all()
    for column in ("value", "low", "high"):
        assert not made.indicators[column].map(math.isinf).any()


def test_of_no_actor_everything_is_unknown_and_nothing_is_found() -> None:
    made = diagnose(lenient(**DEGENERATE["no actor left"]), profile="expert")
    assert made.findings.empty
    assert made.indicators["value"].isna().all()
    assert (made.indicators["n_rows"] == 0).all()


def test_figures_of_the_filiere_computed_by_hand() -> None:
    made = diagnose(hand()).indicators.set_index("indicator_id")
    # A1: five stages are expected locally. In the territory of 2022: gisement and collecte (Lillebonne) are;
    # tri (Bolbec, left in 2015) and filature (Caen) are not; vente is held by an actor without a commune:
    # unknown, out of both terms, and the bounds are 2/5 and 3/5
    a1 = made.loc["A1"]
    assert (a1["numerator"], a1["denominator"], a1["value"]) == (2, 4, 0.5)
    assert (a1["low"], a1["high"], a1["n_unknown"]) == (pytest.approx(0.4), pytest.approx(0.6), 1)
    assert (a1["scope"], a1["unit"]) == ("territory", "share")
    # A1 rests on the five stages and the five activities of active actors
    assert a1["n_rows"] == 5 + 5
    # A3: four expected passages, each carried by a flow (ménages→Collecte SA→Tri→Filature→Atelier)
    assert tuple(made.loc["A3", ["numerator", "denominator"]]) == (0, 4)
    # A12: five stages, and only gisement, a resource, may rest on one actor
    assert tuple(made.loc["A12", ["numerator", "denominator", "value"]]) == (4, 5, 0.8)
    # A5: 60 + 50 + 30 + 10 t/year enter somewhere (f2-old says f2 again, Ancien has closed), none is lost
    assert tuple(made.loc["A5", ["numerator", "denominator"]]) == (0, 150)
    # D1: partners are the six active organisations: 6·5/2 pairs; ties Tri–Collecte SA and Tri–CCVS
    assert tuple(made.loc["D1", ["numerator", "denominator"]]) == (2, 15)
    # no funding, no outcome
    assert made.loc[["G4", "G5", "G9"], "value"].isna().all()


def test_columns_of_indicators_are_those_of_the_measure() -> None:
    measure = Measure(
        0.25, "share", low=0.2, high=0.5, numerator=1, denominator=4, rows={"actors": ("tri", "labo")},
        n_unknown=3, hypothesis_share=0.5, scope="programme", note="remark",
    )  # fmt: skip
    made = diagnose(hand(), checks=[], indicators=[indicator("X1", giving(measure), unit="share")])
    assert made.indicators.to_dict("records") == [
        {
            "indicator_id": "X1", "name": "Figure X1", "scope": "programme", "value": 0.25, "low": 0.2,
            "high": 0.5, "unit": "share", "numerator": 1.0, "denominator": 4.0, "n_rows": 2, "n_unknown": 3,
            "hypothesis_share": 0.5, "note": "remark",
        }
    ]  # fmt: skip


def test_columns_of_findings_are_those_of_the_finding() -> None:
    found = Finding(
        "mine", "low", "said", stage_id="tri", to_stage_id="filature", actor_id="tri", to_actor_id="labo",
        group_id="gt", material_id="fil", year=2022, quantity=3.5, unit="t/year", jobs_at_stake_fte=6.0,
        n_unknown=2, hypothesis_share=0.5, rows={"actors": ("tri",), "stages": ("tri", "vente")},
    )  # fmt: skip
    made = diagnose(hand(), checks=[finding_always(found)], indicators=[])
    assert made.findings.to_dict("records") == [
        {
            "finding_id": "mine:tri:filature:tri:labo:gt:fil", "kind": "mine", "severity": "low",
            "stage_id": "tri", "to_stage_id": "filature", "actor_id": "tri", "to_actor_id": "labo",
            "group_id": "gt", "material_id": "fil", "year": 2022, "quantity": 3.5, "unit": "t/year",
            "jobs_at_stake_fte": 6.0, "message": "said", "n_rows": 3, "n_unknown": 2,
            "hypothesis_share": 0.5,
        }
    ]  # fmt: skip


# -- same input, same output --------------------------------------------------------------------------


def test_the_same_filiere_gives_the_same_diagnostic() -> None:
    first, again = diagnose(by_hand(), profile="expert"), diagnose(by_hand(), profile="expert")
    pd.testing.assert_frame_equal(first.findings, again.findings)
    pd.testing.assert_frame_equal(first.indicators, again.indicators)
    assert repr(first) == repr(again)
    for identifier in [*first.measured, *first.found]:
        assert repr(first.explain(identifier)) == repr(again.explain(identifier))


def test_the_two_languages_say_the_same_numbers() -> None:
    french, english = (diagnose(hand(), profile="expert", lang=lang) for lang in ("fr", "en"))
    for name in ("finding_id", "severity", "quantity", "n_rows", "n_unknown", "hypothesis_share"):
        pd.testing.assert_series_equal(french.findings[name], english.findings[name])
    words = ["name", "note"]
    pd.testing.assert_frame_equal(
        french.indicators.drop(columns=words), english.indicators.drop(columns=words)
    )
    differ = french.findings["message"] != english.findings["message"]
    assert differ.all()
    assert (french.indicators["name"] != english.indicators["name"]).any()


def test_no_argument_is_changed() -> None:
    f = by_hand()
    before = {name: f.table(name) for name in TABLES}
    checks: list[Any] = ["missing_stages", ("single_actor_stages", {})]
    wanted: list[Any] = ["A1"]
    diagnose(f, checks=checks, indicators=wanted, profile="expert")
    assert (len(checks), wanted) == (2, ["A1"])
    assert checks[1] == ("single_actor_stages", {})
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    assert f == by_hand()


def test_what_a_caller_does_with_the_frames_stays_with_the_caller() -> None:
    made = diagnose(hand())
    for frame in (made.findings, made.indicators):
        frame[frame.columns[0]] = "spoilt"
        frame["more"] = 1
    assert_shapes(made)
    assert "spoilt" not in {*made.findings["finding_id"], *made.indicators["indicator_id"]}
    rows = made.explain("A1").rows
    rows["content"] = "spoilt"
    assert "spoilt" not in set(made.explain("A1").rows["content"])


def test_generators_can_be_given() -> None:
    made = diagnose(hand(), checks=(one for one in ["missing_stages"]), indicators=iter(["A1", "D1"]))
    assert made.indicators["indicator_id"].tolist() == ["A1", "D1"]
    # what was asked is kept as lists: a report can run it again
    assert [len(list(value)) for value in made.asked.values()] == [1, 2]  # type: ignore[call-overload]


# -- how it shows itself ------------------------------------------------------------------------------


def test_repr_counts_by_priority() -> None:
    found = [Finding("a", "low", "x"), Finding("b", "low", "y"), Finding("c", "high", "z")]
    made = diagnose(hand(), checks=[finding_always(*found)], indicators=["A1", "A3"])
    assert repr(made) == "<Diagnosis of 'À la main' (essential): 2 indicators, 3 findings (1 high, 2 low)>"
    nothing = diagnose(hand(), checks=[], indicators=[])
    assert repr(nothing) == "<Diagnosis of 'À la main' (essential): 0 indicators, 0 findings>"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_notebook_shows_figures_and_the_first_findings_escaped(lang: str) -> None:
    many = [Finding("many", "low", f"found {place}") for place in range(15)]
    evil = Finding("evil", "high", "<script>alert(1)</script> & co")
    wanted = [indicator("X1", giving(Measure(0.5, "count", note="<b>bold</b>")), name="<i>name</i>")]
    f = Filiere.from_tables(filiere={"name": ["<img src=x onerror=alert(1)>"]}, actors={"name": ["A"]})
    shown = diagnose(f, checks=[finding_always(evil, *many)], indicators=wanted, lang=lang)._repr_html_()
    for live in ("<script", "<b>", "<i>", "<img"):
        assert live not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in shown
    # twelve of the fifteen, then how many others
    assert "found 11" in shown
    assert "found 12" not in shown
    assert ">… " in shown and " 3 " in shown.rsplit("…", 1)[1]


def test_a_filiere_without_a_name_shows_itself() -> None:
    shown = diagnose(Filiere.from_tables(actors={"name": ["A"]}), lang="en")._repr_html_()
    assert "Filière without a name" in shown
    assert "unknown" in shown
