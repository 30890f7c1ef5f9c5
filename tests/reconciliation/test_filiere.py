"""Reconciliation of a filière: published networks, hand-computed processes, shares, relations, declarations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.errors import ArgumentError, InfeasibleError, UnknownNameError
from tests.flows.making import flow, made

#: Dovi & Solisio (2001), Chem. Eng. J. 84:309 (P02): stream, from, to, measured, standard deviation, and the
#: values printed by the benchmark's authors.
DOVI = [
    ("1", None, "u1", 11.0, 0.17888543819998318, 11.029312),
    ("2", "u2", "u1", 9.9, 0.161245154965971, 9.9571089),
    ("3", "u1", "u2", 21.25, 0.34641016151377546, 20.986421),
    ("4", "u2", "u3", 11.1, 0.1816590212458495, 11.029312),
    ("5", "u3", None, 7.0, 0.22803508501982758, 7.1779734),
    ("6", "u3", None, 3.8, 0.1224744871391589, 3.8513384999999998),
]
#: Narasimhan & Jordache (2000), Data Reconciliation and Gross Error Detection, example 1-1 (P04).
NARASIMHAN = [
    ("1", None, "u1", 101.91, 1.0, 100.22),
    ("2", "u1", "u2", 64.45, 1.0, 64.5),
    ("3", "u1", "u3", 34.65, 1.0, 35.72),
    ("4", "u2", "u4", 64.20, 1.0, 64.5),
    ("5", "u3", "u4", 36.44, 1.0, 35.72),
    ("6", "u4", None, 98.88, 1.0, 100.22),
]


def published(streams: list[tuple[str, str | None, str | None, float, float, float]]) -> Filiere:
    units = sorted({end for row in streams for end in row[1:3] if end})
    rows = [
        flow(source, target, measured, flow_id=name, uncertainty_share=sd / measured)
        for name, source, target, measured, sd, _ in streams
    ]
    return made(dict.fromkeys(units, "tri"), rows)


@pytest.mark.parametrize(
    ("streams", "chi2", "dof"), [(DOVI, 1.6674924891781353, 3), (NARASIMHAN, 6.4075, 4)], ids=["P02", "P04"]
)
def test_published_networks(streams: list, chi2: float, dof: int) -> None:
    r = cv.reconcile(published(streams))
    assert r.flows.index.tolist() == [row[0] for row in streams]
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([row[5] for row in streams], rel=1e-6)
    assert r.test.chi2 == pytest.approx(chi2, rel=1e-6)
    assert r.test.dof == dof
    assert (r.flows["data_class"] == "redundant").all()


def test_published_deviations_and_adjustments() -> None:
    table = cv.reconcile(published(DOVI)).details()
    assert table["reconciled_sd_t"].tolist() == pytest.approx(
        [0.10954820212873616, 0.14748033042094558, 0.17168865966376423, 0.10954820212873616,
         0.13737035357086036, 0.11064945473866984], rel=1e-6,
    )  # fmt: skip
    # the published table has measured − reconciled; ours is what is found less what was declared
    assert (-table["standardised_adjustment"]).tolist() == pytest.approx(
        [-0.20727019192186444, -0.8760559390277907, 0.8760559390277843, 0.48780404426306206,
         -0.9777961549236166, -0.9777961549236155], rel=1e-5,
    )  # fmt: skip


# -- one balance by hand ------------------------------------------------------------------------------


def sorter(**more: object) -> Filiere:
    """100 t in, 60 and 30 t out, each 10 % uncertain."""
    return made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v", 60, uncertainty_share=0.1),
         flow("b", "w", 30, uncertainty_share=0.1)],
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_one_balance() -> None:
    """Residual 10; variances 100, 36, 9, in all 145: each takes its share of the 10 t."""
    r = cv.reconcile(sorter())
    expected = [100 - 10 * 100 / 145, 60 + 10 * 36 / 145, 30 + 10 * 9 / 145]
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx(expected)
    assert r.test.chi2 == pytest.approx(100 / 145)
    table = r.details()
    # posterior variance: v − v²/145
    assert (table["reconciled_sd_t"] ** 2).tolist() == pytest.approx([v - v * v / 145 for v in (100, 36, 9)])
    # each standardised adjustment is −r/√145, up to its sign
    assert table["standardised_adjustment"].abs().tolist() == pytest.approx([10 / math.sqrt(145)] * 3)
    assert table["low_t_per_year"].iloc[0] == pytest.approx(
        expected[0] - 1.96 * math.sqrt(100 - 100 * 100 / 145)
    )


def test_an_exact_figure_does_not_move() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, uncertainty_share=0), flow("b", "v", 60, uncertainty_share=0.1)],
    )
    r = cv.reconcile(f)
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([100, 100])


def test_the_uncertainty_is_that_of_the_row_then_of_the_confidence() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, confidence="measured"), flow("b", "v", 80, confidence="hypothesis")],
    )
    # σ 5 and 40: 100 − 20·25/1625
    assert cv.reconcile(f).flows["reconciled_t_per_year"].tolist() == pytest.approx(
        [100 - 20 * 25 / 1625] * 2
    )
    changed = cv.reconcile(f, uncertainty={"hypothesis": 0.0625})  # σ 5 and 5: half way
    assert changed.flows["reconciled_t_per_year"].tolist() == pytest.approx([90, 90])
    with pytest.raises(UnknownNameError, match="hypothese"):
        cv.reconcile(f, uncertainty={"hypothese": 0.1})
    with pytest.raises(ValueError, match="not a finite number from 0 on"):
        cv.reconcile(f, uncertainty={"declared": -1})


@pytest.mark.parametrize("passes", [0, -1])
def test_it_is_solved_at_least_once(passes: int) -> None:
    with pytest.raises(ArgumentError, match=f"passes={passes}: it is solved at least once, give 1 or more"):
        cv.reconcile(sorter(), passes=passes)
    # linear relations alone: one pass is all it takes
    pd.testing.assert_frame_equal(cv.reconcile(sorter(), passes=1).flows, cv.reconcile(sorter()).flows)


def test_an_unknown_flow_is_told_by_the_others_and_then_checks_nothing() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [
            flow("m", "b", 100, uncertainty_share=0.1),
            flow("b", "v", 60, uncertainty_share=0.1),
            flow("b", "w"),
        ],
    )
    r = cv.reconcile(f)
    assert r.flows["data_class"].tolist() == ["measured", "measured", "determined"]
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([100, 60, 40])
    assert r.details()["reconciled_sd_t"].tolist() == pytest.approx([10, 6, math.sqrt(136)])
    assert r.test.dof == 0
    assert math.isnan(r.test.p_value)
    assert r.suspects().empty


def test_two_unknown_flows_are_only_known_to_lie_in_a_range() -> None:
    """100 t, of which 30 to 40 to v: the rest, 60 to 70, goes to w."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v", min_t_per_year=30, max_t_per_year=40),
         flow("b", "w")],
    )  # fmt: skip
    r = cv.reconcile(f)
    assert r.flows["data_class"].tolist() == ["measured", "free", "free"]
    table = r.details(["b-v", "b-w"])
    assert table[["low_t_per_year", "high_t_per_year"]].to_numpy().tolist() == [
        pytest.approx([30, 40], abs=1e-6),
        pytest.approx([60, 70], abs=1e-6),
    ]
    assert table["reconciled_sd_t"].isna().all()
    assert table["standardised_adjustment"].isna().all()


