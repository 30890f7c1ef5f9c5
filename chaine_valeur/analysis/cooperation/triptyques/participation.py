"""The triads that go through each actor."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..ties.layer import seen_in, ties_of
from .sums import PoleTies
from .triads import TRIPTYQUE, poles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["triad_participation"]


def triad_participation(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the closed and open triads that go through each actor (D6).

    Parameters
    ----------
    source, group, poles, year, kind, actors
        As for `triad_table`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order; columns

        - ``pole`` (one of `poles`, missing for the others, who are in no triad);
        - ``possible``: triads with that actor, the product of the sizes of the two other poles;
        - ``closed``, and ``high``, how many there may be whatever the undocumented pairs turn out to be (exact;
          ``closed`` is the lower bound);
        - ``open_centre``: open triads of which it ties the two others, and of these ``to_ask``, where nobody
          knows whether the two others are tied (each of the rest wants one tie between them);
        - ``open_end``: open triads that it is in through another.

    Notes
    -----
    Summed over actors, ``closed`` counts each triad three times, ``open_centre`` once, ``open_end`` twice.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci"), ("town", "club"), ("firm", "aci")])
    >>> poles = {"firm": "enterprise", "town": "elected", "aci": "ess", "club": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> triad_participation(graph)[["possible", "closed", "open_centre", "open_end"]]
              possible  closed  open_centre  open_end
    actor_id
    firm             2       1            0         1
    town             2       1            1         0
    aci              1       1            0         0
    club             1       0            0         1
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    pole = poles_of(source, ties, group, poles)
    layer = PoleTies(ties, pole)
    partners = layer.sums(layer.tied)
    closed = layer.triangles.through(layer.tied, layer.tied)
    centre = layer.two_others(partners) - closed
    ends = _beyond(layer, layer.tied, partners) - 2 * closed
    to_ask, high = np.zeros(len(pole)), closed
    if layer.unasked.any():
        asking = layer.two_others(layer.sums(layer.tied, ends=layer.unasked))
        to_ask = asking - layer.triangles.through(layer.tied, layer.both_unasked)
        high = _may_close(layer)
    names = pd.Series([*poles, None], dtype="str")
    columns = {
        "possible": layer.two_others(np.broadcast_to(layer.sizes, (len(pole), 3))),
        "closed": closed,
        "high": high,
        "open_centre": centre,
        "to_ask": to_ask,
        "open_end": ends,
    }
    counts = {name: np.rint(values).astype(np.int64) for name, values in columns.items()}
    index = ties.nodes.rename("actor_id")
    return pd.DataFrame({"pole": names.take(pole).set_axis(index), **counts}, index=index)


def _beyond(layer: PoleTies, weights: Values | Mask, table: Values) -> Values:
    """Return, per node, the sum over its pairs of their weight times what the other end has in the third pole."""
    size = len(layer.pole)
    found = np.zeros(size)
    for here, there in ((layer.a, layer.b), (layer.b, layer.a)):
        found += np.bincount(here, weights=weights * table[there, layer.facing], minlength=size)
    return found


def _may_close(layer: PoleTies) -> Values:
    """Return, per node, the triads in which no pair is known to be untied.

    A pair weighs `layer.possible` where it is listed, and 1 more between two unasked actors: the terms of the
    product, by which of the three pairs are taken for listed.
    """
    weights, unasked = layer.possible, layer.unasked
    unasked_ends = layer.sums(weights, ends=unasked)
    inside = np.flatnonzero(layer.pole >= 0)
    own = layer.pole[inside]
    second, third = (own + 1) % 3, (own + 2) % 3
    mine, sizes = unasked_ends[inside], layer.unasked_sizes
    at = np.arange(len(inside))
    into_second, into_third = mine[at, second], mine[at, third]
    both = layer.both_unasked
    # over the pairs of two unasked actors that face each pole
    opposite = np.bincount(layer.facing[both], weights=weights[both], minlength=3)
    around = (
        opposite[own] + sizes[second] * into_third + sizes[third] * into_second + sizes[second] * sizes[third]
    )
    found = layer.triangles.through(weights, weights)
    beyond = _beyond(layer, weights, unasked_ends)
    found[inside] += into_second * into_third + unasked[inside] * (beyond[inside] + around)
    return found
