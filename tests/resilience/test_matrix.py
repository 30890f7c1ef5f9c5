"""Matrices of flows: what is taken, what is refused, and what a filière becomes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix, flow_matrix, matrix_of
from chaine_valeur.errors import ArgumentError, UnknownNameError, ValidationError
from tests.resilience.hand import hand

DENSE = [[0.0, 10.0], [4.0, 0.0]]


@pytest.mark.parametrize("kind", [list, np.array, coo_array, lambda rows: pd.DataFrame(rows)])
def test_any_kind_of_matrix_is_taken(kind: type) -> None:
    matrix = FlowMatrix(kind(DENSE), inputs=[6, 0])
    assert matrix.internal.toarray().tolist() == DENSE
    assert matrix.exports.tolist() == matrix.losses.tolist() == [0.0, 0.0]
    assert matrix.labels.tolist() == [0, 1]
    assert matrix.throughflow.tolist() == [10.0, 10.0]
    assert matrix.outflow.tolist() == [10.0, 4.0]


def test_the_argument_is_not_changed_nor_shared() -> None:
    given, inputs = np.array(DENSE), np.array([6.0, 0.0])
    matrix = FlowMatrix(given, inputs=inputs)
    given[0, 1], inputs[0] = 99, 99
    assert matrix.internal[0, 1] == 10
    assert matrix.inputs[0] == 6
    with pytest.raises(AttributeError):
        matrix.n_unknown = 3  # type: ignore[misc]


def test_parallel_entries_of_a_sparse_matrix_are_added() -> None:
    matrix = FlowMatrix(coo_array(([1.0, 2.0, 0.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2)), inputs=[3, 0])
    assert matrix.internal.nnz == 1
    assert matrix.internal[0, 1] == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"internal": [[0, 1, 2]]}, "square"),
        ({"internal": [[0, -1], [0, 0]]}, "internal: .* not negative"),
        ({"internal": [[0, np.inf], [0, 0]]}, "internal: flows are finite"),
        ({"inputs": [np.nan, 0]}, "inputs: flows are finite"),
        ({"inputs": [1, 2, 3]}, r"inputs: \(3,\) values for 2"),
        ({"losses": [-1, 0]}, "losses: .* state the reverse flow"),
        ({"labels": ["a"]}, "1 labels for 2"),
        ({"labels": ["a", "a"]}, "one of its own"),
        ({"internal": pd.DataFrame(DENSE, index=list("ab"), columns=list("ba"))}, "same labels"),
    ],
)
def test_what_is_no_matrix_of_flows_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FlowMatrix(**({"internal": DENSE, "inputs": [6, 0]} | changed))


def test_a_series_about_a_stranger_is_refused_with_the_close_name() -> None:
    with pytest.raises(UnknownNameError, match="exports: no compartment 'tria'; did you mean: tri"):
        FlowMatrix(DENSE, inputs=[6, 0], exports=pd.Series({"tria": 1.0}), labels=["tri", "usine"])


def test_a_series_may_leave_compartments_out() -> None:
    matrix = FlowMatrix(DENSE, inputs=pd.Series({"b": 2.0}), labels=["a", "b"])
    assert matrix.inputs.tolist() == [0.0, 2.0]


def test_balancing_adds_what_is_missing_on_either_side() -> None:
    """a receives 4 + 6 and sends 10; b receives 10 and sends 4: 6 are used at b. c sends 3 out of nothing."""
    matrix = FlowMatrix([[0, 10, 0], [4, 0, 0], [0, 3, 0]], inputs=[6, 0, 0])
    balanced = matrix.balanced()
    assert balanced.inputs.tolist() == [6, 0, 3]
    assert balanced.losses.tolist() == [0, 9, 0]
    assert np.array_equal(balanced.throughflow, balanced.outflow)
    assert matrix.losses.tolist() == [0, 0, 0]
    again = balanced.balanced()
    assert np.array_equal(again.inputs, balanced.inputs)
    assert np.array_equal(again.losses, balanced.losses)


# -- from a filière ----------------------------------------------------------------------------------


def entries(matrix: FlowMatrix) -> dict[tuple[str, str], float]:
    inner = matrix.internal.tocoo()
    return {
        (matrix.labels[a], matrix.labels[b]): float(t)
        for a, b, t in zip(inner.row, inner.col, inner.data, strict=True)
    }


def boundary(values: np.ndarray, matrix: FlowMatrix) -> dict[str, float]:
    return {label: float(t) for label, t in zip(matrix.labels, values, strict=True) if t}


def test_by_actor() -> None:
    """See the rows of `hand`: collecte → tri inside relais does not show; the negoce is the outside."""
    matrix = flow_matrix(hand())
    assert matrix.labels.name == "actor_id"
    assert entries(matrix) == {
        ("menages", "relais"): 100.0,
        ("menages", "trieur"): 40.0,
        ("relais", "filature"): 60.0,
        ("trieur", "filature"): 20.0,
        ("filature", "atelier"): 75.0,
        ("filature", "relais"): 8.0,
    }
    # imports: 12 from nobody to the filature, 3 from the negoce to the atelier; resources: the households
    assert boundary(matrix.inputs, matrix) == {"menages": 140.0, "filature": 12.0, "atelier": 3.0}
    assert boundary(matrix.exports, matrix) == {"relais": 15.0}
    # relais 100 + 8 − 60 − 15; trieur 40 − 20; filature 60 + 20 + 12 − 70 − 5 − 8; atelier 70 + 5 + 3
    assert boundary(matrix.losses, matrix) == {
        "relais": 33.0,
        "trieur": 20.0,
        "filature": 9.0,
        "atelier": 78.0,
    }
    assert matrix.n_unknown == 1
    assert np.allclose(matrix.throughflow, matrix.outflow)


def test_by_activity_the_declared_passage_inside_an_actor_shows() -> None:
    matrix = flow_matrix(hand(), by="activity")
    found = entries(matrix)
    assert found[("relais · collecte", "relais · tri")] == 80.0
    assert found[("menages · gisement", "relais · collecte")] == 100.0
    assert found[("filature · filage", "relais · tri")] == 8.0
    assert found[("filature · filage", "atelier · confection")] == 75.0
    assert ("atelier · confection", "atelier · vente") not in found
    # collecte 100 − 80 stays there; tri 80 + 8 − 60 − 15 is lost
    losses = boundary(matrix.losses, matrix)
    assert losses["relais · collecte"] == 20.0
    assert losses["relais · tri"] == 13.0
    assert "negoce · negoce" not in boundary(matrix.throughflow, matrix)


def test_by_stage_what_stays_at_a_stage_does_not_show() -> None:
    matrix = flow_matrix(hand(), by="stage")
    assert matrix.labels.name == "stage_id"
    assert entries(matrix) == {
        ("gisement", "collecte"): 100.0,
        ("gisement", "tri"): 40.0,
        ("collecte", "tri"): 80.0,
        ("tri", "filage"): 80.0,
        ("filage", "confection"): 75.0,
        ("filage", "tri"): 8.0,
    }


def test_between_two_actors_of_one_stage() -> None:
    f = Filiere.from_tables(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={"actor_id": ["a", "b"], "stage_id": ["tri", "tri"]},
        flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [7.0]},
    )
    assert entries(flow_matrix(f)) == {("a", "b"): 7.0}
    assert entries(flow_matrix(f, by="activity")) == {("a · tri", "b · tri"): 7.0}
    assert entries(flow_matrix(f, by="stage")) == {}
    assert flow_matrix(f, by="stage").n_unknown == 0


def test_an_actor_without_a_stage() -> None:
    f = Filiere.from_tables(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={"actor_id": ["a"], "stage_id": ["tri"]},
        flows={"source": ["a", "b"], "target": ["b", None], "quantity_t_per_year": [7.0, 2.0]},
    )
    assert entries(flow_matrix(f)) == {("a", "b"): 7.0}
    by_activity = flow_matrix(f, by="activity")
    assert entries(by_activity) == {("a · tri", "b · ?"): 7.0}
    assert boundary(by_activity.exports, by_activity) == {"b · ?": 2.0}
    by_stage = flow_matrix(f, by="stage")
    assert entries(by_stage) == {}
    assert by_stage.n_unknown == 2


def test_two_declarations_of_one_flow_count_once_and_parallel_flows_add() -> None:
    f = Filiere.from_tables(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        materials={"material_id": ["x", "y"], "name": ["X", "Y"]},
        flows={
            "flow_id": ["one", "again", "other"],
            "source": ["a"] * 3,
            "target": ["b"] * 3,
            "material_id": ["x", "x", "y"],
            "quantity_t_per_year": [7.0, 9.0, 2.0],
            "same_flow_as": [None, "one", None],
        },
    )
    assert entries(flow_matrix(f)) == {("a", "b"): 9.0}


def test_no_flows_and_no_known_quantity() -> None:
    empty = Filiere.from_tables(actors={"name": ["A"]})
    silent = Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"]})
    for f, unknown in ((empty, 0), (silent, 1)):
        for by in ("actor", "activity", "stage"):
            matrix = flow_matrix(f, by=by)
            assert matrix.total_throughput == 0
            assert matrix.n_unknown == unknown


def test_another_kind_of_compartment_is_refused() -> None:
    with pytest.raises(ArgumentError, match="by='pole' is not one of actor, activity, stage"):
        flow_matrix(hand(), by="pole")


def test_a_matrix_is_taken_as_it_is_and_that_of_a_filiere_made_once() -> None:
    matrix = FlowMatrix(DENSE, inputs=[6, 0])
    assert matrix_of(matrix) is matrix
    assert matrix_of(hand()) is matrix_of(hand())
    assert matrix_of(hand(), by="stage") is not matrix_of(hand())
