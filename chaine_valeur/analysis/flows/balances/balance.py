"""Balances (B1): what enters, what leaves, what is lost, and what is left without explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import UnknownNameError
from ....provenance import confidences
from ...uncertainty import by_confidence
from .estimate import Estimate, estimate_of
from .groups import Groups, groups_of
from .sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ....filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["BALANCE_COLUMNS", "BY", "Balances", "balance", "balances_of"]

#: What a balance may be of.
BY = ("activity", "actor", "stage", "material")
BALANCE_COLUMNS = [
    "inputs_t_per_year", "outputs_t_per_year", "made_t_per_year", "taken_t_per_year", "loss_t_per_year",
    "untraced_t_per_year", "stock_change_t_per_year", "residual_t_per_year", "residual_low_t",
    "residual_high_t", "sigma_t", "z", "n_unknown", "state",
]  # fmt: skip
#: A residual as small as this share of what passes is what rounding leaves.
ROUNDED = 1e-9


@dataclass(frozen=True)
class Balances:
    """Balances along groups (`BALANCE_COLUMNS`), with the estimate and the groups that they come from."""

    columns: Mapping[str, NDArray[Any]]
    estimate: Estimate
    groups: Groups

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The balances as a frame."""
        state = pd.array(self.columns["state"], dtype="str")
        return pd.DataFrame(
            {**self.columns, "state": state}, index=self.groups.labels, columns=BALANCE_COLUMNS
        )


