"""Random networks as arrays, a batch at a time: what every test of chance draws from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from ....errors import ArgumentError, UnknownNameError
from ....network import Ties
from ..ties.counting import pair_numbers
from .documented import DocumentedPairs, subsets
from .swaps import Rewiring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.integer]
    Numbers = NDArray[np.int64]

__all__ = ["MODELS", "SWAPS", "Draws", "draws_of"]

#: What stays as observed: the number of ties, the ties of each actor, or the ties themselves.
MODELS = ("density", "degrees", "labels")
#: How often each tie is exchanged, about, before a network is one of the same degrees at random.
SWAPS = 10.0
#: Ties, or actors if there are more, of a batch: 8 MB for each of the dozen arrays at work.
CELLS = 1_000_000


@dataclass(frozen=True)
class Draws:
    """A batch of random networks over the same actors.

    Attributes
    ----------
    a, b
        Ends of the ties, draws × ties, in the order of `Ties`; one row for all where only labels move.
    order
        Whose labels each actor bears, draws × actors; ``None`` where everyone bears its own.
    """

    a: Codes
    b: Codes
    order: Numbers | None = None

    @classmethod
    def observed(cls, ties: Ties) -> Self:
        """Return the observed ties, as a batch of one."""
        return cls(ties.a[np.newaxis], ties.b[np.newaxis])

    @property
    def count(self) -> int:
        """Number of networks."""
        return len(self.a) if self.order is None else len(self.order)

    @property
    def n_ties(self) -> int:
        """Number of ties of each."""
        return self.a.shape[1]

    def labels(self, codes: Codes) -> tuple[Codes, Codes]:
        """Return the labels at both ends of the ties, draws × ties, from the code of each actor."""
        if self.order is None:
            return codes[self.a], codes[self.b]
        borne = np.ascontiguousarray(codes[self.order].T)  # a row per actor: rows are gathered whole
        return borne[self.a[0]].T, borne[self.b[0]].T

    def ends(self) -> tuple[Codes, Codes]:
        """Return the ends of the ties, draws × ties, whatever moves."""
        shape = (self.count, self.n_ties)
        return np.broadcast_to(self.a, shape), np.broadcast_to(self.b, shape)


def draws_of(
    ties: Ties,
    *,
    model: str,
    draws: int,
    seed: int,
    swaps: float = SWAPS,
    labelled: NDArray[np.bool_] | None = None,
    cells: int = 1,
) -> Iterator[Draws]:
    """Yield batches of random networks.

    Parameters
    ----------
    ties
        The observed layer.
    model
        One of `MODELS`: see `chaine_valeur.analysis.cooperation.chance.null_models.null_models`.
    draws, seed
        How many networks in all, and the seed of `numpy.random.default_rng`.
    swaps
        For ``"degrees"``: how often each tie is exchanged, about.
    labelled
        For ``"labels"``: the actors who have one to pass on; by default all of them.
    cells
        What is kept of each network, if that is more than its ties.

    Raises
    ------
    UnknownNameError
        No such model.
    ArgumentError
        Less than one draw, or no swap.
    """
    check(model, draws, swaps)
    rng = np.random.default_rng(seed)
    size, width = max(ties.size, 1), len(ties.a)
    pairs = DocumentedPairs.of(ties) if model == "density" else None
    rewiring = Rewiring.of(ties, rng, swaps=swaps) if model == "degrees" else None
    batch = max(1, CELLS // max(width, ties.size, cells))
    if rewiring is not None:
        batch = min(batch, rewiring.at_once)
    for start in range(0, draws, batch):  # over batches that fit in memory
        count = min(batch, draws - start)
        if rewiring is not None:
            drawn = rewiring.draw(count, rng)
            yield Draws(drawn // size, drawn % size)
        elif pairs is not None:
            numbers = subsets(rng, count, size=width, total=pairs.count)
            drawn = np.sort(pair_numbers(*pairs.ends(numbers), size), axis=1)
            yield Draws(drawn // size, drawn % size)
        else:
            order = np.repeat(np.arange(ties.size)[np.newaxis], count, axis=0)
            moved = np.arange(ties.size) if labelled is None else np.flatnonzero(labelled)
            order[:, moved] = rng.permuted(order[:, moved], axis=1)
            yield Draws(ties.a[np.newaxis], ties.b[np.newaxis], order)


def check(model: str, draws: int, swaps: float) -> None:
    """Refuse what cannot be drawn, before anything is."""
    if model not in MODELS:
        raise UnknownNameError.of(f"no null model {model!r}", model, MODELS)
    if draws < 1:
        raise ArgumentError(f"draws={draws!r}: at least one network has to be drawn")
    if not swaps > 0:
        raise ArgumentError(f"swaps={swaps!r}: each tie has to be exchanged, ten times or so")
