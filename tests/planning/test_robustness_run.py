"""Shares of draws against probabilities in closed form; the same whatever the order of rows and the processes."""

from __future__ import annotations

import math
import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.diagnosis import available_checks
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.planning.robustness import ABOUT_FIGURES, robustness
from chaine_valeur.planning.robustness.frames import (
    DRAWN_COLUMNS,
    FAILURE_COLUMNS,
    FINDING_COLUMNS,
    INDICATOR_COLUMNS,
    PLAN_COLUMNS,
    wilson,
)
from tests.planning.robust_hand import (
    Plan,
    above,
    crashes_high,
    filiere,
    large_flow,
    phi,
    plain,
    silent_finding,
    spread,
    total,
    two_alike,
)

pytestmark = pytest.mark.long

SHAPES = {
    "findings": FINDING_COLUMNS, "indicators": INDICATOR_COLUMNS, "plan": PLAN_COLUMNS,
    "failures": FAILURE_COLUMNS, "drawn": DRAWN_COLUMNS,
}  # fmt: skip


def found(f: Filiere, **arguments: object) -> pd.Series:
    given = {"checks": [large_flow], "indicators": [], **arguments}
    return robustness(f, **given).findings.set_index("finding_id").loc["large_flow"]


@pytest.mark.parametrize(("count", "total"), [(0, 5), (5, 5), (92, 100), (1, 200), (3, 7), (200, 200)])
def test_wilson_against_scipy(count: int, total: int) -> None:
    low, high = wilson(count, total)
    referee = binomtest(count, total).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((referee.low, referee.high), abs=1e-12)
    assert all(math.isnan(end) for end in wilson(0, 0))


def test_share_of_draws_is_the_probability() -> None:
    # the flow of 100 t at 20 % exceeds 110 t: ln(100/110) = −0.0953, s = √ln 1.04 = 0.1980,
    # Φ((−0.0953 − 0.0196) / 0.1980) = Φ(−0.5803) = 0.281
    expected = above(100, 0.2, 110)
    assert expected == pytest.approx(0.281, abs=5e-4)
    row = found(filiere(), draws=500)
    error = math.sqrt(expected * (1 - expected) / 500)  # 0.0201
    assert row["share"] == pytest.approx(expected, abs=3.5 * error)
    assert row["n_draws"] == 500
    assert row["n_found"] == round(500 * row["share"]) and not row["in_base"] and row["varies"]
    assert (row["share_low"], row["share_high"]) == wilson(row["n_found"], 500)
    # those found exceed 110 t, and 5 % of all draws exceed exp(1.645 s − s²/2) · 100 = 135.8 t
    assert row["quantity_p5"] > 110 and np.isnan(row["quantity"]) and np.isnan(row["jobs_fte_p50"])
    tail = 100 * math.exp(spread(0.2) * 1.6449 - spread(0.2) ** 2 / 2)
    assert row["quantity_p50"] < tail < row["quantity_p95"]


def test_found_as_stated() -> None:
    expected = above(100, 0.2, 90)  # Φ((0.1054 − 0.0196) / 0.1980) = Φ(0.433) = 0.667
    row = found(filiere(), draws=500, checks=[(large_flow, {"limit": 90})])
    assert row["share"] == pytest.approx(expected, abs=3.5 * math.sqrt(expected * (1 - expected) / 500))
    assert row["in_base"] and row["quantity"] == 100.0 and row["message"] == "f1: 100 t"


