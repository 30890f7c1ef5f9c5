"""Linear programs of a chain of stages, written row by row: how much may pass, with what is made of what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.measure import NAN
from ._passing import ANY

if TYPE_CHECKING:
    from ._passing import Passing, Process
    from ._pools import Pool

__all__ = ["Program"]

#: A term of a row: a key of a column, its factor.
Term = tuple[tuple[object, ...], float]


class Program:
    """Rows ``Σ a x ≤ b`` over ``x ≥ 0``: tonnes on arcs, levels of processes, what is drawn from pools.

    Written in plain Python: the arcs of an expected chain are tens, not thousands.
    """

    def __init__(self, passing: Passing) -> None:
        self.passing = passing
        self._columns: dict[tuple[object, ...], int] = {}
        self._entries: list[tuple[int, int, float]] = []
        self._limits: list[float] = []

    def most(self, aim: Iterable[Term]) -> float:
        """Return the largest ``Σ factor · x``; NaN where nothing limits it."""
        from scipy.optimize import linprog
        from scipy.sparse import coo_array

        wanted = [(self._column(key), factor) for key, factor in aim]
        cost = np.zeros(len(self._columns))
        for column, factor in wanted:
            cost[column] -= factor
        rows, columns, factors = zip(*self._entries, strict=True)
        matrix = coo_array((factors, (rows, columns)), shape=(len(self._limits), len(cost))).tocsr()
        found = linprog(cost, A_ub=matrix, b_ub=np.array(self._limits), method="highs")
        # what the solver leaves of its tolerance is no tonne
        return round(max(0.0, -float(found.fun)), 9) if found.status == 0 else NAN

    def tonnes(self, arcs: Iterable[int]) -> list[Term]:
        """Return the tonnes on some arcs, as terms."""
        return [(("x", arc), 1.0) for arc in arcs]

    def levels(self, processes: Iterable[Process]) -> list[Term]:
        """Return what enters some processes, all inputs, as terms."""
        return [(self._level(process), process.entering) for process in processes]

    # -- rows ---------------------------------------------------------------------------------------

    def pools(self, stopped: dict[int, list[int]], pools: Sequence[Pool]) -> None:
        """Hold what passes on arcs that end at pools within them."""
        for arc, places in stopped.items():
            self._within(self.tonnes([arc]), [(("d", arc, place), 1.0) for place in places])
        for place in sorted({place for places in stopped.values() for place in places}):
            drawn: list[Term] = [
                (("d", arc, place), 1.0) for arc, places in stopped.items() if place in places
            ]
            self._within(drawn, [], pools[place].t)

    def unchanged(self, limited: Collection[int], limiting: Collection[int]) -> None:
        """Hold some arcs of a stage without a recipe within others: in all, and for each material that is on both."""
        self._within(self.tonnes(limited), self.tonnes(limiting))
        for material in sorted(self._materials(limited) & self._materials(limiting)):
            self._within(self.tonnes(self._of(limited, material)), self.tonnes(self._of(limiting, material)))

    def recipes_take(self, processes: Sequence[Process], coming: Collection[int]) -> None:
        """Hold what processes take of each material that comes within what comes of it; other inputs are free."""
        materials = self._materials(coming)
        for material in sorted(materials):
            taken = [(self._level(one), one.takes[material]) for one in processes if material in one.takes]
            if taken:
                self._within(taken, self.tonnes(self._of(coming, material)))
        if any(ANY in one.takes for one in processes):
            everything = [
                (
                    self._level(one),
                    sum(t for material, t in one.takes.items() if material in materials | {ANY}),
                )
                for one in processes
            ]
            self._within(everything, self.tonnes(coming))

    def recipes_make(self, processes: Sequence[Process], going: Collection[int]) -> None:
        """Hold what goes on of each material within what processes make of it."""
        for material in sorted(self._materials(going)):
            made = [(self._level(one), one.makes[material]) for one in processes if material in one.makes]
            self._within(self.tonnes(self._of(going, material)), made)

    def recipes_absorb(self, processes: Sequence[Process], coming: Collection[int]) -> None:
        """Hold what comes of each material within what processes take of it."""
        for material in sorted(self._materials(coming)):
            taken = [
                (self._level(one), one.takes.get(material, one.takes.get(ANY, 0.0)))
                for one in processes
                if material in one.takes or ANY in one.takes
            ]
            self._within(self.tonnes(self._of(coming, material)), taken)

    def recipes_place(self, processes: Sequence[Process], going: Collection[int]) -> None:
        """Hold levels of processes within what is placed: each tonne has at least one product that goes on."""
        wanted = self._materials(going)
        for one in processes:
            placed = [((*self._level(one), material), 1.0) for material in one.makes if material in wanted]
            self._within([(self._level(one), 1.0)], placed)
        for material in sorted(wanted):
            made = [
                ((*self._level(one), material), one.makes[material])
                for one in processes
                if material in one.makes
            ]
            self._within(made, self.tonnes(self._of(going, material)))

    # -- writing ------------------------------------------------------------------------------------

    def _within(self, limited: Iterable[Term], limiting: Iterable[Term], limit: float = 0.0) -> None:
        """Add ``Σ limited − Σ limiting ≤ limit``."""
        row = len(self._limits)
        self._limits.append(limit)
        for sign, side in ((1.0, limited), (-1.0, limiting)):
            self._entries += [(row, self._column(key), sign * factor) for key, factor in side]

    def _column(self, key: tuple[object, ...]) -> int:
        return self._columns.setdefault(key, len(self._columns))

    def _level(self, process: Process) -> tuple[object, ...]:
        return ("z", process.stage, process.order)

    def _materials(self, arcs: Iterable[int]) -> set[int]:
        return {self.passing.arcs[arc][2] for arc in arcs}

    def _of(self, arcs: Iterable[int], material: int) -> list[int]:
        return [arc for arc in arcs if self.passing.arcs[arc][2] == material]
