"""A filière of drawn figures: the same rows, other numbers; rows that one doubts may be absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.reconciliation import CONFIDENCE_UNCERTAINTY
from ...errors import ArgumentError, UnknownNameError
from ...provenance import provenance
from ...quantities import in_tonnes
from ...vocabulary import Confidence
from ._philox import row_keys, stream_key, uniforms
from .cells import Cells

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere

__all__ = ["DOUBTED", "FROM_NO_NUMBER", "Doubt", "Draws", "doubt_table"]

#: Tables whose rows may be absent where one doubts them: flows, who does what, the passages that are expected.
DOUBTED = ("flows", "activities", "stage_links")
#: What `Filiere.derived` keeps of sources and confidence, which no number changes.
FROM_NO_NUMBER = frozenset({"provenance", "rests_on_hypothesis", "soft_rows"})


def doubt_table(doubt: float | Mapping[str, float]) -> dict[str, float]:
    """Return confidence → probability that a row of it is absent, those above 0.

    Raises
    ------
    ArgumentError
        A probability outside 0 to 1.
    UnknownNameError
        A confidence that does not exist.
    """
    given = dict(doubt) if isinstance(doubt, Mapping) else {Confidence.HYPOTHESIS.value: doubt}
    for name, chance in given.items():
        if name not in CONFIDENCE_UNCERTAINTY:
            raise UnknownNameError.of(f"no confidence {name!r}", name, [*CONFIDENCE_UNCERTAINTY])
        if not 0 <= chance <= 1:
            raise ArgumentError(f"doubt={chance!r} is no probability from 0 to 1")
    return {name: float(chance) for name, chance in given.items() if chance > 0}


@dataclass(frozen=True)
class Doubt:
    """The rows of one table that may be absent, each with its probability."""

    table: str
    rows: pd.Index
    chance: NDArray[np.float64]
    stream: np.uint64
    keys: NDArray[np.uint64]

    @classmethod
    def of(cls, f: Filiere, name: str, by_confidence: Mapping[str, float], seed: int) -> Doubt:
        """Return the rows of a table that are doubted."""
        chance = provenance(f, name)["confidence"].fillna("").map(by_confidence).fillna(0.0)
        rows = chance.index[(chance > 0).to_numpy(bool)]
        stream = stream_key(seed, name, "(absent)")
        return cls(name, rows, chance.loc[rows].to_numpy(np.float64), stream, row_keys(rows))

    def absent(self, number: int) -> set[str]:
        """Return the rows that are absent in one draw."""
        at = uniforms(np.full(len(self.rows), self.stream), self.keys, number)
        return set(self.rows[at < self.chance])


@dataclass(frozen=True)
class Draws:
    """The draws of a filière: number → `Filiere`, the same whenever and wherever it is asked for."""

    filiere: Filiere
    cells: Cells
    doubts: tuple[Doubt, ...]

    @classmethod
    def of(
        cls,
        f: Filiere,
        *,
        seed: int = 0,
        uncertainty: Mapping[str, float] | None = None,
        drawn: Mapping[str, Iterable[str]] | None = None,
        doubt: float | Mapping[str, float] = 0.0,
    ) -> Draws:
        """Return the draws of a filière; see `chaine_valeur.planning.robustness.robustness` for the arguments."""
        cells = Cells.of(f, seed=seed, uncertainty=uncertainty, drawn=drawn)
        chances = doubt_table(doubt)
        doubts = [Doubt.of(f, name, chances, seed) for name in DOUBTED if chances]
        return cls(f, cells, tuple(one for one in doubts if len(one.rows)))

    @property
    def tables(self) -> frozenset[str]:
        """Tables in which something differs from draw to draw, the numbers or the rows."""
        return self.cells.tables | self.rows_vary

    @property
    def rows_vary(self) -> frozenset[str]:
        """Tables in which rows may be absent."""
        return frozenset(one.table for one in self.doubts)

    def draw(self, number: int) -> Filiere:
        """Return the filière of one draw."""
        frames = self.cells.frames(self.filiere, self.cells.draw(number))
        without = {one.table: one.absent(number) for one in self.doubts}
        made = self.filiere._with_numbers(frames, without=without, keep=FROM_NO_NUMBER)
        if not any(without.values()):  # the same rows: the core has the same codes, and other tonnes
            core = self.filiere.network
            tonnes = in_tonnes(made, "flows").to_numpy(np.float64)[core.flow_row]
            made.__dict__["network"] = replace(core, filiere=made, flow_t=tonnes)
        return made

    def learn(self, drawn: Filiere) -> None:
        """Keep what a draw made of sources and confidence: the next ones need not make it again."""
        if not self.doubts:
            home = self.filiere._derived
            made = {key: key[0] if isinstance(key, tuple) else key for key in drawn._derived}
            home.update({key: drawn._derived[key] for key, word in made.items() if word in FROM_NO_NUMBER})
