"""Balances of random filières against plain loops over the rows, and σ against moving each figure by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.balances.balance import balance
from chaine_valeur.analysis.flows.balances.linear import Linear
from chaine_valeur.datasets import load

from .adding_up import EXACT, filiere, sure, totals, with_quantity

ENDS = [None, "A", "B", "C", "D"]
flow_rows = st.lists(
    st.tuples(
        st.sampled_from(ENDS),
        st.sampled_from(ENDS),
        st.sampled_from(["m", None]),
        st.one_of(st.none(), st.integers(0, 200)),
        st.sampled_from([0.0, 0.1, 0.3]),
    ).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=12,
)


def built(rows: list[tuple[str | None, str | None, str | None, int | None, float]]) -> Filiere:
    flows = [
        (f"f{k}", source, target, material, t, sure(u))
        for k, (source, target, material, t, u) in enumerate(rows)
    ]
    return filiere(flows)


@settings(max_examples=15)
@given(flow_rows)
def test_without_recipes_as_plain_loops_have_it(rows):
    f = built(rows)
    frame = balance(f, by="actor")
    into, out = totals(f, "target"), totals(f, "source")
    for actor, row in frame.iterrows():
        mine = [one for one in rows if actor in one[:2]]
        unknown = sum(one[3] is None for one in mine)
        sides = {actor == one[1] for one in mine}
        np.testing.assert_equal(row["inputs_t_per_year"], float(into.get(actor, np.nan)))
        np.testing.assert_equal(row["outputs_t_per_year"], float(out.get(actor, np.nan)))
        assert row["n_unknown"] == unknown
        state = "open" if len(sides) < 2 else "unknown" if unknown else "closed"
        assert row["state"] == state
        if state == "closed":
            assert row["residual_t_per_year"] == pytest.approx(into.get(actor, 0) - out.get(actor, 0))
            assert row["sigma_t"] == pytest.approx(np.sqrt(sum((t * u) ** 2 for *_, t, u in mine)))


@settings(max_examples=8)
@given(flow_rows)
def test_turning_every_flow_round_turns_the_residuals(rows):
    turned = [(target, source, *rest) for source, target, *rest in rows]
    here, there = balance(built(rows), by="actor"), balance(built(turned), by="actor")
    assert here.index.tolist() == there.index.tolist()
    np.testing.assert_allclose(here["residual_t_per_year"], -there["residual_t_per_year"])
    np.testing.assert_array_equal(here["inputs_t_per_year"], there["outputs_t_per_year"])
    np.testing.assert_allclose(here["sigma_t"], there["sigma_t"])


@settings(max_examples=6)
@given(flow_rows, st.floats(0.01, 100))
def test_another_unit_scales_tonnes_and_leaves_z(rows, factor):
    f = built(rows)
    flows = f.flows.assign(quantity_t_per_year=f.flows["quantity_t_per_year"] * factor)
    here, there = balance(f, by="actor"), balance(f.with_table("flows", flows), by="actor")
    np.testing.assert_allclose(there["residual_t_per_year"], here["residual_t_per_year"] * factor, atol=1e-9)
    np.testing.assert_allclose(there["z"], here["z"], rtol=1e-6, atol=1e-9)


def mixed() -> Filiere:
    """Collects and sorts inside, two processes, a share, an inner passage by difference, a loss."""
    return filiere(
        [
            ("paper", "M", "C@collecte", "paper", 210, sure(0.03)),
            ("cotton", "M", "C@collecte", "cotton", 60, sure(0.1)),
            ("more", "B", "C@tri", "paper", 33, sure(0.1)),
            ("good", "C@tri", "P", "sorted", 172, sure(0.03)),
            ("waste", "C@tri", "E", "waste", 34, sure(0.1)),
            ("share", "C@tri", None, "rags", None, {"share": 0.14, "uncertainty_share": 0.0}),
            ("fibre", "P", None, "fibre", 140, sure(0.1)),
        ],
        stages=[
            ("source", "resource"),
            ("collecte", "operation"),
            ("tri", "operation"),
            ("pulp", "operation"),
        ],
        links=[("source", "collecte", None), ("collecte", "tri", None), ("tri", "pulp", "sorted")],
        activities=[("M", "source"), ("C", "collecte"), ("C", "tri"), ("P", "pulp")],
        recipes=[
            ("tri", "in", "paper", 1, {"process": "p", **EXACT}),
            ("tri", "out", "sorted", 0.85, {"process": "p", **EXACT}),
            ("tri", "out", "waste", 0.1, {"process": "p", **EXACT}),
            ("tri", "in", "cotton", 1, {"process": "c", **EXACT}),
            ("tri", "out", "rags", 0.7, {"process": "c", **EXACT}),
            ("tri", "out", "waste", 0.1, {"process": "c", **EXACT}),
            ("pulp", "in", "sorted", 1, EXACT),
            ("pulp", "out", "fibre", 0.8, EXACT),
        ],
    )


def test_mixed_by_hand():
    frame = balance(mixed(), by="actor")
    # sorted out 172 + 34 + x, x = 14 %: 206 / 0.86 = 239.534; losses 0.05 · 243 + 0.2 · 60 = 24.15
    row = frame.loc["C"]
    assert row["outputs_t_per_year"] == pytest.approx(206 / 0.86)
    assert row["loss_t_per_year"] == pytest.approx(24.15)
    assert row["residual_t_per_year"] == pytest.approx(303 - 206 / 0.86 - 24.15)
    assert frame.loc["P", "residual_t_per_year"] == pytest.approx(172 * 0.8 - 140)


@pytest.fixture(scope="module")
def moved() -> tuple[Filiere, list[Filiere]]:
    """A filière, and one for each of its figures in which that one is higher by its uncertainty."""
    f = mixed()
    rows = f.flows[f.flows["quantity_t_per_year"].notna()]
    higher = rows["quantity_t_per_year"] * (1 + rows["uncertainty_share"])
    return f, [with_quantity(f, str(flow_id), t) for flow_id, t in higher.items()]


@pytest.mark.parametrize("by", ["actor", "stage", "material"])
def test_sigma_as_found_by_moving_each_figure(moved, by):
    """σ² = Σ (r(x + σ_x) − r(x))²: the residual is linear in the tonnages."""
    f, others = moved
    frame = balance(f, by=by)
    away = [balance(one, by=by)["residual_t_per_year"] - frame["residual_t_per_year"] for one in others]
    sigma = np.sqrt(sum(part.to_numpy() ** 2 for part in away))
    closed = frame["state"].eq("closed").to_numpy()
    assert closed.sum() >= {"actor": 2, "stage": 1, "material": 4}[by]
    np.testing.assert_allclose(frame.loc[closed, "sigma_t"], sigma[closed], rtol=1e-6, atol=1e-9)


def test_balances_of_a_partition_add_up():
    """What all actors lack is what the whole lacks: what passes between them cancels."""
    f = filiere(
        [
            ("in", None, "A", "m", 100, EXACT),
            ("ab", "A", "B", "m", 70, EXACT),
            ("ac", "A", "C", "m", 20, EXACT),
            ("b", "B", None, "m", 60, EXACT),
            ("c", "C", None, "m", 25, EXACT),
        ]
    )
    frame = balance(f, by="actor")
    assert frame["residual_t_per_year"].sum() == pytest.approx(100 - 85)
    assert balance(f, by="material").loc["m", "residual_t_per_year"] == pytest.approx(15)


def test_the_invented_example():
    frame = balance(load("exemple_complet").at(2024), by="actor")
    row = frame.loc["la-boucle-verte"]
    # 210 + 48 + 12 + 33; sorted paper, clothes, refuse and 14 % of it all as cotton
    paper = (180 / 18**2 + 172 / 5.16**2) / (1 / 18**2 + 1 / 5.16**2)
    assert row["inputs_t_per_year"] == pytest.approx(303)
    assert row["outputs_t_per_year"] == pytest.approx((paper + 14 + 34) / 0.86)
    assert row["z"] > 2
    assert frame.loc["condi-ouest", "residual_t_per_year"] == pytest.approx(0, abs=1e-9)


# -- the sparse systems underneath -----------------------------------------------------------------


@settings(max_examples=30)
@given(
    st.integers(2, 7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(-0.4, 0.4)), max_size=14),
    st.data(),
)
def test_linear_systems_as_numpy_solves_them(size, drawn, data):
    entries = [(i % size, j % size, v) for i, j, v in drawn]
    start = np.array(data.draw(st.lists(st.floats(-10, 10), min_size=size, max_size=size)))
    rows, columns, values = (
        np.array([e[k] for e in entries], dtype=kind) for k, kind in enumerate((np.int64, np.int64, float))
    )
    dense = np.zeros((size, size))
    np.add.at(dense, (rows, columns), values)
    dense[np.abs(dense) < 1e-12] = 0
    if np.linalg.cond(np.eye(size) - dense) > 1e6:
        return
    linear = Linear.of((rows, columns, values), start, np.zeros(size, dtype=bool))
    inverse = np.linalg.inv(np.eye(size) - dense)
    np.testing.assert_allclose(linear.solution(), inverse @ start, rtol=1e-8, atol=1e-8)
    from scipy.sparse import csr_array

    combination = np.arange(2.0 * size).reshape(2, size)
    found = linear.sensitivity(csr_array(combination)).toarray()
    np.testing.assert_allclose(found, combination @ inverse, rtol=1e-8, atol=1e-7)


def test_what_follows_from_something_unknown_is_unknown():
    entries = (np.array([1, 2]), np.array([0, 1]), np.array([1.0, 1.0]))
    linear = Linear.of(entries, np.array([5.0, 0, 0, 7.0]), np.array([True, False, False, False]))
    np.testing.assert_array_equal(linear.solution(), [np.nan, np.nan, np.nan, 7.0])


def test_a_circle_without_a_solution_is_unknown_and_others_are_not():
    # x = y, y = x says nothing; a = 1 + b / 2, b = a is 2
    entries = (np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]), np.array([1.0, 1.0, 0.5, 1.0]))
    linear = Linear.of(entries, np.array([0.0, 0, 1, 0]), np.zeros(4, dtype=bool))
    np.testing.assert_allclose(linear.solution(), [np.nan, np.nan, 2, 2])


def test_fifty_thousand_flows_without_a_loop_over_them():
    """Many small chains and a hub: the same answer as grouped sums."""
    count = 50_000
    rng = np.random.default_rng(0)
    names = [f"a{k}" for k in range(5_000)]
    source, target = rng.integers(0, 5_000, count), rng.integers(0, 5_000, count)
    keep = source != target
    t = rng.lognormal(2, 1, count)
    f = Filiere.from_tables(
        strict=False,
        actors=pd.DataFrame({"actor_id": names, "name": names}),
        materials={"material_id": ["m"], "name": ["m"]},
        flows=pd.DataFrame(
            {
                "flow_id": [f"f{k}" for k in range(int(keep.sum()))],
                "source": np.array(names)[source[keep]],
                "target": np.array(names)[target[keep]],
                "material_id": "m",
                "quantity_t_per_year": t[keep],
            }
        ),
    )
    frame = balance(f, by="actor")
    into = np.bincount(target[keep], weights=t[keep], minlength=5_000)
    out = np.bincount(source[keep], weights=t[keep], minlength=5_000)
    np.testing.assert_allclose(frame["residual_t_per_year"].reindex(names), into - out, atol=1e-9)
