"""Organisation and robustness: by hand, against a plain reading of the formulas, and at the edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix, flow_matrix
from chaine_valeur.analysis.resilience import ascendency, network_indices, robustness
from chaine_valeur.analysis.resilience.information import INDEX_NAMES
from chaine_valeur.analysis.resilience.measures import ascendency_measure, robustness_measure
from tests.resilience.hand import hand, passing
from tests.resilience.reef import reef
from tests.resilience.test_cycling import matrices


def slow(matrix: FlowMatrix, *, one_sink: bool = False) -> tuple[float, float]:
    """AMI and H by a loop over the cells of the extended matrix."""
    size = matrix.size
    table = np.zeros((size + 1, size + 2))
    table[:size, :size] = matrix.internal.toarray()
    table[size, :size] = matrix.inputs
    table[:size, size] = matrix.exports
    table[:size, size if one_sink else size + 1] += matrix.losses
    share = table / table.sum()
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    mutual = diversity = 0.0
    for i in range(size + 1):
        for j in range(size + 2):
            if share[i, j] > 0:
                mutual += share[i, j] * math.log2(share[i, j] / (rows[i] * columns[j]))
                diversity -= share[i, j] * math.log2(share[i, j])
    return mutual, diversity


def test_a_chain_is_all_order() -> None:
    """Three flows of 8 t, each alone in its row and column: AMI = H = log2 3, nothing in reserve."""
    matrix = FlowMatrix([[0, 8], [0, 0]], inputs=[8, 0], losses=[0, 8])
    found = network_indices(matrix)
    assert found.index.tolist() == INDEX_NAMES
    assert math.isclose(found["AMI"], math.log2(3))
    assert math.isclose(found["H"], math.log2(3))
    assert math.isclose(found["ascendency"], 24 * math.log2(3))
    assert found["overhead"] == pytest.approx(0, abs=1e-12)
    assert ascendency(matrix) == pytest.approx(1)
    assert robustness(matrix) == pytest.approx(0, abs=1e-12)


def test_two_sources_to_two_users_all_ways() -> None:
    """Nodes a, b each receive 2 and send 1 to c and 1 to d, which use 2 each.

    p: z→a, z→b, c→r, d→r at 2/12 each, the four flows between at 1/12 each.
    H = 4·(1/6)·log2 6 + 4·(1/12)·log2 12 = (2/3)·log2 6 + (1/3)·log2 12 = log2 6 + 1/3.
    Rows: z 1/3; a, b 1/6; c, d 1/6. Columns: a, b 1/6; c, d 1/6; r 1/3.
    AMI: z→a: (1/6)/(1/3·1/6) = 3, twice; c→r the same, twice; a→c: (1/12)/(1/6·1/6) = 3, four times:
    AMI = log2 3.
    """
    inner = np.zeros((4, 4))
    inner[:2, 2:] = 1
    matrix = FlowMatrix(inner, inputs=[2, 2, 0, 0], losses=[0, 0, 2, 2])
    found = network_indices(matrix)
    assert math.isclose(found["H"], math.log2(6) + 1 / 3)
    assert math.isclose(found["AMI"], math.log2(3))
    assert math.isclose(found["ratio"], math.log2(3) / (math.log2(6) + 1 / 3))
    assert math.isclose(found["TSTp"], 12)
    assert math.isclose(found["TST"], 8)
    assert math.isclose(found["APL"], 2)


def test_exports_and_losses_are_two_sinks() -> None:
    """One compartment, 4 in, 2 exported and 2 lost: H = ½·1 + 2·¼·2 = 1.5; AMI 1 with one sink or two."""
    matrix = FlowMatrix([[0]], inputs=[4], exports=[2], losses=[2])
    assert math.isclose(network_indices(matrix)["H"], 1.5)
    assert math.isclose(network_indices(matrix)["AMI"], 1.0)
    one = FlowMatrix([[0]], inputs=[4], exports=[4])
    assert math.isclose(network_indices(one)["H"], 1.0)


@pytest.mark.parametrize("one_sink", [True, False])
def test_of_the_reef_by_the_slow_reading(one_sink: bool) -> None:
    """The reef exports nothing: one sink or two, the published values are the same."""
    mutual, diversity = slow(reef(), one_sink=one_sink)
    found = network_indices(reef())
    assert math.isclose(found["AMI"], mutual, rel_tol=1e-12)
    assert math.isclose(found["H"], diversity, rel_tol=1e-12)


@settings(max_examples=40)
@given(matrices())
def test_the_fast_reading_is_the_slow_one(matrix: FlowMatrix) -> None:
    found = network_indices(matrix)
    if matrix.total_throughput == 0:
        assert found.isna().all()
        return
    mutual, diversity = slow(matrix)
    assert math.isclose(found["AMI"], mutual, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(found["H"], diversity, rel_tol=1e-9, abs_tol=1e-12)
    assert -1e-12 <= found["ratio"] <= 1
    assert 0 <= found["robustness"] <= 1 / math.e + 1e-12
    assert math.isclose(
        found["overhead"], found["capacity"] - found["ascendency"], rel_tol=1e-9, abs_tol=1e-9
    )


@settings(max_examples=25)
@given(matrices())
def test_order_and_unit_of_the_compartments_do_not_matter(matrix: FlowMatrix) -> None:
    order = np.arange(matrix.size)[::-1]
    turned = FlowMatrix(
        matrix.internal[order][:, order] * 1000.0,
        inputs=matrix.inputs[order] * 1000.0,
        exports=matrix.exports[order] * 1000.0,
        losses=matrix.losses[order] * 1000.0,
    )
    free = ["FCI", "APL", "AMI", "H", "ratio", "robustness"]
    pd.testing.assert_series_equal(
        network_indices(matrix)[free], network_indices(turned)[free], rtol=1e-9, atol=1e-12
    )


def test_nothing_or_one_flow_alone() -> None:
    assert network_indices(FlowMatrix([[0]], inputs=[0])).isna().all()
    alone = FlowMatrix([[7]], inputs=[0])
    found = network_indices(alone)
    # one flow: no diversity, so no share of it
    assert (found["AMI"], found["H"]) == (0.0, 0.0)
    assert math.isnan(found["ratio"])
    assert math.isnan(robustness(alone))


def test_of_a_filiere_it_is_that_of_its_matrix() -> None:
    for by in ("actor", "activity", "stage"):
        matrix = flow_matrix(hand(), by=by)
        mutual, diversity = slow(matrix)
        assert math.isclose(ascendency(hand(), by=by), mutual / diversity)
        assert math.isclose(robustness(hand(), by=by), -(mutual / diversity) * math.log(mutual / diversity))
        pd.testing.assert_series_equal(network_indices(hand(), by=by), network_indices(matrix))


def test_the_measures() -> None:
    first, second = ascendency_measure(hand(), lang="en"), robustness_measure(hand(), lang="fr")
    assert math.isclose(first.value, ascendency(hand()))
    assert math.isclose(second.value, robustness(hand()))
    for measure in (first, second):
        assert measure.unit == "ratio"
        assert math.isnan(measure.high)
        assert measure.n_unknown == 1
        assert measure.n_rows == 10
    assert second.note.startswith("1 flux de tonnage inconnu n’est pas compté.")
    known = passing(("s", "x"), ("x", "b"), quantity_t_per_year=4.0)
    # four flows of 4 t (in, two passages, use), each alone: a = 1
    measure = ascendency_measure(known, lang="en")
    assert measure.value == measure.low == measure.high == pytest.approx(1.0)


def test_the_measures_of_nothing() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    for measure in (ascendency_measure(f, lang="en"), robustness_measure(f, lang="en")):
        assert math.isnan(measure.value)
        assert measure.note == "No flow has a known quantity."