def balance(
    f: Filiere, *, by: str = "activity", uncertainty: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the balances of a filière (B1): both totals, losses, and the residual with its z-score.

    ``r = Σ in − Σ out − Δstock − losses − untraced``, ``z = r / σ``. Flows are those of `declared_flows`
    (declarations of one flow combined, never added) completed by what shares give (`resolved_flows`). Losses are
    what recipes take beyond what they make, times the level of the process. Untraced is what they make and no flow
    takes away, less what they take and no flow brings: it is not described, and no imbalance. A level is the
    tonnes at hand of the inputs of a process over its coefficients, an input of several processes being split in
    proportion to theirs; what an actor passes on inside is deduced for that purpose alone.

    σ is that of the flows and shares (through the levels too) and of the stock, each independent of the others,
    and of the coefficients: what a recipe makes is as uncertain as they say, and its loss takes that up. A process
    that conserves matter adds nothing but what is untraced; by material, each is as uncertain as its coefficient.

    Parameters
    ----------
    by
        ``"activity"``, ``"actor"`` (what it passes on inside cancels), ``"stage"`` (flows between two actors of
        one stage cancel) or ``"material"``.
    uncertainty
        Entries of `CONFIDENCE_UNCERTAINTY` that are others here.

    Returns
    -------
    pandas.DataFrame
        On ``activity_id``, ``actor_id``, ``stage_id`` or ``material_id``, in table order. An actor of whom a
        flow does not say at which of its stages it ends, or that has no activity, is one row: its
        ``actor_id``, or ``actor_id · stage_id`` where flows name a stage that it does not hold.

        `inputs_t_per_year`, `outputs_t_per_year`: known tonnes that enter and leave; NaN where none is known.
        `made_t_per_year`, `taken_t_per_year`: by processes; `loss_t_per_year`: taken less made;
        `untraced_t_per_year`; all 0 without a recipe, NaN as soon as a level is unknown.
        `stock_change_t_per_year`: as stated, NaN counting as none; not told by material. `residual_t_per_year`,
        `sigma_t`, `z` (±∞ where exact figures do not meet; positive: more enters than is accounted for).
        `residual_low_t`, `residual_high_t`: bounds that the minima and maxima of unknown flows leave, NaN for
        none. `n_unknown`: flows without a quantity, levels without an estimate, coefficients of recipes that
        nobody knows. `state`: ``closed``; ``unknown`` (`n_unknown` above 0) or ``open`` (nothing is described on
        one side, or a resource, a market or the outside, where material enters or leaves the chain): the
        residual is NaN.

        For a material: inputs are what reaches, and outputs what leaves, the places where it is balanced (both
        its sides are described there), from resources or outside, to markets or outside. Their residual
        is ``in + made − out − taken``. What passes where several materials are balanced together is not told.

    Raises
    ------
    UnknownNameError
        Another `by`.

    Notes
    -----
    ``|z| > 2`` is to be checked, ``|z| > 3`` is wrong somewhere. Both totals are shown so that one sees which
    side is. Reference: STAN (Cencic 2016); Veverka & Madron 1997, chapter 7 (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri", "Vente"]},
    ...     actors={"name": ["Relais", "Trieur", "Boutique"]},
    ...     activities={"actor_id": ["Relais", "Trieur", "Boutique"], "stage_id": ["Collecte", "Tri", "Vente"]},
    ...     flows={
    ...         "source": ["Relais", "Trieur"],
    ...         "target": ["Trieur", "Boutique"],
    ...         "quantity_t_per_year": [100, 70],
    ...         "uncertainty_share": [0.1, 0.0],
    ...     },
    ... )
    >>> row = balance(f, by="stage").loc["tri"]
    >>> print(row["inputs_t_per_year"], row["outputs_t_per_year"], row["residual_t_per_year"], row["z"])
    100.0 70.0 30.0 3.0
    """
    if by not in BY:
        raise UnknownNameError.of(f"by={by!r} is not one of {', '.join(BY)}", by, BY)
    return balances_of(f, by=by, changed=uncertainty).frame.copy(deep=False)


def balances_of(f: Filiere, *, by: str, changed: Mapping[str, float] | None = None) -> Balances:
    """Return the balances of a filière, made once; `by` may be ``"place"`` too.

    A place is an activity, or those of one actor that passages of unknown quantity join.
    """
    key = ("flow_balances", by, tuple(sorted((changed or {}).items())))
    return f.derived(key, lambda f: _balances(f, by, changed))


def _balances(f: Filiere, by: str, changed: Mapping[str, float] | None) -> Balances:
    from scipy.sparse import coo_array

    estimate = estimate_of(f, changed=changed)
    system, groups = estimate.system, groups_of(estimate.system, estimate.facts, by)
    count = groups.count
    untraced = _one_sided(estimate)
    rows = np.flatnonzero((groups.of_row >= 0) & ~untraced)
    gather = coo_array(
        (np.ones(len(rows)), (groups.of_row[rows], rows)), shape=(count, system.n_rows)
    ).tocsr()
    weights = (gather @ estimate.balances).tocsr()
    weights.data[np.abs(weights.data) < ROUNDED] = 0.0
    weights.eliminate_zeros()
    carried, levels = estimate.arcs, estimate.levels
    carried[system.arcs.flow < 0] = np.nan  # inside an actor nobody declared anything
    values = np.concatenate([carried, np.zeros(len(estimate.shares.node)), levels])
    crossing = _Crossing.of(estimate, groups, carried, count)
    every = np.ones(system.n_rows, dtype=bool)
    made, taken = _processed(estimate, groups, every, count)
    unmade, unbrought = _processed(estimate, groups, untraced, count)
    stock, stock_sigma = _stocks(f, groups, changed, count)
    missing = np.isnan(values)
    n_unknown = (weights != 0).astype(np.float64) @ missing.astype(np.float64)
    n_unknown = n_unknown.astype(np.int64) + groups.n_unplaced + _unsaid(estimate, groups, count)
    low, high = _bounds(estimate, weights, np.nan_to_num(stock), values)
    residual = weights @ np.nan_to_num(values) - np.nan_to_num(stock)
    one_sided = ~(crossing.enters & crossing.leaves) | groups.boundary
    if by == "material":
        one_sided = np.bincount(groups.of_row[rows], minlength=count) == 0
    state = np.where(one_sided, "open", np.where(n_unknown > 0, "unknown", "closed"))
    closed = state == "closed"
    passing = np.nan_to_num(crossing.inputs) + np.nan_to_num(crossing.outputs) + made + taken
    residual[np.abs(residual) <= ROUNDED * passing] = 0.0
    sigma = np.sqrt(
        estimate.deviation(_moving(estimate, weights)) ** 2
        + stock_sigma**2
        + _of_recipes(estimate, groups, count)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(residual == 0, 0.0, residual / sigma)
    loss = taken - made
    loss[np.abs(loss) <= ROUNDED * taken] = 0.0
    columns = {
        "inputs_t_per_year": crossing.inputs,
        "outputs_t_per_year": crossing.outputs,
        "made_t_per_year": made,
        "taken_t_per_year": taken,
        "loss_t_per_year": loss,
        "untraced_t_per_year": unmade - unbrought + _passing(estimate, groups, untraced, carried, count),
        "stock_change_t_per_year": stock,
        "residual_t_per_year": np.where(closed, residual, np.nan),
        "residual_low_t": np.where(closed, residual, np.where(one_sided, np.nan, low)),
        "residual_high_t": np.where(closed, residual, np.where(one_sided, np.nan, high)),
        "sigma_t": np.where(closed, sigma, np.nan),
        "z": np.where(closed, z, np.nan),
        "n_unknown": n_unknown,
        "state": state,
    }
    return Balances(columns, estimate, groups)


@dataclass(frozen=True)
class _Crossing:
    """What enters and leaves groups: known tonnes, NaN where none is, and whether anything does."""

    inputs: Values
    outputs: Values
    enters: Mask
    leaves: Mask

    @classmethod
    def of(cls, estimate: Estimate, groups: Groups, carried: Values, count: int) -> _Crossing:
        start, end = groups.ends(estimate.system)
        crosses, known = start != end, ~np.isnan(carried)
        totals, described = [], []
        for place in (end, start):
            inside = crosses & (place >= 0)
            described.append(np.bincount(place[inside], minlength=count) > 0)
            use = inside & known
            total = summed(place[use], carried[use], count)
            totals.append(np.where(np.bincount(place[use], minlength=count) > 0, total, np.nan))
        return cls(*totals, *described)


def _processed(estimate: Estimate, groups: Groups, rows: Mask, count: int) -> tuple[Values, Values]:
    """Return what processes make and take in each group, at some rows; NaN as soon as one amount is unknown."""
    place, process, amount, made = estimate.coefficients
    group = np.where(place >= 0, groups.of_row[place], -1)
    tonnes, found = amount * estimate.levels[process], []
    for side in (made, ~made):
        use = side & (group >= 0) & rows[place]
        found.append(summed(group[use], tonnes[use], count))
    return found[0], found[1]


def _unsaid(estimate: Estimate, groups: Groups, count: int) -> NDArray[np.int64]:
    """Return how many coefficients nobody knows."""
    system = estimate.system
    at = groups.of_row[system.coefficient_row[np.isnan(system.processes.t_per_t)]]
    return np.bincount(at[at >= 0], minlength=count)


def _stocks(
    f: Filiere, groups: Groups, changed: Mapping[str, float] | None, count: int
) -> tuple[Values, Values]:
    """Return the change of stock of each group, NaN where none is stated, and its uncertainty."""
    acts = groups.nodes.activities
    change, at = acts.values("stock_change_t_per_year"), groups.of_activity
    use = ~np.isnan(change) & (at >= 0)
    total = summed(at[use], change[use], count)
    total = np.where(np.bincount(at[use], minlength=count) > 0, total, np.nan)
    if not use.any():
        return total, np.zeros(count)
    said = confidences(f, "activities", column="stock_change_t_per_year")[acts.rows.at]
    relative = by_confidence(said, changed=changed)
    variance = summed(at[use], (relative * change)[use] ** 2, count)
    return total, np.sqrt(variance)


def _of_recipes(estimate: Estimate, groups: Groups, count: int) -> Values:
    """Return the variance that recipes add.

    What a process makes is as uncertain as its coefficients say, and its loss takes up the difference: a process
    that loses nothing turns all that it takes into what it makes, whatever its coefficients. So is what is untraced,
    and for a material its part in what a process makes or takes, where there are several; where there is one, it is
    certain but for the loss.
    """
    p, levels, place = (
        estimate.system.processes,
        np.nan_to_num(estimate.levels),
        estimate.system.coefficient_row,
    )
    loss = np.nan_to_num(p.takes - p.makes) * levels
    loss[np.abs(loss) <= ROUNDED * levels] = 0.0
    side = 2 * p.process + p.made
    alone = np.bincount(side, minlength=2 * p.size)[side] == 1
    amount = np.nan_to_num(p.t_per_t) * levels[p.process]
    lossy = loss > 0
    moved = np.where(alone & ~(p.made & lossy[p.process]), 0.0, amount)
    group, known = groups.of_row[place], ~np.isnan(p.t_per_t)
    use = known & (group >= 0)
    if groups.of_node is None:
        return summed(group[use], ((p.uncertainty * moved) ** 2)[use], count)
    untraced = _one_sided(estimate)[place]
    use &= untraced & ~(p.made & lossy[p.process])
    variance = summed(group[use], ((p.uncertainty * moved) ** 2)[use], count)
    made = p.made & known & lossy[p.process] & ~untraced  # what is untraced goes the way of the loss
    of_loss = summed(p.process[made], ((p.uncertainty * amount) ** 2)[made], p.size)
    group = groups.of_node[p.node]
    use = group >= 0
    return variance + summed(group[use], of_loss[use], count)


def _moving(estimate: Estimate, weights: csr_array) -> csr_array:
    """Return the weights without those of processes that would run backwards: they stand still, at nothing."""
    from scipy.sparse import diags_array

    still = np.ones(len(estimate.values))
    levels = slice(estimate.n_arcs + len(estimate.shares.node), None)
    still[levels] = ~(estimate.values[levels] < 0)
    return (weights @ diags_array(still)).tocsr()


def _bounds(estimate: Estimate, weights: csr_array, stock: Values, values: Values) -> tuple[Values, Values]:
    """Return the bounds of each residual that the known bounds of what is unknown leave, NaN for none."""
    declared, missing = estimate.declared, np.isnan(values)
    least, most = np.zeros(len(values)), np.full(len(values), np.inf)
    flows = slice(0, len(declared.t))  # the first arcs are the flows that count
    least[flows] = np.nan_to_num(declared.low)
    limit = np.fmin(declared.high, declared.capacity)
    most[flows] = np.where(np.isnan(limit), np.inf, limit)
    least[~missing] = most[~missing] = values[~missing]
    entries = weights.tocoo()
    up, column, found = entries.data > 0, entries.col, []
    for worst, best in ((least, most), (most, least)):
        reached = entries.data * np.where(up, worst[column], best[column])
        found.append(summed(entries.row, reached, len(stock)) - stock)
    low, high = found
    return np.where(np.isinf(low), np.nan, low), np.where(np.isinf(high), np.nan, high)


def _passing(estimate: Estimate, groups: Groups, rows: Mask, carried: Values, count: int) -> Values:
    """Return, per group, the known tonnes that arrive at some rows less those that leave them."""
    system = estimate.system
    total = np.zeros(count)
    if groups.of_node is None:  # by material, such rows are no place where it is balanced
        return total
    known = ~np.isnan(carried)
    for row, sign in ((system.arc_in, 1.0), (system.arc_out, -1.0)):
        group = np.where((row >= 0) & known, groups.of_row[row], -1)
        use = (group >= 0) & rows[row]
        total += sign * summed(group[use], carried[use], count)
    return total


def _one_sided(estimate: Estimate) -> Mask:
    """Return the rows of what a process makes and nothing takes away, or takes and nothing brings.

    So too, where another material has both its sides, of what arrives and nothing uses, and of what leaves and nothing
    tells where it is from.
    """
    facts = estimate.facts
    filled, emptied = facts.filled, facts.leaves | facts.taken
    described = np.zeros(estimate.system.nodes.size, dtype=bool)
    described[facts.node[filled & emptied]] = True
    by_process = (facts.made & ~emptied) | (facts.taken & ~filled)
    return by_process | (described[facts.node] & (filled != emptied))
