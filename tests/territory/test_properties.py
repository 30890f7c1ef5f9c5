"""What holds of any filière: a plain loop over the rows is the referee; names and order change nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.territory import (
    INDICATORS,
    flow_distances,
    haulage,
    leakage,
    lm3,
    lm3_rounds,
    local_share,
    local_sourcing,
    mean_haul,
    positions,
)
from tests.territory.valley import AWAY, HERE, THERE, same, valley

FEW = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
NAMES = ["a", "b", "c", "d"]
Rows = list[dict[str, Any]]

ends = st.sampled_from([*NAMES, None])
amounts = st.sampled_from([None, 0.0, 10.0, 40.0, 100.0, -20.0])
flow_rows = st.lists(
    st.fixed_dictionaries(
        {
            "source": ends,
            "target": ends,
            "quantity_t_per_year": st.sampled_from([None, 0.0, 1.0, 5.0, 8.0]),
            "amount_eur_per_year": amounts,
        }
    ).filter(lambda row: row["source"] != row["target"]),
    min_size=1,
    max_size=8,
)
cost_rows = st.lists(
    st.fixed_dictionaries(
        {
            "actor_id": st.sampled_from(NAMES),
            "kind": st.sampled_from(["wages", "wages", "purchases", "rent", "sales", "depreciation"]),
            "amount_eur_per_year": st.sampled_from([None, 0.0, 10.0, 60.0]),
            "local_share": st.sampled_from([None, 0.0, 0.5, 1.0]),
        }
    ),
    max_size=6,
)
places = st.lists(st.sampled_from([HERE, THERE, AWAY, None]), min_size=4, max_size=4)
coordinates = st.lists(
    st.sampled_from([(49.5, 0.5), (49.6, 0.4), (48.0, 2.0), (None, None)]), min_size=4, max_size=4
)
CENTRES = {HERE: (49.52, 0.54), THERE: (49.57, 0.47)}


def built(
    flows: Rows, costs: Rows, communes: list[Any], where: list[Any], names: list[str] | None = None
) -> Filiere:
    """Return the filière of some rows; each flow and cost under a label of its own, so that all count."""
    renamed = dict(zip(NAMES, names or NAMES, strict=True))
    actors = {
        "actor_id": [renamed[name] for name in NAMES],
        "name": [renamed[name] for name in NAMES],
        "commune_code": communes,
        "latitude": [place[0] for place in where],
        "longitude": [place[1] for place in where],
    }
    told = pd.DataFrame(flows).assign(flow_id=[f"f{place}" for place in range(len(flows))])
    more: dict[str, Any] = {}
    if costs:
        paid = pd.DataFrame(costs).assign(label=[f"c{place}" for place in range(len(costs))])
        more["costs"] = paid.assign(actor_id=paid["actor_id"].map(renamed))
    for column in ("source", "target"):
        told[column] = told[column].map(renamed)
    territories = {
        "territory_id": "val",
        "commune_code": [*CENTRES],
        "latitude": [place[0] for place in CENTRES.values()],
        "longitude": [place[1] for place in CENTRES.values()],
    }
    return valley(actors, told, territories=territories, **more)


def local(communes: list[Any], name: str | None) -> bool | None:
    """Whether an actor is local; None where nobody knows."""
    if name is None:
        return False
    code = communes[NAMES.index(name)]
    return None if code is None else code in CENTRES


@FEW
@given(flow_rows, places, coordinates)
def test_shares_of_purchases_by_a_plain_loop(flows: Rows, communes: list[Any], where: list[Any]) -> None:
    f = built(flows, [], communes, where)
    for weight, column in (("eur", "amount_eur_per_year"), ("t", "quantity_t_per_year")):
        here = outside = 0.0
        for row in flows:
            amount, value = row["amount_eur_per_year"], row[column]
            if (
                local(communes, row["target"])
                and not (amount is not None and amount < 0)
                and value is not None
            ):
                here += value if local(communes, row["source"]) else 0
                outside += value if local(communes, row["source"]) is False else 0
        expected = here / (here + outside) if here + outside else math.nan
        assert same(local_share(f, weight=weight), expected)
        assert same(leakage(f, weight=weight), 1 - expected)
        bounds = local_sourcing(f, by="actor", weight=weight)
        told = bounds[["low", "local_share", "high"]].dropna()
        assert (told["low"] <= told["local_share"] + 1e-12).all()
        assert (told["local_share"] <= told["high"] + 1e-12).all()
        assert ((told >= 0) & (told <= 1)).all(axis=None)


@FEW
@given(flow_rows, places, coordinates, places)
def test_what_becomes_known_falls_within_the_bounds(
    flows: Rows, communes: list[Any], where: list[Any], others: list[Any]
) -> None:
    bounds = local_sourcing(built(flows, [], communes, where)).iloc[0]
    filled = [one if one is not None else other for one, other in zip(communes, others, strict=True)]
    after = local_sourcing(built(flows, [], filled, where)).iloc[0]
    if not any(math.isnan(value) for value in (bounds["low"], bounds["high"], after["low"], after["high"])):
        assert bounds["low"] - 1e-12 <= after["low"]
        assert after["high"] <= bounds["high"] + 1e-12


@FEW
@given(flow_rows, places, coordinates)
def test_hauls_by_a_plain_loop(flows: Rows, communes: list[Any], where: list[Any]) -> None:
    """The distance by the chord through the Earth: another formula than that of the library."""
    f = built(flows, [], communes, where)

    def at(name: str) -> tuple[Any, str]:
        own = where[NAMES.index(name)]
        if own[0] is not None:
            return own, "address"
        return CENTRES.get(communes[NAMES.index(name)], (None, None)), "commune"

    def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
        ends = []
        for latitude, longitude in (one, other):
            a, b = math.radians(latitude), math.radians(longitude)
            ends.append(np.array([math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)]))
        return 2 * 6371.0088 * math.asin(min(1.0, float(np.linalg.norm(ends[0] - ends[1])) / 2))

    work = tonnes = 0.0
    for row, distance in zip(flows, flow_distances(f).tolist(), strict=True):
        expected = math.nan
        if row["source"] and row["target"]:
            (start, how), (end, how_too) = at(row["source"]), at(row["target"])
            codes = {communes[NAMES.index(row[side])] for side in ("source", "target")}
            vague = len(codes) == 1 and None not in codes and {how, how_too} != {"address"}
            if start[0] is not None and end[0] is not None and not vague:
                expected = apart(start, end)
        assert math.isclose(distance, expected, abs_tol=1e-6) or math.isnan(distance) and math.isnan(expected)
        if not math.isnan(expected) and row["quantity_t_per_year"] is not None:
            work, tonnes = work + expected * row["quantity_t_per_year"], tonnes + row["quantity_t_per_year"]
    assert math.isclose(mean_haul(f), work / tonnes, abs_tol=1e-6) if tonnes else math.isnan(mean_haul(f))


@FEW
@given(flow_rows, cost_rows, places, coordinates, st.sampled_from([0.0, 0.3, 1.0]))
def test_three_rounds_by_a_plain_loop(
    flows: Rows, costs: Rows, communes: list[Any], where: list[Any], respent: float
) -> None:
    """Where nothing is unknown: wages of 0 for those who state none, amounts 0 for those not stated."""
    flows = [row | {"amount_eur_per_year": row["amount_eur_per_year"] or 0.0} for row in flows]
    costs = [
        row
        | {"amount_eur_per_year": row["amount_eur_per_year"] or 0.0, "local_share": row["local_share"] or 0.0}
        for row in costs
    ]
    costs += [
        {"actor_id": name, "kind": "wages", "amount_eur_per_year": 0.0, "local_share": 0.0} for name in NAMES
    ]
    communes = [code or AWAY for code in communes]
    payments = []
    for row in flows:
        payer, payee = row["target"], row["source"]
        if row["amount_eur_per_year"] < 0:
            payer, payee = payee, payer
        payments.append((payer, payee, abs(row["amount_eur_per_year"])))
    income = {
        name: sum(value for _, payee, value in payments if payee == name)
        + sum(
            row["amount_eur_per_year"] for row in costs if row["actor_id"] == name and row["kind"] == "sales"
        )
        for name in NAMES
    }
    to_actors = {
        name: sum(value for payer, payee, value in payments if payer == name and local(communes, payee))
        for name in NAMES
    }
    to_others = {
        name: sum(
            row["amount_eur_per_year"] * row["local_share"]
            for row in costs
            if row["actor_id"] == name and row["kind"] in ("wages", "purchases", "rent")
        )
        for name in NAMES
    }
    spent = {name: to_actors[name] + to_others[name] for name in NAMES}
    again = {name: min(1.0, spent[name] / income[name]) if income[name] else respent for name in NAMES}
    expected = []
    for name in NAMES:
        if not income[name]:
            expected.append(math.nan)
            continue
        third = to_others[name] * respent
        third += sum(
            value * again[payee]
            for payer, payee, value in payments
            if payer == name and payee is not None and local(communes, payee)
        )
        expected.append((income[name] + spent[name] + third) / income[name])
    found = lm3_rounds(built(flows, costs, communes, where), actors=NAMES, respent_share=respent)
    np.testing.assert_allclose(found["lm3"], expected, rtol=1e-9)


@FEW
@given(flow_rows, cost_rows, places, coordinates, st.floats(0, 1))
def test_a_hypothesis_falls_within_the_bounds(
    flows: Rows, costs: Rows, communes: list[Any], where: list[Any], respent: float
) -> None:
    f = built(flows, costs, communes, where)
    wide, narrow = lm3_rounds(f, actors=NAMES), lm3_rounds(f, actors=NAMES, respent_share=respent)
    known = wide["lm3_low"].notna()
    assert (narrow["lm3_low"].notna() == known).all()
    assert (wide["lm3_low"][known] >= 1).all()
    assert (wide["lm3_low"][known] <= narrow["lm3_low"][known] + 1e-9).all()
    assert (narrow["lm3_low"][known] <= narrow["lm3_high"][known] + 1e-9).all()
    assert (narrow["lm3_high"][known] <= wide["lm3_high"][known] + 1e-9).all()


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(flow_rows, cost_rows, places, coordinates, st.permutations(["w", "x", "y", "z"]))
def test_other_names_and_another_order_change_nothing(
    flows: Rows, costs: Rows, communes: list[Any], where: list[Any], names: list[str]
) -> None:
    first, second = built(flows, costs, communes, where), built(flows, costs, communes, where, names)
    back = dict(zip(names, NAMES, strict=True))
    for frame in (positions, lm3_rounds):
        renamed = frame(second).rename(index=back)
        pd.testing.assert_frame_equal(renamed, frame(first), check_names=False)
    turned = first.with_table("flows", first.flows[::-1])
    for f in (second, turned):
        for metric in (local_share, leakage, mean_haul, lm3):
            assert same(metric(f), metric(first))
        assert same(haulage(f)["located_share"].item(), haulage(first)["located_share"].item())


@FEW
@given(flow_rows, cost_rows, places, coordinates)
def test_measures_keep_their_ranges_and_change_nothing(
    flows: Rows, costs: Rows, communes: list[Any], where: list[Any]
) -> None:
    f = built(flows, costs, communes, where)
    before = {name: f.table(name).copy() for name in f}
    for one in INDICATORS:
        measure = one.measure(f)
        assert math.isnan(measure.hypothesis_share) or 0 <= measure.hypothesis_share <= 1
        if not any(math.isnan(value) for value in (measure.low, measure.value, measure.high)):
            assert measure.low - 1e-9 <= measure.value <= measure.high + 1e-9
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