def test_known_bounds_hold() -> None:
    f = sorter().with_rows("flows", pd.DataFrame({
        "flow_id": ["b-w"], "source": ["b"], "target": ["w"], "quantity_t_per_year": [30.0],
        "uncertainty_share": [0.1], "max_t_per_year": [30.0]}))  # fmt: skip
    found = cv.reconcile(f).flows["reconciled_t_per_year"]
    # w stays at 30: 10 t between m (100) and v (36)
    assert found[["m-b", "b-v", "b-w"]].tolist() == pytest.approx([100 - 1000 / 136, 60 + 360 / 136, 30])


# -- several declarations of one flow -----------------------------------------------------------------


def test_two_declarations_are_one_figure_and_their_spread_enters_the_test() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, flow_id="x", uncertainty_share=0.1),
         flow("m", "b", 110, flow_id="y", uncertainty_share=0.1, same_flow_as="x"),
         flow("b", "v", 90, uncertainty_share=0.1)],
    )  # fmt: skip
    r = cv.reconcile(f)
    weight = np.array([1 / 100, 1 / 121])
    mean, variance = (weight * [100, 110]).sum() / weight.sum(), 1 / weight.sum()
    assert len(r.flows) == 2
    first = r.flows.iloc[0]
    assert first["declared_t_per_year"] == pytest.approx(mean)
    assert first["declared_sd_t"] == pytest.approx(math.sqrt(variance))
    found = mean - (mean - 90) * variance / (variance + 81)
    assert first["reconciled_t_per_year"] == pytest.approx(found)
    spread = ((100 - mean) / 10) ** 2 + ((110 - mean) / 11) ** 2
    assert r.test.chi2 == pytest.approx((mean - 90) ** 2 / (variance + 81) + spread)
    assert r.test.dof == 2


