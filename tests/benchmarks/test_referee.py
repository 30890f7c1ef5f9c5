"""The referee counts what it says, and the library finds the same numbers."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import chaine_valeur as cv
from benchmarks import by_igraph
from benchmarks.__main__ import absent
from benchmarks.generator import Chain, layered_chain
from benchmarks.measuring import same
from benchmarks.referee import graphs, numbers
from benchmarks.shared import our_numbers
from benchmarks.structure import diagnostic, raw_bytes
from chaine_valeur.kernels import using
from tests.benchmarks.hand import BY_HAND, hand_chain


def ours(chain: Chain) -> dict[str, float]:
    return our_numbers(diagnostic(cv.Filiere.from_tables(**chain.tables).network))


def test_the_referee_counts_as_one_does_by_hand() -> None:
    found = numbers(graphs(hand_chain()))
    assert set(found) == set(BY_HAND)
    assert found == pytest.approx(BY_HAND)


def test_the_library_counts_as_one_does_by_hand() -> None:
    found = ours(hand_chain())
    assert {name: found[name] for name in BY_HAND} == pytest.approx(BY_HAND)


def test_igraph_counts_as_one_does_by_hand() -> None:
    if not by_igraph.there():  # an extra of the benchmarks only
        assert "igraph is not installed: it is left out" in absent()
        return
    found = by_igraph.numbers(hand_chain())
    assert found == pytest.approx({name: BY_HAND[name] for name in found})
    assert {"density", "cut_actors", "bridges", "looping_actors"} <= set(found)


@pytest.mark.parametrize(("actors", "seed"), [(12, 2), (30, 3), (60, 4), (200, 5)])
def test_both_find_the_same_in_what_is_drawn(actors: int, seed: int) -> None:
    chain = layered_chain(actors, seed=seed)
    expected = numbers(graphs(chain))
    same(ours(chain), expected, who="networkx")
    if by_igraph.there():
        same(expected, by_igraph.numbers(chain), who="igraph")
    with using("plain"):
        same(ours(chain), expected, who="networkx")


def test_a_chain_that_goes_round_is_seen_by_both() -> None:
    chain = hand_chain()
    back = pd.DataFrame({"source": ["C"], "target": ["A"], "quantity_t_per_year": [1.0], "year": [2022]})
    flows = pd.concat([chain.tables["flows"], back], ignore_index=True)
    round_ = Chain({**chain.tables, "flows": flows})
    expected = numbers(graphs(round_))
    assert expected["looping_actors"] == 3  # A, B, C
    same(ours(round_), expected, who="networkx")


def test_without_ties_there_is_no_share() -> None:
    chain = hand_chain()
    few = chain.tables["cooperations"].iloc[:1]  # one joint project: nothing that could be returned
    expected = numbers(graphs(Chain({**chain.tables, "cooperations": few})))
    assert math.isnan(expected["reciprocity"])
    assert expected["pairs"] == 1


def test_the_arrays_of_a_core_are_counted_once_each() -> None:
    core = cv.Filiere.from_tables(**layered_chain(500).tables).network
    raw = raw_bytes(core)
    flows, rows = len(core.flow_t), len(core.cooperation_rows.a)
    # at least the tonnes and both ends of each flow, and both ends of each cooperation; at most 200 bytes for each
    assert flows * (8 + 4 + 4) + rows * (4 + 4) < raw
    assert raw < 200 * (flows + rows + core.n_actors)
