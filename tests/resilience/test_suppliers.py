"""Concentration of suppliers: by hand, its bounds against trials, and at the edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.resilience import supplier_concentration, supplier_table
from chaine_valeur.analysis.resilience.suppliers import SUPPLIER_COLUMNS, shares_of_suppliers
from chaine_valeur.errors import UnknownNameError
from tests.resilience.hand import hand, passing


def test_by_hand() -> None:
    """relais: 100 and 8; filature: 60, 20, outside 12; atelier: 75 and 3 of the negoce; trieur: one."""
    found = supplier_concentration(hand())
    assert found.index.equals(hand().actors.index)
    assert found.name == "supplier_concentration"
    expected = {
        "menages": math.nan,
        "relais": (100**2 + 8**2) / 108**2,
        "trieur": 1.0,
        "filature": (60**2 + 20**2 + 12**2) / 92**2,
        "atelier": (75**2 + 3**2) / 78**2,
        "negoce": math.nan,
        "boutique": math.nan,
        "ancien": math.nan,
    }
    pd.testing.assert_series_equal(found, pd.Series(expected), check_names=False, check_index_type=False)


def test_the_table_by_hand() -> None:
    table = supplier_table(hand())
    assert table.columns.tolist() == SUPPLIER_COLUMNS
    assert table["n_suppliers"].tolist() == [0, 2, 1, 3, 2, 0, 1, 0]
    assert table["n_unknown"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0]
    # behind the outside, any number of suppliers: its 12 t leave the sum of squares
    assert math.isclose(table.loc["filature", "low"], (60**2 + 20**2) / 92**2)
    assert math.isclose(table.loc["filature", "high"], (60**2 + 20**2 + 12**2) / 92**2)
    assert table.loc["relais", "low"] == table.loc["relais", "high"] == table.loc["relais", "concentration"]
    # the boutique has one supplier, of an unknown quantity: whatever it is, it is all of it
    assert table.loc["boutique", ["low", "high"]].tolist() == [1.0, 1.0]
    assert math.isnan(table.loc["boutique", "known_t_per_year"])


def test_two_halves_are_a_half_and_parallel_flows_are_one_supplier() -> None:
    f = passing(("s", "b"), ("s", "b"), ("t", "b"), quantity_t_per_year=[2.0, 3.0, 5.0])
    assert supplier_concentration(f)["b"] == 0.5
    assert supplier_table(f).loc["b", "n_suppliers"] == 2


def test_a_measured_zero_is_no_supplier() -> None:
    table = supplier_table(passing(("s", "b"), ("t", "b"), quantity_t_per_year=[4.0, 0.0]))
    assert table.loc["b"].tolist() == [1.0, 4.0, 1.0, 1.0, 1.0, 0.0]
    nothing = supplier_table(passing(("s", "b"), quantity_t_per_year=[0.0])).loc["b"]
    assert nothing["known_t_per_year"] == 0
    assert math.isnan(nothing["concentration"])
    assert math.isnan(nothing["low"])


def test_one_unknown_beside_a_known_one() -> None:
    """10 t of s, an unknown quantity of t: the least concentrated is as much of each, 1 / (1/1 + 1)."""
    table = supplier_table(passing(("s", "b"), ("t", "b"), quantity_t_per_year=[10.0, None]))
    assert table.loc["b"].tolist() == [2.0, 10.0, 1.0, 0.5, 1.0, 1.0]


def test_only_the_outside() -> None:
    known = supplier_table(passing((None, "b"), quantity_t_per_year=[10.0])).loc["b"]
    assert known.tolist() == [1.0, 10.0, 1.0, 0.0, 1.0, 0.0]
    unknown = supplier_table(passing((None, "b"))).loc["b"]
    assert unknown[["low", "high"]].tolist() == [0.0, 1.0]
    assert math.isnan(unknown["concentration"])


def test_of_one_material() -> None:
    f = Filiere.from_tables(
        materials={"material_id": ["laine", "lin"], "name": ["Laine", "Lin"]},
        actors={"actor_id": ["a", "b", "c"], "name": ["A", "B", "C"]},
        flows={
            "source": ["a", "b", "a"],
            "target": ["c", "c", "c"],
            "material_id": ["laine", "laine", "lin"],
            "quantity_t_per_year": [3.0, 1.0, 5.0],
        },
    )
    assert supplier_concentration(f, material="laine")["c"] == 10 / 16
    assert supplier_concentration(f, material="lin")["c"] == 1.0
    assert supplier_concentration(f)["c"] == (8**2 + 1) / 81
    with pytest.raises(UnknownNameError, match="no material 'line'; did you mean"):
        supplier_concentration(f, material="line")


def test_without_flows() -> None:
    f = Filiere.from_tables(actors={"actor_id": ["a"], "name": ["A"]})
    assert supplier_concentration(f).isna().all()
    assert supplier_table(f)["n_suppliers"].tolist() == [0]


@pytest.mark.parametrize("factor", [1e-160, 1e160])
def test_tonnes_of_any_size(factor: float) -> None:
    """The squares of the tonnes would be lost; those of the shares are not."""
    supplier, receiver = np.array([0, 1]), np.array([0, 0], dtype=np.int32)
    shares = shares_of_suppliers(supplier, receiver, np.array([3.0, 1.0]) * factor, 2, 1)
    assert math.isclose(shares.value[0], 10 / 16)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(-1, 4), st.integers(0, 2), st.sampled_from([None, 0.0, 1.0, 4.0, 30.0])),
        max_size=10,
    ),
    st.integers(0, 2**32 - 1),
)
def test_the_bounds_hold_whatever_is_unknown(flows: list[tuple[int, int, float | None]], seed: int) -> None:
    """Unknown quantities are filled at random, the outside is split among new suppliers at random."""
    supplier = np.array([flow[0] for flow in flows], dtype=np.int64)
    receiver = np.array([flow[1] for flow in flows], dtype=np.int32)
    t = np.array([np.nan if flow[2] is None else flow[2] for flow in flows], dtype=float)
    shares = shares_of_suppliers(supplier, receiver, t, 5, 3)
    random = np.random.default_rng(seed)
    for place in range(3):
        mine = receiver == place
        if math.isnan(shares.low[place]):
            assert not (mine & ~(t == 0)).any()
            continue
        if not math.isnan(shares.value[place]):
            assert shares.low[place] - 1e-12 <= shares.value[place] <= shares.high[place] + 1e-12
        for _ in range(5):
            brought: dict[object, float] = {}
            for who, value in zip(supplier[mine], t[mine], strict=True):
                value = 10 ** random.uniform(-2, 3) if math.isnan(value) else value
                parts = random.dirichlet(np.ones(random.integers(1, 4))) if who < 0 else [1.0]
                for number, part in enumerate(parts):
                    key = (who, number, len(brought)) if who < 0 else who
                    brought[key] = brought.get(key, 0.0) + value * part
            total = sum(brought.values())
            found = sum((value / total) ** 2 for value in brought.values())
            assert shares.low[place] - 1e-9 <= found <= shares.high[place] + 1e-9


def test_the_largest_supplier() -> None:
    shares = shares_of_suppliers(
        np.array([2, 0, 1, -1, 1]), np.array([0, 0, 0, 0, 1]), np.array([5.0, 7.0, 7.0, 99.0, np.nan]), 3, 3
    )
    # at equal tonnes the first; the outside is nobody; nothing known of the second, nobody at the third
    assert shares.largest.tolist() == [0, -1, -1]
    assert shares.largest_t[0] == 7.0
    assert np.isnan(shares.largest_t[1:]).all()
    assert math.isclose(shares.named[0], (25 + 49 + 49) / 118**2)
