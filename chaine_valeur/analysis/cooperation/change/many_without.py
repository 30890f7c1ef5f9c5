"""What remains of cooperation without the animating body, of many filières in one pass: as one by one (D17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....kernels import Graph, weak_components
from ....network.positions import first_of
from ....vocabulary import Role
from ...many import Many, ratios, sums_of
from ...measure import NAN
from ..cohesion.complement import with_open_tied
from ..many import Cooperations
from ..ties.counting import degrees
from ..triptyques.star import ANIMATION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....kernels import Components
    from ....network import Core, Ties

    Codes = NDArray[np.int32]
    Values = NDArray[np.float64]

__all__ = ["remaining_of_many"]

_ANIMATING = [place for place, role in enumerate(Role) if role in ANIMATION]


def remaining_of_many(core: Core) -> Many:
    """Return the pairs that still reach each other without the animating body (D17): see `remaining_measure`."""
    cooperations: Cooperations = core.derived("cooperations", Cooperations)
    layer, n = cooperations.layer, core.n_filieres
    ties, of = layer.ties, layer.filiere
    bodies = np.flatnonzero(core.roles[core.partner][:, _ANIMATING].any(axis=1))
    # the one with most ties, of several the first of the table
    bodies = bodies[np.lexsort((-degrees(ties)[bodies], of[bodies]))]
    chosen = first_of(of[bodies], bodies, n)
    keep = np.ones(ties.size, dtype=bool)
    keep[chosen[chosen >= 0]] = False
    rest, of_rest = ties.among(keep), of[keep]
    known = weak_components(ties.graph)
    before, before_most, after, after_most = (
        _pairs_within(parts, nodes, n)
        for parts, nodes in ((known, of), (_at_most(ties, of), of),
                             (weak_components(rest.graph), of_rest), (_at_most(rest, of_rest), of_rest))
    )  # fmt: skip
    own = np.append(known.sizes[known.label], 1)[chosen] - 1  # the actors that it is known to reach
    # where no pair is known before, or none may be left, all may remain
    high = np.fmin(np.fmin(ratios(after_most, before), ratios(after_most, after_most + own)), 1.0)
    return Many(
        value=ratios(after, before),
        low=ratios(after, before_most),
        high=np.where(before_most > 0, high, NAN),
        numerator=after,
        denominator=before,
        n_unknown=layer.unknown,
    ).only_where(chosen >= 0)


def _at_most(ties: Ties, of: Codes) -> Components:
    """Return the components with every undocumented pair tied."""
    if ties.asked.all():
        return weak_components(ties.graph)
    return weak_components(Graph.of(*with_open_tied(ties, of=of), size=ties.size, directed=False))


def _pairs_within(parts: Components, of: Codes, n: int) -> Values:
    """Return, per filière, the pairs of nodes of one component."""
    sizes = parts.sizes.astype(np.int64)
    return sums_of(of[parts.first], sizes * (sizes - 1) // 2, n)
