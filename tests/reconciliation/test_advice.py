"""What to ask for next, draws, and the filière that follows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.analysis.reconciliation.advice import ADVICE_COLUMNS
from chaine_valeur.errors import ArgumentError
from tests.flows.making import flow, made
from tests.reconciliation.test_filiere import composite, sorter


def test_the_figure_that_narrows_most() -> None:
    """Posterior covariance of one balance: D − d dᵀ/145 with signed variances (100, −36, −9).

    Measuring m-b to 5 % takes (Σ_i cov(i, m)²) / (var_m + (0.05·x)²) off the total variance.
    """
    r = cv.reconcile(sorter())
    signed = np.array([100.0, -36.0, -9.0])
    cov = np.diag([100.0, 36.0, 9.0]) - np.outer(signed, signed) / 145
    value = r.flows["reconciled_t_per_year"].to_numpy()
    gain = (cov**2).sum(axis=0) / (np.diag(cov) + (0.05 * value) ** 2) / np.trace(cov)
    found = r.next_measurements()
    order = np.argsort(-gain)
    assert list(found.columns) == ADVICE_COLUMNS
    assert found["flow_id"].tolist() == r.flows.index[order].tolist()
    assert found["reduction_share"].tolist() == pytest.approx(gain[order].tolist(), rel=1e-6)
    assert found["sd_t"].tolist() == pytest.approx(np.sqrt(np.diag(cov))[order].tolist(), rel=1e-6)


def test_for_one_flow_only_its_own_variance_counts() -> None:
    r = cv.reconcile(sorter())
    found = r.next_measurements(of="b-w", precision=1e-6).set_index("flow_id")["reduction_share"]
    assert found["b-w"] == pytest.approx(1, abs=1e-6)  # measured itself, nothing is left
    # correlation of b-w with m-b: (900/145)² / ((9 − 81/145)(100 − 10000/145))
    assert found["m-b"] == pytest.approx((900 / 145) ** 2 / ((9 - 81 / 145) * (100 - 10000 / 145)), rel=1e-6)


def test_an_unknown_flow_comes_first_and_what_is_firm_is_not_asked() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente", "x": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.01), flow("b", "v", 60, uncertainty_share=0.01),
         flow("b", "w"), flow("b", "x")],
    )  # fmt: skip
    found = cv.reconcile(f).next_measurements()
    assert set(found["flow_id"]) == {"b-w", "b-x"}
    assert found["sd_t"].tolist() == pytest.approx([40 / math.sqrt(12)] * 2, rel=1e-3)
    # each range is as wide: either one takes away half of the two, less what the precision leaves
    assert found["reduction_share"].iloc[0] == pytest.approx(found["reduction_share"].iloc[1])
    assert found["reduction_share"].iloc[0] > 0.2


def test_for_any_linear_indicator() -> None:
    """What v and w receive apart: c = (0, 1, −1). Posterior covariance as above."""
    r = cv.reconcile(sorter())
    signed, c = np.array([100.0, -36.0, -9.0]), np.array([0.0, 1.0, -1.0])
    cov = np.diag([100.0, 36.0, 9.0]) - np.outer(signed, signed) / 145
    value = r.flows["reconciled_t_per_year"].to_numpy()
    gain = (c @ cov) ** 2 / (np.diag(cov) + (0.05 * value) ** 2) / (c @ cov @ c)
    found = r.next_measurements(of={"b-v": 1, "b-w": -1}).set_index("flow_id")["reduction_share"]
    assert found.to_dict() == pytest.approx(dict(zip(r.flows.index, gain, strict=True)), rel=1e-6)
    both = r.next_measurements(of=["b-v", "b-w"]).set_index("flow_id")["reduction_share"]
    assert both["m-b"] > found["m-b"]  # what enters tells the sum, not the difference


def test_a_precision_is_above_zero() -> None:
    with pytest.raises(ArgumentError, match="precision=0"):
        cv.reconcile(sorter()).next_measurements(precision=0)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_coefficient_is_a_finite_number(wrong: float) -> None:
    r = cv.reconcile(sorter())
    with pytest.raises(
        ArgumentError, match=rf"of={{'b-v': {wrong!r}}}: the coefficient of a flow is a finite"
    ):
        r.next_measurements(of={"m-b": 1.0, "b-v": wrong})
    # 0 leaves a flow out: the same as not naming it
    pd.testing.assert_frame_equal(
        r.next_measurements(of={"m-b": 1.0, "b-v": 0.0}), r.next_measurements(of="m-b")
    )


def test_draws_are_seeded_and_agree_with_the_standard_deviations() -> None:
    r = cv.reconcile(sorter())
    drawn = r.monte_carlo(draws=400, seed=3)
    assert list(drawn.columns) == ["mean_t_per_year", "sd_t", "p5", "p50", "p95"]
    pd.testing.assert_frame_equal(drawn, r.monte_carlo(draws=400, seed=3))
    assert not drawn.equals(r.monte_carlo(draws=400, seed=4))
    sd = r.details()["reconciled_sd_t"]
    # with 400 draws the standard error of a standard deviation is 3.5 %
    assert drawn["sd_t"].tolist() == pytest.approx(sd.tolist(), rel=0.15)
    assert drawn["mean_t_per_year"].tolist() == pytest.approx(
        r.flows["reconciled_t_per_year"].tolist(), rel=0.02
    )
    assert (drawn["p5"] < drawn["p50"]).all()
    assert r.monte_carlo(["b-v"], draws=5).index.tolist() == ["b-v"]
    with pytest.raises(ArgumentError, match="draws=1"):
        r.monte_carlo(draws=1)


def test_the_filiere_that_follows_adds_up() -> None:
    f = sorter()
    before = f.flows.copy()
    r = cv.reconcile(f)
    g = r.to_filiere(lang="en")
    found = g.flows["quantity_t_per_year"]
    assert found.tolist() == pytest.approx(r.flows["reconciled_t_per_year"].tolist())
    assert found["m-b"] == pytest.approx(found["b-v"] + found["b-w"])
    assert g.flows["hypothesis"].tolist() == [
        f"Reconciled; declared: {t}\u00a0t/year." for t in (100, 60, 30)
    ]
    assert (g.flows["confidence"] == "estimated").all()
    sd = r.details()["reconciled_sd_t"] / r.flows["reconciled_t_per_year"]
    assert g.flows["uncertainty_share"].tolist() == pytest.approx(sd.tolist())
    again = cv.reconcile(g)
    assert again.flows["adjustment_t"].abs().max() < 1e-6
    pd.testing.assert_frame_equal(f.flows, before)


def test_free_flows_keep_their_blank_and_get_their_range() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v"), flow("b", "w", max_t_per_year=30)],
    )
    g = cv.reconcile(f).to_filiere()
    assert g.flows["quantity_t_per_year"].isna().tolist() == [False, True, True]
    assert g.flows.loc["b-v", ["min_t_per_year", "max_t_per_year"]].tolist() == pytest.approx(
        [70, 100], abs=1e-6
    )
    assert g.flows.loc["m-b", "hypothesis"] is None or pd.isna(g.flows.loc["m-b", "hypothesis"])


def test_a_flow_known_by_a_share_or_a_natural_quantity_becomes_a_tonnage() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", natural_quantity_per_year=200, material_id="papier"),
         flow("b", "v", share=0.25, share_of="received", material_id="papier"), flow("b", "w", material_id="papier")],
    )  # fmt: skip
    papers = pd.DataFrame(
        {"material_id": ["papier"], "name": ["papier"], "unit": ["balle"], "t_per_unit": [0.5]}
    )
    g = cv.reconcile(f.with_table("materials", papers)).to_filiere()
    assert g.flows["quantity_t_per_year"].tolist() == pytest.approx([100, 25, 75])
    assert g.flows[["share", "natural_quantity_per_year"]].isna().all(axis=None)
    assert g.problems.query("severity == 'error'").empty


@pytest.mark.parametrize(
    "name", ["exemple_complet", "textiles_usages", "lin_composite", "textiles_france_2020"]
)
def test_reconciling_what_was_reconciled_moves_nothing(name: str) -> None:
    f = cv.datasets.load(name)
    once = cv.reconcile(f)
    again = cv.reconcile(once.to_filiere())
    size = once.flows["reconciled_t_per_year"].max()
    assert again.flows["adjustment_t"].abs().max() < 1e-5 * size
    assert again.test.chi2 < 1e-6
    assert again.flows["reconciled_t_per_year"].tolist() == pytest.approx(
        once.flows["reconciled_t_per_year"].tolist(), rel=1e-5, abs=1e-6 * size
    )


def test_a_recipe_that_bent_becomes_one_of_its_actor() -> None:
    r = cv.reconcile(composite(0.2, out=80.0))
    g = r.to_filiere(lang="en")
    own = g.recipes[g.recipes["actor_id"] == "b"]
    assert sorted(own["material_id"]) == ["fibre", "panneau", "polymere"]
    assert own.set_index("material_id")["t_per_t"].to_dict() == pytest.approx(
        r.processes.set_index("material_id")["reconciled_t_per_t"].to_dict()
    )
    assert "Reconciled; stated: 0.900." in own["hypothesis"].tolist()
    assert len(g.recipes) == 6  # those of the stage stay, for other actors


def test_a_flow_that_a_bound_holds_is_not_asked_for() -> None:
    """b-w was declared 30 t and cannot be above 20: what it says is to be checked, not to be measured again."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v", 60, uncertainty_share=0.1),
         flow("b", "w", 30, uncertainty_share=0.5, max_t_per_year=20)],
    )  # fmt: skip
    assert "b-w" not in cv.reconcile(f).next_measurements()["flow_id"].tolist()
