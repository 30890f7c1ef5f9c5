"""How networks hang together, of all filières at once: networkx is asked about each of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx
import pytest

from chaine_valeur import datasets, kernels
from chaine_valeur.analysis.structure import STRUCTURE_COLUMNS, structure_of
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio

from .drawn import drawn


@pytest.fixture(scope="module")
def filieres() -> dict[str, Filiere]:
    return {"lin": datasets.load("lin_composite"), **{f"d{seed}": drawn(seed) for seed in range(40)}}


def plain(f: Filiere) -> dict[str, int]:
    """Return the same with networkx, from the arrays of the filière alone."""
    net = f.network
    flows = nx.DiGraph()
    flows.add_nodes_from(range(net.n_actors))
    ends = zip(net.flow_source.tolist(), net.flow_target.tolist(), strict=True)
    flows.add_edges_from((a, b) for a, b in ends if a >= 0 and b >= 0 and a != b)
    ties = net.ties()
    pairs = nx.Graph()
    pairs.add_nodes_from(range(ties.size))
    pairs.add_edges_from(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    return dict(
        zip(
            STRUCTURE_COLUMNS,
            [
                int(net.active.sum()),
                flows.number_of_edges(),
                *sizes(nx.weakly_connected_components(flows)),
                sum(len(part) for part in nx.strongly_connected_components(flows) if len(part) > 1),
                ties.size,
                pairs.number_of_edges(),
                *sizes(nx.connected_components(pairs)),
                len(set(nx.articulation_points(pairs))),
                len(list(nx.bridges(pairs))),
            ],
            strict=True,
        )
    )


def sizes(parts: Iterable[set[int]]) -> tuple[int, int]:
    joined = [len(part) for part in parts if len(part) > 1]
    return len(joined), max(joined, default=0)


@pytest.mark.parametrize("version", ["plain", "compiled"])
def test_each_filiere_is_as_networkx_sees_it_alone(filieres: Mapping[str, Filiere], version: str) -> None:
    if version == "compiled":
        pytest.importorskip("numba")
    with kernels.using(version):
        found = structure_of(Portfolio.from_filieres(filieres).core)
    assert list(found.columns) == STRUCTURE_COLUMNS
    for place, (code, f) in enumerate(filieres.items()):
        assert found.iloc[place].to_dict() == plain(f), code


def test_every_figure_is_something_somewhere(filieres: Mapping[str, Filiere]) -> None:
    """The test of the test."""
    found = structure_of(Portfolio.from_filieres(filieres).core)
    assert (found.max() > 0).all()
    assert (found.nunique() > 2).all()


def test_one_filiere_is_a_portfolio_of_one(filieres: Mapping[str, Filiere]) -> None:
    found = structure_of(filieres["lin"].network)
    assert found.iloc[0].to_dict() == plain(filieres["lin"])


def test_no_filiere() -> None:
    found = structure_of(Portfolio.from_filieres({}).core)
    assert found.empty
    assert (found.dtypes == "int64").all()
