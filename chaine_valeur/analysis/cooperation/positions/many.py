"""The mediation between worlds of many filières in one pass: the same numbers as one by one (D9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...many import Many, ratios
from ...measure import NAN
from ..many import Cooperations
from .neighbours import Neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core, Ties

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["brokerage_share_of_many", "mediations"]


def brokerage_share_of_many(core: Core) -> Many:
    """Return the share of the first mediator between colleges of the filières of a core (D9): see `brokerage_share`."""
    cooperations: Cooperations = core.derived("cooperations", Cooperations)
    layer, stated = cooperations.layer, cooperations.pole >= 0
    between = np.zeros(layer.ties.size, dtype=np.int64)
    between[stated] = mediations(layer.ties.among(stated), cooperations.pole[stated])
    total, most = layer.sum(between), layer.most(between)
    value = ratios(most, total)
    sure = np.where(layer.unknown > 0, NAN, value)
    return Many(
        value=value,
        low=sure,
        high=sure,
        numerator=most.astype(np.float64),
        denominator=np.where(total > 0, total, NAN),
        n_unknown=layer.unknown,
    )


def mediations(ties: Ties, block: Codes) -> Counts:
    """Return, per node of undirected ties, the pairs that it links of which not all three are of one block.

    The total of `counts_of` less the coordinator's part, without telling the roles apart: pairs of neighbours that are
    not tied, less those within the block.
    """
    pairs = Neighbours.of(ties)
    own = block[pairs.a] == block[pairs.b]
    every, alike = (
        pairs.degree,
        np.bincount(np.concatenate([pairs.a[own], pairs.b[own]]), minlength=pairs.size),
    )
    found: Counts = every * (every - 1) // 2 - alike * (alike - 1) // 2
    for ab, ac, _ in pairs.triangles():  # over pieces of bounded size: these neighbours are tied
        apart = ~(own[ab] & own[ac])
        for corner in (pairs.a[ab], pairs.b[ab], pairs.b[ac]):
            found -= np.bincount(corner[apart], minlength=pairs.size)
    return found
