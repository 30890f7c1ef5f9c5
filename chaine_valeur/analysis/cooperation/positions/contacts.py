"""The contacts of each actor and the ties among them: the kernels of Burt's measures."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....network import Ties
from ...measure import NAN
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of
from ..ties.strength import strengths
from .neighbours import Neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["MODELS", "Holes", "holes_in"]

MODELS = ("whole", "ego")


@dataclass(frozen=True)
class Holes:
    """What surrounds each node, along the nodes of `ties`: see `structural_holes`."""

    ties: Ties
    degree: Counts
    effective_size: Values
    constraint: Values
    hierarchy: Values
    indirects: Values
    among: Counts

    def series(self, name: str) -> pd.Series:
        """Return one of them as a series per actor."""
        index = pd.Index(self.ties.nodes, name="actor_id")
        values = self.efficiency if name == "efficiency" else getattr(self, name)
        return pd.Series(values, index=index, name=name)

    @property
    def efficiency(self) -> Values:
        """Effective size over degree."""
        return self.effective_size / np.where(self.degree > 0, self.degree, NAN)


def holes_in(
    source: Source,
    model: str,
    valued: bool,
    weight: str,
    year: int | None,
    kind: str | Collection[str] | None,
    directed: bool | None,
    actors: Collection[Hashable] | None,
) -> Holes:
    """Return the holes in the ties that the keywords ask for."""
    if model not in MODELS:
        raise ArgumentError(f"model={model!r} is not one of {', '.join(MODELS)}")
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    strength = strengths(source, ties, kind=kind, weight=weight) if valued else np.ones(len(ties.a))
    if (strength < 0).any():
        raise ArgumentError(f"ties weaker than nothing ({np.nanmin(strength):g}): strengths are 0 or more")
    return _holes_of(ties, strength, model)


def _holes_of(ties: Ties, strength: Values, model: str) -> Holes:
    pairs = Neighbours.of(ties)
    size, count = pairs.size, pairs.n_pairs
    number = pair_numbers(np.minimum(ties.a, ties.b), np.maximum(ties.a, ties.b), size)
    wanted = pair_numbers(np.minimum(pairs.a, pairs.b), np.maximum(pairs.a, pairs.b), size)
    order = np.argsort(wanted)
    pair_of = order[np.searchsorted(wanted, number, sorter=order)]
    z = np.bincount(pair_of, weights=strength, minlength=count).astype(np.float64)
    # a contact is a pair seen from one of its ends: `a` looks at `b` at its place, `b` at `a` further on
    ego, alter = np.concatenate([pairs.a, pairs.b]), np.concatenate([pairs.b, pairs.a])
    z2: Values = np.tile(z, 2)
    with np.errstate(invalid="ignore", divide="ignore"):  # strengths may all be 0: nothing is shared out
        total = np.bincount(ego, weights=z2, minlength=size)
        p = z2 / total[ego]
        if model == "whole":
            strongest = np.zeros(size)
            np.maximum.at(strongest, ego, z2)
            sums, most = total[alter], strongest[alter]
        else:
            sums, most = _around_ego(pairs, z, z2)
        indirect, repeated, arcs = _through_triangles(pairs, z, p, sums, most)
        held = (p + indirect) ** 2
        degree = pairs.degree

        def summed(values: Values) -> Values:
            return np.where(degree > 0, np.bincount(ego, weights=values, minlength=size), NAN)

        whole = summed(held)
        share = held / whole[ego] * degree[ego]
        entropy = summed(np.where(share > 0, share * np.log(share), 0 * share))
        several = np.where(degree > 1, degree, NAN)
        return Holes(
            ties=ties,
            degree=degree,
            effective_size=degree - summed(repeated),
            constraint=whole,
            hierarchy=entropy / (several * np.log(several)),
            indirects=summed(indirect),
            among=arcs,
        )


def _around_ego(pairs: Neighbours, z: Values, z2: Values) -> tuple[Values, Values]:
    """Return, per contact, the sum and the most of the alter's ties to ego and to ego's other contacts."""
    sums, most = z2.copy(), z2.copy()
    count = pairs.n_pairs
    for ab, ac, bc in pairs.triangles():  # over pieces of bounded size
        # seen from each corner, its two contacts have the opposite side in common
        for one, other, side in (
            (ab, ac, bc),
            (ab + count, bc, ac),
            (ac + count, bc + count, ab),
        ):
            seen, value = np.concatenate([one, other]), np.tile(z[side], 2)
            sums += np.bincount(seen, weights=value, minlength=len(sums))
            np.maximum.at(most, seen, value)
    return sums, most


def _through_triangles(
    pairs: Neighbours, z: Values, p: Values, sums: Values, most: Values
) -> tuple[Values, Values, Counts]:
    """Return ``Σ_q p_iq p_qj`` and ``Σ_q p_iq m_jq`` per contact *j* of *i*, and the ties among contacts."""
    count = pairs.n_pairs
    indirect, repeated = np.zeros(2 * count), np.zeros(2 * count)
    arcs = np.zeros(pairs.size, dtype=np.int64)
    ways = pairs.forward.astype(np.int64) + pairs.backward
    for ab, ac, bc in pairs.triangles():  # over pieces of bounded size
        for corner, one, other, side in (
            (pairs.a[ab], ab, ac, bc),
            (pairs.b[ab], ab + count, bc, ac),
            (pairs.b[ac], ac + count, bc + count, ab),
        ):
            arcs += np.bincount(corner, weights=ways[side], minlength=pairs.size).astype(np.int64)
            for to, via in ((one, other), (other, one)):
                indirect += np.bincount(to, weights=p[via] * z[side] / sums[via], minlength=2 * count)
                repeated += np.bincount(to, weights=p[via] * z[side] / most[to], minlength=2 * count)
    return indirect, repeated, arcs
