"""Who supplies whom: origins, buyers, holders, years, and what is the same read backwards."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.circularity.cycling import average_path_length, finn_cycling_index
from chaine_valeur.analysis.flows.circularity.matrix import flow_matrix
from chaine_valeur.analysis.resilience import (
    ascendency,
    cut_actors,
    cycles,
    disjoint_paths,
    supplier_concentration,
)
from chaine_valeur.analysis.resilience._supply import holders_of, single_actors, supply_of
from tests.resilience.hand import frames, hand, passing
from tests.resilience.test_paths import staged


def names(f: Filiere, mask: np.ndarray) -> list[str]:
    return f.actors.index[mask].tolist()


def test_origins_and_buyers_by_hand() -> None:
    f, supply = hand(), supply_of(hand())
    assert names(f, supply.origin) == ["menages", "negoce"]
    assert names(f, supply.buyer) == ["atelier", "boutique"]
    assert names(f, supply.supplied) == ["atelier", "boutique"]
    assert f.actors.index[supply.imported].tolist() == ["filature"]
    # nine passages between two different actors: f7 and f9 are one, f2 and f12 are inside one actor
    ends = {(f.actors.index[a], f.actors.index[b]) for a, b in zip(supply.source, supply.target, strict=True)}
    assert ends == {
        ("menages", "relais"), ("menages", "trieur"), ("relais", "filature"), ("trieur", "filature"),
        ("filature", "atelier"), ("filature", "relais"), ("negoce", "atelier"), ("trieur", "boutique"),
    }  # fmt: skip
    assert len(supply.source) == len(ends)
    assert supply_of(f) is supply


def test_holders_are_those_of_activities_and_of_flows() -> None:
    f = hand()
    held = pd.DataFrame(holders_of(f), index=f.actors.index, columns=f.stages.index)
    assert held.loc["relais"][held.loc["relais"]].index.tolist() == ["collecte", "tri"]
    assert held["tri"].sum() == 2  # the closed one holds nothing
    by_flow = Filiere.from_tables(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        flows={"source": ["a"], "target": ["b"], "target_stage": ["tri"]},
    )
    assert holders_of(by_flow).tolist() == [[False], [True]]


def test_the_role_of_buyer_counts_where_no_flow_reaches_a_market() -> None:
    assert names(*(lambda f: (f, supply_of(f).buyer))(passing(("s", "b"), ("s", "x")))) == ["b"]
    f = staged(("r1", "o1"), ("o1", "m1"))
    with_role = f.with_table("actors", f.actors.assign(roles=["transformer", "buyer", "transformer"]))
    # m1 is reached at a market stage: o1 is no buyer by its role alone
    assert names(with_role, supply_of(with_role).buyer) == ["m1"]


def test_one_organisation() -> None:
    f = hand()
    assert names(f, single_actors(f)) == ["relais", "trieur", "filature", "atelier", "boutique", "ancien"]


def test_a_buyer_that_is_an_origin_without_an_arrival_is_not_supplied() -> None:
    """b sends and nothing reaches it: there is no supply of it to cut."""
    f = passing(("b", "x"), ("s", "b2"))
    assert names(f, supply_of(f).supplied) == ["b2"]
    assert cut_actors(f).to_dict() == {"b": 0, "x": 0, "s": 1, "b2": 0}


# -- years and status --------------------------------------------------------------------------------


def two_years() -> Filiere:
    """2023: s → x → b 10 t; 2024: s → b 4 t and x → b 6 t, x fed by s 6 t."""
    rows = [
        ("s", "x", 10.0, 2023), ("x", "b", 10.0, 2023), ("s", "b", 4.0, 2024), ("s", "x", 6.0, 2024),
        ("x", "b", 6.0, 2024),
    ]  # fmt: skip
    return passing(*((row[0], row[1]) for row in rows), quantity_t_per_year=[row[2] for row in rows],
                   year=[row[3] for row in rows])  # fmt: skip


@pytest.mark.parametrize(
    ("year", "concentration", "cut", "total"), [(2023, 1.0, 1, 10.0), (2024, 0.52, 0, 10.0)]
)
def test_each_year_by_itself(year: int, concentration: float, cut: int, total: float) -> None:
    """2024: b receives 4 of s and 6 of x: 0.16 + 0.36; without x, s still supplies it."""
    f = two_years().at(year)
    assert supplier_concentration(f)["b"] == pytest.approx(concentration)
    assert cut_actors(f)["x"] == cut
    assert flow_matrix(f).inputs.sum() == total


def test_without_a_year_the_latest_counts_and_years_are_never_added() -> None:
    pd.testing.assert_series_equal(
        supplier_concentration(two_years()), supplier_concentration(two_years().at(2024))
    )
    assert average_path_length(two_years()) == average_path_length(two_years().at(2024))


@pytest.mark.parametrize("status", ["planned", "closed", "candidate"])
def test_what_is_not_active_counts_nowhere(status: str) -> None:
    """A planned passage back makes no loop, a planned second way no plan B."""
    f = passing(("s", "x"), ("x", "b"), ("x", "s"), ("s", "b"), quantity_t_per_year=4.0,
                status=["active", "active", status, status])  # fmt: skip
    assert cycles(f).empty
    assert finn_cycling_index(f) == 0.0
    assert cut_actors(f)["x"] == 1
    assert supplier_concentration(f)["b"] == 1.0


def test_a_closed_actor_takes_its_flows_with_it() -> None:
    actors = frames()["actors"].copy()
    actors.loc[actors["actor_id"] == "trieur", "status"] = "closed"
    f = hand(actors=actors)
    assert names(f, supply_of(f).supplied) == ["atelier"]
    assert flow_matrix(f).throughflow[f.network.actor_ids.get_loc("trieur")] == 0


# -- read backwards ----------------------------------------------------------------------------------


@settings(max_examples=5)
@given(st.data())
def test_all_flows_the_other_way_round(data: st.DataObject) -> None:
    """Resources become markets: as many ways; a loop stays one, and the flows are as organised."""
    pool = ["r1", "r2", "o1", "o2", "m1", "m2"]
    pair = st.tuples(st.sampled_from(pool), st.sampled_from(pool)).filter(lambda ends: ends[0] != ends[1])
    pairs = data.draw(st.lists(pair, min_size=1, max_size=10))
    t = [data.draw(st.sampled_from([1.0, 4.0, 10.0])) for _ in pairs]
    swap = str.maketrans("rm", "mr")
    first = staged(*pairs, quantity_t_per_year=t)
    second = staged(*((b.translate(swap), a.translate(swap)) for a, b in pairs), quantity_t_per_year=t)
    assert disjoint_paths(first)["paths"].tolist() == disjoint_paths(second)["paths"].tolist()
    assert finn_cycling_index(first) == pytest.approx(finn_cycling_index(second), abs=1e-12)
    assert ascendency(first) == pytest.approx(ascendency(second), nan_ok=True)
    assert cycles(first)["n_steps"].tolist() == cycles(second)["n_steps"].tolist()
    assert cycles(first)["weakest_t_per_year"].sum() == cycles(second)["weakest_t_per_year"].sum()
