"""On which side ties fall: the tables that the measures between worlds are computed from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.ties.counting import count_pairs
from chaine_valeur.analysis.cooperation.ties.partition import Blocks
from chaine_valeur.analysis.cooperation.worlds.ei_core import extremes, n_unplaced
from chaine_valeur.analysis.cooperation.worlds.sides import (
    EXTERNAL,
    INTERNAL,
    UNPLACED,
    VARIANTS,
    Reading,
    check_variant,
    n_stated,
    read,
    sides_of,
    stated_strengths,
    whole,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import layer, layers
from tests.cooperation.test_worlds_ei import with_intensities
from tests.cooperation.worlds import in_blocks

TIED, ABSENT = "tied", "absent"


def reading_of(ties: Ties, codes: list[int], n_blocks: int, strength: Any = None) -> Reading:
    """Return a layer in blocks; a code of `n_blocks` is an unknown one."""
    names = [str(code) for code in range(n_blocks)]
    keys: list[Any] = [*names, None] if n_blocks in codes[: ties.size] else list(names)
    blocks = Blocks(np.array(codes[: ties.size], dtype=np.int32), keys, [str(key) for key in keys])
    scale = (1.0, 1.0) if strength is None else (1.0, 4.0)
    return Reading(nx.Graph(), ties, blocks, n_blocks, strength, scale)


#: blocks 0: actors 0 and 1; 1: actor 2; nowhere: 3 and 4
CODES = [0, 0, 1, 2, 2]
SAID = {(0, 1): TIED, (0, 2): TIED, (1, 2): ABSENT, (1, 3): TIED, (3, 4): TIED}


def test_tables_by_hand() -> None:
    ties = layer(5, SAID, [True, False, False, False, False], directed=False)
    sides = sides_of(reading_of(ties, CODES, 2))
    # columns: block 0, block 1, nowhere
    assert sides.value[EXTERNAL].tolist() == [1, 1, 0]  # 0–2
    assert sides.value[INTERNAL].tolist() == [1, 0, 0]  # 0–1
    assert sides.value[UNPLACED].tolist() == [1, 0, 2]  # 1–3; 3–4
    assert sides.pairs[EXTERNAL].tolist() == [2, 2, 0]
    assert sides.pairs[INTERNAL].tolist() == [1, 0, 0]
    assert sides.pairs[UNPLACED].tolist() == [4, 2, 3 * 2 + 1]
    # 0 was asked; rows speak of 1–2, 1–3, 3–4: left are 1–4, 2–3, 2–4
    assert sides.undocumented[EXTERNAL].tolist() == [0, 0, 0]
    assert sides.undocumented[INTERNAL].tolist() == [0, 0, 0]
    assert sides.undocumented[UNPLACED].tolist() == [1, 2, 3]
    assert whole(sides.value) == (1, 1, 2)
    assert whole(sides.pairs) == (2, 1, 7)
    assert whole(sides.most) == (1, 1, 5)
    assert whole(sides.least) == (1, 1, 2)
    assert not sides.unstated.any()
    # least external where all that is unplaced is within, most where it is between
    assert extremes(sides) == ((1, 6), (6, 1))


def test_directed_tables_by_hand() -> None:
    said = {(0, 1): TIED, (1, 0): TIED, (0, 2): TIED, (2, 0): ABSENT, (3, 0): TIED}
    ties = layer(4, said, [False] * 4, directed=True)
    sides = sides_of(reading_of(ties, CODES, 2))
    assert sides.value[EXTERNAL].tolist() == [1, 1, 0]
    assert sides.value[INTERNAL].tolist() == [2, 0, 0]
    assert sides.value[UNPLACED].tolist() == [1, 0, 1]
    assert whole(sides.pairs) == (4, 2, 6)
    # 1–2 both ways; nothing within; 0–3 one way, 1–3 and 2–3 both ways
    assert whole(sides.undocumented) == (2, 0, 5)
    assert n_unplaced(reading_of(ties, CODES, 2)) == 1


def test_strengths_by_hand() -> None:
    ties = layer(5, SAID, [True, False, False, False, False], directed=False)
    strength = np.array([3.0, np.nan, 2.0, np.nan])  # 0–1, 0–2, 1–3, 3–4
    sides = sides_of(reading_of(ties, CODES, 2, strength))
    assert whole(sides.value) == (1, 3, 3)
    assert whole(sides.unstated) == (1, 0, 1)
    assert whole(sides.least) == (1, 3, 3)
    assert whole(sides.most) == (4, 3, 2 + 4 + 3 * 4)
    assert sides.value[INTERNAL].tolist() == [3, 0, 0]
    without_scale = sides_of(replace(reading_of(ties, CODES, 2, strength), scale=(np.nan, np.nan)))
    assert whole(without_scale.value) == (0, 3, 2)
    np.testing.assert_array_equal(whole(without_scale.least), [np.nan, 3, np.nan])


@pytest.mark.parametrize("directed", [False, True])
def test_tables_are_those_of_pairs_of_blocks(directed: bool) -> None:
    """The matrices between blocks, which take a cell per pair of blocks, say the same."""

    @given(layers(directed=directed, most=5), st.lists(st.integers(0, 2), min_size=5, max_size=5))
    @settings(max_examples=40, deadline=None)
    def check(ties: Ties, codes: list[int]) -> None:
        sides = sides_of(reading_of(ties, codes, 2))
        pairs = count_pairs(ties, np.array(codes[: ties.size], dtype=np.int32), n_blocks=3)
        for table, found in (
            (pairs.ties, sides.value),
            (pairs.possible, sides.pairs),
            (pairs.unknown, sides.undocumented),
        ):
            both = table + table.T if directed else table
            assert found[INTERNAL, :2].tolist() == table.diagonal()[:2].tolist()
            assert found[EXTERNAL, :2].tolist() == [both[0, 1]] * 2
            assert found[UNPLACED].tolist() == [both[0, 2], both[1, 2], both[0, 2] + both[1, 2] + table[2, 2]]
        assert (sides.most == sides.value + sides.undocumented).all()
        assert (sides.least == sides.value).all()

    check()


def test_readings_of_a_filiere() -> None:
    f = with_intensities()
    edges = read(f, "edges", by="pole")
    assert not edges.ties.directed
    assert edges.strength is None
    assert edges.scale == (1, 1)
    assert edges.placed.all()
    assert read(f, "arcs", by="pole").ties.directed
    weighted = read(f, "weighted", by="commune")
    assert weighted.scale == (1, 4)
    assert weighted.strength is not None
    assert sorted(weighted.strength[~np.isnan(weighted.strength)].tolist()) == [2, 3, 3, 4]
    assert weighted.placed.tolist() == [True] * 5 + [False] * 2
    assert weighted.n_blocks == n_stated(weighted.blocks) == len(weighted.blocks.keys) - 1


def test_readings_of_a_graph() -> None:
    graph = in_blocks(nx.DiGraph([(0, 1), (1, 0), (1, 2)]), "xxy")
    nx.set_edge_attributes(graph, {(0, 1): 1.0, (1, 0): 5.0}, "weight")
    assert read(graph, "ties", by="block").ties.directed
    assert not read(graph, "ties", by="block", directed=False).ties.directed
    assert not read(graph, "edges", by="block", directed=True).ties.directed  # the variant decides
    weighted = read(graph, "weighted", by="block")
    assert np.isnan(weighted.scale).all()
    symmetric = read(graph, "weighted", by="block", directed=False)
    np.testing.assert_array_equal(symmetric.strength, [5, np.nan])  # the stronger direction
    with pytest.raises(ArgumentError, match="the tie of 0 and 1 has the strength -2"):
        nx.set_edge_attributes(graph, {(0, 1): -2.0}, "weight")
        stated_strengths(graph, weighted.ties, kind=None, weight="weight")


def test_variants() -> None:
    for variant in VARIANTS:
        check_variant(variant)
    with pytest.raises(ArgumentError, match="variant='EDGES' is not one of edges, arcs, weighted"):
        check_variant("EDGES")
    with pytest.raises(ArgumentError, match="is not one of edges"):
        check_variant("arcs", ("edges",))
