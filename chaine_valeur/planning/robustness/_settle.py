"""What drawn figures owe to one another: a recipe creates no matter, a part is no larger than its whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["PARTS", "Recipes", "Wholes"]

#: Table → a column and columns that are, together, a part of it.
PARTS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    name: (("jobs_fte", ("insertion_fte", "supervision_fte")), ("jobs_fte", ("no_diploma_fte",)))
    for name in ("activities", "options")
}
#: Below this share of what enters, what leaves is taken to be the same.
_EXACT = 1e-9


@dataclass(frozen=True)
class Wholes:
    """Cells that are together a part of another one: positions in the vector of cells."""

    whole: Codes
    parts: tuple[Codes, ...]

    @classmethod
    def of(cls, values: Values, whole: Codes, parts: tuple[Codes, ...]) -> Wholes:
        """Return the wholes that are known and were not exceeded as stated."""
        stated = np.nansum(np.stack([values[part] for part in parts]), axis=0)
        use = stated <= values[whole]  # false where the whole is unknown
        return cls(whole[use], tuple(part[use] for part in parts))

    def settle(self, values: Values) -> None:
        """Scale the parts down, in place, where they exceed their whole."""
        total = np.nansum(np.stack([values[part] for part in self.parts]), axis=0)
        over = total > values[self.whole]
        scale = np.ones(len(total))
        scale[over] = values[self.whole][over] / total[over]
        for part in self.parts:  # one or two
            values[part] *= scale


@dataclass(frozen=True)
class Recipes:
    """The coefficients of recipes as cells: which process and side each is of, which may move.

    As in reconciliation: the inputs of a process keep their total, since they are told per tonne of its level;
    the outputs of one that loses nothing keep theirs; of the others the loss takes up what the outputs gain or
    lack, and is not less than nothing.
    """

    cell: Codes
    side: Codes
    moves: Mask
    total: Values
    ceiling: Values
    keeps: Mask

    @classmethod
    def of(cls, rows: pd.DataFrame, values: Values, cell: Codes, moves: Mask) -> Recipes:
        """Return the sides of the processes of a table of recipes; each row stands at `cell` in `values`."""
        keys = ["stage_id", "actor_id", "process", "year"]
        process = rows.groupby(keys, dropna=False, sort=False).ngroup().to_numpy(np.int64)
        made = (rows["side"] == "out").to_numpy(bool)
        side, size = 2 * process + made, 2 * (int(process.max(initial=-1)) + 1)
        amount = np.nan_to_num(values[cell])
        total: Values = np.bincount(side, weights=amount, minlength=size).astype(np.float64)
        stated = np.bincount(side, minlength=size)
        entering = np.where(stated[0::2] > 0, total[0::2], 1.0)  # nothing said of inputs: per tonne of level
        keeps = np.ones(size, dtype=bool)
        keeps[1::2] = total[1::2] >= entering * (1 - _EXACT)
        ceiling = total.copy()
        ceiling[1::2] = np.maximum(entering, total[1::2])
        # alone on a side that keeps its total, a coefficient has nowhere to go
        several = np.bincount(side[moves], minlength=size) > 1
        return cls(cell, side, moves & (several[side] | ~keeps[side]), total, ceiling, keeps)

    def settle(self, values: Values) -> None:
        """Scale the coefficients that move, in place, to the totals that hold."""
        size = len(self.total)
        amount = np.nan_to_num(values[self.cell])
        moving = np.bincount(self.side[self.moves], weights=amount[self.moves], minlength=size)
        firm = np.bincount(self.side[~self.moves], weights=amount[~self.moves], minlength=size)
        room = np.maximum(self.ceiling - firm, 0.0)
        scale = np.divide(room, moving, out=np.ones(size), where=moving > 0)
        scale = np.where(self.keeps, scale, np.minimum(scale, 1.0))
        values[self.cell[self.moves]] *= scale[self.side[self.moves]]
