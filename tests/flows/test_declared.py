"""What is declared of each flow: declarations combined, never added; shares resolved."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.balances.combining import declared_of
from chaine_valeur.analysis.flows.balances.declared import BASES, declared_flows, resolved_flows
from chaine_valeur.analysis.uncertainty import CONFIDENCE_UNCERTAINTY
from chaine_valeur.errors import ArgumentError, UnknownNameError

from .adding_up import EXACT, filiere, sure

COLUMNS = [
    "quantity_t_per_year", "sigma_t", "min_t_per_year", "max_t_per_year", "capacity_t_per_year",
    "n_declarations", "chi2", "dof", "spread_z", "share", "share_of",
]  # fmt: skip


def said(*declarations: tuple[Any, dict[str, Any]]) -> Filiere:
    """Return a filière with one flow, as several declarations."""
    rows = [
        (f"d{place}", "A", "B", None, t, {**cells, "same_flow_as": f"d{place - 1}" if place else None})
        for place, (t, cells) in enumerate(declarations)
    ]
    return filiere(rows)


def one(f: Filiere) -> pd.Series:
    frame = declared_flows(f)
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_flow_declared_once():
    f = filiere([("x", "A", "B", None, 40, {"confidence": "measured", "min_t_per_year": 30,
                                            "capacity_t_per_year": 90}), ("y", "A", "B", None, None)])  # fmt: skip
    frame = declared_flows(f)
    assert list(frame.columns) == COLUMNS
    assert frame.index.tolist() == ["x", "y"] and frame.index.name == "flow_id"
    x, y = frame.loc["x"], frame.loc["y"]
    assert (x["quantity_t_per_year"], x["sigma_t"]) == (40, pytest.approx(2.0))  # 5 % of 40
    assert (x["min_t_per_year"], x["capacity_t_per_year"]) == (30, 90)
    assert np.isnan(x["max_t_per_year"])
    assert (x["n_declarations"], x["chi2"], x["dof"]) == (1, 0, 0)
    assert np.isnan(x["spread_z"])
    assert y[["quantity_t_per_year", "sigma_t", "chi2", "spread_z"]].isna().all()
    assert (y["n_declarations"], y["dof"]) == (1, 0)


@pytest.mark.parametrize(
    ("confidence", "share"),
    [("measured", 0.05), ("declared", 0.1), ("estimated", 0.25), ("hypothesis", 0.5), (None, 0.25)],
)
def test_uncertainty_follows_confidence(confidence, share):
    f = filiere([("x", "A", "B", None, 200, {"confidence": confidence})])
    assert declared_flows(f)["sigma_t"].item() == pytest.approx(200 * share)


def test_the_row_says_more_than_its_confidence_and_the_cell_more_than_the_row():
    f = filiere(
        [
            ("own", "A", "B", None, 100, {"confidence": "measured", "uncertainty_share": 0.3}),
            ("cell", "A", "C", None, 100, {"confidence": "measured"}),
        ],
        more={"cell_sources": {"table": ["flows"], "row_id": ["cell"], "column": ["quantity_t_per_year"],
                               "confidence": ["hypothesis"]}},
    )  # fmt: skip
    assert declared_flows(f)["sigma_t"].to_list() == pytest.approx([30, 50])


def test_the_table_of_uncertainties_can_be_changed_and_is_not():
    f = filiere([("x", "A", "B", None, 100, {"confidence": "declared"})])
    assert declared_flows(f, uncertainty={"declared": 0.2})["sigma_t"].item() == pytest.approx(20)
    assert declared_flows(f)["sigma_t"].item() == pytest.approx(10)
    assert CONFIDENCE_UNCERTAINTY["declared"] == 0.10
    with pytest.raises(UnknownNameError, match="declared"):
        declared_flows(f, uncertainty={"declard": 0.2})
    for wrong in (-0.1, math.inf, math.nan):
        with pytest.raises(ArgumentError, match="declared"):
            declared_flows(f, uncertainty={"declared": wrong})


def test_two_declarations_are_averaged_and_never_added():
    # 1/18² and 1/5.16²: (180/324 + 172/26.6256) / (1/324 + 1/26.6256) = 172.6075; σ = 1/√(0.040644) = 4.9602
    # z = (180 − 172) / √(324 + 26.6256) = 8 / 18.7250 = 0.42724; chi² = z²
    row = one(said((180, sure(0.1)), (172, sure(0.03))))
    assert row["quantity_t_per_year"] == pytest.approx(172.6075, abs=1e-4)
    assert row["sigma_t"] == pytest.approx(4.9602, abs=1e-4)
    assert row["spread_z"] == pytest.approx(0.42724, abs=1e-5)
    assert row["chi2"] == pytest.approx(row["spread_z"] ** 2)
    assert (row["n_declarations"], row["dof"]) == (2, 1)


def test_three_declarations_whatever_their_order():
    parts = [(100, sure(0.1)), (90, sure(0.1)), (None, {"max_t_per_year": 130}), (120, sure(0.05))]
    rows = [one(said(*order)) for order in (parts, parts[::-1], [parts[3], parts[0], parts[2], parts[1]])]
    # weights 1/100, 1/81, 1/36: sum 0.0501235; Σ w x = 1 + 1.111111 + 3.333333 = 5.444444
    for row in rows:
        assert row["quantity_t_per_year"] == pytest.approx(5.4444444 / 0.0501235, rel=1e-5)
        assert (row["n_declarations"], row["dof"], row["max_t_per_year"]) == (4, 2, 130)
        assert row["spread_z"] == pytest.approx(30 / math.hypot(9, 6))  # 120 and 90


def test_bounds_are_the_tightest_and_may_contradict_each_other():
    row = one(
        said(
            (50, {"min_t_per_year": 40, "max_t_per_year": 60, "capacity_t_per_year": 80}),
            (None, {"min_t_per_year": 45, "max_t_per_year": 55, "capacity_t_per_year": 70}),
        )
    )
    assert row[["min_t_per_year", "max_t_per_year", "capacity_t_per_year"]].tolist() == [45, 55, 70]
    crossed = one(said((None, {"min_t_per_year": 60}), (None, {"max_t_per_year": 50})))
    assert crossed[["min_t_per_year", "max_t_per_year"]].tolist() == [60, 50]


def test_an_exact_figure_decides():
    row = one(said((100, EXACT), (150, sure(0.1))))
    assert (row["quantity_t_per_year"], row["sigma_t"]) == (100, 0)
    assert row["spread_z"] == pytest.approx(50 / 15)
    assert row["chi2"] == pytest.approx((50 / 15) ** 2)
    two = one(said((100, EXACT), (110, EXACT)))
    assert (two["quantity_t_per_year"], two["sigma_t"]) == (105, 0)
    assert two["chi2"] == two["spread_z"] == math.inf
    same = one(said((0.1, EXACT), (0.1, EXACT), (0.1, EXACT)))
    assert (same["quantity_t_per_year"], same["chi2"], same["spread_z"]) == (pytest.approx(0.1), 0, 0)


def test_a_measured_zero():
    alone = one(said((0, {"confidence": "measured"})))
    assert (alone["quantity_t_per_year"], alone["sigma_t"]) == (0, 0)
    # beside 50 ± 5 it is as uncertain as if it were 50: 0 ± 5, so that the mean is 25 ± 3.5355, 7.07 σ apart
    beside = one(said((0, sure(0.1)), (50, sure(0.1))))
    assert beside["quantity_t_per_year"] == pytest.approx(25)
    assert beside["sigma_t"] == pytest.approx(5 / math.sqrt(2))
    assert beside["spread_z"] == pytest.approx(50 / math.hypot(5, 5))
    zeros = one(said((0, sure(0.1)), (0, sure(0.2))))
    assert (zeros["quantity_t_per_year"], zeros["sigma_t"], zeros["spread_z"]) == (0, 0, 0)


def test_uncertainties_of_very_different_sizes_do_not_overflow():
    row = one(said((1e6, sure(1e-200)), (1e-6, sure(5.0))))
    assert row["quantity_t_per_year"] == pytest.approx(1e6)
    assert row["sigma_t"] == pytest.approx(1e-194)
    assert row["chi2"] > 1e10


def test_only_flows_that_count():
    f = filiere(
        [
            ("x", "A", "B", None, 10, {"year": 2020}),
            ("y", "A", "B", None, 20, {"year": 2021}),
            ("z", "A", "B", None, 30, {"year": 2021, "status": "closed"}),
        ]
    )
    assert declared_flows(f).index.tolist() == ["y"]
    assert declared_flows(f.at(2020)).index.tolist() == ["x"]


@pytest.mark.parametrize("build", [lambda: filiere([]), lambda: filiere([("x", None, "B", None, None)])])
def test_no_flow_and_nothing_known(build):
    frame = resolved_flows(build())
    assert list(frame.columns) == [*COLUMNS, "basis"]
    assert frame["quantity_t_per_year"].isna().all()
    assert frame["basis"].isin(BASES).all()


def test_natural_quantities_count_as_tonnes():
    f = filiere(
        [("x", "A", "B", "paper", None, {"natural_quantity_per_year": 200, "uncertainty_share": 0.1})],
        more=None,
    ).with_table("materials", pd.DataFrame({"material_id": ["paper"], "name": ["paper"], "unit": ["bale"],
                                            "t_per_unit": [0.45]}))  # fmt: skip
    row = declared_flows(f).iloc[0]
    assert (row["quantity_t_per_year"], row["sigma_t"]) == (pytest.approx(90), pytest.approx(9))


declarations = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.floats(0.5, 1e4, allow_subnormal=False),
        st.floats(0.01, 2),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15)
@given(declarations)
def test_as_numpy_averages_each_group(drawn):
    rows, last = [], {}
    for place, (group, t, share) in enumerate(drawn):
        cells = sure(share, same_flow_as=last.get(group))
        rows.append((f"d{place}", "A", f"B{group}", None, t, cells))
        last[group] = f"d{place}"
    f = filiere(rows)
    frame = declared_flows(f)
    assert len(frame) == len(last)
    for group in last:  # each in a plain loop
        mine = [(t, t * share) for found, t, share in drawn if found == group]
        x, s = (np.array(part) for part in zip(*mine, strict=True))
        mean = np.average(x, weights=s**-2.0)
        row = frame.loc[[name for name in frame.index if f.flows.loc[name, "target"] == f"B{group}"]].iloc[0]
        assert row["quantity_t_per_year"] == pytest.approx(mean, rel=1e-9)
        assert row["sigma_t"] == pytest.approx((s**-2.0).sum() ** -0.5, rel=1e-9)
        assert row["chi2"] == pytest.approx((((x - mean) / s) ** 2).sum(), rel=1e-6, abs=1e-9)
        assert x.min() * (1 - 1e-9) <= row["quantity_t_per_year"] <= x.max() * (1 + 1e-9)
        assert row["sigma_t"] <= s.min() * (1 + 1e-9)


# -- shares ----------------------------------------------------------------------------------------


def share(value: float, of: str = "sent", uncertainty: float = 0.0) -> dict[str, Any]:
    return {"share": value, "share_of": of, "uncertainty_share": uncertainty}


def resolved(f: Filiere) -> dict[str, float]:
    return resolved_flows(f)["quantity_t_per_year"].to_dict()


def test_a_share_of_what_is_sent():
    # others 70 + 16; 14 % is 14 of 100
    f = filiere(
        [
            ("a", "T", "B", None, 70, EXACT),
            ("b", "T", "C", None, 16, EXACT),
            ("s", "T", None, None, None, share(0.14)),
        ]
    )
    frame = resolved_flows(f)
    assert frame["quantity_t_per_year"].to_list() == pytest.approx([70, 16, 14])
    assert frame["basis"].to_list() == ["declared", "declared", "share"]
    assert frame["share_of"].to_list()[2] == "sent"


def test_two_shares_of_what_is_sent_and_one_unknown_flow():
    flows = [
        ("a", "T", "B", None, 50, EXACT),
        ("s", "T", "C", None, None, share(0.2)),
        ("r", "T", "D", None, None, share(0.3)),
    ]
    assert resolved(filiere(flows)) == pytest.approx({"a": 50, "s": 20, "r": 30})
    frame = resolved_flows(filiere([*flows, ("u", "T", "E", None, None)]))
    assert frame["quantity_t_per_year"].isna().to_list() == [False, True, True, True]
    assert frame["basis"].to_list() == ["declared", "unknown", "unknown", "unknown"]


def test_a_share_of_what_the_source_receives_and_of_what_the_target_receives():
    f = filiere(
        [
            ("in1", None, "T", None, 60, EXACT),
            ("in2", "S", "T", None, 40, EXACT),
            ("out", "T", "B", None, None, share(0.3, "received")),
            ("other", "C", "B", None, 20, EXACT),
            ("more", "D", "B", None, None, share(0.5, "arriving")),
        ]
    )
    # out = 0.3 · 100; B receives 30 + 20 + x, x half of it: 50
    assert resolved(f) == pytest.approx({"in1": 60, "in2": 40, "out": 30, "other": 20, "more": 50})


def test_shares_that_rest_on_shares():
    # T sends 10 to B, 50 % of its total to C; C sends on 40 % of what it receives (C receives 10 + 30)
    f = filiere(
        [
            ("a", "T", "B", None, 10, EXACT),
            ("b", "T", "C", None, None, share(0.5)),
            ("c", "X", "C", None, 30, EXACT),
            ("d", "C", "D", None, None, share(0.4, "received")),
            ("e", "D", None, None, None, share(0.25, "received")),
        ]
    )
    assert resolved(f) == pytest.approx({"a": 10, "b": 10, "c": 30, "d": 16, "e": 4})


def test_shares_in_a_circle():
    # A receives 60 and what B returns; it sends B half of what it receives; B returns 40 % of what it receives:
    # a = 0.5 (60 + b), b = 0.4 a: a = 30 / 0.8 = 37.5, b = 15
    f = filiere(
        [
            ("in", None, "A", None, 60, EXACT),
            ("a", "A", "B", None, None, share(0.5, "received")),
            ("b", "B", "A", None, None, share(0.4, "received")),
        ]
    )
    assert resolved(f) == pytest.approx({"in": 60, "a": 37.5, "b": 15})
    # all comes back, with more each time: nothing tells how much
    everything = filiere(
        [
            ("in", None, "A", None, 60, EXACT),
            ("a", "A", "B", None, None, share(1.0, "received")),
            ("b", "B", "A", None, None, share(1.0, "received")),
        ]
    )
    assert resolved_flows(everything)["basis"].to_list() == ["declared", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("shares", "other", "basis"),
    [
        ((0.6, 0.6), 10, "shares_exceed"),
        ((0.6, 0.4), 10, "shares_exceed"),
        ((0.6, 0.4), 0, "unknown"),  # all is said by shares: of a total that nothing gives
        ((0.6, 0.4), None, "unknown"),
        ((1.0,), 10, "shares_exceed"),
    ],
)
def test_shares_of_all_or_more(shares, other, basis):
    flows = [(f"s{k}", "T", f"B{k}", None, None, share(s)) for k, s in enumerate(shares)]
    f = filiere([*flows, ("o", "T", "C", None, other, EXACT)])
    frame = resolved_flows(f)
    assert frame.loc[["s0"], "quantity_t_per_year"].isna().all()
    assert set(frame.loc[[row[0] for row in flows], "basis"]) == {basis}


def test_shares_of_what_is_received_above_all():
    f = filiere(
        [
            ("in", None, "T", None, 50, EXACT),
            ("a", "T", "B", None, None, share(0.7, "received")),
            ("b", "T", "C", None, None, share(0.7, "received")),
        ]
    )
    assert resolved_flows(f)["basis"].to_list() == ["declared", "shares_exceed", "shares_exceed"]


def test_shares_alone_and_shares_without_a_total():
    alone = filiere([("a", "T", "B", None, None, share(0.4)), ("b", None, "C", None, None, share(0.4))])
    assert resolved_flows(alone)["basis"].to_list() == ["unknown", "unknown"]
    zero = filiere([("a", "T", "B", None, None, share(0.4)), ("b", "T", "C", None, 0, EXACT)])
    assert resolved(zero)["a"] == 0


def test_a_tonnage_is_believed_before_a_share():
    f = filiere([("a", "T", "B", None, 5, {"share": 0.4}), ("b", "T", "C", None, 5, EXACT)])
    assert resolved(f) == {"a": 5, "b": 5}
    assert declared_flows(f)["share"].to_list()[0] == 0.4


def test_the_share_of_another_declaration_is_found():
    f = filiere(
        [
            ("a", "T", "B", None, None, {"confidence": "measured"}),
            ("a2", "T", "B", None, None, {"same_flow_as": "a", "share": 0.2, "confidence": "hypothesis"}),
            ("b", "T", "C", None, 80, EXACT),
        ]
    )
    frame = resolved_flows(f)
    assert frame["quantity_t_per_year"].to_list() == pytest.approx([20, 80])
    assert frame["n_declarations"].to_list() == [2, 1]


def test_a_share_counts_at_its_stage():
    # at « tri » T sends 30 + x, half of it is x; what it sends from « collecte » is another total
    f = filiere(
        [
            ("a", "T@tri", "B", None, 30, EXACT),
            ("x", "T@tri", "C", None, None, share(0.5)),
            ("c", "T@collecte", "D", None, 500, EXACT),
        ],
        stages=[("collecte", "operation"), ("tri", "operation")],
        activities=[("T", "collecte"), ("T", "tri")],
    )
    assert resolved(f)["x"] == pytest.approx(30)


def test_what_an_actor_passes_on_inside_is_part_of_what_a_stage_receives():
    # collecte receives 100, sends 20 away, so 80 go to tri, which receives 10 more: 30 % of 90 is 27
    f = filiere(
        [
            ("in", "M", "T@collecte", "used", 100, EXACT),
            ("away", "T@collecte", "Z", "used", 20, EXACT),
            ("more", "S", "T@tri", "used", 10, EXACT),
            ("x", "T@tri", "B", "used", None, share(0.3, "received")),
        ],
        stages=[("collecte", "operation"), ("tri", "operation")],
        links=[("collecte", "tri", "used")],
        activities=[("T", "collecte"), ("T", "tri")],
    )
    assert resolved(f)["x"] == pytest.approx(27)


def test_uncertainty_of_shares_as_found_by_moving_each_figure():
    def x(a: float, b: float, s: float, r: float) -> np.ndarray:
        total = (a + b) / (1 - s - r)
        return np.array([s * total, r * total])

    a, b, s, r = 60.0, 20.0, 0.15, 0.25
    f = filiere(
        [
            ("a", "T", "B", None, a, sure(0.1)),
            ("b", "T", "C", None, b, sure(0.2)),
            ("s", "T", "D", None, None, share(s, uncertainty=0.1)),
            ("r", "T", "E", None, None, share(r, uncertainty=0.3)),
        ]
    )
    moves = [(6.0, 0, 0, 0), (0, 4.0, 0, 0), (0, 0, 0.015, 0), (0, 0, 0, 0.075)]
    step = 1e-4
    parts = [
        (x(a + step * m[0], b + step * m[1], s + step * m[2], r + step * m[3]) - x(a, b, s, r)) / step
        for m in moves
    ]
    sigma = np.sqrt((np.array(parts) ** 2).sum(axis=0))
    frame = resolved_flows(f)
    assert frame.loc[["s", "r"], "quantity_t_per_year"].to_list() == pytest.approx(x(a, b, s, r).tolist())
    assert frame.loc[["s", "r"], "sigma_t"].to_list() == pytest.approx(sigma.tolist(), rel=1e-3)


@settings(max_examples=8)
@given(
    st.lists(st.floats(0.1, 1e3), min_size=1, max_size=4),
    st.lists(st.floats(0.01, 0.19), min_size=1, max_size=4),
)
def test_shares_are_those_of_the_total_they_make(known, shares):
    flows = [(f"k{i}", "T", f"B{i}", None, t, EXACT) for i, t in enumerate(known)]
    flows += [(f"s{i}", "T", f"C{i}", None, None, share(s)) for i, s in enumerate(shares)]
    found = resolved(filiere(flows))
    total = sum(found.values())
    for i, s in enumerate(shares):
        assert found[f"s{i}"] / total == pytest.approx(s, rel=1e-9)


def test_nothing_is_changed_and_the_arrays_are_made_once():
    f = said((180, sure(0.1)), (172, sure(0.03)))
    before = f.flows.copy()
    frame = declared_flows(f)
    frame["quantity_t_per_year"] = -1.0
    assert declared_flows(f)["quantity_t_per_year"].item() > 0
    pd.testing.assert_frame_equal(f.flows, before)
    assert declared_of(f) is declared_of(f)
    assert declared_of(f) is not declared_of(f, changed={"measured": 0.5})
