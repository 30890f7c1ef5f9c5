"""Finn's cycling index and the average path length: by hand, against the whole inverse, and at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.circularity import returning as _cycling
from chaine_valeur.analysis.flows.circularity.cycling import (
    average_path_length,
    cycling_measure,
    finn_cycling_index,
    path_length_measure,
)
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix, flow_matrix
from chaine_valeur.analysis.flows.circularity.returning import returning_share
from chaine_valeur.errors import ValidationError
from tests.resilience.hand import hand, passing


def whole_inverse(matrix: FlowMatrix) -> float:
    """The definition, with the whole matrix: the referee."""
    through = matrix.throughflow
    g = np.divide(matrix.internal.toarray(), through[:, None], out=np.zeros((matrix.size,) * 2),
                  where=through[:, None] > 0)  # fmt: skip
    n = np.diag(np.linalg.inv(np.eye(matrix.size) - g))
    return float(through @ ((n - 1) / n) / through.sum())


@st.composite
def matrices(draw: st.DrawFn) -> FlowMatrix:
    """Balanced matrices with loops, self-loops and several parts; everything finds a way out."""
    size = draw(st.integers(1, 7))
    values = st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.5, 10.0])
    inner = np.array([[draw(values) for _ in range(size)] for _ in range(size)])
    inputs = np.array([draw(values) for _ in range(size)])
    out = np.array([draw(st.sampled_from([0.5, 3.0])) for _ in range(size)])
    return FlowMatrix(inner, inputs=inputs, exports=out).balanced()


def test_a_chain_has_no_loop() -> None:
    """8 t through three compartments: TST 24, inputs 8."""
    matrix = FlowMatrix([[0, 8, 0], [0, 0, 8], [0, 0, 0]], inputs=[8, 0, 0], exports=[0, 0, 8])
    assert finn_cycling_index(matrix) == 0.0
    assert average_path_length(matrix) == 3.0


def test_two_compartments_in_a_loop() -> None:
    """a → b 10, b → a 4, 6 in and out. G_ab = 10/10, G_ba = 4/10: what comes back is 0.4 of both."""
    matrix = FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6])
    assert np.allclose(returning_share(matrix), [0.4, 0.4])
    assert math.isclose(finn_cycling_index(matrix), 0.4)
    assert math.isclose(average_path_length(matrix), 20 / 6)


def test_a_flow_to_oneself() -> None:
    """a receives 6 + 4 of its own and sends 6 on: 0.4 of its 10 come back; b passes 6. 4 / 16."""
    matrix = FlowMatrix([[4, 6], [0, 0]], inputs=[6, 0], exports=[0, 6])
    assert returning_share(matrix).tolist() == [0.4, 0.0]
    assert finn_cycling_index(matrix) == 0.25


def test_a_loop_that_nothing_leaves_goes_round_for_ever() -> None:
    matrix = FlowMatrix([[0, 10], [10, 0]], inputs=[0, 0])
    assert returning_share(matrix).tolist() == [1.0, 1.0]
    assert finn_cycling_index(matrix) == 1.0
    assert math.isnan(average_path_length(matrix))
    alone = FlowMatrix([[5]], inputs=[0])
    assert finn_cycling_index(alone) == 1.0


def test_two_components_are_solved_apart() -> None:
    """A loop of 0.4 on 20 t of throughflow beside a chain of 2 × 10 t: 8 / 40."""
    inner = np.zeros((4, 4))
    inner[0, 1], inner[1, 0], inner[2, 3] = 10, 4, 10
    matrix = FlowMatrix(inner, inputs=[6, 0, 10, 0], exports=[0, 6, 0, 10])
    assert math.isclose(finn_cycling_index(matrix), 0.2)


def test_nothing_passes() -> None:
    for matrix in (FlowMatrix([[0.0]], inputs=[0]), FlowMatrix(np.zeros((0, 0)), inputs=[])):
        assert math.isnan(finn_cycling_index(matrix))
        assert math.isnan(average_path_length(matrix))


@pytest.mark.parametrize(
    ("inner", "inputs"),
    [
        ([[0, 10], [20, 0]], [1, 0]),  # a receives 21 and sends 10, b receives 10 and sends 20: balanced by …
        ([[0, 10, 0], [30, 0, 0], [0, 0, 0]], [0, 0, 0]),
        ([[0, 5, 5], [9, 0, 9], [9, 9, 0]], [0, 0, 0]),
    ],
)
def test_a_matrix_in_which_more_leaves_than_enters(inner: list[list[float]], inputs: list[float]) -> None:
    """Unbalanced on purpose: either what circulates still dies out, or it is refused; never a share above 1."""
    matrix = FlowMatrix(inner, inputs=inputs)
    g = np.divide(matrix.internal.toarray(), matrix.throughflow[:, None], out=np.zeros_like(np.array(inner, float)),
                  where=matrix.throughflow[:, None] > 0)  # fmt: skip
    radius = max(abs(np.linalg.eigvals(g)))
    if radius < 1 - 1e-9:
        assert math.isclose(finn_cycling_index(matrix), whole_inverse(matrix))
    elif radius > 1 + 1e-9:
        with pytest.raises(ValidationError, match=r"steady state .* FlowMatrix.balanced"):
            finn_cycling_index(matrix)
    assert 0 <= finn_cycling_index(matrix.balanced()) <= 1


def test_more_leaves_a_loop_than_enters_it_is_refused_by_name() -> None:
    """b receives 1 and sends 3 of which 2 go round by a (a receives 3, sends 2 to b): 1·(3/1)·(2/3) = 2 > 1."""
    inner = [[0, 2, 0], [3, 0, 0], [0, 0, 0]]
    matrix = FlowMatrix(inner, inputs=[0, 0, 0], labels=["a", "b", "c"])
    # T = (3, 2, 0): shares 2/3 and 3/2, whose product is 1: goes round without end and without being closed
    with pytest.raises(ValidationError, match="loop of a, b"):
        finn_cycling_index(matrix)
    alone = FlowMatrix([[5, 0], [0, 0]], inputs=[0, 0], exports=[9, 0])
    assert finn_cycling_index(alone) == 1.0  # 5 in, all of it from itself


@settings(max_examples=40)
@given(matrices())
def test_component_by_component_is_the_whole_inverse(matrix: FlowMatrix) -> None:
    found = finn_cycling_index(matrix)
    if math.isnan(found):
        assert matrix.total_throughflow == 0
    else:
        assert math.isclose(found, whole_inverse(matrix), rel_tol=1e-9, abs_tol=1e-12)
        assert 0 <= found <= 1
        assert average_path_length(matrix) >= 1 - 1e-12


@settings(max_examples=25)
@given(matrices(), st.sampled_from([1e-9, 3.0, 1e12]))
def test_the_unit_does_not_matter(matrix: FlowMatrix, factor: float) -> None:
    scaled = FlowMatrix(matrix.internal * factor, inputs=matrix.inputs * factor,
                        exports=matrix.exports * factor, losses=matrix.losses * factor)  # fmt: skip
    for index in (finn_cycling_index, average_path_length):
        assert math.isclose(index(scaled), index(matrix), rel_tol=1e-9, abs_tol=1e-12) or math.isnan(
            index(matrix)
        )


@settings(max_examples=25)
@given(matrices())
def test_all_flows_the_other_way_round_give_the_same_index(matrix: FlowMatrix) -> None:
    """A loop stays a loop: N of the reversed matrix has the same diagonal where the matrix is balanced."""
    turned = FlowMatrix(matrix.internal.T, inputs=matrix.exports + matrix.losses, exports=matrix.inputs)
    first, second = finn_cycling_index(matrix), finn_cycling_index(turned)
    assert math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12) or math.isnan(first)


def test_a_large_component_is_solved_sparse_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    size = 60
    inner = random.random((size, size)) * (random.random((size, size)) < 0.1)
    matrix = FlowMatrix(inner, inputs=random.random(size), exports=random.random(size)).balanced()
    dense = returning_share(matrix)
    assert (dense > 0).sum() > 50
    monkeypatch.setattr(_cycling, "LARGEST_DENSE", 10)
    monkeypatch.setattr(_cycling, "_BLOCK", 7)
    assert np.allclose(returning_share(matrix), dense, rtol=1e-10, atol=1e-14)


def test_a_long_chain_costs_no_inverse() -> None:
    """100 000 compartments in a row: nothing to solve, TST is their number of times 1 t."""
    size = 100_000
    steps = np.arange(size - 1)
    inner = coo_array((np.ones(size - 1), (steps, steps + 1)), shape=(size, size))
    matrix = FlowMatrix(inner, inputs=np.eye(1, size)[0]).balanced()
    assert finn_cycling_index(matrix) == 0.0
    assert average_path_length(matrix) == size


# -- of a filière ------------------------------------------------------------------------------------


def test_of_a_filiere_by_hand() -> None:
    """Throughflows by actor: menages 140, relais 108, trieur 40, filature 92, atelier 78.

    The loop relais → filature → relais: 60/108 · 8/92 = 0.048309…; at both ends that share comes back.
    """
    back = 60 / 108 * 8 / 92
    f = hand()
    assert math.isclose(finn_cycling_index(f), (108 + 92) * back / 458)
    assert math.isclose(average_path_length(f), 458 / (140 + 12 + 3))
    # by activity, menages 140, collecte 100, tri of relais 88, trieur 40, filature 92, confection 78
    back = 60 / 88 * 8 / 92
    assert math.isclose(finn_cycling_index(f, by="activity"), (88 + 92) * back / 538)


def test_the_measure_tells_terms_rows_and_what_is_left_out() -> None:
    measure = cycling_measure(hand(), lang="en")
    assert math.isclose(measure.value, finn_cycling_index(hand()))
    assert math.isclose(measure.numerator / measure.denominator, measure.value)
    assert measure.denominator == 458
    assert measure.unit == "share"
    # f2 and f12 are inside an actor, f13 is unknown, f14 does not count
    assert measure.rows == {"flows": ("f1", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11")}
    assert measure.n_unknown == 1
    assert math.isnan(measure.low)
    assert measure.hypothesis_share == 0.1
    assert measure.note == (
        "1 flow of unknown quantity is left out. "
        "Only 7 actors exchange material: one flow more or less changes the figure."
    )


def test_the_measure_has_bounds_where_all_is_known() -> None:
    f = passing(("s", "x"), ("x", "b"), quantity_t_per_year=[4.0, 3.0])
    measure = cycling_measure(f, lang="en")
    assert (measure.value, measure.low, measure.high) == (0.0, 0.0, 0.0)
    assert measure.note.startswith("No loop of flows is recorded.")
    # 4 at s, 4 at x, 3 at b, 4 enter
    length = path_length_measure(f, lang="fr")
    assert (length.value, length.numerator, length.denominator) == (11 / 4, 11.0, 4.0)
    assert "3 acteurs seulement échangent de la matière" in length.note


@pytest.mark.parametrize("tables", [{}, {"flows": {"source": ["a"], "target": ["b"]}}])
def test_the_measure_of_nothing_known(tables: dict[str, dict[str, list[str]]]) -> None:
    f = Filiere.from_tables(actors={"actor_id": ["a", "b"], "name": ["A", "B"]}, **tables)
    for measure in (cycling_measure(f, lang="en"), path_length_measure(f, lang="en")):
        assert math.isnan(measure.value)
        assert measure.note.startswith("No flow has a known quantity.")
        assert measure.rows == {}


def test_no_note_on_small_numbers_from_thirty_actors_on() -> None:
    names = [f"x{number}" for number in range(30)]
    chain = list(zip(names[:-1], names[1:], strict=True))
    assert "Only 29" in cycling_measure(passing(*chain[:-1], quantity_t_per_year=1.0), lang="en").note
    assert "Only" not in cycling_measure(passing(*chain, quantity_t_per_year=1.0), lang="en").note


def test_the_filiere_is_not_changed() -> None:
    f = hand()
    before = f.flows.copy()
    finn_cycling_index(f)
    flow_matrix(f, by="activity")
    assert f.flows.equals(before)


# -- a loop of so many that a diagnostic leaves it out -------------------------------------------------


def test_a_loop_of_too_many_is_left_out_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two actors in one loop, 10 t there and 4 t back: 8 of the 20 t that pass are due to it."""
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A", "B"], "target": ["B", "A"], "quantity_t_per_year": [10.0, 4.0]},
    )
    known = cycling_measure(f, lang="en")
    assert known.value == pytest.approx(0.4)
    monkeypatch.setattr("chaine_valeur.analysis.flows.circularity.cycling.LARGEST_LOOP", 1)
    left_out = cycling_measure(f, lang="en")
    assert math.isnan(left_out.value) and math.isnan(left_out.numerator)
    assert left_out.denominator == known.denominator == 20
    assert left_out.rows == known.rows
    assert left_out.note.startswith("Beyond 1 actors in one loop of flows, what comes back is not worked out")
    assert finn_cycling_index(f) == pytest.approx(0.4)  # the function has no limit


def test_only_the_components_of_too_many_are_left_out() -> None:
    """a and b go round together, c by itself alone: 2 of the 4 t that pass it."""
    matrix = FlowMatrix([[0, 10, 0], [4, 0, 0], [0, 0, 2]], inputs=[6, 0, 2], exports=[0, 6, 2])
    whole = _cycling.returning_share(matrix)
    assert whole.tolist() == pytest.approx([0.4, 0.4, 0.5])
    some = _cycling.returning_share(matrix, most=1)
    assert np.isnan(some[:2]).all() and some[2] == whole[2]
