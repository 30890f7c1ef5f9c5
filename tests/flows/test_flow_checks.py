"""Findings about figures that do not fit, and the indicators of the room: values, bounds, rows, sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import PRIORITIES, Finding, findings_frame
from chaine_valeur.analysis.flows import checks, measures
from chaine_valeur.analysis.flows.balances.balance import balances_of
from chaine_valeur.analysis.flows.balances.evidence import Lookup, evidence_of
from chaine_valeur.analysis.flows.checks import CHECKS, figures_disagree, flow_imbalance, over_capacity
from chaine_valeur.analysis.flows.indicators import INDICATORS
from chaine_valeur.analysis.flows.measures import (
    balance_measure,
    recovery_measure,
    unmet_measure,
    unused_measure,
    utilization_measure,
)
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.vocabulary import FindingKind

from .adding_up import EXACT, filiere, sure

STAGES = [("gisement", "resource"), ("collecte", "operation"), ("Tri", "operation"), ("vente", "market")]
NAMES = {"sources": {"source_id": ["w", "i"], "name": ["Weighing", "Interview"]}}


def sorter(out: float, *flows: Any, source: str | None = "i", **cells: Any) -> Filiere:
    """M ──303──▶ T ──out──▶ V: the uncertainty of the first is 10, that of the others nothing."""
    return filiere(
        [
            ("in", "M", "T", "used", 303, sure(10 / 303, source_id="w")),
            ("out", "T", "V", "used", out, sure(0, source_id=source)),
            *flows,
        ],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "Tri", cells), ("V", "vente")],
        more=NAMES,
    )


def only(found: Any) -> Finding:
    listed = list(found)
    assert len(listed) == 1
    return listed[0]


# -- balances --------------------------------------------------------------------------------------


def test_a_balance_that_does_not_add_up():
    one = only(flow_imbalance(sorter(256), lang="en"))
    assert one.message.replace("\xa0", " ") == (
        "Stage “Tri”: 303 t/year enter, 256 t/year leave. 47 t/year are without explanation "
        "(4.7 times the uncertainty). To be gone over with: “Weighing” and “Interview”."
    )
    assert (one.kind, one.severity, one.stage_id, one.actor_id) == ("flow_imbalance", "high", "Tri", "T")
    assert (one.quantity, one.unit) == (pytest.approx(47), "t/year")
    assert one.rows == {"flows": ("in", "out"), "activities": ("T-Tri",)}
    assert one.to_stage_id is None and one.n_unknown == 0
    assert one.hypothesis_share == 0


def test_in_french():
    one = only(flow_imbalance(sorter(256)))
    assert one.message == (
        "Maillon «\u00a0Tri\u00a0»\u00a0: 303\u00a0t/an entrent, 256\u00a0t/an sortent. 47\u00a0t/an restent sans "
        "explication (4,7 fois l’incertitude). À reprendre avec\u00a0: «\u00a0Weighing\u00a0» et "
        "«\u00a0Interview\u00a0»."
    )
    assert "T " not in one.message.replace("Tri", "")  # the stage is named, not the actor


@pytest.mark.parametrize(
    ("out", "severity"), [(303, None), (284, None), (282, "medium"), (274, "medium"), (272, "high")]
)
def test_priority_follows_the_thresholds(out, severity):
    # 303 − out over 10: 0, 1.9, 2.1, 2.9, 3.1
    found = list(flow_imbalance(sorter(out)))
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_thresholds_are_arguments():
    f = sorter(284)
    assert only(flow_imbalance(f, checked=1.5)).severity == "medium"
    assert only(flow_imbalance(f, checked=1.5, wrong=1.8)).severity == "high"
    assert not list(flow_imbalance(sorter(256), checked=5))


def test_more_leaves_than_enters():
    one = only(flow_imbalance(sorter(350, source=None), lang="en"))
    assert "47 t/year more are accounted for than enter (4.7 times the uncertainty)" in one.message.replace(
        "\xa0", " "
    )
    assert one.quantity == pytest.approx(47)
    assert one.message.endswith("To be gone over with: “Weighing”.")


def test_stock_losses_and_what_is_untraced_are_told():
    f = filiere(
        [("in", None, "T", "used", 100, EXACT), ("out", "T", None, "good", 40, EXACT)],
        stages=STAGES,
        activities=[("T", "Tri", {"stock_change_t_per_year": 5, "confidence": "measured"})],
        recipes=[
            ("Tri", "in", "used", 1),
            ("Tri", "out", "good", 0.6, EXACT),
            ("Tri", "out", "waste", 0.3, EXACT),
        ],
    )
    # 100 − 40 − 10 − 30 − 5 = 15, the stock alone being uncertain: 5 % of 5
    message = only(flow_imbalance(f, lang="en")).message.replace("\xa0", " ")
    assert message == (
        "Stage “Tri”: 100 t/year enter, 40 t/year leave. Losses that the recipes state: 10 t/year. "
        "Made, and taken away by no flow: 30 t/year. Change of stock: 5 t/year. "
        "15 t/year are without explanation (60 times the uncertainty)."
    )


def test_exact_figures_that_do_not_meet():
    f = filiere([("in", None, "T", "m", 10, EXACT), ("out", "T", None, "m", 9, EXACT)])
    one = only(flow_imbalance(f, lang="en"))
    assert one.message.startswith("Stage not stated:")
    assert "(the figures are stated as exact)" in one.message
    assert one.stage_id is None and one.actor_id == "T"


def test_an_actor_that_passes_on_inside_is_one_balance():
    f = filiere(
        [("in", "M", "T@collecte", "used", 100, sure(0.01)), ("out", "T@Tri", "V", "used", 60, sure(0.01))],
        stages=STAGES,
        links=[("gisement", "collecte", None), ("collecte", "Tri", None), ("Tri", "vente", None)],
        activities=[("M", "gisement"), ("T", "collecte"), ("T", "Tri"), ("V", "vente")],
    )
    one = only(flow_imbalance(f, lang="en"))
    assert one.message.startswith("Stages “collecte” and “Tri”: ")
    assert one.stage_id is None  # of two, neither
    assert one.rows["activities"] == ("T-collecte", "T-Tri")


def test_every_declaration_is_named():
    f = sorter(256, ("in2", "M", "T", "used", 300, sure(0.1, same_flow_as="in", confidence="hypothesis")))
    one = only(flow_imbalance(f))
    assert one.rows["flows"] == ("in", "out", "in2")
    assert one.hypothesis_share == pytest.approx(1 / 4)  # of three flows and an activity


# -- figures that disagree -------------------------------------------------------------------------


def twice(first: float, second: float, **cells: Any) -> Filiere:
    return filiere(
        [
            ("a", "M", "T", "used", first, sure(0.05, source_id="w")),
            ("b", "M", "T", "used", second, sure(0.05, same_flow_as="a", **cells)),
        ],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "Tri")],
        more=NAMES,
    )


def test_two_declarations_that_contradict_each_other():
    # (130 − 100) / √(6.5² + 5²) = 3.66
    one = only(figures_disagree(twice(130, 100), lang="en"))
    assert one.message.replace("\xa0", " ") == (
        "used, M → T: 100 t/year (source not stated), 130 t/year (“Weighing”). The two figures are further apart than "
        "their uncertainty allows (3.7 times the uncertainty)."
    )
    assert (one.kind, one.severity, one.quantity) == ("figures_disagree", "high", 30)
    assert (one.stage_id, one.to_stage_id) == ("gisement", "Tri")
    assert (one.actor_id, one.to_actor_id, one.material_id) == ("M", "T", "used")
    assert one.rows == {"flows": ("a", "b")}


def test_two_declarations_that_agree_and_thresholds():
    # (115 − 100) / √(5.75² + 5²) = 1.97; 118: 2.33
    assert not list(figures_disagree(twice(115, 100)))
    assert only(figures_disagree(twice(118, 100))).severity == "medium"
    assert only(figures_disagree(twice(115, 100), checked=1.5)).severity == "medium"
    assert only(figures_disagree(twice(118, 100), wrong=2.2)).severity == "high"


def test_bounds_that_contradict_each_other():
    f = filiere(
        [
            ("a", "M", "T", "used", None, {"min_t_per_year": 60}),
            ("b", "M", "T", "used", None, {"max_t_per_year": 50, "same_flow_as": "a"}),
        ]
    )
    one = only(figures_disagree(f, lang="en"))
    assert (
        one.message.replace("\xa0", " ")
        == "used, M → T: known to be at least 60 t/year, and at most 50 t/year."
    )
    assert one.quantity == 10


@pytest.mark.parametrize(
    ("shares", "of", "known", "told"),
    [
        ((0.6, 0.6), "sent", 10, "Stage “Tri”: the shares of what it sends make 120%."),
        ((0.6, 0.4), "sent", 10, "Stage “Tri”: the shares of what it sends make 100%. Other flows of a known tonnage "
                                 "come on top."),
        ((0.6, 0.4), "sent", None, None),
        ((0.7, 0.7), "received", None, "Stage “Tri”: the shares of what it receives make 140%."),
        ((0.3, 0.3), "sent", 10, None),
    ],
)  # fmt: skip
def test_shares_of_more_than_the_whole(shares, of, known, told):
    flows: list[Any] = [("in", "M", "T", "m", 50, EXACT)] if of == "received" else []
    flows += [("k", "T", None, "m", known, EXACT)] if known else []
    flows += [(f"s{k}", "T", "V", "m", None, {"share": s, "share_of": of}) for k, s in enumerate(shares)]
    f = filiere(flows, stages=STAGES, activities=[("M", "gisement"), ("T", "Tri"), ("V", "vente")])
    found = list(figures_disagree(f, lang="en"))
    assert [one.message for one in found] == ([told] if told else [])
    if told:
        assert found[0].stage_id == "Tri" and math.isnan(found[0].quantity)
        assert found[0].rows == {"flows": ("s0", "s1")}


# -- capacities ------------------------------------------------------------------------------------


def test_more_enters_than_the_capacity():
    # (303 − 280) / 10 = 2.3 uncertainties
    f = sorter(256, capacity_t_per_year=280)
    one = only(over_capacity(f, lang="en"))
    assert one.message.replace("\xa0", " ") == (
        "Stage “Tri”: 303 t/year enter, for a capacity of 280 t/year. One of the two figures is to be checked."
    )
    assert (one.kind, one.severity, one.quantity) == ("over_capacity", "medium", 23)
    assert (one.stage_id, one.actor_id) == ("Tri", "T")
    assert one.rows == {"activities": ("T-Tri",), "flows": ("in",)}


@pytest.mark.parametrize(
    ("capacity", "severity"), [(303, None), (290, None), (272, "high"), (None, None), (0, "high")]
)
def test_beyond_the_uncertainty_only(capacity, severity):
    found = [one.severity for one in over_capacity(sorter(256, capacity_t_per_year=capacity))]
    assert found == ([severity] if severity else [])


def test_an_unknown_flow_hides_nothing():
    f = sorter(256, ("more", None, "T", "used", None), capacity_t_per_year=200)
    assert only(over_capacity(f)).quantity == 103


def test_the_capacity_of_a_passage():
    f = filiere([("a", "M", "T", "m", 50, {"capacity_t_per_year": 40, "uncertainty_share": 0.0})])
    one = only(over_capacity(f, lang="en"))
    assert one.message.replace("\xa0", " ") == (
        "m, M → T: 50 t/year pass, for a capacity of 40 t/year. One of the two figures is to be checked."
    )
    assert (one.severity, one.quantity, one.actor_id, one.to_actor_id) == ("high", 10, "M", "T")
    assert not list(over_capacity(f.with_table("flows", f.flows.assign(uncertainty_share=0.5))))


# -- what holds for all ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_checks_say_nothing_where_there_is_nothing(lang):
    for f in (
        filiere([]),
        filiere([("a", "A", "B", None, None)]),
        filiere([], stages=STAGES, activities=[("A", "Tri")]),
        filiere([("ab", "A", "B", "m", 5), ("ba", "B", "A", "m", 5)]),
    ):
        assert [one for check in CHECKS for one in check(f, lang=lang)] == []


def test_kinds_and_columns():
    f = sorter(256, ("in2", "M", "T", "used", 100, sure(0.1, same_flow_as="in")), capacity_t_per_year=10)
    found = [one for check in CHECKS for one in check(f)]
    frame = findings_frame(found)
    # in is (303 + 100) / 2 = 201.5 ± 7.1: 54.5 less than what leaves, and far above the capacity
    assert set(frame["kind"]) == {"figures_disagree", "flow_imbalance", "over_capacity"}
    assert set(frame["kind"]) <= {kind.value for kind in FindingKind}
    assert set(frame["severity"]) <= set(PRIORITIES)
    assert frame["finding_id"].is_unique
    assert (checks.WRONG, measures.CHECKED) == (3, 2)


def test_evidence_finds_rows_without_searching_them_all():
    lookup = Lookup(np.array([3, 1, 3, -1, 0]))
    assert lookup([3]).tolist() == [0, 2]
    assert lookup([0, 1, 7]).tolist() == [1, 4]
    assert lookup([]).tolist() == []
    f = twice(130, 100)
    assert evidence_of(f).declarations([0]) == ("a", "b")
    assert evidence_of(f).call_back(("b",), "en") == ""


# -- indicators ------------------------------------------------------------------------------------


def measured(indicator_id: str, f: Filiere) -> Measure:
    return next(one for one in INDICATORS if one.indicator_id == indicator_id).measure(f, lang="en")


def test_the_list_of_indicators():
    assert [one.indicator_id for one in INDICATORS] == ["A7", "A8", "B1", "B7", "B12"]
    assert [one.indicator_id for one in INDICATORS if one.profile == "essential"] == ["A7"]


def three(**cells: Any) -> Filiere:
    """Three places in a row: 100 → 100 → 60 →, and an unknown branch."""
    return filiere(
        [
            ("a", None, "A", "m", 100, sure(0.05)),
            ("b", "A", "B", "m", 100, sure(0.05)),
            ("c", "B", "C", "m", 60, sure(0.05)),
            ("d", "C", None, "m", 60, sure(0.05)),
            ("u", "D", "E", "m", None),
            ("v", "E", None, "m", 10),
        ]
    )


def test_balances_that_add_up():
    # A: 0; B: 40 / √(25 + 9) = 6.9; C: 0; E unknown; D is an end of the chain
    found = balance_measure(three(), lang="en")
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(2 / 3), 2, 3)
    assert (found.low, found.high, found.n_unknown) == (0.5, 0.75, 1)
    assert found.note == "Balances within 2 times their uncertainty: 2 out of 3. 1 has an unknown flow."
    assert found.rows == {"flows": ("a", "b", "c", "d")}
    assert balance_measure(three(), checked=7).value == 1
    assert balances_of(three(), by="place").frame["state"].value_counts().to_dict() == {
        "closed": 3, "unknown": 1, "open": 1,
    }  # fmt: skip


def test_highest_utilization():
    f = filiere(
        [("a", None, "A", "m", 90, EXACT), ("b", None, "B", "m", 50, EXACT), ("c", None, "C", "m", None)],
        stages=STAGES,
        activities=[("A", "collecte", {"capacity_t_per_year": 100}), ("B", "Tri", {"capacity_t_per_year": 52}),
                    ("C", "Tri", {"capacity_t_per_year": 10})],
    )  # fmt: skip
    found = utilization_measure(f, lang="en")
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(50 / 52), 50, 52)
    assert found.low == found.value and math.isnan(found.high) and found.n_unknown == 1
    assert found.rows == {"activities": ("B-Tri",), "flows": ("b",)}
    assert found.note.replace("\xa0", " ") == (
        "Highest at stage “Tri”: 50 t/year enter, for a capacity of 52 t/year. "
        "1 activity has a capacity, and what enters is not known."
    )


def market(level: str | None, t: float | None, kind: str = "supply", material: str = "m") -> tuple[Any, ...]:
    return ("A", None, material, kind, level, t)


def test_unused_over_all_materials_at_their_firmest_level():
    f = filiere([("a", "A", "B", "m", 60, EXACT), ("b", "A", "B", "n", 20, EXACT)],
                markets=[market("raw", 900), market("mobilized", 100), market("raw", 100, material="n")])  # fmt: skip
    found = unused_measure(f, lang="en")
    # (100 − 60) + (100 − 20) of 200
    assert (found.value, found.low, found.high) == (0.6, 0.6, 0.6)
    assert (found.numerator, found.denominator) == (120, 200)
    assert len(found.rows["markets"]) == 2 and found.rows["flows"] == ("a", "b")
    more = f.with_rows("flows", {"flow_id": ["c"], "source": ["A"], "target": ["B"], "material_id": ["m"]})
    unknown = unused_measure(more, lang="en")
    assert (unknown.value, unknown.low, unknown.high, unknown.n_unknown) == (0.6, 0, 0.6, 1)
    assert unknown.note.endswith("At most: 1 flow or use inside an actor is not known.")


def test_unmet_demand_and_its_bounds():
    def f(*flows: Any) -> Filiere:
        return filiere(
            list(flows), markets=[market("verified", 80, "demand"), market("contracted", 20, "demand", "n")]
        )

    found = unmet_measure(f(("a", "B", "A", "m", 60), ("b", "B", "A", "n", 90)), lang="en")
    # 20 of 80, and 0 of 20
    assert (found.value, found.low, found.high, found.numerator, found.denominator) == (
        0.2,
        0.2,
        0.2,
        20,
        100,
    )
    assert found.note.replace("\xa0", " ") == "Demands that today’s flows serve: 80 t/year of 100 t/year."
    assert set(found.rows["flows"]) == {"a", "b"} and len(found.rows["markets"]) == 2
    open_ = unmet_measure(f(("a", "B", "A", "m", 60), ("b", "B", "A", "n", None)), lang="en")
    assert math.isnan(open_.value) and open_.n_unknown == 1
    assert (open_.low, open_.high) == (0.2, 0.4)


def test_recovery_with_both_denominators_in_the_note():
    f = filiere(
        [("a", "M", "C", "used", 100, EXACT), ("b", "C", "T", "used", 80, EXACT), ("c", "T", None, "good", 60, EXACT),
         ("d", "T", None, "waste", 20, EXACT)],
        stages=STAGES,
        links=[("collecte", "Tri", "used")],
        activities=[("M", "gisement"), ("C", "collecte"), ("T", "Tri")],
        recipes=[("Tri", "in", "used", 1), ("Tri", "out", "good", 0.7), ("Tri", "out", "waste", 0.3)],
        materials={"waste": "waste"},
    )  # fmt: skip
    found = recovery_measure(f, lang="en")
    assert (found.value, found.numerator, found.denominator) == (0.75, 60, 80)
    note = found.note.replace("\xa0", " ")
    assert note == "Of what is sorted (80 t/year): 75%. Of what is collected (100 t/year): 60%."
    assert found.rows == {"flows": ("b", "c", "d")}


NOTHING = {
    "A7": "No demand is stated with its quantity.",
    "A8": "No supply is stated with its quantity.",
    "B1": "No balance has both its sides described, without an unknown flow.",
    "B7": "No activity has both a capacity and a known tonnage that enters.",
    "B12": "No stage sorts: no recipe of a stage of waste makes several materials out of one.",
}


@pytest.mark.parametrize("indicator_id", NOTHING)
def test_indicators_of_nothing_are_unknown_and_say_why(indicator_id):
    for f in (filiere([]), filiere([("a", "A", "B", None, None)])):
        found = measured(indicator_id, f)
        assert math.isnan(found.value)
        assert found.note.startswith(NOTHING[indicator_id])


def test_indicators_without_flows():
    f = filiere([], markets=[market("raw", 10), market("verified", 10, "demand")])
    for indicator_id in ("A7", "A8"):
        found = measured(indicator_id, f)
        assert math.isnan(found.value) and (found.low, found.high) == (0, 1)
        assert found.note == "No flow is described."
