"""Random networks to hold what is observed against: as many ties, the same degrees, or the labels dealt anew."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....network import Ties
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of, partition_named
from ..ties.strength import strengths
from ..worlds.sides import n_stated
from .draws import SWAPS, Draws, check, draws_of

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["GraphMaker", "labelled_of", "null_models"]

#: What a node says of an actor of a filière, besides the column asked for.
SAID = ("role", "pole", "stage", "commune")


def null_models(
    source: Source,
    *,
    model: str = "density",
    draws: int = 1000,
    seed: int = 0,
    swaps: float = SWAPS,
    weight: str | None = None,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> Iterator[nx.Graph]:
    """Yield random networks over the same actors, each like the observed one in what the model keeps.

    ``"density"``
        As many ties, placed at random among the *documented* pairs (a pair that nobody was asked about could
        show no tie); each set of pairs is equally likely: networkx ``gnm_random_graph``, and (unverified)
        ``sample_gnm`` of igraph, ``cug.test(cmode="edges")`` of sna in R.
    ``"degrees"``
        Documented pairs again, and every actor keeps its number of ties; directed, those that arrive and
        those that leave. Ties are exchanged until each has been so about `swaps` times: networkx
        ``double_edge_swap``, which counts exchanges, and (unverified) ``rewire(keeping_degseq())`` of igraph.
        By twos and, now and then, by more: two at a time never turn a directed cycle of three.
    ``"labels"``
        The ties as they are; what the actors are (their role, college, stage…) is permuted among them, as in
        the permutation tests of UCINET (QAP, E-I index; unverified).

    Parameters
    ----------
    source
        A filière or any networkx graph; in a graph every pair is documented.
    model
        ``"density"``, ``"degrees"`` or ``"labels"``.
    draws, seed
        How many networks, and the seed of `numpy.random.default_rng`: the same one gives the same networks,
        on every platform.
    swaps
        How often each tie is exchanged, about, with ``"degrees"``.
    weight
        Name of the edge attribute that is to hold the strength of ties (of a graph, the one that does; of a
        filière, their intensity from 1 to 4). Strengths stay on their ties with ``"labels"`` and are dealt
        out among the ties at random otherwise; without `weight`, edges have no attribute.
    by, group
        The one label to permute with ``"labels"``, among the actors who have it; by default all that is said
        of an actor moves together. Of a filière, a column of its actors that the nodes are to bear besides
        role, pole, stage and commune.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`.

    Yields
    ------
    networkx.Graph or networkx.DiGraph
        Nodes in table order, with the attributes of the original ones (of a filière, ``role``, ``pole``,
        ``stage``, the first ones, and ``commune``); what is unknown is left out.

    Notes
    -----
    Drawn in batches of a million ties: about 150 MB at work, above what the graph itself takes. All networks
    of ``"degrees"`` start from one that was itself reached from the observed one by as many exchanges.

    Raises
    ------
    UnknownNameError
        No such model, column or attribute.
    ArgumentError
        Less than one draw.

    Examples
    --------
    >>> import networkx as nx
    >>> ring = nx.cycle_graph(6)
    >>> [graph.number_of_edges() for graph in null_models(ring, draws=3)]
    [6, 6, 6]
    >>> {degree for graph in null_models(ring, model="degrees", draws=3) for _, degree in graph.degree}
    {2}
    """
    check(model, draws, swaps)
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    named = None if by is None and group is None else partition_named(source, by, group)
    maker = GraphMaker(source, ties, named=named, weight=weight, kind=kind, seed=seed)
    return _graphs(maker, ties, model=model, draws=draws, seed=seed, swaps=swaps)


def _graphs(
    maker: GraphMaker, ties: Ties, *, model: str, draws: int, seed: int, swaps: float
) -> Iterator[nx.Graph]:
    labelled = labelled_of(maker.source, ties, maker.named)
    for batch in draws_of(ties, model=model, draws=draws, seed=seed, swaps=swaps, labelled=labelled):
        yield from maker.graphs(batch)


def labelled_of(source: Source, ties: Ties, named: str | None) -> Mask | None:
    """Return who has a label to pass on, everyone (``None``) where all labels move together."""
    if named is None:
        return None
    blocks = blocks_of(source, ties.nodes, by=named)
    return blocks.codes < n_stated(blocks)


class GraphMaker:
    """Writes draws as networkx graphs, which are built node by node and edge by edge whatever one does.

    Parameters
    ----------
    source, ties
        What was observed, and its layer.
    named
        The one label that moves where labels are permuted; ``None`` if all of them do.
    weight
        Name of the edge attribute that is to hold strengths, if any.
    kind
        The kind of `ties`.
    seed
        Of the deal of strengths among ties, which leaves the draws of the ties as they are.
    """

    def __init__(
        self,
        source: Source,
        ties: Ties,
        *,
        named: str | None = None,
        weight: str | None = None,
        kind: str | Collection[str] | None = None,
        seed: int = 0,
    ) -> None:
        self.source, self.ties, self.named, self.weight = source, ties, named, weight
        self.rng = np.random.default_rng([seed, 1])
        self.nodes = ties.nodes.to_numpy(dtype=object)
        self.said = _said_of(source, ties.nodes, named)
        self.strength = strengths(source, ties, kind=kind, weight=weight) if weight else None

    def observed(self) -> nx.Graph:
        """Return the observed ties."""
        return next(self._written(Draws.observed(self.ties), self._repeated(1)))

    def graphs(self, batch: Draws) -> Iterator[nx.Graph]:
        """Yield the networks of a batch; strengths are dealt out at random where ties move."""
        strength = self._repeated(batch.count)
        if strength is not None and batch.order is None:
            strength = self.rng.permuted(strength, axis=1)
        return self._written(batch, strength)

    def _repeated(self, count: int) -> Values | None:
        return None if self.strength is None else np.repeat(self.strength[np.newaxis], count, axis=0)

    def _written(self, batch: Draws, strength: Values | None) -> Iterator[nx.Graph]:
        import networkx as nx

        first, second = (self.nodes[end] for end in batch.ends())
        for draw in range(batch.count):  # whoever asks for graphs asks for one at a time
            graph: nx.Graph = nx.DiGraph() if self.ties.directed else nx.Graph()
            said = self.said
            if batch.order is not None:
                said = _moved(said, batch.order[draw].tolist(), self.named)
            graph.add_nodes_from(zip(self.nodes, said, strict=True))
            graph.add_edges_from(zip(first[draw], second[draw], strict=True))
            if strength is not None and self.weight is not None:
                known = ~np.isnan(strength[draw])
                ends = zip(first[draw, known], second[draw, known], strict=True)
                held = dict(zip(ends, strength[draw, known].tolist(), strict=True))
                nx.set_edge_attributes(graph, held, self.weight)
            yield graph


def _moved(said: list[dict[str, Any]], order: list[int], named: str | None) -> list[dict[str, Any]]:
    """Return what is said of each actor once it bears the labels of another: all of them, or the one named."""
    if named is None:
        return [said[place] for place in order]
    moved = [{name: value for name, value in own.items() if name != named} for own in said]
    for own, place in zip(moved, order, strict=True):
        if named in said[place]:
            own[named] = said[place][named]
    return moved


def _said_of(source: Source, nodes: pd.Index, named: str | None) -> list[dict[str, Any]]:
    """Return what is known of each node, by name."""
    if not isinstance(source, Filiere):
        return [dict(source.nodes[node]) for node in nodes]
    columns = {}
    for name in dict.fromkeys([*SAID, *([named] if named else [])]):  # over the few columns
        blocks = blocks_of(source, nodes, by=name)
        columns[name] = pd.Series(blocks.keys, dtype=object).take(blocks.codes).tolist()
    rows = zip(*columns.values(), strict=True)
    return [
        {name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in rows
    ]
