"""The figures of a filière that are uncertain: one cell each, its distribution, and what it owes to others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.reconciliation import uncertainty_table
from ...errors import ArgumentError
from ...provenance import provenance
from ...schema import table
from ._philox import row_keys, stream_key, uniforms
from ._settle import PARTS, Recipes, Wholes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Codes = NDArray[np.int64]

__all__ = ["DRAWN", "Block", "Cells"]

#: What is drawn: what somebody measured, declared or guessed. What is decided (budgets, grants, targets, ceilings,
#: what a convention finances), counted one by one (posts filled, people, exits) or known as a bound is not.
DRAWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "flows": (
            "quantity_t_per_year", "natural_quantity_per_year", "share", "capacity_t_per_year",
            "amount_eur_per_year",
        ),
        "markets": ("quantity_t_per_year", "natural_quantity_per_year", "price_eur_per_t"),
        "activities": (
            "capacity_t_per_year", "stock_change_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte",
            "no_diploma_fte", "fixed_cost_eur_per_year", "variable_cost_eur_per_t",
        ),
        "recipes": ("t_per_t",),
        "costs": ("amount_eur_per_year", "amount_eur_per_t", "local_share"),
        "materials": ("t_per_unit",),
        "stages": ("minimum_viable_t_per_year",),
        "options": (
            "capacity_t_per_year", "minimum_viable_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte",
            "investment_eur", "running_cost_eur_per_year", "receipts_eur_per_t", "post_aid_eur_per_year",
        ),
        "agreements": ("hours_worked",),
        "recruitment_needs": ("posts",),
    }
)  # fmt: skip
#: The figures of a row that its own ``uncertainty_share`` speaks of; the others have that of their confidence.
_FIGURES = frozenset({"quantity_t_per_year", "natural_quantity_per_year", "share", "t_per_t"})
#: Drawn together: one weighing told in two units; the jobs of a row, of which the others are a part.
_SAME_FIGURE = {
    "natural_quantity_per_year": "quantity_t_per_year",
    **dict.fromkeys(("insertion_fte", "supervision_fte", "no_diploma_fte"), "jobs_fte"),
}
#: Least α + β of a beta distribution: at 2 it is as wide as one may take a share to be (uniform around one half).
_LEAST_WEIGHT = 2.0


@dataclass(frozen=True)
class Block:
    """One column of one table: where its cells stand in the vectors of `Cells`."""

    table: str
    column: str
    start: int
    stop: int


@dataclass(frozen=True)
class Cells:
    """The figures that may be drawn, all tables in one vector.

    A figure :math:`v` of relative standard uncertainty :math:`u` is drawn as
    :math:`v \\exp(s z - s^2 / 2)`, :math:`s = \\sqrt{\\ln(1 + u^2)}`, :math:`z` standard normal: log-normal, of
    mean :math:`v` and standard deviation :math:`u |v|`. What cannot exceed a whole (a share: 1; an output of a
    recipe that loses matter: what enters) is drawn as the whole times a beta variable of that mean and deviation
    (at most the deviation for which :math:`\\alpha + \\beta = 2`).

    Attributes
    ----------
    blocks
        The columns, one after another.
    value
        What is stated, NaN where unknown.
    uncertainty
        Relative standard uncertainty; 0 where a figure is exact, or has nowhere to go.
    whole
        What a cell cannot exceed, which is part of its distribution; infinite for the others.
    low, high
        Bounds of the schema, and the least and most that a flow is known to be.
    streams, rows
        What the random number of each cell depends on, with the number of the draw.
    said
        Where the uncertainty of a cell comes from: 2 its row states it, 1 its confidence, 0 neither is stated.
    """

    blocks: tuple[Block, ...]
    indexes: Mapping[str, pd.Index]
    value: Values
    uncertainty: Values
    whole: Values
    low: Values
    high: Values
    streams: NDArray[np.uint64]
    rows: NDArray[np.uint64]
    said: Codes
    wholes: tuple[Wholes, ...] = ()
    recipes: Recipes | None = None
    seed: int = 0
    by_confidence: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        f: Filiere,
        *,
        seed: int = 0,
        uncertainty: Mapping[str, float] | None = None,
        drawn: Mapping[str, Iterable[str]] | None = None,
    ) -> Cells:
        """Return the cells of a filière; see `chaine_valeur.planning.robustness.robustness` for the arguments."""
        by_confidence = uncertainty_table(uncertainty)
        parts: list[dict[str, Any]] = []
        blocks: list[Block] = []
        at = 0
        for name, columns in _asked(drawn).items():  # over tables and columns
            frame = f.table(name)
            keys = row_keys(frame.index)
            for column in columns if len(frame) else ():
                parts.append(_column(f, name, column, keys, seed, by_confidence))
                blocks.append(Block(name, column, at, at + len(frame)))
                at += len(frame)
        vectors: dict[str, Any] = (
            {key: np.concatenate([part[key] for part in parts]) for key in _EMPTY} if parts else _EMPTY
        )
        cells = cls(
            blocks=tuple(blocks),
            indexes={block.table: f.table(block.table).index for block in blocks},
            seed=seed,
            by_confidence=by_confidence,
            **vectors,
        )
        return cells._tied(f)

    def _tied(self, f: Filiere) -> Cells:
        """Return the cells with what they owe to one another; those that have nowhere to go do not move."""
        wholes = []
        for name, rules in PARTS.items():
            for jobs, among in rules:
                columns = [self.positions(name, one) for one in (jobs, *among)]
                known = [one for one in columns[1:] if one is not None]
                if columns[0] is not None and known:
                    wholes.append(Wholes.of(self.value, columns[0], tuple(known)))
        cell, uncertainty, whole, recipes = (
            self.positions("recipes", "t_per_t"),
            self.uncertainty,
            self.whole,
            None,
        )
        if cell is not None:
            recipes = Recipes.of(f.recipes, self.value, cell, self.uncertainty[cell] > 0)
            uncertainty, whole = uncertainty.copy(), whole.copy()
            uncertainty[cell] = np.where(recipes.moves, uncertainty[cell], 0.0)
            whole[cell] = np.where(recipes.keeps, np.inf, recipes.ceiling)[recipes.side]
        return replace(self, wholes=tuple(wholes), recipes=recipes, uncertainty=uncertainty, whole=whole)

    def positions(self, name: str, column: str) -> Codes | None:
        """Return where the cells of a column stand, none where it is not drawn."""
        for block in self.blocks:
            if (block.table, block.column) == (name, column):
                return np.arange(block.start, block.stop)
        return None

    @cached_property
    def moving(self) -> Codes:
        """Positions of the cells that are uncertain."""
        return np.flatnonzero(self.uncertainty > 0)

    @cached_property
    def tables(self) -> frozenset[str]:
        """Tables that hold a cell that is uncertain."""
        return frozenset(one.table for one in self.blocks if self.uncertainty[one.start : one.stop].any())

    @cached_property
    def _spread(self) -> Values:
        return np.sqrt(np.log1p(self.uncertainty[self.moving] ** 2))

    @cached_property
    def _beta(self) -> tuple[Codes, Values, Values, Values]:
        """Which of the moving cells are part of a whole, that whole, and the two parameters of each."""
        whole = self.whole[self.moving]
        which = np.flatnonzero(np.isfinite(whole))
        mean, spread = (self.value[self.moving] / whole)[which], self.uncertainty[self.moving][which]
        weight = np.maximum((1 - mean) / (mean * spread**2) - 1, _LEAST_WEIGHT)
        return which, whole[which], mean * weight, (1 - mean) * weight

    def quantiles(self, scores: Values) -> Values:
        """Return all cells where each moving one is at a quantile, given as a standard normal score.

        What cells owe to one another is not looked at: `settled` does.
        """
        from scipy.special import betaincinv, ndtr

        drawn = self.value[self.moving] * np.exp(self._spread * scores - self._spread**2 / 2)
        which, whole, alpha, beta = self._beta
        if len(which):
            drawn[which] = whole * betaincinv(alpha, beta, ndtr(scores[which]))
        values = self.value.copy()
        values[self.moving] = drawn
        return values

    def draw(self, number: int) -> Values:
        """Return all cells in one draw."""
        from scipy.special import ndtri

        scores = ndtri(uniforms(self.streams[self.moving], self.rows[self.moving], number))
        return self.settled(self.quantiles(scores))

    def settled(self, values: Values) -> Values:
        """Return cells within their bounds, that create no matter, parts within their wholes."""
        values = np.clip(values, self.low, self.high)
        if self.recipes is not None:
            self.recipes.settle(values)
        for whole in self.wholes:
            whole.settle(values)
        return values

    def frames(self, f: Filiere, values: Values) -> dict[str, pd.DataFrame]:
        """Return the tables of a filière with these values in place of what is stated."""
        changed: dict[str, dict[str, Values]] = {}
        for block in self.blocks:
            if block.table in self.tables:
                changed.setdefault(block.table, {})[block.column] = values[block.start : block.stop]
        return {name: f.table(name).assign(**columns) for name, columns in changed.items()}

    def where(self, position: int) -> tuple[str, str, str]:
        """Return the table, the identifier of the row and the column of a cell."""
        block = next(one for one in self.blocks if one.start <= position < one.stop)
        return block.table, str(self.indexes[block.table][position - block.start]), block.column


#: The vectors of no cell, in their types.
_EMPTY: dict[str, Any] = {
    **{name: np.empty(0) for name in ("value", "uncertainty", "whole", "low", "high")},
    **{name: np.empty(0, dtype=np.uint64) for name in ("streams", "rows")},
    "said": np.empty(0, dtype=np.int64),
}


def _asked(drawn: Mapping[str, Iterable[str]] | None) -> dict[str, tuple[str, ...]]:
    asked: dict[str, tuple[str, ...]] = {}
    for name, columns in (DRAWN if drawn is None else drawn).items():
        home = table(name)
        asked[home.name] = tuple(dict.fromkeys([columns] if isinstance(columns, str) else columns))
        for column in asked[home.name]:
            if home[column].type not in ("number", "share") or column == "uncertainty_share":
                message = f"drawn: {column!r} of {home.name!r} is no quantity that can be drawn"
                raise ArgumentError(message)
    return asked


def _column(
    f: Filiere,
    name: str,
    column: str,
    keys: NDArray[np.uint64],
    seed: int,
    by_confidence: Mapping[str, float],
) -> dict[str, Any]:
    """Return the vectors of one column of one table."""
    frame, home = f.table(name), table(name)[column]
    value = frame[column].to_numpy(np.float64)
    is_share = home.type == "share"
    confidence = provenance(f, name, column=column)["confidence"].fillna("")
    spread = confidence.map(by_confidence).to_numpy(np.float64)
    said = (confidence != "").to_numpy(bool).astype(np.int64)
    if column in _FIGURES and "uncertainty_share" in frame:
        own = frame["uncertainty_share"].to_numpy(np.float64)
        spread = np.where(np.isnan(own), spread, own)
        said = np.where(np.isnan(own), said, 2)
    fixed = np.isnan(value) | (value == 0) | (is_share & (value >= 1))
    if (name, column) == ("materials", "t_per_unit"):  # a tonne weighs a tonne
        fixed |= (frame["unit"] == "t").to_numpy(bool)
    low = np.full(len(value), -np.inf if home.minimum is None else home.minimum)
    high = np.full(len(value), np.inf if home.maximum is None else home.maximum)
    if (name, column) == ("flows", "quantity_t_per_year"):  # what is known of a figure holds in every draw
        least, most = (frame[one].to_numpy(np.float64) for one in ("min_t_per_year", "max_t_per_year"))
        low = np.where(np.isnan(least), low, np.minimum(least, value))
        high = np.where(np.isnan(most), high, np.maximum(most, value))
    fixed |= low >= high
    stream = stream_key(seed, name, _SAME_FIGURE.get(column, column))
    return {
        "value": value,
        "uncertainty": np.where(fixed, 0.0, spread),
        "whole": np.full(len(value), 1.0 if is_share else np.inf),
        "low": low,
        "high": high,
        "streams": np.full(len(value), stream),
        "rows": keys,
        "said": said,
    }