def test_capacity_exceeded_of_the_library_in_closed_form() -> None:
    # 14 t at 3 % enter, for a capacity of 12 t at 10 %; it is told where what enters, less two of its own
    # uncertainties, exceeds the capacity. ln(0.94 · load / capacity) is normal, of mean
    # ln(0.94 · 14/12) − s₁²/2 + s₂²/2 = 0.0968 and deviation √(s₁² + s₂²) = 0.1042: Φ(0.929) = 0.824
    f = Filiere.from_tables(
        stages={"stage_id": ["s"], "name": ["S"]},
        materials={"material_id": ["m"], "name": ["M"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={
            "actor_id": ["b"], "stage_id": ["s"], "capacity_t_per_year": [12.0], "confidence": ["declared"],
        },
        flows={
            "source": ["a"], "target": ["b"], "target_stage": ["s"], "material_id": ["m"],
            "quantity_t_per_year": [14.0], "uncertainty_share": [0.03],
        },
    )  # fmt: skip
    one, other = spread(0.03), spread(0.1)
    score = (math.log(0.94 * 14 / 12) - one**2 / 2 + other**2 / 2) / math.hypot(one, other)
    expected = phi(score)
    assert expected == pytest.approx(0.824, abs=1e-3)
    row = robustness(f, draws=60, checks=["over_capacity"], indicators=[]).findings.iloc[0]
    assert row["in_base"] and row["finding_id"] == "over_capacity:s:b"
    assert row["share"] == pytest.approx(expected, abs=3.5 * math.sqrt(expected * (1 - expected) / 60))


def test_without_uncertainty_all_or_nothing() -> None:
    exact = dict.fromkeys(("measured", "declared", "estimated", "hypothesis", ""), 0.0)
    f = filiere(flows=filiere().flows.assign(uncertainty_share=0.0))
    made = robustness(f, draws=20, uncertainty=exact, checks=[large_flow, two_alike], indicators=[total()])
    assert made.findings[["kind", "share", "varies"]].values.tolist() == [["large", 1.0, False]]
    assert made.drawn["n_drawn"].sum() == 0
    row = made.indicators.iloc[0]
    assert row[["value", "mean", "p5", "p50", "p95", "share_unknown"]].tolist() == [140.0] * 5 + [0.0]
    assert (
        "tel" in plain(made.notes("fr"))[1]
        and "every draw is the filière as stated" in plain(made.notes("en"))[1]
    )


def test_what_reads_nothing_drawn_is_certain_and_computed_once() -> None:
    calls = []

    def counted(f: Filiere, *, lang: str) -> list[Finding]:
        calls.append(1)
        return list(silent_finding(f, lang=lang))

    row = robustness(filiere(), draws=9, checks=[counted, large_flow], indicators=[]).findings.iloc[0]
    assert row["kind"] == "named" and not row["varies"] and len(calls) == 1
    assert row[["n_draws", "n_found", "share", "share_low", "share_high"]].tolist() == [9, 9, 1.0, 1.0, 1.0]


def test_indicators_are_spread_as_the_sum_of_log_normals() -> None:
    row = robustness(
        filiere(), draws=600, what="indicators", indicators=[total()], lang="en"
    ).indicators.iloc[0]
    # 100 ± 20 and 40 ± 2: mean 140, deviation √404 = 20.1, of the mean of 600 draws 0.82
    assert row["value"] == 140 and row["mean"] == pytest.approx(140, abs=2.9)
    # 40 t hardly vary: the quantiles are about those of the flow of 100 t, plus 40
    s = spread(0.2)
    ends = [40 + 100 * math.exp(score * s - s * s / 2) for score in (-1.645, 0, 1.645)]
    assert row[["p5", "p50", "p95"]].tolist() == pytest.approx(ends, abs=4)
    assert row["n_draws"] == 600 and row["share_unknown"] == 0 and row["name"] == "Total"


def test_an_indicator_that_is_unknown_in_some_draws() -> None:
    from dataclasses import replace

    from chaine_valeur.analysis.measure import Measure

    def half(f: Filiere, *, lang: str = "fr") -> Measure:
        tonnes = float(f.flows["quantity_t_per_year"]["f1"])
        return Measure(tonnes if tonnes <= 110 else float("nan"), "t/year")

    made = robustness(filiere(), draws=300, checks=[], indicators=[replace(total(), compute=half)])
    row = made.indicators.iloc[0]
    assert row["share_unknown"] == pytest.approx(above(100, 0.2, 110), abs=0.09) and row["p95"] <= 110
    assert "tirages" in plain(made.sentences("fr"))[0] and "unknown in" in plain(made.sentences("en"))[0]


def frames(made: object) -> list[pd.DataFrame]:
    return [getattr(made, name) for name in SHAPES]


def same(first: object, second: object) -> None:
    for one, other in zip(frames(first), frames(second), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_the_same_in_two_processes_in_threads_and_with_rows_in_another_order() -> None:
    joblib = pytest.importorskip("joblib")
    f = filiere()
    ask = partial(
        robustness, draws=30, checks=[large_flow, two_alike], indicators=[total()], doubt={"measured": 0.4}
    )
    once = ask(f)
    same(once, ask(f, n_jobs=2))
    with joblib.parallel_config(backend="threading", n_jobs=2):
        same(once, ask(f, n_jobs=None))
    turned = ask(filiere(flows=f.flows.reset_index().iloc[::-1]))
    pd.testing.assert_frame_equal(
        once.findings.sort_values("quantity", ignore_index=True).drop(columns="finding_id"),
        turned.findings.sort_values("quantity", ignore_index=True).drop(columns="finding_id"),
    )
    pd.testing.assert_frame_equal(once.indicators, turned.indicators)


def test_the_same_seed_and_another() -> None:
    ask = partial(robustness, filiere(), draws=40, checks=[large_flow], indicators=[total()])
    same(ask(seed=3), ask(seed=3))
    assert ask(seed=3).indicators["mean"].item() != ask(seed=4).indicators["mean"].item()
    # the first draws are those of a shorter run
    assert ask(draws=1, seed=3).indicators["mean"].item() == ask(draws=1, seed=3).indicators["p50"].item()


def test_findings_about_the_same_thing_are_told_apart_by_their_rows() -> None:
    f = filiere(flows=filiere().flows.assign(quantity_t_per_year=[100.0, 91.0, None, 85.0]))
    made = robustness(f, draws=400, checks=[two_alike], indicators=[]).findings
    # f1 (20 %) and f2 (5 %) as stated; f4, of 85 t at 10 %, in draws alone
    assert made["finding_id"].tolist() == ["large", "large:2", "large:3"]
    assert made["message"].tolist()[:2] == ["f1", "f2"] and made["in_base"].tolist() == [True, True, False]
    expected = [above(100, 0.2, 90), above(91, 0.05, 90), above(85, 0.1, 90)]
    for share, probability in zip(made["share"], expected, strict=True):
        assert share == pytest.approx(probability, abs=3.5 * math.sqrt(probability * (1 - probability) / 400))


def test_rare_findings_of_draws_alone_are_left_out() -> None:
    check = [(large_flow, {"limit": 150})]  # Φ((ln(100/150) − 0.0196) / 0.198) = 1.6 %
    assert robustness(filiere(), draws=200, checks=check, indicators=[]).findings.empty
    made = robustness(filiere(), draws=200, checks=check, indicators=[], appearing=0.0).findings
    assert 0 < made["share"].item() < 0.06


def test_failures_are_counted_and_their_draws_left_out() -> None:
    made = robustness(filiere(), draws=60, checks=[crashes_high, large_flow], indicators=[])
    above_100 = above(100, 0.2, 100)  # Φ(−0.099) = 0.46
    failures = made.failures
    assert failures["what"].unique().tolist() == ["check"] and failures["name"].unique().tolist() == [
        "crashes_high"
    ]
    assert failures["error"].unique().tolist() == ["RuntimeError: too much"] and failures["draw"].is_unique
    assert len(failures) / 60 == pytest.approx(above_100, abs=0.23)
    low = made.findings.set_index("finding_id").loc["low_flow:x"]
    assert low["n_draws"] == 60 - len(failures) and low["share"] == 1.0
    assert made.findings.set_index("finding_id").loc["large_flow", "n_draws"] == 60
    assert f"{len(failures)} calculs ont échoué" in plain(made.notes("fr"))[-1]


def test_a_check_that_never_runs_and_a_draw_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(f: Filiere, *, lang: str) -> list[Finding]:
        raise ValueError(f"no {len(f.flows)}")

    made = robustness(filiere(), draws=3, checks=[never], indicators=[])
    # as stated it reads the flows before it fails, so it is tried in every draw
    assert made.failures["draw"].tolist() == [-1, 0, 1, 2] and made.findings.empty
    from chaine_valeur.planning.robustness.drawing import Draws

    def broken(self: Draws, number: int) -> Filiere:
        raise MemoryError

    monkeypatch.setattr(Draws, "draw", broken)
    made = robustness(filiere(), draws=3, checks=[(large_flow, {"limit": 90})], indicators=[])
    assert made.failures["what"].tolist() == ["draw"] * 3
    row = made.findings.iloc[0]
    assert row["n_draws"] == 0 and np.isnan(row["share"]) and "aucun tirage" in plain(made.sentences("fr"))[0]


def options(f: Filiere) -> Filiere:
    return f.with_table(
        "options",
        pd.DataFrame(
            {
                "option_id": ["x", "y", "z"], "name": ["Trier", "Ensacher", "Former"], "kind": ["other"] * 3,
                "investment_eur": [100.0, 120.0, 500.0], "confidence": ["declared"] * 3,
            }
        ),
    )  # fmt: skip


def cheapest(f: Filiere) -> Plan:
    """Take « Former », and the cheaper of the two others."""
    cost = f.options["investment_eur"]
    return Plan("z", "x" if cost["x"] <= cost["y"] else "y")


def test_the_share_of_draws_in_which_an_option_is_taken() -> None:
    made = robustness(options(filiere()), draws=300, what=(), plan=cheapest)
    plan = made.plan.set_index("option_id")
    # ln(x / y) is normal, of mean ln(100/120) and deviation √2 s, s = √ln 1.01: y is cheaper with Φ(−1.292) = 0.098
    expected = phi(-math.log(1.2) / (math.sqrt(2) * spread(0.1)))
    assert expected == pytest.approx(0.098, abs=1e-3)
    assert plan["share"]["y"] == pytest.approx(expected, abs=3.5 * math.sqrt(expected * (1 - expected) / 300))
    assert (
        plan["n_taken"].sum() == 600
        and plan["share"]["z"] == 1.0
        and plan["in_base"].tolist() == [True, False, True]
    )
    assert plain(made.sentences("fr"))[2] == "« Former » : retenue dans tous les tirages."
    assert plain(made.sentences("en"))[1].startswith(
        "“Ensacher”: not taken with the figures as stated, taken in "
    )
    assert made.findings.empty and made.indicators.empty


def test_a_plan_that_fails_as_stated_or_has_no_choice() -> None:
    def fails(f: Filiere) -> Plan:
        raise ArgumentError("no budget")

    with pytest.raises(ArgumentError, match="no budget"):
        robustness(filiere(), draws=2, what=(), plan=fails)
    with pytest.raises(ArgumentError, match="option_id"):
        robustness(filiere(), draws=2, what=(), plan=lambda f: f)
    indexed = Plan()
    indexed.chosen = pd.DataFrame({"year": [2025, 2026]}, index=pd.Index(["x", "x"], name="option_id"))
    made = robustness(options(filiere()), draws=3, what=(), plan=lambda f: indexed)
    assert made.plan["n_taken"].tolist() == [3, 0, 0]


def test_doubt_makes_a_hypothesis_disappear() -> None:
    f = filiere(flows=filiere().flows.assign(confidence="hypothesis"))
    check = [(large_flow, {"limit": 0.0})]
    assert found(f, draws=50, checks=check)["share"] == 1.0
    row = found(f, draws=200, checks=check, doubt=0.4)
    assert row["share"] == pytest.approx(0.6, abs=3.5 * math.sqrt(0.24 / 200)) and row["in_base"]
    made = robustness(f, draws=2, checks=[silent_finding], indicators=[], doubt=0.4)
    assert any("Lignes qui peuvent manquer : hypothèse 40 %" in note for note in plain(made.notes("fr")))


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"draws": 0}, ArgumentError, "draws=0"),
        ({"draws": 2.5}, ArgumentError, "draws=2.5"),
        ({"appearing": 2}, ArgumentError, "appearing=2"),
        ({"what": ["finding"]}, UnknownNameError, "findings"),
        ({"checks": ["missing_stage"]}, UnknownNameError, "missing_stages"),
        ({"lang": "de"}, UnknownNameError, "fr"),
    ],
)
def test_arguments_that_cannot_be_used(arguments: dict, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        robustness(filiere(), **arguments)


def test_shapes_are_the_same_when_empty() -> None:
    empty = robustness(Filiere.from_tables(actors={"name": ["A"]}), draws=2, checks=[], indicators=[])
    full = robustness(filiere(), draws=2, checks=[large_flow, crashes_high], indicators=[total()])
    for name, columns in SHAPES.items():
        for made in (empty, full):
            frame = getattr(made, name)
            assert frame.columns.tolist() == list(columns)
            assert {one: str(frame[one].dtype) for one in frame} == {
                one: {"str": "str"}.get(dtype, dtype) for one, dtype in columns.items()
            }
    assert empty.sentences("fr") == [] and "2 draws" in repr(empty)


def test_progress_is_told_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[tuple[int, int]] = []
    ask = partial(robustness, filiere(), draws=4, checks=[large_flow], indicators=[])
    ask(progress=lambda done, every: said.append((done, every)))
    assert said == [(1, 4), (2, 4), (3, 4), (4, 4)] and capsys.readouterr().err == ""
    ask(progress=True)
    assert capsys.readouterr().err.endswith("4 / 4\n")


def test_the_example_as_it_is_read() -> None:
    f = datasets.load("exemple_complet")
    before = pickle.loads(pickle.dumps(f))  # not its bytes: arrays of pandas remember what they were asked
    checks = ["missing_stages", "over_capacity", "purchases_elsewhere", "missed_targets"]
    made = robustness(f, draws=12, checks=checks, indicators=["A1", "A5", "G9"])
    assert f == before
    rows = made.findings.set_index("finding_id")
    assert rows.loc["missing_stage:effilochage", ["share", "varies"]].tolist() == [1.0, True]
    assert not rows.loc["target_missed", "varies"] and made.indicators["varies"].tolist() == [
        True,
        True,
        False,
    ]
    assert rows.index[0] == "missing_stage:effilochage" and made.failures.empty
    french = plain(made.sentences("fr"))
    assert french[0].startswith(
        "Maillon manquant (Effilochage du coton) : retrouvé dans tous les tirages, de "
    )
    assert any(" des 12 tirages" in sentence for sentence in french)
    assert (
        plain(made.notes("fr"))[0] == "12 tirages, graine 0."
        and "mesuré 5 %, déclaré 10 %" in plain(made.notes("fr"))[2]
    )
    assert plain(made.sentences("en"))[0].startswith(
        "Missing stage (Effilochage du coton): found in every draw, from "
    )
    alone = robustness(f, draws=12, checks=["purchases_elsewhere"], indicators=[], year=2024).findings
    pd.testing.assert_series_equal(
        alone.iloc[0], rows.reset_index().set_index("kind", drop=False).loc["purchases_elsewhere"][alone.columns],
        check_names=False,
    )  # fmt: skip


def test_checks_about_the_figures_themselves_are_not_asked_by_default() -> None:
    assert set(available_checks()) >= ABOUT_FIGURES
    assert {"figures_disagree", "suspect_figures", "contradictions"} <= ABOUT_FIGURES
