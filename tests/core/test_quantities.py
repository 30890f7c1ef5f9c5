"""Tonnes of a row, uncertainty of a figure, and every declaration of each flow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.uncertainty import (
    CONFIDENCE_UNCERTAINTY,
    relative_uncertainty,
    uncertainty_table,
)
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.quantities import in_tonnes, with_tonnes
from chaine_valeur.vocabulary import Confidence


def filiere(**tables: Any) -> Filiere:
    given = {
        "actors": {"actor_id": ["A", "B", "C", "closed"], "name": ["A", "B", "C", "Closed"],
                   "status": [None, None, None, "closed"]},
        "materials": {"material_id": ["paper", "glass", "air"], "name": ["Paper", "Glass", "Air"],
                      "unit": ["bale", "m3", None], "t_per_unit": [0.45, 2.5, None]},
    }  # fmt: skip
    return Filiere.from_tables(**(given | tables))


# -- tonnes ----------------------------------------------------------------------------------------


def flows_in_units() -> Filiere:
    return filiere(
        flows={
            "flow_id": ["t", "units", "both", "tonnes", "no material", "nothing", "zero"],
            "source": ["A"] * 7,
            "target": ["B"] * 7,
            "material_id": ["paper", "paper", "glass", "air", None, "paper", "glass"],
            "quantity_t_per_year": [12, None, 7, None, None, None, None],
            "natural_quantity_per_year": [None, 200, 100, 3, 4, None, 0],
        }
    )


def test_tonnes_else_units_converted():
    found = in_tonnes(flows_in_units(), "flows")
    # 200 bales of 0.45 t; a stated tonnage is believed before the units; 0 units are 0 t;
    # a material without a unit is counted in tonnes
    expected = {
        "t": 12,
        "units": 90,
        "both": 7,
        "tonnes": 3,
        "no material": np.nan,
        "nothing": np.nan,
        "zero": 0,
    }
    pd.testing.assert_series_equal(found, pd.Series(expected, dtype="float64"), check_names=False)
    assert (found.index.name, found.name) == ("flow_id", "quantity_t_per_year")


def test_the_table_is_completed_and_not_changed():
    f = flows_in_units()
    before = f.flows.copy()
    frame = with_tonnes(f, "flows")
    assert list(frame.columns) == list(before.columns)
    assert frame["natural_quantity_per_year"].equals(before["natural_quantity_per_year"])
    frame["quantity_t_per_year"] = -1.0
    pd.testing.assert_frame_equal(f.flows, before)
    assert in_tonnes(f, "flows")["units"] == pytest.approx(90)


def test_markets_have_units_too():
    f = filiere(
        markets={
            "market_id": ["s", "d"],
            "actor_id": ["A", "B"],
            "kind": ["supply", "demand"],
            "material_id": ["paper", "glass"],
            "natural_quantity_per_year": [10, 4],
        }
    )
    assert in_tonnes(f, "markets").to_dict() == {"s": pytest.approx(4.5), "d": pytest.approx(10)}


def test_the_network_carries_what_units_give():
    net = flows_in_units().network
    np.testing.assert_allclose(net.flow_t, [12, 90, 7, 3, np.nan, np.nan, 0])


@pytest.mark.parametrize("name", ["flows", "markets"])
def test_tables_without_rows(name):
    found = in_tonnes(filiere(), name)
    assert found.empty and found.dtype == np.float64


# -- uncertainty -----------------------------------------------------------------------------------


def test_the_table_of_uncertainties():
    assert set(CONFIDENCE_UNCERTAINTY) == {*(kind.value for kind in Confidence), ""}
    firmest_first = [
        CONFIDENCE_UNCERTAINTY[kind] for kind in ("measured", "declared", "estimated", "hypothesis")
    ]
    assert firmest_first == sorted(firmest_first)
    with pytest.raises(TypeError):
        CONFIDENCE_UNCERTAINTY["measured"] = 0.0  # type: ignore[index]


def test_a_changed_table_leaves_the_first_as_it_is():
    changed = uncertainty_table({"declared": 0.3, "": 1})
    assert (changed["declared"], changed[""], changed["measured"]) == (0.3, 1, 0.05)
    assert uncertainty_table() == dict(CONFIDENCE_UNCERTAINTY)
    assert uncertainty_table({"measured": 0})["measured"] == 0


@pytest.mark.parametrize("wrong", [-0.01, float("nan"), float("inf")])
def test_uncertainties_that_are_none(wrong):
    with pytest.raises(ArgumentError, match="estimated"):
        uncertainty_table({"estimated": wrong})


def test_a_confidence_that_does_not_exist():
    with pytest.raises(UnknownNameError, match="measured"):
        uncertainty_table({"mesured": 0.1})


def test_row_then_cell_then_confidence():
    f = filiere(
        flows={
            "flow_id": ["own", "exact", "cell", "other cell", "row", "silent"],
            "source": ["A"] * 6,
            "target": ["B", "C"] * 3,
            "quantity_t_per_year": [1.0] * 6,
            "uncertainty_share": [0.4, 0.0, None, None, None, None],
            "confidence": ["measured", "hypothesis", "measured", "measured", "declared", None],
        },
        cell_sources={
            "table": ["flows", "Flux"],
            "row_id": ["cell", "other cell"],
            "column": ["quantity_t_per_year", "Montant"],
            "confidence": ["hypothesis", "hypothesis"],
        },
    )
    found = relative_uncertainty(f, "flows", "quantity_t_per_year")
    expected = {"own": 0.4, "exact": 0, "cell": 0.5, "other cell": 0.05, "row": 0.1, "silent": 0.25}
    assert found.to_dict() == expected
    assert found.index.name == "flow_id" and found.dtype == np.float64
    # the amount of that other row is the one that rests on a hypothesis
    assert relative_uncertainty(f, "flows", "amount_eur_per_year")["other cell"] == 0.5
    changed = relative_uncertainty(f, "flows", "quantity_t_per_year", changed={"": 0.9})
    assert (changed["silent"], changed["own"]) == (0.9, 0.4)


# -- declarations ----------------------------------------------------------------------------------


def declared(f: Filiere) -> dict[str, list[str]]:
    """Return, per flow that counts, the identifiers of its declarations, in table order."""
    net = f.network
    found: dict[str, list[str]] = {flow_id: [] for flow_id in net.flow_ids}
    for row, flow in zip(net.declared_row.tolist(), net.declared_flow.tolist(), strict=True):
        found[net.flow_ids[flow]].append(f.flows.index[row])
    return {flow_id: sorted(rows) for flow_id, rows in found.items()}


def test_declarations_of_each_flow():
    f = filiere(
        flows={
            "flow_id": ["a", "b", "c", "d", "e", "f"],
            "source": ["A", "A", "A", "B", "B", "A"],
            "target": ["B", "B", "B", "C", "C", "closed"],
            "quantity_t_per_year": [None, 5, 6, 7, 8, 9],
            "confidence": ["measured", "estimated", "declared", None, None, None],
            "same_flow_as": [None, "a", "b", None, None, None],
        }
    )
    # c is firmer than b, and a has no quantity; what goes to one who is closed does not count
    assert declared(f) == {"c": ["a", "b", "c"], "d": ["d"], "e": ["e"]}


def test_declarations_of_other_years_and_states_do_not_count():
    f = filiere(
        flows={
            "flow_id": ["a", "b", "c", "d"],
            "source": ["A"] * 4,
            "target": ["B"] * 4,
            "year": [2021, 2020, None, 2021],
            "quantity_t_per_year": [5, 6, 7, 8],
            "same_flow_as": [None, None, "a", "a"],
            "status": [None, None, None, "planned"],
        }
    )
    assert declared(f) == {"a": ["a", "c"]}
    assert declared(f.at(2020))["b"] == ["b"]


def test_no_flow_has_no_declaration():
    net = filiere().network
    assert len(net.declared_row) == len(net.declared_flow) == 0


@settings(max_examples=12)
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 9)), st.booleans()), min_size=1, max_size=10))
def test_every_row_that_counts_is_declared_once(drawn):
    names = [f"f{k}" for k in range(len(drawn))]
    links = [names[link] if link is not None and link < k else None for k, (link, _) in enumerate(drawn)]
    f = filiere(
        flows={
            "flow_id": names,
            "source": ["A"] * len(names),
            "target": ["B"] * len(names),
            "quantity_t_per_year": [float(k) for k in range(len(names))],
            "same_flow_as": links,
            "status": ["active" if alive else "closed" for _, alive in drawn],
        }
    )
    alive = {name for name, (_, use) in zip(names, drawn, strict=True) if use}
    found = declared(f)
    rows = [row for declarations in found.values() for row in declarations]
    assert sorted(rows) == sorted(alive)
    for flow_id, declarations in found.items():
        assert flow_id in declarations
    # groups as the links join them, found in a plain walk
    group = dict.fromkeys(names)
    for name, link in zip(names, links, strict=True):
        group[name] = group[link] if link else name
    by_group: dict[Any, set[str]] = {}
    for name in alive:
        by_group.setdefault(group[name], set()).add(name)
    assert sorted(map(sorted, by_group.values())) == sorted(found.values())