# -- shares -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "expected"), [("sent", 30.0), ("received", 50.0), ("arriving", 20.0)])
def test_shares_of_three_totals(base: str, expected: float) -> None:
    """20 % of what b sends (120 + x), of what b receives (250), or of what v receives (80 + x)."""
    f = made(
        {"m": "gisement", "b": "tri", "c": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 250, uncertainty_share=0), flow("b", "w", 120, uncertainty_share=0),
         flow("c", "v", 80, uncertainty_share=0),
         flow("b", "v", share=0.2, share_of=base, uncertainty_share=0), flow("b", None, flow_id="rest")],
    )  # fmt: skip
    found = cv.reconcile(f).flows["reconciled_t_per_year"]
    if base == "sent":  # what b sends is all that it receives: the rest, unknown, included
        expected = 50.0
    assert found["b-v"] == pytest.approx(expected)
    assert found["rest"] == pytest.approx(250 - 120 - expected)


def test_a_share_is_as_uncertain_as_it_says() -> None:
    """x = 0.2 · 100, σ 10 % of it = 2; declared rest 70 ± 7 against 100 exact: 10 t to share, 4 : 49."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 100, uncertainty_share=0), flow("b", "w", 70, uncertainty_share=0.1),
         flow("b", "v", share=0.2, share_of="received", uncertainty_share=0.1)],
    )  # fmt: skip
    found = cv.reconcile(f).flows["reconciled_t_per_year"]
    assert found["b-v"] == pytest.approx(20 + 10 * 4 / 53, rel=1e-4)
    assert found["b-w"] == pytest.approx(70 + 10 * 49 / 53, rel=1e-4)


def test_a_share_of_something_outside_is_told_and_not_used() -> None:
    f = made({"b": "tri", "v": "vente"}, [flow(None, "b", share=0.3), flow("b", "v", 5)])
    r = cv.reconcile(f)
    assert r.model.not_used["flows"] == ("None-b",)
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([5, 5])


# -- recipes ------------------------------------------------------------------------------------------

COMPOSITE = [
    ("atelier", "in", "fibre", 0.3),
    ("atelier", "in", "polymere", 0.7),
    ("atelier", "out", "panneau", 0.9),
]


def composite(uncertainty: float, out: float | None = 90.0) -> Filiere:
    return made(
        {"f": "gisement", "p": "gisement", "b": "atelier", "v": "vente"},
        [flow("f", "b", 33, material_id="fibre", uncertainty_share=0.1),
         flow("p", "b", 70, material_id="polymere", uncertainty_share=0.1),
         flow("b", "v", out, material_id="panneau", uncertainty_share=0.1)],
        recipes=COMPOSITE, recipe_uncertainty=uncertainty,
    )  # fmt: skip


def test_a_process_with_several_inputs() -> None:
    """30 % fibre and 70 % polymer make 0.9 t: with exact recipes the level is a weighted least squares of one
    unknown: L = Σ a m / σ² over Σ a² / σ²."""
    a, m = np.array([0.3, 0.7, 0.9]), np.array([33.0, 70.0, 90.0])
    sigma = 0.1 * m
    level = (a * m / sigma**2).sum() / (a**2 / sigma**2).sum()
    r = cv.reconcile(composite(0.0))
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx((a * level).tolist())
    assert r.processes["level_t_per_year"].unique().tolist() == pytest.approx([level])
    assert r.processes["reconciled_t_per_t"].tolist() == pytest.approx([0.3, 0.7, 0.9])
    assert r.test.dof == 2


def test_an_input_tells_the_other_one_and_the_output() -> None:
    f = made(
        {"f": "gisement", "p": "gisement", "b": "atelier", "v": "vente"},
        [flow("f", "b", 30, material_id="fibre"), flow("p", "b", material_id="polymere"),
         flow("b", "v", material_id="panneau")],
        recipes=COMPOSITE, recipe_uncertainty=0.0,
    )  # fmt: skip
    r = cv.reconcile(f)
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([30, 70, 90])
    assert r.flows["data_class"].tolist() == ["measured", "determined", "determined"]


def test_uncertain_recipes_bend_and_lose_nothing() -> None:
    """What enters is what leaves and what is lost, whatever the coefficients become."""
    r = cv.reconcile(composite(0.2, out=80.0))
    fibre, polymer, panel = r.flows["reconciled_t_per_year"]
    process = r.processes.set_index("material_id")["reconciled_t_per_t"]
    level = r.processes["level_t_per_year"].iloc[0]
    assert fibre + polymer == pytest.approx(level)
    assert process["fibre"] + process["polymere"] == pytest.approx(1)
    assert panel == pytest.approx(process["panneau"] * level)
    assert process["panneau"] < 0.9  # pulled towards the 80 t that were declared
    hard = cv.reconcile(composite(0.0, out=80.0)).flows["adjustment_t"].abs().sum()
    assert r.flows["adjustment_t"].abs().sum() < hard


def test_a_sorter_with_several_outputs() -> None:
    """Exact recipe 70 / 20 / 10 lost: three declarations of one level."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, material_id="usage", uncertainty_share=0.05),
         flow("b", "v", 77, material_id="bon", uncertainty_share=0.05),
         flow("b", None, 18, material_id="refus", uncertainty_share=0.05)],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.7), ("tri", "out", "refus", 0.2)],
        recipe_uncertainty=0.0,
    )  # fmt: skip
    a, m = np.array([1.0, 0.7, 0.2]), np.array([100.0, 77.0, 18.0])
    weight = 1 / (0.05 * m) ** 2
    level = (weight * a * m).sum() / (weight * a * a).sum()
    assert cv.reconcile(f).flows["reconciled_t_per_year"].tolist() == pytest.approx((a * level).tolist())


