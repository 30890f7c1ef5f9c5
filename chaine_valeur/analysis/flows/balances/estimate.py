"""What flows carry and processes run at, as far as declarations, shares and recipes tell, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ....vocabulary import ShareBase
from ...system import System, system_of
from ..carrying.row_facts import RowFacts, row_facts
from .combining import Declared, declared_of
from .linear import Linear
from .sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array, csr_array

    from ....filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["WHOLE", "Estimate", "estimate_of"]

#: A sum of shares as near to 1 as this is the whole.
WHOLE = 1e-9


@dataclass(frozen=True)
class Shares:
    """Flows that are known by a share alone, and the totals that they are shares of.

    Attributes
    ----------
    arc, s, sigma, base
        Along those flows: their arc, the share, its uncertainty, its total.
    node, arriving
        Along the totals: their node, and whether they are what arrives there (else what leaves).
    member, total, own
        Arcs that are part of a total, that total, and whether they are shares of it themselves.
    sums, outer
        Sum of the shares of each total that are part of it, and of those that are not (of what arrives, sent).
    """

    arc: Places
    s: Values
    sigma: Values
    base: Places
    node: Places
    arriving: Mask
    member: Places
    total: Places
    own: Mask
    sums: Values
    outer: Values


@dataclass(frozen=True)
class Estimate:
    """The quantities of a filière: what arcs carry, the totals of shares, the levels of processes.

    ``z = z₀ + M z``: arcs with a tonnage are given; a share flow is its share of a total; a passage inside an
    actor is what its balance leaves, where it is the only one of its material; a level is the tonnes at hand of
    its inputs over its coefficients, an input that several processes take being split in proportion to theirs.

    Attributes
    ----------
    values
        Arcs, totals, levels; NaN where nothing tells.
    exceeding
        Arcs that a share gives where the shares of the total make more than the whole.
    """

    system: System
    facts: RowFacts
    declared: Declared
    shares: Shares
    linear: Linear
    values: Values
    exceeding: Places

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return self.system.arcs.size

    @property
    def arcs(self) -> Values:
        """t/year of each arc, NaN where unknown; passages inside actors by difference, none below 0."""
        found = self.values[: self.n_arcs].copy()
        inside = self.system.arcs.flow < 0
        found[inside] = np.maximum(found[inside], 0)
        return found

    @property
    def levels(self) -> Values:
        """Level of each process, t/year, NaN where unknown; none runs backwards."""
        return np.maximum(self.values[self.n_arcs + len(self.shares.node) :], 0)

    @cached_property
    def balances(self) -> csr_array:
        """Rows of the system × values: what arrives and is made, less what leaves and is taken."""
        from scipy.sparse import csr_array, hstack

        s = self.system
        if len(self.values) == self.n_arcs:
            return s.incidence
        blank = csr_array((s.n_rows, len(self.shares.node)))
        return hstack([s.incidence, blank, s.yields], format="csr")

    @cached_property
    def coefficients(self) -> tuple[Places, Places, Values, Mask]:
        """Row, process, tonnes per tonne of level and side (made) of each coefficient, stated or not."""
        p = self.system.processes
        free = np.flatnonzero(p.any_input)
        return (
            np.concatenate([self.system.coefficient_row, _shared_rows(self.system)[p.node[free]]]),
            np.concatenate([p.process, free]),
            np.concatenate([p.t_per_t, np.ones(len(free))]),
            np.concatenate([p.made, np.zeros(len(free), dtype=bool)]),
        )

    def deviation(self, combination: csr_array) -> Values:
        """Return the standard uncertainty of linear combinations of the values (rows × values), t/year.

        That of tonnages and shares; declarations of different flows are independent of one another.
        """
        share = self.shares
        spread = self.linear.sensitivity(combination)
        sigma = np.zeros(spread.shape[1])
        known = ~np.isnan(self.declared.t)
        sigma[np.flatnonzero(known)] = self.declared.sigma[known]
        variance = spread.power(2) @ sigma**2
        if len(share.arc):
            by_share = (spread @ self._of_shares).tocsr()
            variance = variance + by_share.power(2) @ share.sigma**2
        return np.sqrt(np.asarray(variance).ravel())

    @cached_property
    def _of_shares(self) -> csr_array:
        """Values × share flows: what a share one higher adds before anything follows from it."""
        from scipy.sparse import coo_array

        share, count = self.shares, len(self.shares.arc)
        total = np.nan_to_num(self.values[self.n_arcs + share.base])
        own = np.zeros(self.n_arcs, dtype=bool)
        own[share.member[share.own]] = True
        left = np.where(own[share.arc], 1 / np.maximum(1 - share.sums[share.base], WHOLE), 0.0)
        values = np.concatenate([total, total * left])
        rows = np.concatenate([share.arc, self.n_arcs + share.base])
        places = np.concatenate([np.arange(count)] * 2)
        return coo_array((values, (rows, places)), shape=(len(self.values), count)).tocsr()


def estimate_of(f: Filiere, *, changed: Mapping[str, float] | None = None) -> Estimate:
    """Return the quantities of a filière, made once per table of uncertainties."""
    key = ("flow_estimate", tuple(sorted((changed or {}).items())))
    return f.derived(key, lambda f: _estimate(f, changed))


def _estimate(f: Filiere, changed: Mapping[str, float] | None) -> Estimate:
    system, declared = system_of(f, changed=changed), declared_of(f, changed=changed)
    facts = row_facts(system)
    given = np.append(declared.t, np.full(system.arcs.size - len(declared.t), np.nan))
    shares = _shares(system, declared)
    n_arcs, n_totals, n_levels = system.arcs.size, len(shares.node), system.processes.size
    size = n_arcs + n_totals + n_levels
    start = np.zeros(size)
    known = ~np.isnan(given)
    start[:n_arcs][known] = given[known]
    unknown = np.zeros(size, dtype=bool)
    unknown[:n_arcs] = ~known
    unknown[shares.arc] = False
    others = np.bincount(shares.total[~shares.own], minlength=n_totals)
    over = (shares.sums >= 1 - WHOLE) | (shares.outer > 1 + WHOLE)
    unknown[n_arcs : n_arcs + n_totals] = (others == 0) | over
    inside, passes = _inside(system, facts, n_arcs + n_totals)
    unknown[inside] = False
    silent, runs = _levels(system, facts, n_arcs + n_totals)
    unknown[n_arcs + n_totals :] = silent
    parts = [_of_totals(shares, n_arcs), passes, runs]
    rows, columns, values = (np.concatenate([part[place] for part in parts]) for place in range(3))
    linear = Linear.of((rows, columns, values), start, unknown)
    found = linear.solution()
    backwards = np.zeros(size, dtype=bool)
    of_shares = np.append(shares.arc, n_arcs + np.arange(n_totals))
    backwards[of_shares] = found[of_shares] < 0
    if backwards.any():  # shares that go round in a circle and make more than the whole
        linear = Linear.of((rows, columns, values), start, unknown | backwards)
        found = linear.solution()
    base_known = np.bincount(
        shares.total[~shares.own],
        weights=np.nan_to_num(given[shares.member[~shares.own]]),
        minlength=n_totals,
    )
    too_much = (np.maximum(shares.sums, shares.outer) > 1 + WHOLE) | (
        (shares.sums >= 1 - WHOLE) & (base_known > 0)
    )
    exceeding = shares.arc[too_much[shares.base]]
    return Estimate(system, facts, declared, shares, linear, found, exceeding)


def _shares(system: System, declared: Declared) -> Shares:
    """Return the flows known by a share alone, and the totals of which they are one."""
    arcs, n_nodes = system.arcs, system.nodes.size
    alone = np.flatnonzero(np.isnan(declared.t) & ~np.isnan(declared.share))
    of = declared.share_of[alone]
    arriving = of != ShareBase.SENT.value
    node = np.where(of == ShareBase.ARRIVING.value, arcs.target[alone], arcs.source[alone])
    placed = node >= 0
    alone, arriving, node = alone[placed], arriving[placed], node[placed].astype(np.int64)
    keys, base = np.unique(node * 2 + arriving, return_inverse=True)
    total_of = np.full(2 * n_nodes + 2, -1, dtype=np.int64)  # the last two entries stand for the outside
    total_of[keys] = np.arange(len(keys))
    every = np.arange(arcs.size)
    ends = [total_of[2 * arcs.source.astype(np.int64)], total_of[2 * arcs.target.astype(np.int64) + 1]]
    member = np.concatenate([every[end >= 0] for end in ends])
    total = np.concatenate([end[end >= 0] for end in ends])
    base_of = np.full(arcs.size, -1, dtype=np.int64)
    base_of[alone] = base
    own = base_of[member] == total
    s = np.zeros(arcs.size)
    s[alone] = declared.share[alone]
    every_sum = summed(base, declared.share[alone], len(keys))
    sums = summed(total[own], s[member[own]], len(keys))
    return Shares(
        alone, declared.share[alone], declared.share_sigma[alone], base, keys // 2, keys % 2 == 1,
        member, total, own, sums, every_sum - sums,
    )  # fmt: skip


Entries = tuple["Places", "Places", "Values"]
_NOTHING = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


def _of_totals(shares: Shares, n_arcs: int) -> Entries:
    """Return the entries of share flows in their totals, and of the other arcs in these totals.

    ``T = K + Σs · T``, so that ``T = K / (1 − Σs)`` where the shares of a total are part of it.
    """
    others = ~shares.own
    left = 1 - np.minimum(shares.sums, 1 - WHOLE)
    rows = np.concatenate([shares.arc, n_arcs + shares.total[others]])
    columns = np.concatenate([n_arcs + shares.base, shares.member[others]])
    return rows, columns, np.concatenate([shares.s, 1 / left[shares.total[others]]])


def _inside(system: System, facts: RowFacts, first_level: int) -> tuple[Places, Entries]:
    """Return the passages inside actors that a balance gives by difference, and their entries."""
    arcs = system.arcs
    passes = np.flatnonzero((arcs.flow < 0) & (arcs.source != arcs.target))
    if not len(passes):
        return passes, _NOTHING
    row = arcs_row = system.arc_out[passes]
    alone = np.bincount(arcs_row, minlength=system.n_rows)[arcs_row] == 1
    # where a process takes the same material, nothing says how much it leaves
    clear = alone & system.closed[row] & ~facts.taken[row]
    passes, row = passes[clear], row[clear]
    arriving = _rows(system.incidence, row)
    made = _rows(system.yields, row)
    keep = arriving.col != passes[arriving.row]
    rows = np.concatenate([passes[arriving.row[keep]], passes[made.row]])
    columns = np.concatenate([arriving.col[keep], first_level + made.col])
    return passes, (rows, columns, np.concatenate([arriving.data[keep], made.data]))


def _levels(system: System, facts: RowFacts, first_level: int) -> tuple[Mask, Entries]:
    """Return which levels nothing tells, and the entries of what is at hand in the others."""
    from scipy.sparse import coo_array

    p = system.processes
    if not p.size:
        return np.zeros(0, dtype=bool), _NOTHING
    free = np.flatnonzero(p.any_input)
    taken = ~p.made & ~(p.t_per_t == 0)
    process = np.concatenate([p.process[taken], free])
    row = np.concatenate([system.coefficient_row[taken], _shared_rows(system)[p.node[free]]])
    amount = np.concatenate([p.t_per_t[taken], np.ones(len(free))])
    unsaid = np.bincount(process[np.isnan(amount)], minlength=p.size) > 0
    brought = facts.filled[row] & ~np.isnan(amount)
    process, row, amount = process[brought], row[brought], amount[brought]
    asked = np.bincount(row, weights=amount, minlength=system.n_rows)
    takes = np.bincount(process, weights=amount, minlength=p.size)
    silent = unsaid | (takes == 0)
    part = amount / asked[row] / takes[process]
    split = coo_array((part, (process, row)), shape=(p.size, system.n_rows)).tocsr()
    made = coo_array(
        (np.nan_to_num(p.t_per_t[p.made]), (system.coefficient_row[p.made], p.process[p.made])),
        shape=(system.n_rows, p.size),
    ).tocsr()
    carried, turned = (split @ system.incidence).tocoo(), (split @ made).tocoo()
    rows = first_level + np.concatenate([carried.row, turned.row]).astype(np.int64)
    columns = np.concatenate([carried.col, first_level + turned.col]).astype(np.int64)
    return silent, (rows, columns, np.concatenate([carried.data, turned.data]))


def _shared_rows(system: System) -> Places:
    """Return, per node, the row that several materials share, −1 without one."""
    found = np.full(system.nodes.size + 1, -1, dtype=np.int64)
    several = system.row_material < 0
    found[system.row_node[several]] = np.flatnonzero(several)
    return found


def _rows(matrix: csr_array, rows: Places) -> coo_array:
    """Return some rows of a matrix as entries."""
    return matrix[rows].tocoo()
