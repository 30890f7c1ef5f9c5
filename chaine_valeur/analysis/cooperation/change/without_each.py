"""What remains without each actor in turn (D17): whom the ties between the others rest on. Internal."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....kernels import separations
from ...measure import NAN
from ..cohesion.components import parts_of
from ..ties.counting import degrees
from ..ties.layer import seen_in, ties_of
from ..triptyques.sums import PoleTies
from ..triptyques.triads import TRIPTYQUE, poles_of
from .remains import pairs_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = ["without_each"]


def without_each(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return, for each actor, what would remain of cooperation without it (D17).

    The figures of `without_actor`, for all actors at once. It names those on whom cooperation rests: internal
    by default, to be told as what to secure (direct ties between the others), never as who fails.

    Parameters
    ----------
    source, group, poles, year, kind, actors
        As for `without_actor`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order. Columns ``ties`` (known ties of the actor), ``parts`` (into how many
        sets the others of its connected set fall without it; 0 if it has no tie, 1 if none is cut off),
        ``ties_remain``, ``density_remains``, ``largest_component_remains``, ``triptyques_remain``,
        ``reachable_pairs_remain`` and ``reachable_pairs_of_others_remain`` (ratios of known ties, NaN where
        there was nothing), and ``confidentiality``.

    Notes
    -----
    Time and memory: proportional to actors and ties for all but triptyques, which take at most about
    ``|E|^1.5`` products, a few million in memory at a time. No bounds: see `without_actor` for one actor.
    Actors with more than one part are the articulation points (cutpoints in UCINET, R sna and igraph).

    Examples
    --------
    >>> import networkx as nx
    >>> without_each(nx.path_graph("abcd"))[["ties", "parts", "reachable_pairs_remain"]].round(2)
              ties  parts  reachable_pairs_remain
    actor_id
    a            1      1                    0.50
    b            2      2                    0.17
    c            2      2                    0.17
    d            1      1                    0.50
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    degree, cuts = degrees(ties), separations(ties.graph)
    sizes = parts_of(ties, "weak")[1]
    reach = pairs_within(sizes)
    component = cuts.component.astype(np.int64)  # pairs of a large set are more than 32 bits hold
    own = component * (component - 1) // 2  # pairs of the set that the actor is in
    left = reach - own + cuts.pairs
    ordered = np.sort(np.append(sizes, [0, 0]))
    # the largest of the other sets: the second where the actor is in the only largest one
    other = np.where(component == ordered[-1], ordered[-2], ordered[-1])
    largest = np.maximum(cuts.largest, other)
    count, whole = len(ties.a), ties.possible
    scale = whole / (whole - ties.size + 1) if ties.size > 2 else NAN
    ties_remain = _share(count - degree, count)
    has_poles = isinstance(source, Filiere) or any(
        data.get(group) is not None for _, data in source.nodes(data=True)
    )
    closed = np.zeros(ties.size, dtype=np.int64)
    if has_poles and ties.size:
        layer = PoleTies(ties, poles_of(source, ties, group, poles))
        closed = np.rint(layer.triangles.through(layer.tied, layer.tied)).astype(np.int64)
    return pd.DataFrame(
        {
            "ties": degree,
            "parts": cuts.parts.astype(np.int64),
            "ties_remain": ties_remain,
            "density_remains": ties_remain * scale,
            "largest_component_remains": _share(largest, int(ordered[-1])),
            "triptyques_remain": _share(int(closed.sum()) // 3 - closed, int(closed.sum()) // 3),
            "reachable_pairs_remain": _share(left, reach),
            "reachable_pairs_of_others_remain": _share(left, reach - (component - 1)),
            "confidentiality": pd.Series(["internal"] * ties.size, dtype="str").to_numpy(),
        },
        index=ties.nodes.rename("actor_id"),
    )


def _share(after: Counts, before: Counts | int) -> NDArray[np.float64]:
    before = np.broadcast_to(np.asarray(before, dtype=np.float64), after.shape)
    return np.divide(after, before, out=np.full(after.shape, NAN), where=before > 0)
