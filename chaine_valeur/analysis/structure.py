"""What the networks of filières look like, of one or of thousands in one pass: parts, loops, what holds them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..kernels import Graph, cut_elements, strong_components, weak_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..network import Core

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["STRUCTURE_COLUMNS", "structure_of"]

STRUCTURE_COLUMNS = [
    "actors", "passages", "flow_parts", "largest_flow_part", "looping_actors",
    "partners", "pairs", "parts", "largest_part", "cut_actors", "bridges",
]  # fmt: skip


def structure_of(core: Core) -> pd.DataFrame:
    """Return how the flows and the cooperations of each filière hang together.

    Parameters
    ----------
    core
        Of one filière (``f.network``) or of many (``portfolio.core``).

    Returns
    -------
    pandas.DataFrame
        A row per filière, in their order, whole numbers (0 is measured: what nobody stated is not there).

        - ``actors``: active ones; ``passages``: pairs of them between which material goes, each direction once;
        - ``flow_parts``: groups of actors that flows link, directly or through others, and that hold more than one;
          ``largest_flow_part``: actors of the largest; ``looping_actors``: actors that material leaves and
          comes back to through others;
        - ``partners``: who could cooperate; ``pairs``: known to; ``parts`` and ``largest_part`` as for flows;
          ``cut_actors``: partners without whom some others are no longer linked; ``bridges``: pairs of which the
          same is true.

    Notes
    -----
    Time and memory: proportional to actors and ties.

    References
    ----------
    Articulation points and bridges: Tarjan (1972), unverified; networkx is the referee of the tests.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"]},
    ...     cooperations={"actor_id": ["A", "B"], "to_actor_id": ["B", "C"], "kind": ["research"] * 2},
    ... )
    >>> structure_of(f.network)[["pairs", "parts", "cut_actors", "bridges"]].values.tolist()
    [[2, 1, 1, 2]]
    """
    n = core.n_filieres
    found = {"actors": _count(core.actor_filiere[core.active], n)}
    passages = Graph.of(core.flow_source, core.flow_target, size=core.n_actors)
    found["passages"] = _count(core.actor_filiere[passages.rows()], n)
    found["flow_parts"], found["largest_flow_part"] = _parts(passages, core.actor_filiere, n)
    circle = strong_components(passages)
    found["looping_actors"] = _count(core.actor_filiere[circle.sizes[circle.label] > 1], n)
    ties, of = core.ties(), core.actor_filiere[core.partner]
    pairs = ties.graph
    found["partners"], found["pairs"] = _count(of, n), _count(of[ties.a], n)
    found["parts"], found["largest_part"] = _parts(pairs, of, n)
    cuts = cut_elements(pairs)
    found["cut_actors"], found["bridges"] = _count(of[cuts.articulation], n), _count(of[cuts.bridge_a], n)
    return pd.DataFrame(found, columns=STRUCTURE_COLUMNS)


def _count(of: Codes, n: int) -> Counts:
    return np.bincount(of, minlength=n).astype(np.int64)


def _parts(graph: Graph, of: Codes, n: int) -> tuple[Counts, Counts]:
    """Return, per filière, the number of parts of more than one actor, and the actors of the largest."""
    parts = weak_components(graph)
    joined = parts.sizes > 1
    largest = np.zeros(n, dtype=np.int64)
    np.maximum.at(largest, of[parts.first[joined]], parts.sizes[joined])
    return _count(of[parts.first[joined]], n), largest
