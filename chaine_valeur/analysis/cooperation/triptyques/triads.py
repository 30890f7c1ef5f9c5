"""Triads of one actor of each pole of a triptyque, counted without being listed.

Ties are read as undirected, and each actor counts in its own pole.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ....network import Ties
from ....vocabulary import Pole
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of
from .sums import POSSIBLE, TIED, PoleTies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]

__all__ = ["TRIPTYQUE", "Triads", "count_triads", "pole_codes", "poles_of", "triads_of"]

#: The three poles of a triptyque.
TRIPTYQUE = (Pole.ENTERPRISE.value, Pole.ELECTED.value, Pole.ESS.value)


@dataclass(frozen=True)
class Triads:
    """Numbers of triads of one actor of each pole.

    Attributes
    ----------
    possible
        ``n_enterprise · n_elected · n_ess``.
    closed, open
        With all three ties, with exactly two.
    documented, pairs
        Pairs of actors of two of the poles: of which something is known, and in all.
    sizes
        Number of actors of each pole.
    """

    possible: int
    closed: int
    open: int
    documented: int
    pairs: int
    sizes: tuple[int, int, int]
    _layer: PoleTies = field(repr=False, compare=False)

    @cached_property
    def may_close(self) -> int:
        """Triads in which no pair is known to be untied: those closed once everything unknown is a tie."""
        return round(self._layer.total(POSSIBLE, POSSIBLE, POSSIBLE))


def triads_of(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> Triads:
    """Return how many triads of one actor of each pole are closed, open, possible: see `Triads`.

    Parameters
    ----------
    source, group, poles
        As for `triptyque_closure <chaine_valeur.analysis.cooperation.triptyque_closure>`.
    kind, actors
        Only ties of that kind, or of these; only these actors.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci")])
    >>> nx.set_node_attributes(graph, {"firm": "enterprise", "town": "elected", "aci": "ess"}, "pole")
    >>> triads_of(graph).closed, triads_of(graph).open
    (0, 1)
    """
    source = seen_in(source)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    return count_triads(ties, poles_of(source, ties, group, poles))


def count_triads(ties: Ties, pole: Codes) -> Triads:
    """Return the triads of undirected ties; `pole` is 0, 1 or 2 for the nodes of the three poles, else −1."""
    layer = PoleTies(ties, pole)
    pairs = count_pairs(ties, np.where(pole < 0, 3, pole).astype(np.int32), n_blocks=4)
    between = np.triu_indices(3, k=1)
    closed = layer.total(TIED, TIED, TIED)
    wedges = float(layer.two_others(layer.sums(layer.tied)).sum())
    sizes = [int(size) for size in layer.sizes]
    return Triads(
        possible=sizes[0] * sizes[1] * sizes[2],
        closed=round(closed),
        open=round(wedges - 3 * closed),
        documented=int(pairs.documented[between].sum()),
        pairs=int(pairs.possible[between].sum()),
        sizes=(sizes[0], sizes[1], sizes[2]),
        _layer=layer,
    )


def poles_of(source: Source, ties: Ties, group: str, poles: Sequence[str]) -> Codes:
    """Return 0, 1 or 2 for nodes of the three poles, −1 for the others."""
    named = [poles] if isinstance(poles, str) else list(dict.fromkeys(poles))
    if len(named) != 3 or len(poles) != 3:
        raise ArgumentError(f"a triptyque has three poles, not {len(named)}: poles={poles!r}")
    blocks = blocks_of(source, ties.nodes, by="pole" if isinstance(source, Filiere) else group)
    place = np.full(len(blocks.keys), -1, dtype=np.int32)
    for code, name in enumerate(poles):  # over the three poles
        if name in blocks.keys:
            place[blocks.keys.index(name)] = code
    return place[blocks.codes]


def pole_codes(values: pd.Series, poles: Sequence[str]) -> Codes:
    """Return the position of each value among the three poles, −1 for others and unknown."""
    return pd.Index(list(poles)).get_indexer(values).astype(np.int32)