def test_a_loop_of_offcuts() -> None:
    """Of what the workshop takes, 80 % is sold and 20 % goes back: it takes 100/0.8 = 125 t to sell 100."""
    f = made(
        {"m": "gisement", "b": "tri", "c": "atelier", "v": "vente"},
        [flow("m", "b", material_id="fibre"), flow("b", "c", material_id="fibre"),
         flow("c", "b", material_id="fibre", flow_id="chutes"),
         flow("c", "v", 100, material_id="tissu", uncertainty_share=0.1)],
        links=[("tri", "atelier", "fibre"), ("atelier", "tri", "fibre")],
        recipes=[("atelier", "in", "fibre", 1.0), ("atelier", "out", "tissu", 0.8), ("atelier", "out", "chutes", 0.2)],
        recipe_uncertainty=0.0,
    )  # fmt: skip
    # the offcuts are another material than the fibre: they come back as such
    rows = f.flows.reset_index().assign(material_id=["fibre", "fibre", "chutes", "tissu"])
    mixing = pd.DataFrame(
        {"stage_id": ["tri"] * 3, "side": ["in", "in", "out"], "material_id": ["fibre", "chutes", "fibre"],
         "t_per_t": [0.8, 0.2, 1.0], "uncertainty_share": [0.0] * 3}
    )  # fmt: skip
    r = cv.reconcile(f.with_table("flows", rows).with_rows("recipes", mixing))
    assert r.flows["reconciled_t_per_year"].to_dict() == pytest.approx(
        {"m-b": 100, "b-c": 125, "chutes": 25, "c-v": 100}
    )


