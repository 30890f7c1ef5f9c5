"""Which figures a headline hangs on: each input moved alone, and how far it has to move to overturn it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ...language import check_language
from ...schema import table
from .cells import Cells
from .drawing import FROM_NO_NUMBER
from .frames import framed
from .headline import Headline, Reading, headline_of
from .tornado_words import input_name, tornado_notes, tornado_sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...analysis.indicator import Indicator
    from ...diagnosis.run import CheckLike
    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]

__all__ = ["TORNADO_COLUMNS", "Tornado", "tornado"]

TORNADO_COLUMNS = {
    "table": "str", "row_id": "str", "column": "str", "input": "str", "unit": "str", "rests_on": "bool",
    **dict.fromkeys(("stated", "low", "high", "at_low", "at_high", "swing"), "float64"), "overturns": "bool",
    "overturned_at": "str", "change": "float64", "change_to": "float64",
}  # fmt: skip
#: Relative width, in logarithm, at which the change that overturns a headline is near enough.
_NEAR = 0.01


@dataclass(frozen=True, eq=False, repr=False)
class Tornado:
    """The inputs that move one headline most; see `tornado`.

    Attributes
    ----------
    headline
        What was asked about, and what the figures as stated say of it.
    k, within, threshold
        Standard uncertainties by which each input was moved, factor within which a change was looked for, and the
        value on the sides of which an indicator is.
    n_inputs, n_tried
        Inputs that are uncertain in the tables that it is read from, and those that were moved alone.
    """

    filiere: Filiere
    headline: Headline
    k: float
    within: float
    threshold: float | None
    n_inputs: int
    n_tried: int
    lang: str
    _inputs: pd.DataFrame

    @property
    def inputs(self) -> pd.DataFrame:
        """A row per input that moves the headline or overturns it: those that overturn it first, then by `swing`.

        ``stated``, ``low`` and ``high`` (of the input, in ``unit``), ``at_low`` and ``at_high`` (the headline there),
        ``swing`` (largest less smallest of the headline at low, as stated and at high; NaN where it is unknown at
        all of them), ``overturns`` and ``overturned_at`` (low, high or both), ``change`` (the smallest relative
        change of the input that overturns the headline, −0.2 for 20 % less; NaN where none within the bounds does),
        ``change_to`` (the input after it), ``rests_on`` (whether the headline rests on that row).
        """
        return self._inputs.copy(deep=False)

    def sentences(self, lang: str | None = None) -> list[str]:
        """Return what would overturn the headline, then what moves it, a sentence an input."""
        lang = self.lang if lang is None else lang
        return [
            tornado_sentence(self.filiere, self.headline, row, threshold=self.threshold, lang=lang)
            for row in self._inputs.to_dict("records")
        ]

    def notes(self, lang: str | None = None) -> list[str]:
        """Return by how much inputs were moved, and how many were tried."""
        return tornado_notes(
            self.headline,
            k=self.k,
            within=self.within,
            n_tried=self.n_tried,
            n_inputs=self.n_inputs,
            count=int(self._inputs["overturns"].sum()),
            lang=self.lang if lang is None else lang,
        )

    def __repr__(self) -> str:
        count = int(self._inputs["overturns"].sum())
        return (
            f"<Tornado of {self.headline.identifier!r}: {self.n_tried} of {self.n_inputs} inputs moved by "
            f"{self.k:g} standard uncertainties, {count} of the {len(self._inputs)} told overturn it>"
        )


def tornado(
    f: Filiere,
    headline: str | Indicator,
    *,
    most: int = 10,
    k: float = 1.64,
    tried: int = 30,
    within: float = 4.0,
    threshold: float | None = None,
    plan: Callable[[Filiere], Any] | None = None,
    checks: Iterable[CheckLike] | None = None,
    indicators: Iterable[str | Indicator] | None = None,
    uncertainty: Mapping[str, float] | None = None,
    drawn: Mapping[str, Iterable[str]] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Tornado:
    """Return the inputs that move a headline most, and those that alone would overturn it.

    Each input is put at :math:`v \\exp(\\pm k s - s^2/2)`, :math:`s = \\sqrt{\\ln(1 + u^2)}`: the quantiles of its
    distribution (`Cells`; 5 % and 95 % for ``k`` = 1.64), all others as stated; what it owes to others (a recipe, a
    whole) is kept up.

    Parameters
    ----------
    headline
        An indicator, the identifier of a finding (also of one that is not found: what would bring it about), or
        with `plan` that of an option.
    most
        Inputs told, 1 or more.
    k
        Standard uncertainties, above 0.
    tried
        Inputs moved alone at most, 1 or more: those of the rows that the headline rests on, where they are no more
        than that, then those of the tables that it is read from. These are first drawn together, a column at a
        time: a group that changes nothing, all low, all high or drawn twice, is left out, one that does is halved.
    within
        Factor, above 1: the change that overturns is looked for between the input divided and multiplied by it.
    threshold
        For an indicator: it is overturned where it passes from one side to the other (at it is above). Without
        one, where it becomes unknown.
    plan, checks, indicators, uncertainty, drawn, year, lang
        As for `robustness`; by default every check is asked for the finding.

    Returns
    -------
    Tornado

    Raises
    ------
    UnknownNameError
        A headline that is no finding, no indicator and no option.
    ArgumentError
        A number out of its range.

    Notes
    -----
    A finding that is not found counts 0, one without a quantity 1: its swing is what is at stake. `change` is found
    by bisection of the logarithm, to 1 %; of several crossings on one side it finds one, which need not be the
    nearest.

    Examples
    --------
    Of what is offered (90 t) and asked for (100 t), 10 % less of the latter, or 12 % more of the former, is enough:

    >>> from chaine_valeur import Filiere
    >>> from chaine_valeur.analysis.findings import Finding
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A"]},
    ...     materials={"name": ["Papier"]},
    ...     markets={"market_id": ["s", "d"], "kind": ["supply", "demand"], "material_id": ["Papier", "Papier"],
    ...              "quantity_t_per_year": [90, 100], "confidence": ["declared", "declared"]},
    ... )
    >>> def short_of(f, *, lang):
    ...     missing = f.markets["quantity_t_per_year"]["d"] - f.markets["quantity_t_per_year"]["s"]
    ...     if missing > 0:
    ...         yield Finding("short_of", "high", "more is asked for", quantity=missing, unit="t/year")
    >>> found = tornado(f, "short_of", checks=[short_of], lang="en").inputs
    >>> found["row_id"].tolist(), found["overturns"].tolist(), found["change"].round(2).tolist()
    (['d', 's'], [True, True], [-0.1, 0.12])
    """
    check_language(lang)
    for name, value, fits in (
        ("most", most, most >= 1), ("k", k, 0 < k < np.inf), ("tried", tried, tried >= 1),
        ("within", within, 1 < within < np.inf),
    ):  # fmt: skip
        if not fits:
            raise ArgumentError(f"{name}={value!r} is out of its range")
    f = f if year is None else f.at(year)
    cells = Cells.of(f, uncertainty=uncertainty, drawn=drawn)
    asked = headline_of(
        f, headline, threshold=threshold, plan=plan, checks=checks, indicators=indicators, lang=lang
    )
    low, high = (cells.quantiles(np.full(len(cells.moving), score)) for score in (-k, k))
    moved = _Moved(f, cells, asked, (low, high))
    groups, rests = _groups(cells, asked)
    kept = _candidates(moved, groups, rests, tried)
    rows = []
    for place in kept:  # over the few inputs that are tried
        row = _swung(moved, place, float(low[place]), float(high[place]))
        rows.append({**row, "position": place, "rests_on": bool(np.isin(place, rests))})
    rows.sort(key=lambda row: (not row["overturns"], -np.nan_to_num(row["swing"])))  # else as they were tried
    told = [_with_change(moved, row, within, lang) for row in rows[:most]]
    told = [row for row in told if row["change"] == row["change"] or row["swing"] != 0]
    return Tornado(
        filiere=f,
        headline=asked,
        k=k,
        within=within,
        threshold=threshold,
        n_inputs=sum(len(group) for group in groups),
        n_tried=len(kept),
        lang=lang,
        _inputs=framed(told, TORNADO_COLUMNS),
    )


@dataclass(frozen=True)
class _Moved:
    """A filière with one figure moved, and what it then says of the headline."""

    filiere: Filiere
    cells: Cells
    headline: Headline
    ends: tuple[Values, Values]

    def at(self, place: int, value: float) -> tuple[float, Reading]:
        """Return the input as it then stands, and the reading."""
        values = self.cells.value.copy()
        values[place] = value
        values = self.cells.settled(values)
        return float(values[place]), self._read(values)

    def tells(self, group: Positions) -> bool:
        """Return whether the headline changes with a group of inputs: all low, all high, or drawn twice.

        Drawn too, since a ratio does not see what moves all of its terms by one factor.
        """
        for drawn in (*self.ends, self.cells.draw(0), self.cells.draw(1)):
            values = self.cells.value.copy()
            values[group] = drawn[group]
            reading, base = self._read(self.cells.settled(values)), self.headline.base
            same = np.isclose(reading.value, base.value, rtol=1e-9, atol=0, equal_nan=True)
            if self.overturned(reading) or not same:
                return True
        return False

    def _read(self, values: Values) -> Reading:
        frames = self.cells.frames(self.filiere, values)
        return self.headline.read(self.filiere._with_numbers(frames, keep=FROM_NO_NUMBER))

    def overturned(self, reading: Reading) -> bool:
        """Return whether the headline is then on the other side."""
        return reading.stands != self.headline.base.stands


def _groups(cells: Cells, asked: Headline) -> tuple[list[Positions], Positions]:
    """Return the inputs that may bear on a headline by column, and those of the rows that it rests on."""
    groups, rests = [], [np.empty(0, dtype=np.int64)]
    for block in cells.blocks:  # over columns
        if block.table not in asked.tables:
            continue
        at = np.arange(block.start, block.stop)
        own = cells.indexes[block.table].isin(asked.rows.get(block.table, ()))
        moves = cells.uncertainty[at] > 0
        rests.append(at[moves & own])
        groups += [at[moves & own], at[moves & ~own]]
    return [group for group in groups if len(group)], np.concatenate(rests)


def _candidates(moved: _Moved, groups: list[Positions], rests: Positions, tried: int) -> list[int]:
    """Return the inputs to move alone, at most so many: those that a headline rests on, then those that tell.

    Inputs that together change nothing are left out; a group that does is halved, down to one.
    """
    kept: list[int] = rests.tolist() if len(rests) <= tried else []
    queue = deque(group for group in groups if not (kept and np.isin(group, rests).all()))
    while queue and len(kept) < tried:
        group = queue.popleft()
        if len(group) == 1:
            kept.append(int(group[0]))
        elif moved.tells(group):
            half = len(group) // 2
            queue += [group[:half], group[half:]]
    return kept


def _swung(moved: _Moved, place: int, low: float, high: float) -> dict[str, Any]:
    if low > high:  # a negative amount: its least is its largest
        low, high = high, low
    (low, at_low), (high, at_high) = moved.at(place, low), moved.at(place, high)
    known = [one for one in (at_low.value, moved.headline.base.value, at_high.value) if one == one]
    over = [name for name, one in (("low", at_low), ("high", at_high)) if moved.overturned(one)]
    return {
        "stated": float(moved.cells.value[place]), "low": low, "high": high, "at_low": at_low.value,
        "at_high": at_high.value, "swing": max(known) - min(known) if known else float("nan"),
        "overturns": bool(over), "overturned_at": "both" if len(over) == 2 else "".join(over),
    }  # fmt: skip


def _with_change(moved: _Moved, row: dict[str, Any], within: float, lang: str) -> dict[str, Any]:
    """Return a row with its names, and the smallest change of its input that overturns the headline."""
    name, row_id, column = moved.cells.where(row["position"])
    stated, best = row["stated"], float("nan")
    for side, end in (("low", row["low"]), ("high", row["high"])):
        known = row["overturned_at"] in (side, "both")
        towards = -1.0 if (side == "low") == (stated > 0) else 1.0
        farthest = abs(np.log(end / stated)) if known and end != 0 else np.log(within)
        step = _crossing(moved, row["position"], towards, float(farthest), known=known)
        if step == step and not abs(step) >= abs(best):
            best = step
    change = float(np.expm1(best))
    return {
        **row, "table": name, "row_id": row_id, "column": column, "unit": table(name)[column].unit,
        "input": input_name(moved.filiere, name, row_id, column, lang=lang), "change": change,
        "change_to": stated * (1 + change),
    }  # fmt: skip


def _crossing(moved: _Moved, place: int, towards: float, farthest: float, *, known: bool) -> float:
    """Return the least logarithm of a factor on one side that overturns the headline, NaN if the farthest does not."""
    stated = float(moved.cells.value[place])

    def overturns(step: float) -> bool:
        return moved.overturned(moved.at(place, stated * float(np.exp(towards * step)))[1])

    if not known and not overturns(farthest):
        return float("nan")
    near, far = 0.0, farthest
    while far - near > _NEAR:
        middle = (near + far) / 2
        near, far = (near, middle) if overturns(middle) else (middle, far)
    return towards * far
