"""Puts the equations of a reconciliation together, as triplets that become sparse matrices once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...rules import CREATED

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ..flows.balances.combining import Declared
    from ..system import System

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["RowBuilder"]

#: A deviation smaller than this share of the largest level of a process is none.
NEGLIGIBLE = 1e-6


class RowBuilder:
    """Collects variables and rows; what each row says is noted beside it.

    Variables are numbered in the order in which they come: arcs, processes, then whatever is added.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.n_variables = system.arcs.size + system.processes.size
        self.equalities: list[tuple[str, int | str]] = []
        self.inequalities: list[tuple[str, int | str]] = []
        self._terms: dict[bool, list[tuple[Codes, Codes, Values]]] = {True: [], False: []}
        self._right: dict[bool, list[Values]] = {True: [], False: []}
        self._sigma: list[Values] = []
        self._between: list[tuple[Values, Values]] = []
        self._deviations: tuple[Codes, Codes, Values] | None = None

    # -- adding -------------------------------------------------------------------------------------

    def variables(self, sigma: Values, *, between: tuple[Values, Values] | None = None) -> Codes:
        """Add variables expected to be 0 with an uncertainty (NaN: not measured); return their numbers."""
        first = self.n_variables
        self._sigma.append(np.asarray(sigma, dtype=np.float64))
        free = np.full(len(sigma), np.inf)
        self._between.append(between if between is not None else (-free, free))
        self.n_variables += len(sigma)
        return np.arange(first, self.n_variables)

    def rows(
        self,
        kind: str,
        about: list[int] | list[str],
        terms: list[tuple[Codes, Codes, Values]],
        right: Values,
        *,
        equal: bool = True,
    ) -> None:
        """Add rows ``Σ value · variable = right`` (or ≤); the first of each triplet is the row among these."""
        told = self.equalities if equal else self.inequalities
        offset = len(told)
        for row, variable, value in terms:
            self._terms[equal].append((np.asarray(row) + offset, np.asarray(variable), np.asarray(value)))
        self._right[equal].append(np.asarray(right, dtype=np.float64))
        told.extend((kind, each) for each in about)

    def recipes(self, levels: Values) -> tuple[Codes, Codes]:
        """Add what is uncertain about recipes, and that a process creates no matter by it.

        Each uncertain coefficient of a side with several materials may deviate by ``u · t_per_t · level``. The
        deviations of the inputs add up to nothing. Those of the outputs are taken up by the loss, which is not
        less than nothing; they add up to nothing where the recipe loses nothing.

        Returns
        -------
        tuple of arrays
            The coefficient of each deviation and its process.
        """
        made = self.system.processes
        size = np.abs(made.uncertainty * made.t_per_t) * levels[made.process]
        # that of a process that does not run is nothing, and would be infinitely firm
        usable = np.isfinite(size) & (size > NEGLIGIBLE * np.nanmax(levels, initial=0.0))
        loss = made.takes - made.makes
        lossy = np.isfinite(loss) & (loss > CREATED)
        inputs, outputs = (
            np.bincount(made.process[side & usable], minlength=made.size) for side in (~made.made, made.made)
        )
        free = np.where(
            made.made, (outputs > 1)[made.process] | lossy[made.process], (inputs > 1)[made.process]
        )
        chosen = np.flatnonzero(usable & free)
        numbers = self.variables(size[chosen])
        process = made.process[chosen].astype(np.int64)
        losing = made.made[chosen] & lossy[process]
        for mask in (made.made[chosen] & ~losing, ~made.made[chosen]):
            which = np.unique(process[mask])
            terms = [(np.searchsorted(which, process[mask]), numbers[mask], np.ones(int(mask.sum())))]
            if len(which):
                self.rows("recipe", which.tolist(), terms, np.zeros(len(which)))
        which = np.unique(process[losing])
        if len(which):  # what the outputs gain comes out of the loss: Σ deviations ≤ loss · level
            row = np.searchsorted(which, process[losing])
            order = np.arange(len(which))
            terms = [(row, numbers[losing], np.ones(int(losing.sum()))),
                     (order, which + self.system.arcs.size, -loss[which])]  # fmt: skip
            self.rows("recipe", which.tolist(), terms, np.zeros(len(which)), equal=False)
        sign = np.where(made.made[chosen], 1.0, -1.0)
        self._deviations = (self.system.coefficient_row[chosen].astype(np.int64), numbers, sign)
        return chosen.astype(np.int64), process

    def balances(self) -> None:
        """Add the closed balances: what arrives and is made, less what leaves and is taken, goes into stock."""
        system = self.system
        closed = np.flatnonzero(system.closed)
        place = np.full(system.n_rows, -1, dtype=np.int64)
        place[closed] = np.arange(len(closed))
        terms = []
        for matrix, offset in ((system.incidence, 0), (system.yields, system.arcs.size)):
            entries = matrix.tocoo()
            kept = place[entries.row] >= 0
            terms.append((place[entries.row[kept]], entries.col[kept] + offset, entries.data[kept]))
        if self._deviations is not None:
            row, variable, sign = self._deviations
            kept = place[row] >= 0
            terms.append((place[row[kept]], variable[kept], sign[kept]))
        right, stock_terms = self._stocks(closed, place)
        self.rows("balance", closed.tolist(), [*terms, *stock_terms], right)

    def _stocks(self, closed: Codes, place: Codes) -> tuple[Values, list[tuple[Codes, Codes, Values]]]:
        """Return the right sides, and the variables that split a change of stock between several balances."""
        system = self.system
        change = system.nodes.stock_change[system.row_node[closed]]
        known = np.isfinite(change) & (change != 0)
        count = np.bincount(system.row_node[closed], minlength=system.nodes.size)[system.row_node[closed]]
        right = np.where(known & (count == 1), np.nan_to_num(change), 0.0)
        split = np.flatnonzero(known & (count > 1))
        if not len(split):
            return right, []
        # each material takes a part of the change, in its direction
        numbers = self.variables(
            np.full(len(split), np.nan),
            between=(np.minimum(change[split], 0.0), np.maximum(change[split], 0.0)),
        )
        nodes, row = np.unique(system.row_node[closed[split]], return_inverse=True)
        total = system.nodes.stock_change[nodes]
        self.rows("stock", nodes.tolist(), [(row, numbers, np.ones(len(split)))], total)
        return right, [(split, numbers, -np.ones(len(split)))]

    # -- the arrays ---------------------------------------------------------------------------------

    def matrices(self) -> tuple[csr_array, Values, csr_array | None, Values | None]:
        """Return equalities and inequalities; none of the latter are ``None``."""
        A, b = self._matrix(True, len(self.equalities))
        if not self.inequalities:
            return A, b, None, None
        return A, b, *self._matrix(False, len(self.inequalities))

    def _matrix(self, equal: bool, count: int) -> tuple[csr_array, Values]:
        from scipy.sparse import coo_array

        terms, right = self._terms[equal], self._right[equal]
        row, column, value = (
            np.concatenate([np.zeros(0), *(np.asarray(term[part], dtype=np.float64) for term in terms)])
            for part in range(3)
        )
        shape = (count, self.n_variables)
        matrix = coo_array((value, (row.astype(np.int64), column.astype(np.int64))), shape=shape).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()  # of a relation whose coefficients cancel nothing is left
        return matrix, np.concatenate([np.zeros(0), *right])

    def data(self, said: Declared) -> tuple[Values, Values, Values, Values]:
        """Return what is measured, its uncertainty, and the bounds of every variable."""
        flow = self.system.arcs.flow

        def along(values: Values) -> Values:
            return np.append(values, np.nan)[flow]

        levels = np.full(self.system.processes.size, np.nan)
        measured = [
            along(said.t),
            levels,
            *(np.where(np.isnan(s), np.nan, 0.0) for s in self._sigma),
        ]
        sigma = [along(said.sigma), levels, *self._sigma]
        lower = [
            np.fmax(along(said.low), 0.0),
            np.zeros(len(levels)),
            *(low for low, _ in self._between),
        ]
        high = along(said.high)
        unbounded = np.full(len(levels), np.inf)
        upper = [np.where(np.isnan(high), np.inf, high), unbounded, *(high for _, high in self._between)]
        return tuple(np.concatenate(parts) for parts in (measured, sigma, lower, upper))  # type: ignore[return-value]