def test_a_change_of_stock_is_part_of_the_balance() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v", uncertainty_share=0.1)],
        activities={("b", "tri"): {"stock_change_t_per_year": 12}},
    )
    assert cv.reconcile(f).flows["reconciled_t_per_year"].tolist() == pytest.approx([100, 88])


def test_a_change_of_stock_of_several_materials_is_split_in_its_direction() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, material_id="x", flow_id="x1"), flow("b", "v", 110, material_id="x", flow_id="x2"),
         flow("m", "b", 50, material_id="y", flow_id="y1"), flow("b", "v", 40, material_id="y", flow_id="y2")],
        activities={("b", "tri"): {"stock_change_t_per_year": 6}},
    )  # fmt: skip
    found = cv.reconcile(f).flows["reconciled_t_per_year"]
    assert found["x1"] - found["x2"] == pytest.approx(
        0, abs=1e-6
    )  # it lacks already: nothing goes into stock
    assert found["y1"] - found["y2"] == pytest.approx(6)


def test_what_passes_inside_an_actor_is_told() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"], "v": "vente"},
        [flow("m", "b", 10, target_stage="tri", material_id="usage", uncertainty_share=0.1),
         flow("b", "v", 8, source_stage="atelier", material_id="usage", uncertainty_share=0.1)],
        links=[("tri", "atelier", None)],
    )  # fmt: skip
    r = cv.reconcile(f)
    inside = r.inside
    assert inside[["actor_id", "stage_id", "to_stage_id", "material_id", "data_class"]].values.tolist() == [
        ["b", "tri", "atelier", "usage", "determined"]
    ]
    assert inside["reconciled_t_per_year"].item() == pytest.approx(10 - 2 * 1 / 1.64)


# -- relations ----------------------------------------------------------------------------------------


def relation(f: Filiere, terms: list[tuple[str, float]], kind: str, right: float) -> Filiere:
    return f.with_rows(
        "constraints",
        pd.DataFrame(
            {"constraint_id": ["c"] * len(terms), "flow_id": [one for one, _ in terms],
             "coefficient": [value for _, value in terms], "relation": [kind] * len(terms),
             "right_side_t_per_year": [right] * len(terms)}
        ),
    )  # fmt: skip


def test_relations_hold() -> None:
    f = sorter()
    ratio = cv.reconcile(relation(f, [("b-v", 1), ("b-w", -2)], "equal", 0)).flows["reconciled_t_per_year"]
    assert ratio["b-v"] == pytest.approx(2 * ratio["b-w"])
    total = cv.reconcile(relation(f, [("b-v", 1), ("b-w", 1)], "equal", 84)).flows["reconciled_t_per_year"]
    assert total["m-b"] == pytest.approx(84)
    most = cv.reconcile(relation(f, [("m-b", 1)], "at_most", 91)).flows["reconciled_t_per_year"]
    assert most["m-b"] == pytest.approx(91)
    least = cv.reconcile(relation(f, [("b-w", 1)], "at_least", 35)).flows["reconciled_t_per_year"]
    assert least["b-w"] == pytest.approx(35)
    idle = cv.reconcile(relation(f, [("m-b", 1)], "at_most", 500)).flows["reconciled_t_per_year"]
    assert idle.tolist() == pytest.approx(cv.reconcile(f).flows["reconciled_t_per_year"].tolist())


def test_a_relation_stated_twice_is_harmless() -> None:
    once = relation(sorter(), [("b-v", 1), ("b-w", -2)], "equal", 0)
    twice = once.with_rows("constraints", once.constraints.reset_index().assign(
        constraint_id="again", constraint_term_id=["t1", "t2"]))  # fmt: skip
    found = cv.reconcile(twice).flows["reconciled_t_per_year"]
    assert found.tolist() == pytest.approx(cv.reconcile(once).flows["reconciled_t_per_year"].tolist())
    assert cv.reconcile(twice).test.dof == cv.reconcile(once).test.dof == 2


