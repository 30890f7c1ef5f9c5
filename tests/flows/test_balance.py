"""Balances (B1) worked out by hand: both totals, losses, what is untraced, the residual and its z-score."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.balances.balance import BALANCE_COLUMNS, balance, balances_of
from chaine_valeur.errors import UnknownNameError

from .adding_up import EXACT, filiere, sure

STAGES = [
    ("gisement", "resource"),
    ("collecte", "operation"),
    ("tri", "operation"),
    ("fabrication", "operation"),
    ("vente", "market"),
]


def of(f: Filiere, label: str, by: str = "actor") -> pd.Series:
    return balance(f, by=by).loc[label]


def told(row: pd.Series, *names: str) -> list[float]:
    """Return some figures of a balance, by the beginning of their names."""
    found = [next(name for name in row.index if name.startswith(start)) for start in names]
    return row[found].tolist()


# -- without recipes -------------------------------------------------------------------------------


def plain(**cells: Any) -> Filiere:
    """M ──100──▶ T ──70──▶ V, T ──20──▶ outside; each ± 10 %."""
    return filiere(
        [
            ("in", "M", "T", "used", 100, sure(0.1)),
            ("out", "T", "V", "used", 70, sure(0.1)),
            ("gone", "T", None, "used", 20, sure(0.1)),
        ],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "tri", cells), ("V", "vente")],
    )


def test_both_totals_and_the_residual():
    frame = balance(plain())
    assert list(frame.columns) == BALANCE_COLUMNS
    assert (frame.index.tolist(), frame.index.name) == (["M-gisement", "T-tri", "V-vente"], "activity_id")
    row = frame.loc["T-tri"]
    # r = 100 − 90 = 10; σ = √(10² + 7² + 2²) = √153
    assert told(row, "inputs", "outputs", "made", "taken", "loss", "untraced") == [100, 90, 0, 0, 0, 0]
    assert np.isnan(row["stock_change_t_per_year"])
    assert told(row, "residual_t", "residual_low", "residual_high") == [10, 10, 10]
    assert told(row, "sigma", "z") == pytest.approx([math.sqrt(153), 10 / math.sqrt(153)])
    assert (row["n_unknown"], row["state"]) == (0, "closed")


def test_ends_of_the_chain_are_open():
    frame = balance(plain())
    assert frame["state"].to_list() == ["open", "closed", "open"]
    source, market = frame.loc["M-gisement"], frame.loc["V-vente"]
    assert np.isnan(source["inputs_t_per_year"]) and source["outputs_t_per_year"] == 100
    assert market["inputs_t_per_year"] == 70 and np.isnan(market["outputs_t_per_year"])
    for row in (source, market):
        assert row[["residual_t_per_year", "residual_low_t", "residual_high_t", "sigma_t", "z"]].isna().all()


def test_the_same_by_actor_and_by_stage():
    f = plain()
    by_stage, by_actor = balance(f, by="stage"), balance(f, by="actor")
    assert by_stage.index.tolist() == [stage for stage, _ in STAGES]
    assert by_actor.index.tolist() == ["M", "T", "V"]  # « spare » takes part in nothing
    for label, frame in (("tri", by_stage), ("T", by_actor)):
        pd.testing.assert_series_equal(frame.loc[label], balance(f).loc["T-tri"], check_names=False)
    assert by_stage.loc["collecte", "state"] == "open"
    assert by_stage.loc["collecte", ["inputs_t_per_year", "outputs_t_per_year"]].isna().all()


def test_a_change_of_stock_is_accounted_for():
    row = of(plain(stock_change_t_per_year=8, confidence="measured"), "T")
    # r = 100 − 90 − 8 = 2; the stock is ± 5 % of 8
    assert told(row, "stock", "residual_t") == [8, 2]
    assert row["sigma_t"] == pytest.approx(math.sqrt(153 + 0.4**2))
    fallen = of(plain(stock_change_t_per_year=-8), "T")
    assert told(fallen, "residual_t") == [18]


def test_exact_figures_that_meet_and_that_do_not():
    def f(out: float) -> Filiere:
        return filiere([("in", None, "T", "m", 0.3, EXACT), ("a", "T", "B", "m", 0.1, EXACT),
                        ("b", "T", "C", "m", out, EXACT)])  # fmt: skip

    meets = of(f(0.2), "T")  # 0.3 − 0.1 − 0.2 is not 0 in floating point
    assert told(meets, "residual_t", "sigma", "z") == [0, 0, 0]
    assert of(f(0.1), "T")["z"] == math.inf
    assert of(f(0.4), "T")["z"] == -math.inf


def test_two_declarations_are_one_flow():
    f = filiere(
        [
            ("in", None, "T", "m", 100, sure(0.1)),
            ("in2", None, "T", "m", 80, sure(0.1, same_flow_as="in")),
            ("out", "T", None, "m", 90, EXACT),
        ]
    )
    row = of(f, "T")
    # weights 1/100 and 1/64: (1 + 1.25) / (0.01 + 0.015625) = 87.8049
    assert row["inputs_t_per_year"] == pytest.approx(87.8049, abs=1e-4)
    assert row["residual_t_per_year"] == pytest.approx(-2.1951, abs=1e-4)


def test_parallel_flows_add_up():
    f = filiere(
        [("a", None, "T", "m", 30, EXACT), ("b", None, "T", "m", 40, EXACT), ("c", "T", None, "m", 70, EXACT)]
    )
    assert told(of(f, "T"), "inputs", "outputs", "residual_t") == [70, 70, 0]


def test_uncertainty_table_is_an_argument():
    f = filiere(
        [
            ("in", None, "T", "m", 100, {"confidence": "declared"}),
            ("out", "T", None, "m", 60, {"confidence": "measured"}),
        ]
    )
    assert of(f, "T")["sigma_t"] == pytest.approx(math.hypot(10, 3))
    changed = balance(f, by="actor", uncertainty={"declared": 0.4}).loc["T"]
    assert changed["sigma_t"] == pytest.approx(math.hypot(40, 3))


def test_unknown_flows_leave_the_residual_unknown_within_their_bounds():
    f = filiere(
        [
            ("in", None, "T", "m", 100, EXACT),
            ("out", "T", "B", "m", 60, EXACT),
            ("u", "T", "C", "m", None, {"min_t_per_year": 10, "max_t_per_year": 25}),
        ]
    )
    row = of(f, "T")
    assert (row["state"], row["n_unknown"]) == ("unknown", 1)
    assert told(row, "inputs", "outputs") == [100, 60]  # known tonnes
    assert row[["residual_t_per_year", "sigma_t", "z"]].isna().all()
    assert told(row, "residual_low", "residual_high") == [15, 30]  # 100 − 60 − (25 … 10)
    wide = of(f.with_table("flows", f.flows.assign(max_t_per_year=np.nan, min_t_per_year=np.nan)), "T")
    assert np.isnan(wide["residual_low_t"]) and wide["residual_high_t"] == 40
    full = of(f.with_table("flows", f.flows.assign(capacity_t_per_year=[np.nan, np.nan, 20.0])), "T")
    assert full["residual_low_t"] == 20  # no more than 20 t can pass


def test_by_refuses_what_it_does_not_know():
    with pytest.raises(UnknownNameError, match="activity"):
        balance(plain(), by="activities")


# -- recipes ---------------------------------------------------------------------------------------


def test_a_loss_that_the_recipe_states():
    f = filiere(
        [("in", "M", "T@tri", "used", 100, sure(0.1)), ("out", "T@tri", "V", "sorted", 75, EXACT)],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "tri"), ("V", "vente")],
        recipes=[("tri", "in", "used", 1), ("tri", "out", "sorted", 0.8, {"uncertainty_share": 0.05})],
    )
    row = of(f, "T")
    assert told(row, "inputs", "outputs", "made", "taken", "loss") == pytest.approx([100, 75, 80, 100, 20])
    assert row["residual_t_per_year"] == pytest.approx(5)  # 100 − 75 − 20
    # 0.8 · 10 from the flow, 5 % of the 80 that are made from the recipe
    assert row["sigma_t"] == pytest.approx(math.hypot(8, 4))


def test_several_inputs_in_proportion():
    """30 % of fibre and 70 % of polymer make panels, 5 % being lost."""
    recipe = [("fabrication", "in", "fibre", 0.3), ("fabrication", "in", "polymer", 0.7),
              ("fabrication", "out", "panel", 0.95)]  # fmt: skip
    f = filiere(
        [
            ("f", None, "T", "fibre", 30, EXACT),
            ("p", None, "T", "polymer", 90, EXACT),
            ("o", "T", None, "panel", 100, EXACT),
        ],
        stages=STAGES,
        activities=[("T", "fabrication")],
        recipes=recipe,
    )
    row = of(f, "T")
    # what enters, 120, over what a tonne of level takes, 1: level 120, of which 6 are lost
    assert told(row, "inputs", "made", "taken", "loss", "residual_t") == pytest.approx([120, 114, 120, 6, 14])


def test_a_shared_input_is_split_in_proportion_to_coefficients():
    # « a » takes 1 of x; « b » takes 0.5 of x and 0.5 of y: 60 t of x are 40 for a and 20 for b
    # level of a: 40; of b: (20 + 10) / 1 = 30. Losses: 40 · 0.1 + 30 · 0.4 = 16
    recipes = [
        ("tri", "in", "x", 1, {"process": "a"}),
        ("tri", "out", "r", 0.9, {"process": "a"}),
        ("tri", "in", "x", 0.5, {"process": "b"}),
        ("tri", "in", "y", 0.5, {"process": "b"}),
        ("tri", "out", "s", 0.6, {"process": "b"}),
    ]
    f = filiere(
        [
            ("x", None, "T", "x", 60, EXACT),
            ("y", None, "T", "y", 10, EXACT),
            ("r", "T", None, "r", 30, EXACT),
            ("s", "T", None, "s", 20, EXACT),
        ],
        stages=STAGES,
        activities=[("T", "tri")],
        recipes=recipes,
    )
    row = of(f, "T")
    assert told(row, "taken", "made", "loss", "residual_t") == pytest.approx([70, 54, 16, 70 - 50 - 16])
    materials = balance(f, by="material")
    assert materials.loc["r", "made_t_per_year"] == pytest.approx(36)
    assert materials.loc["s", "made_t_per_year"] == pytest.approx(18)


def several_outputs(*, waste: float | None) -> Filiere:
    flows = [("in", None, "T", "used", 100, EXACT), ("a", "T", "B", "good", 55, EXACT)]
    if waste is not None:
        flows.append(("w", "T", None, "waste", waste, EXACT))
    return filiere(
        flows,
        stages=STAGES,
        activities=[("T", "tri")],
        recipes=[
            ("tri", "in", "used", 1),
            ("tri", "out", "good", 0.6, {"uncertainty_share": 0.1}),
            ("tri", "out", "waste", 0.3, {"uncertainty_share": 0.2}),
        ],
    )


def test_several_outputs():
    row = of(several_outputs(waste=35), "T")
    assert told(row, "outputs", "made", "loss", "untraced", "residual_t") == pytest.approx([90, 90, 10, 0, 0])
    # 10 % of the 60 and 20 % of the 30 that are made, the loss taking up the difference
    assert row["sigma_t"] == pytest.approx(math.hypot(6, 6))


def test_what_is_made_and_no_flow_takes_away_is_untraced_not_missing():
    row = of(several_outputs(waste=None), "T")
    # 100 − 55 − 10 − 30
    assert told(row, "outputs", "loss", "untraced", "residual_t") == pytest.approx([55, 10, 30, 5])
    assert (row["state"], row["n_unknown"]) == ("closed", 0)
    # 10 % of the 60 of which a flow speaks: what becomes of the rest changes nothing
    assert row["sigma_t"] == pytest.approx(6)


def test_what_is_taken_and_no_flow_brings_is_untraced_too():
    # 90 of fibre is the 0.9 of a level of 100: 10 of salt were not declared
    f = filiere(
        [("f", None, "T", "fibre", 90, EXACT), ("o", "T", None, "wadding", 97, EXACT)],
        stages=STAGES,
        activities=[("T", "fabrication")],
        recipes=[("fabrication", "in", "fibre", 0.9), ("fabrication", "in", "salt", 0.1),
                 ("fabrication", "out", "wadding", 1.0)],
    )  # fmt: skip
    row = of(f, "T")
    assert told(row, "inputs", "taken", "made", "untraced", "residual_t") == pytest.approx(
        [90, 100, 100, -10, 3]
    )


def test_offcuts_that_the_same_activity_takes_back():
    # level: x = 100 + offcuts 0.1 x: 1000 / 9; makes 0.9 of it: 100
    f = filiere(
        [("in", None, "T", "fibre", 100, EXACT), ("out", "T", None, "wadding", 98, EXACT)],
        stages=STAGES,
        activities=[("T", "fabrication")],
        recipes=[
            ("fabrication", "in", "fibre", 1, {"process": "a"}),
            ("fabrication", "out", "wadding", 0.9, {"process": "a"}),
            ("fabrication", "out", "offcuts", 0.1, {"process": "a"}),
            ("fabrication", "in", "offcuts", 1, {"process": "b"}),
            ("fabrication", "out", "wadding", 0.9, {"process": "b"}),
            ("fabrication", "out", "offcuts", 0.1, {"process": "b"}),
        ],
    )
    row = of(f, "T")
    # a runs at 100; b at 10 + 0.1 b = 100 / 9
    assert told(row, "made", "loss", "residual_t") == pytest.approx([1000 / 9, 0, 2])
    wadding = balance(f, by="material").loc["wadding"]
    assert told(wadding, "made", "outputs", "residual_t") == pytest.approx([100, 98, 2])


def test_offcuts_that_two_actors_send_round():
    flows = [
        ("in", None, "T", "pulp", 100, EXACT),
        ("a", "T", "F", "fibre", 99, EXACT),
        ("o", "F", "T", "offcuts", 9, EXACT),
        ("out", "F", None, "wadding", 90, EXACT),
    ]
    f = filiere(
        flows,
        stages=STAGES,
        activities=[("T", "tri"), ("F", "fabrication")],
        recipes=[("tri", "in", "pulp", 1, {"process": "p"}), ("tri", "out", "fibre", 0.9, {"process": "p"}),
                 ("tri", "in", "offcuts", 1, {"process": "o"}), ("tri", "out", "fibre", 1, {"process": "o"}),
                 ("fabrication", "in", "fibre", 1), ("fabrication", "out", "wadding", 0.9),
                 ("fabrication", "out", "offcuts", 0.1)],
    )  # fmt: skip
    # T: 109 in, 99 out, 10 lost. F: 99 in, 99 out
    frame = balance(f, by="actor")
    assert frame.loc[["F", "T"], "residual_t_per_year"].to_list() == pytest.approx([0, 0])
    assert frame.loc["T", "loss_t_per_year"] == pytest.approx(10)


@pytest.mark.parametrize(("side", "unknown"), [("in", 2), ("out", 1)])
def test_unknown_coefficients(side, unknown):
    cells = {"in": 1.0, "out": 0.8} | {side: None}
    f = filiere(
        [("in", None, "T", "used", 100, EXACT), ("out", "T", None, "sorted", 75, EXACT)],
        stages=STAGES,
        activities=[("T", "tri")],
        recipes=[("tri", "in", "used", cells["in"]), ("tri", "out", "sorted", cells["out"])],
    )
    row = of(f, "T")
    assert row["state"] == "unknown"
    # without what it takes, neither the coefficient nor the level
    assert row["n_unknown"] == unknown
    assert np.isnan(row["residual_t_per_year"]) and np.isnan(row["loss_t_per_year"])


def test_a_recipe_that_creates_matter_is_left_out():
    f = filiere(
        [("in", None, "T", "used", 100, EXACT), ("out", "T", None, "sorted", 100, EXACT)],
        stages=STAGES,
        activities=[("T", "tri")],
        recipes=[("tri", "in", "used", 1), ("tri", "out", "sorted", 1.2)],
    )
    assert told(of(f, "T"), "loss", "residual_t") == [0, 0]


# -- inside actors ---------------------------------------------------------------------------------


def collects_and_sorts(*, inner: bool = False) -> Filiere:
    """C collects 100, sends 20 away as it is, sorts the rest (10 % lost), and sends 70 on."""
    flows: list[Any] = [
        ("in", "M", "C@collecte", "used", 100, sure(0.1)),
        ("away", "C@collecte", "Z", "used", 20, EXACT),
        ("out", "C@tri", "V", "sorted", 70, EXACT),
    ]
    if inner:
        flows.append(("inner", "C@collecte", "C@tri", "used", 78, EXACT))
    return filiere(
        flows,
        stages=STAGES,
        links=[("gisement", "collecte", "used"), ("collecte", "tri", "used"), ("tri", "vente", "sorted")],
        activities=[("M", "gisement"), ("C", "collecte"), ("C", "tri"), ("V", "vente")],
        recipes=[("tri", "in", "used", 1, EXACT), ("tri", "out", "sorted", 0.9, EXACT)],
    )


def test_passages_inside_an_actor_cancel_by_actor_and_are_unknown_by_activity():
    f = collects_and_sorts()
    row = of(f, "C")
    # what is sorted, 100 − 20, loses 8: 100 − 90 − 8 = 2; 0.9 of ± 10
    assert told(row, "inputs", "outputs", "loss", "residual_t", "sigma") == pytest.approx([100, 90, 8, 2, 9])
    frame = balance(f)
    assert frame.loc[["C-collecte", "C-tri"], "state"].to_list() == ["unknown", "unknown"]
    assert frame.loc[["C-collecte", "C-tri"], "n_unknown"].to_list() == [1, 1]
    assert np.isnan(frame.loc["C-tri", "inputs_t_per_year"])
    assert frame.loc["C-tri", "loss_t_per_year"] == pytest.approx(8)
    assert frame.loc["C-collecte", "residual_high_t"] == 80  # if nothing passes on
    places = balances_of(f, by="place").frame
    assert places.loc["C-collecte", "residual_t_per_year"] == pytest.approx(2)
    assert "C-tri" not in places.index


def test_a_declared_passage_inside_an_actor_is_a_flow_like_others():
    f = collects_and_sorts(inner=True)
    frame = balance(f)
    # collecte: 100 − 20 − 78; tri: 78 − 70 − 7.8
    assert frame.loc["C-collecte", "residual_t_per_year"] == pytest.approx(2)
    assert frame.loc["C-tri", "residual_t_per_year"] == pytest.approx(0.2)
    assert of(f, "C")["residual_t_per_year"] == pytest.approx(2.2)
    assert {"C-collecte", "C-tri"} <= set(balances_of(f, by="place").frame.index)


def test_flows_between_actors_of_one_stage_cancel_by_stage():
    f = filiere(
        [
            ("in", None, "A@tri", "m", 100, EXACT),
            ("x", "A@tri", "B@tri", "m", 40, EXACT),
            ("a", "A@tri", None, "m", 55, EXACT),
            ("b", "B@tri", None, "m", 38, EXACT),
        ],
        stages=STAGES,
        activities=[("A", "tri"), ("B", "tri")],
    )
    row = of(f, "tri", "stage")
    assert told(row, "inputs", "outputs", "residual_t") == [100, 93, 7]
    assert balance(f, by="actor").loc[["A", "B"], "residual_t_per_year"].to_list() == [5, 2]


def test_an_actor_of_whom_a_flow_does_not_say_at_which_stage_it_ends():
    f = filiere(
        [("in", None, "A", "m", 100, EXACT), ("out", "A@tri", None, "m", 90, EXACT)],
        stages=STAGES,
        activities=[("A", "collecte"), ("A", "tri")],
    )
    frame = balance(f)
    assert frame.index.tolist() == ["A"]  # its activities cannot be told apart
    assert frame.loc["A", "residual_t_per_year"] == 10
    stages = balance(f, by="stage").loc[["collecte", "tri"]]
    assert stages["n_unknown"].to_list() == [2, 2]
    assert not (stages["state"] == "closed").any()


def test_actors_without_activities_and_stages_that_they_do_not_hold():
    f = filiere(
        [
            ("a", None, "A", "m", 10, EXACT),
            ("b", "A", "B@tri", "m", 9, EXACT),
            ("c", "B@tri", None, "m", 8, EXACT),
        ],
        stages=STAGES,
        activities=[("B", "collecte")],
    )
    frame = balance(f)
    assert sorted(frame.index) == ["A", "B · tri", "B-collecte"]
    assert frame.loc[["A", "B · tri"], "residual_t_per_year"].to_list() == [1, 1]
    assert frame.loc["B-collecte", "state"] == "open"


@pytest.mark.parametrize("kind", ["resource", "market"])
def test_resources_and_markets_are_open_even_with_both_sides(kind):
    f = filiere(
        [("in", None, "A", "m", 10, EXACT), ("out", "A", None, "m", 8, EXACT)],
        stages=[("end", kind)],
        activities=[("A", "end")],
    )
    assert balance(f)["state"].to_list() == ["open"]
    assert balance(f, by="stage")["state"].to_list() == ["open"]


def test_the_outside_by_another_name_is_open():
    f = filiere(
        [("in", "B", "A", "m", 10, EXACT), ("out", "A", "C", "m", 8, EXACT)],
        actors={"A": "outside"},
    )
    assert of(f, "A")["state"] == "open"


# -- materials -------------------------------------------------------------------------------------


def test_materials_enter_leave_and_become_one_another():
    f = filiere(
        [
            ("in", "M", "C", "used", 100, EXACT),
            ("pass", "C", "T", "used", 95, EXACT),
            ("out", "T", "V", "sorted", 70, EXACT),
        ],
        stages=STAGES,
        activities=[("M", "gisement"), ("C", "collecte"), ("T", "tri"), ("V", "vente")],
        recipes=[("tri", "in", "used", 1), ("tri", "out", "sorted", 0.8, {"uncertainty_share": 0.1})],
    )
    frame = balance(f, by="material")
    assert (frame.index.tolist(), frame.index.name) == (["sorted", "used"], "material_id")
    # used: 100 enter from the resource, 95 are taken: 5 are lost on the way, between C and T
    assert told(frame.loc["used"], "inputs", "taken", "residual_t") == [100, 95, 5]
    assert np.isnan(frame.loc["used", "outputs_t_per_year"])
    # sorted: 76 made, 70 leave for the market
    assert told(frame.loc["sorted"], "made", "outputs", "residual_t") == pytest.approx([76, 70, 6])
    # 10 % of the 76 that are made
    assert told(frame.loc["sorted"], "sigma") == pytest.approx([7.6])
    assert told(frame.loc["used"], "sigma") == [0]


def test_the_parts_of_a_split_are_as_uncertain_as_their_coefficients():
    frame = balance(several_outputs(waste=35), by="material")
    assert frame.loc["good", "sigma_t"] == pytest.approx(60 * 0.1)
    assert frame.loc["waste", "sigma_t"] == pytest.approx(30 * 0.2)
    assert frame.loc["good", "residual_t_per_year"] == pytest.approx(5)
    assert frame.loc["waste", "residual_t_per_year"] == pytest.approx(-5)


def test_materials_of_which_nothing_is_known():
    f = filiere([("a", "A", "B", None, 10, EXACT)], materials={"m": "product"})
    frame = balance(f, by="material")
    assert frame["state"].to_list() == ["open"]
    assert frame.loc["m", ["inputs_t_per_year", "residual_t_per_year"]].isna().all()


def test_blank_materials_are_balanced_together():
    f = filiere(
        [
            ("a", None, "T", "m", 60, EXACT),
            ("b", None, "T", None, 40, EXACT),
            ("c", "T", None, "n", 90, EXACT),
        ]
    )
    assert told(of(f, "T"), "inputs", "outputs", "residual_t") == [100, 90, 10]


# -- degenerate ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["activity", "actor", "stage", "material"])
def test_nothing_at_all(by):
    empty = balance(filiere([]), by=by)
    assert list(empty.columns) == BALANCE_COLUMNS and empty.empty
    assert empty["n_unknown"].dtype == np.int64
    silent = balance(filiere([], stages=STAGES, activities=[("A", "tri")]), by=by)
    assert (silent["state"] == "open").all()
    unknown = balance(filiere([("a", None, "T", "m", None), ("b", "T", None, "m", None)]), by=by)
    assert unknown["residual_t_per_year"].isna().all()
    if by == "actor":
        assert unknown.loc["T", "state"] == "unknown" and unknown.loc["T", "n_unknown"] == 2


def test_a_cycle_and_two_components():
    f = filiere(
        [
            ("ab", "A", "B", "m", 50, EXACT),
            ("ba", "B", "A", "m", 50, EXACT),
            ("x", None, "C", "n", 9, EXACT),
            ("y", "C", None, "n", 4, EXACT),
        ]
    )
    assert balance(f, by="actor")["residual_t_per_year"].to_dict() == {"A": 0, "B": 0, "C": 5}


def test_years_are_not_added():
    f = filiere(
        [
            ("a", None, "T", "m", 10, {"year": 2020, "uncertainty_share": 0}),
            ("b", None, "T", "m", 20, {"year": 2021, "uncertainty_share": 0}),
            ("c", "T", None, "m", 8, EXACT),
        ]
    )
    assert of(f, "T")["residual_t_per_year"] == 12
    assert of(f.at(2020), "T")["residual_t_per_year"] == 2


def test_what_is_returned_can_be_changed():
    f = plain()
    frame = balance(f)
    frame["inputs_t_per_year"] = -1.0
    assert balance(f).loc["T-tri", "inputs_t_per_year"] == 100


def test_shares_of_one_total_move_together():
    # out = 80 / (1 − 0.2) = 100 ± (10, and 0.1 · 0.2 · 100 / 0.8 = 2.5)
    f = filiere(
        [
            ("in", None, "T", "m", 110, EXACT),
            ("a", "T", "B", "m", 80, sure(0.1)),
            ("s", "T", "C", "m", None, {"share": 0.2, "uncertainty_share": 0.1}),
        ]
    )
    row = of(f, "T")
    assert told(row, "outputs", "residual_t") == pytest.approx([100, 10])
    assert row["sigma_t"] == pytest.approx(math.hypot(10, 2.5))


@pytest.mark.parametrize(("share", "out", "z"), [(0.95, 90, 5 / 9.5), (0.2, 23, -1.5), (0.2, 26, -3.0)])
def test_a_coefficient_is_as_uncertain_as_it_says_and_the_loss_takes_it_up(share, out, z):
    """100 t in, exactly; what is made is share · 100 ± 10 %, of which `out` leaves: z = (made − out) / (0.1 made)."""
    f = filiere(
        [("in", "M", "T@tri", "used", 100, EXACT), ("out", "T@tri", "V", "sorted", out, EXACT)],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "tri"), ("V", "vente")],
        recipes=[("tri", "in", "used", 1), ("tri", "out", "sorted", share, {"uncertainty_share": 0.1})],
    )
    assert of(f, "T")["z"] == pytest.approx(z)


def test_a_process_that_would_run_backwards_stands_still():
    """T receives 80 and sends 100 of what its recipe takes: no level explains it, and nothing is exact."""
    f = filiere(
        [("in", "M", "T@tri", "tow", 80, sure(0.1)), ("out", "T@tri", "V", "tow", 100, sure(0.1))],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "tri"), ("V", "vente")],
        recipes=[("tri", "in", "tow", 1)],
    )
    row = of(f, "T")
    assert told(row, "residual_t", "sigma_t") == pytest.approx([-20, math.hypot(8, 10)])


def test_what_arrives_and_no_flow_takes_on_is_untraced_beside_what_passes():
    """100 t of textile and 40 t of paper in, 98 t of textile out: 2 t are missing, of the paper nothing is told."""
    f = filiere(
        [("a", "M", "T@tri", "textile", 100, sure(0.05)), ("b", "M", "T@tri", "paper", 40, sure(0.05)),
         ("c", "T@tri", "V", "textile", 98, sure(0.05))],
        stages=STAGES,
        activities=[("M", "gisement"), ("T", "tri"), ("V", "vente")],
    )  # fmt: skip
    row = of(f, "T")
    assert told(row, "inputs", "outputs", "untraced", "residual_t") == pytest.approx([140, 98, 40, 2])
    assert row["z"] == pytest.approx(2 / math.hypot(5, 4.9))
