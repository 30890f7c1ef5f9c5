"""The published numbers of the oyster reef, and what its tables say before any index."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import resilience
from chaine_valeur.analysis.flows.circularity.cycling import average_path_length, finn_cycling_index
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix
from chaine_valeur.analysis.flows.circularity.returning import returning_share
from tests.resilience.reef import COMPUTED, NODES, PRINTED, frame, reef


def digits(value: float) -> float:
    """Half a unit of the last printed digit."""
    decimals = len(str(value).partition(".")[2])
    return 0.5 * 10**-decimals + 1e-12


@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_values(name: str) -> None:
    assert abs(resilience.network_indices(reef())[name] - PRINTED[name]) <= digits(PRINTED[name])


def test_the_values_of_enar_to_a_millionth() -> None:
    found = resilience.network_indices(reef())
    assert found.index.name == "index"
    assert found.index.tolist() == list(COMPUTED)
    for name, value in COMPUTED.items():
        assert math.isclose(found[name], value, rel_tol=1e-6), name


def test_each_function_gives_its_value_of_the_table() -> None:
    matrix, found = reef(), resilience.network_indices(reef())
    assert finn_cycling_index(matrix) == found["FCI"]
    assert average_path_length(matrix) == found["APL"]
    assert resilience.ascendency(matrix) == found["ratio"]
    assert resilience.robustness(matrix) == found["robustness"]


def test_totals_and_boundary() -> None:
    """41.47 enters and is respired (25.165 + 5.76 + 3.5794 + 0.4303 + 0.3594 + 6.1759 = 41.47)."""
    matrix = reef()
    assert matrix.size == 6
    assert matrix.internal.nnz == 12
    assert matrix.inputs.sum() == 41.47
    assert math.isclose(matrix.losses.sum(), 41.47)
    assert matrix.exports.sum() == 0
    assert math.isclose(matrix.total_throughput, 41.47 * 2 + frame().to_numpy().sum())
    # 9.208256 of throughflow is cycled (vignette, mode 2)
    assert math.isclose(float(matrix.throughflow @ returning_share(matrix)), 9.208256, abs_tol=5e-7)


def test_imbalances_are_those_of_the_source() -> None:
    """The published table balances to its fourth digit only: 0.0005, 0.0001, −0.0001, 0, 0, −0.0005."""
    matrix = reef()
    difference = matrix.throughflow - matrix.outflow
    assert np.allclose(difference, [0.0005, 0.0001, -0.0001, 0, 0, -0.0005], atol=1e-9)


def test_the_one_large_loop_has_five_compartments() -> None:
    """« no_scc_big » 1, « pscc » 5/6: all but the filter feeders."""
    shares = returning_share(reef())
    assert (shares > 0).tolist() == [False, True, True, True, True, True]


def test_order_of_the_compartments_does_not_matter() -> None:
    order = [3, 0, 5, 1, 4, 2]
    table = frame().iloc[order, order]
    nodes = pd.DataFrame(NODES, columns=["name", "z", "e", "r"]).set_index("name")
    # series are brought to the order of the frame by their labels
    matrix = FlowMatrix(table, inputs=nodes["z"], exports=nodes["e"], losses=nodes["r"])
    assert matrix.labels.tolist() == table.index.tolist()
    pd.testing.assert_series_equal(
        resilience.network_indices(matrix), resilience.network_indices(reef()), rtol=1e-12
    )


def test_cycles_of_the_reef() -> None:
    """All through the detritus (D). M microbiota, f meiofauna, d deposit feeders, p predators.

    From D: to M (→ f or d), to f (→ d or D), to d (→ p or D); p → D. Ways back to D:
    f D; d D; d p D; f d D; f d p D; M f D; M f d D; M f d p D; M d D; M d p D: ten loops.
    """
    found = resilience.cycles(reef())
    assert len(found) == 10
    assert found["n_steps"].tolist() == sorted(found["n_steps"])
    assert found["n_steps"].value_counts().sort_index().to_dict() == {2: 2, 3: 4, 4: 3, 5: 1}
    longest = found.iloc[-1]
    assert longest["cycle"] == "Microbiota → Meiofauna → Deposit Feeders → Predators → Deposited Detritus"
    # 1.206, 0.6609, 0.1721, 0.3262, 8.1721: the weakest is 0.1721
    assert longest["weakest_t_per_year"] == 0.1721
    assert (longest["weakest_source"], longest["weakest_target"]) == ("Deposit Feeders", "Predators")