def test_a_relation_with_a_flow_that_does_not_count_is_told_and_not_used() -> None:
    f = sorter()
    flows = f.flows.reset_index()
    closed = flows.assign(status=["active", "active", "closed"])
    r = cv.reconcile(relation(f.with_table("flows", closed), [("b-v", 1), ("b-w", -2)], "equal", 0))
    assert len(r.model.not_used["constraints"]) == 2
    assert r.flows.index.tolist() == ["m-b", "b-v"]


def test_relations_that_cannot_hold_are_named() -> None:
    f = relation(sorter(), [("b-v", 1), ("b-w", 1)], "equal", 84)
    flows = f.flows.reset_index().assign(min_t_per_year=[90.0, None, None])
    with pytest.raises(InfeasibleError) as caught:
        cv.reconcile(f.with_table("flows", flows), lang="en")
    message = str(caught.value)
    assert "Relation “c” of the sheet of constraints" in message
    assert "M → B: at least 90\u00a0t/year" in message
    assert "Balance of B (Tri): as much leaves as enters" in message
    assert len(caught.value.rows) == 3
    french = pytest.raises(InfeasibleError, cv.reconcile, f.with_table("flows", flows))
    assert "Bilan de B (Tri)" in str(french.value)


def test_two_declarations_whose_bounds_cross_are_named() -> None:
    f = made(
        {"m": "gisement", "b": "tri"},
        [flow("m", "b", 100, flow_id="x", max_t_per_year=80),
         flow("m", "b", 100, flow_id="y", min_t_per_year=90, same_flow_as="x")],
    )  # fmt: skip
    with pytest.raises(InfeasibleError, match="M → B: at least 90\u00a0t/year and at most 80\u00a0t/year"):
        cv.reconcile(f, lang="en")


def test_exact_figures_that_do_not_meet_are_named() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, uncertainty_share=0), flow("b", "v", 90, uncertainty_share=0)],
    )
    with pytest.raises(InfeasibleError, match="M → B: 100\u00a0t/year, stated as exact"):
        cv.reconcile(f, lang="en")


# -- degenerate ---------------------------------------------------------------------------------------


def test_nothing_to_reconcile() -> None:
    r = cv.reconcile(Filiere.from_tables(actors={"name": ["A"]}))
    assert r.flows.empty
    assert list(r.flows.columns) == [
        "declared_t_per_year", "declared_sd_t", "reconciled_t_per_year", "adjustment_t", "data_class",
    ]  # fmt: skip
    assert r.details().empty
    assert r.suspects().empty
    assert r.next_measurements().empty
    assert r.inside.empty
    assert r.processes.empty
    assert math.isnan(r.test.p_value)
    assert "no flow" in repr(r)


def test_flows_without_any_tonnage_are_free() -> None:
    f = made({"m": "gisement", "b": "tri", "v": "vente"}, [flow("m", "b"), flow("b", "v")])
    r = cv.reconcile(f)
    assert r.flows["data_class"].tolist() == ["free", "free"]
    table = r.details()
    assert table["low_t_per_year"].tolist() == pytest.approx([0, 0])
    assert np.isinf(table["high_t_per_year"]).all()


def test_figures_that_nothing_checks_stay_as_they_are() -> None:
    f = made({"m": "gisement", "b": "tri"}, [flow("m", "b", 7)])
    r = cv.reconcile(f)
    assert r.flows["reconciled_t_per_year"].tolist() == [7]
    assert r.flows["data_class"].tolist() == ["measured"]


def test_disconnected_parts_do_not_touch() -> None:
    alone = cv.reconcile(sorter()).flows["reconciled_t_per_year"]
    both = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente", "n": "gisement", "c": "tri", "x": "vente"},
        [flow("m", "b", 100, uncertainty_share=0.1), flow("b", "v", 60, uncertainty_share=0.1),
         flow("b", "w", 30, uncertainty_share=0.1), flow("n", "c", 5), flow("c", "x", 4)],
    )  # fmt: skip
    found = cv.reconcile(both).flows["reconciled_t_per_year"]
    assert found[alone.index].tolist() == pytest.approx(alone.tolist())


