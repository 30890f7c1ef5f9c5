"""How published networks hang together when they are filières, alone and side by side; see tests/kernels/published.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.analysis.structure import STRUCTURE_COLUMNS, structure_of
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from tests.kernels.published import BUSINESS, COMPONENTS, DRESSING, KARATE, KITE, MARRIAGES, Published
from tests.kernels.running import line, needs_numba, version


def ends(one: Published, start: str, end: str) -> dict[str, list[Any]]:
    return {start: [one.names[a] for a, _ in one.edges], end: [one.names[b] for _, b in one.edges]}


def tied(one: Published) -> Filiere:
    """The edges as cooperations, no flow."""
    said = ends(one, "actor_id", "to_actor_id")
    return Filiere.from_tables(
        actors={"name": list(one.names)}, cooperations={**said, "kind": ["information"] * len(one.edges)}
    )


def supplying(one: Published) -> Filiere:
    """The edges as flows, no cooperation; who supplies itself is left out."""
    own = [a != b for a, b in one.edges]
    said = {
        name: [cell for cell, use in zip(cells, own, strict=True) if use]
        for name, cells in ends(one, "source", "target").items()
    }
    return Filiere.from_tables(actors={"name": list(one.names)}, flows=said)


#: name → filière and its row: actors, passages, flow_parts, largest_flow_part, looping_actors,
#: partners, pairs, parts, largest_part, cut_actors, bridges
EXPECTED: dict[str, tuple[Filiere, list[int]]] = {
    # Zachary 1977: 78 pairs of 34 members, only the instructor separates, only 1-12 is a bridge
    "karate": (tied(KARATE), [34, 0, 0, 0, 0, 34, 78, 1, 34, 1, 1]),
    # Padgett and Ansell 1993: the Pucci apart; Medici, Guadagni, Albizzi, Salviati; five bridges
    "marriages": (tied(MARRIAGES), [16, 0, 0, 0, 0, 16, 20, 1, 15, 4, 5]),
    # five families do no business; Medici and Barbadori; three bridges of the Medici
    "business": (tied(BUSINESS), [16, 0, 0, 0, 0, 16, 15, 1, 11, 2, 3]),
    # Krackhardt 1990: Heather and Ike, the two ties of Ike
    "kite": (tied(KITE), [10, 0, 0, 0, 0, 10, 18, 1, 10, 2, 2]),
    # Cormen et al. 2009, figure 22.9: 13 arcs without h → h; a b e, c d and f g are loops
    "components": (supplying(COMPONENTS), [8, 13, 1, 8, 7, 8, 0, 0, 0, 0, 0]),
    # figure 22.7: nine clothes, the watch alone, no loop
    "dressing": (supplying(DRESSING), [9, 9, 1, 8, 0, 9, 0, 0, 0, 0, 0]),
    # a triangle A B C that material goes round, D sends to E; a path B – C – D – E of ties told twice;
    # F has closed: neither its flow nor its tie counts; what comes from outside joins nobody
    "by hand": (
        Filiere.from_tables(
            actors={"name": list("ABCDEF"), "status": [None] * 5 + ["closed"], "actor_type": ["diffuse", *[None] * 5]},
            materials={"name": ["x", "y"]},
            flows={"source": ["A", "A", "B", "C", "D", "E", None], "target": ["B", "B", "C", "A", "E", "F", "D"],
                   "material_id": ["x", "y", "x", "x", "x", "x", "x"]},
            cooperations={"actor_id": ["B", "C", "D", "C", "E", "A"], "to_actor_id": ["C", "B", "C", "D", "D", "E"],
                          "kind": ["support", "support", "research", "training", "support", "support"]},
        ),
        # A is a diffuse group: no partner; C and D separate
        [5, 4, 2, 3, 3, 4, 3, 1, 4, 2, 3],
    ),
    "nobody tied": (Filiere.from_tables(actors={"name": ["A"]}), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
    "nobody": (Filiere.from_tables(actors={"name": []}), [0] * 11),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_alone(name: str) -> None:
    f, expected = EXPECTED[name]
    found = structure_of(f.network)
    assert found.iloc[0].to_dict() == dict(zip(STRUCTURE_COLUMNS, expected, strict=True))
    assert (len(found), set(map(str, found.dtypes))) == (1, {"int64"})


@pytest.mark.parametrize(
    "kind",
    [
        "plain",
        pytest.param("compiled", marks=needs_numba),
        "interpreted",
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_side_by_side(kind: str, backwards: bool) -> None:
    names = list(EXPECTED)[:: -1 if backwards else 1]
    core = Portfolio.from_filieres({name: EXPECTED[name][0] for name in names}).core
    with version(kind):
        found = structure_of(core)
    assert found.to_numpy().tolist() == [EXPECTED[name][1] for name in names]
    assert found.columns.tolist() == STRUCTURE_COLUMNS


def test_what_is_denied_is_no_pair() -> None:
    said = ends(KITE, "actor_id", "to_actor_id")
    state = ["absent" if {a, b} == {"Ike", "Jane"} else None for a, b in zip(*said.values(), strict=True)]
    f = Filiere.from_tables(actors={"name": list(KITE.names)}, cooperations={**said, "state": state})
    found = structure_of(f.network).iloc[0]
    # without the tie of Jane: nine of ten, Heather alone separates Ike
    told = found[["pairs", "parts", "largest_part", "cut_actors", "bridges"]]
    assert told.tolist() == [17, 1, 9, 1, 1]


def test_a_chain_of_two_hundred() -> None:
    source, target = line(200)
    names = [f"a{place}" for place in range(200)]
    f = Filiere.from_tables(
        actors={"name": names},
        flows={"source": [names[k] for k in source], "target": [names[k] for k in target]},
        cooperations={"actor_id": [names[k] for k in target], "to_actor_id": [names[k] for k in source]},
    )
    # all but the two ends separate, all ties are bridges, no material comes back
    found = structure_of(f.network).iloc[0].tolist()
    assert found == [200, 199, 1, 200, 0, 200, 199, 1, 200, 198, 199]
    # the last sends to the first: all are in the loop, the ties are as they were
    flows = f.flows[["source", "target"]].reset_index(drop=True)
    flows.loc[len(flows)] = ["a199", "a0"]
    again = Filiere.from_tables(actors={"name": names}, flows=flows)
    assert structure_of(again.network)["looping_actors"].tolist() == [200]


def test_the_same_figures_whatever_the_order_of_the_rows() -> None:
    order = np.random.default_rng(7).permutation(len(MARRIAGES.edges))
    people = np.random.default_rng(8).permutation(MARRIAGES.size)
    edges = [MARRIAGES.edges[k][::-1] if k % 2 else MARRIAGES.edges[k] for k in order]
    f = Filiere.from_tables(
        actors={"name": [MARRIAGES.names[k] for k in people]},
        cooperations=ends(Published(MARRIAGES.names, edges), "actor_id", "to_actor_id"),
    )
    with kernels.using("plain"):
        assert structure_of(f.network).iloc[0].tolist() == EXPECTED["marriages"][1]