def test_uncertainties_of_six_orders_of_magnitude() -> None:
    """0.001 t and 1 000 t uncertain: the firm one decides."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 1000, uncertainty_share=1e-6), flow("b", "v", 1500, uncertainty_share=0.9)],
    )
    found = cv.reconcile(f).flows["reconciled_t_per_year"]
    residual, firm, soft = -500.0, (1e-3) ** 2, 1350.0**2
    assert found["m-b"] == pytest.approx(1000 - residual * firm / (firm + soft), rel=1e-9)
    assert found["b-v"] == pytest.approx(found["m-b"], rel=1e-9)


def test_an_unknown_flow_is_refused_with_the_close_ones() -> None:
    with pytest.raises(UnknownNameError, match="b-v"):
        cv.reconcile(sorter()).details(["b-vv"])


# -- what bounds contradict ---------------------------------------------------------------------------


def test_a_flow_that_cannot_be_negative_checks_the_others() -> None:
    """100 ± 5 in, 150 ± 7.5 out to v, and something unknown to w: more cannot leave than enters."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [
            flow("m", "b", 100, uncertainty_share=0.05),
            flow("b", "v", 150, uncertainty_share=0.05),
            flow("b", "w"),
        ],
    )
    r = cv.reconcile(f)
    found = 100 + 50 * 25 / (25 + 56.25)
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([found, found, 0])
    assert r.flows["data_class"].tolist() == ["redundant", "redundant", "determined"]
    assert r.test.chi2 == pytest.approx(2500 / 81.25)
    assert r.test.dof == 1
    assert r.test.p_value < 1e-6
    assert r.suspects()["standardised_adjustment"].abs().tolist() == pytest.approx(
        [50 / math.sqrt(81.25)] * 2
    )
    assert "b-w" not in r.next_measurements()["flow_id"].tolist()


def test_a_known_maximum_checks_what_is_declared() -> None:
    """50 ± 2.5 t declared, at most 20: twelve standard deviations."""
    f = made({"m": "gisement", "b": "tri"}, [flow("m", "b", 50, uncertainty_share=0.05, max_t_per_year=20)])
    r = cv.reconcile(f)
    assert r.flows["reconciled_t_per_year"].tolist() == [20]
    assert r.flows["data_class"].tolist() == ["redundant"]
    assert (r.test.chi2, r.test.dof) == (pytest.approx(144), 1)
    assert r.suspects()["standardised_adjustment"].tolist() == pytest.approx([-12])


def test_a_relation_that_holds_a_figure_back_checks_it() -> None:
    f = relation(made({"m": "gisement", "b": "tri"}, [flow("m", "b", 50, uncertainty_share=0.05)]),
                 [("m-b", 1)], "at_most", 20)  # fmt: skip
    r = cv.reconcile(f)
    assert (r.test.chi2, r.test.dof) == (pytest.approx(144), 1)
    assert r.suspects()["standardised_adjustment"].tolist() == pytest.approx([-12])


def test_a_flow_that_merely_lies_at_nothing_is_not_held_there() -> None:
    """20 t enter; v and w share them, nobody knows how: both stay free, wherever the solution puts them."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"},
        [flow("m", "b", 20), flow("b", "v"), flow("b", "w")],
    )
    r = cv.reconcile(f)
    assert r.flows["data_class"].tolist() == ["measured", "free", "free"]
    assert r.test.dof == 0


def test_a_relation_whose_coefficients_cancel_says_nothing_or_cannot_hold() -> None:
    """Two declarations of one flow, one taken off the other: 0 ≤ 5 holds, 0 ≥ 5 does not."""
    f = made(
        {"m": "gisement", "b": "tri"},
        [flow("m", "b", 100, flow_id="x"), flow("m", "b", 100, flow_id="y", same_flow_as="x")],
    )
    terms = [("x", 1.0), ("y", -1.0)]
    r = cv.reconcile(relation(f, terms, "at_most", 5))
    assert r.flows["reconciled_t_per_year"].tolist() == pytest.approx([100])
    with pytest.raises(InfeasibleError, match="Relation"):
        cv.reconcile(relation(f, terms, "at_least", 5), lang="en")
