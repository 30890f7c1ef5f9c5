"""What to measure next, and what the uncertainty of the declarations does to the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .tables import ReconciledTables

    Values = NDArray[np.float64]

__all__ = ["ADVICE_COLUMNS", "monte_carlo", "next_measurements"]

ADVICE_COLUMNS = [
    "flow_id", "actor_id", "stage_id", "to_actor_id", "to_stage_id", "material_id", "value_t_per_year", "sd_t",
    "reduction_share",
]  # fmt: skip
#: Candidates of which the effect is worked out: the least certain ones.
MOST_CANDIDATES = 200
#: Free flows whose range is asked of linear programs; above, bound propagation alone gives it.
MOST_RANGES = 60
QUANTILES = (0.05, 0.5, 0.95)


def next_measurements(
    r: ReconciledTables,
    *,
    of: str | Iterable[str] | Mapping[str, float] | None = None,
    precision: float = 0.05,
    most: int = 5,
) -> pd.DataFrame:
    r"""Return the figures that would narrow the picture most, were they measured.

    Measuring flow :math:`j` with the standard uncertainty :math:`s_j` takes

    .. math:: \frac{(c^\top \hat\Sigma e_j)^2}{\hat\Sigma_{jj} + s_j^2}

    off the variance of :math:`c^\top x`, where :math:`\hat\Sigma` is the posterior covariance. A free flow
    stands in it as spread evenly over the range that is left to it.

    Parameters
    ----------
    of
        What is to be known (:math:`c`): a flow, flows whose sum counts, or flow → coefficient for any indicator
        that is linear in the flows; by default all flows, each for itself.
    precision
        Relative standard uncertainty of the new measurement: ``s_j`` is that share of the tonnage (0.05: 5 %).
    most
        Number of figures returned.

    Returns
    -------
    pandas.DataFrame
        By falling effect: ``flow_id`` (unknown for what an actor passes on to itself), the ends, the material,
        ``value_t_per_year`` (t/year) and ``sd_t`` (t) as known today, ``reduction_share``: the share of the variance
        in question that goes, in [0, 1], never NaN. Flows known to that precision already are left out; no row
        where nothing is to be gained.

    Raises
    ------
    ArgumentError
        A precision that is not above 0, a coefficient that is no finite number.
    UnknownNameError
        A flow that does not count.

    References
    ----------
    Conditional variance of a normal distribution: textbooks of statistics (unverified).

    Examples
    --------
    Of what the sorter receives, the posterior variance is 100 − 100² / 145 = 31.0 t²; measured again, the figure
    itself narrows it most: to s² = (0.05 · 93.1)² = 21.7 t² on its own, to 12.8 t² with what is known already.

    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"flow_id": ["in", "a", "b"], "source": ["Ménages", "Relais", "Relais"],
    ...            "target": ["Relais", "Boutique", "Boutique"], "quantity_t_per_year": [100, 60, 30],
    ...            "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> advice = next_measurements(reconcile(f), of="in")
    >>> advice["flow_id"].tolist(), advice["reduction_share"].round(2).tolist()
    (['in', 'a', 'b'], [0.59, 0.54, 0.12])
    """
    if not precision > 0:
        raise ArgumentError(f"precision={precision!r} is not above 0: write 0.05 for 5 %")
    n_arcs = r.model.n_arcs
    sd, prior = _spread(r)
    value = r.solution.x[:n_arcs]
    wanted = np.flatnonzero(sd > precision * np.maximum(value, 1e-9) * 1.001)
    order = wanted[np.argsort(-sd[wanted], kind="stable")][:MOST_CANDIDATES]
    columns = _covariance(r, prior, order)
    if of is not None:
        weights = of if isinstance(of, Mapping) else dict.fromkeys([of] if isinstance(of, str) else of, 1.0)
        which, c = r.positions(weights), np.array([*weights.values()], dtype=np.float64)
        if not np.isfinite(c).all():
            wrong = [*weights][int(np.argmin(np.isfinite(c)))]
            raise ArgumentError(
                f"of={{{wrong!r}: {weights[wrong]!r}}}: the coefficient of a flow is a finite number, 0 to leave it out"
            )
        taken = (c @ columns[which]) ** 2
        before = float(c @ _covariance(r, prior, which)[which] @ c)
    else:
        taken = (columns[:n_arcs] ** 2).sum(axis=0)
        before = float((sd**2).sum())
    gained = taken / (sd[order] ** 2 + (precision * value[order]) ** 2)
    share = np.clip(gained / before, 0.0, 1.0) if before > 0 else np.zeros(len(order))
    best = np.argsort(-share, kind="stable")
    best = best[share[best] > 1e-6][:most]
    return _advice_frame(r, order[best], value, sd, share[best])


def monte_carlo(
    r: ReconciledTables, flow_ids: Iterable[str] | None = None, *, draws: int = 200, seed: int = 0
) -> pd.DataFrame:
    """Return quantiles of reconciled flows when what is declared is drawn again within its uncertainty.

    ``m' = max(0, m + σ ε)``, ε standard normal, and `reconcile` again: each draw takes every declared flow from a
    normal distribution around its declaration, cut off at 0, the coefficients of recipes and shares with them. It
    sees what the posterior standard deviation does not: bounds that bite.

    Parameters
    ----------
    flow_ids
        Flows asked for; by default all.
    draws
        Number of draws.
    seed
        The same seed gives the same figures.

    Returns
    -------
    pandas.DataFrame
        On ``flow_id``, in the order asked for: ``mean_t_per_year``, ``sd_t``, and the quantiles ``p5``, ``p50``,
        ``p95``, in t/year, 0 or more. Never NaN: of a free flow, of which only a range is known, the figures are
        those of the one value that `reconcile` shows (``Reconciliation.details`` has the range).

    Raises
    ------
    ArgumentError
        Fewer than two draws.
    UnknownNameError
        A flow that does not count.

    References
    ----------
    Propagation of distributions by a Monte Carlo method, as in the supplement 1 to the GUM (unverified).

    Examples
    --------
    The posterior standard deviation of what is received is √(100 − 100² / 145) = 5.6 t.

    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"flow_id": ["in", "a", "b"], "source": ["Ménages", "Relais", "Relais"],
    ...            "target": ["Relais", "Boutique", "Boutique"], "quantity_t_per_year": [100, 60, 30],
    ...            "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> found = monte_carlo(reconcile(f), ["in"], draws=100)
    >>> bool(abs(found.loc["in", "mean_t_per_year"] - 93.1) < 2), bool(4.5 < found.loc["in", "sd_t"] < 6.7)
    (True, True)
    """
    from ._newton import solve

    if draws < 2:
        raise ArgumentError(f"draws={draws!r}: at least two are needed for a spread")
    at, problem = r.positions(flow_ids), r.model.problem
    random = np.random.default_rng(seed)
    drawn = np.flatnonzero(problem.is_measured & (problem.sigma > 0))
    flows = drawn[drawn < r.model.n_arcs]  # tonnages are not negative, deviations may be
    found = np.empty((draws, len(at)))
    for number in range(draws):
        measured = problem.measured.copy()
        measured[drawn] += random.normal(size=len(drawn)) * problem.sigma[drawn]
        measured[flows] = np.maximum(measured[flows], 0.0)
        found[number] = solve(replace(problem, measured=measured)).x[at]
    quantiles = np.quantile(found, QUANTILES, axis=0)
    return pd.DataFrame(
        {
            "mean_t_per_year": found.mean(axis=0),
            "sd_t": found.std(axis=0, ddof=1),
            **{f"p{round(100 * q)}": quantiles[place] for place, q in enumerate(QUANTILES)},
        },
        index=r.model.declared.index[at],
    )


def _spread(r: ReconciledTables) -> tuple[Values, Values]:
    """Return the standard deviation of each arc, and the prior one of every variable."""
    from ._intervals import intervals, propagate_bounds
    from ._posterior import posterior_sd

    problem, n_arcs = r.settled, r.model.n_arcs
    everything = np.arange(n_arcs)
    free = np.flatnonzero(r.codes[:n_arcs] == 3)
    known = np.setdiff1d(everything, free)
    sd = np.zeros(n_arcs)
    sd[known] = np.nan_to_num(posterior_sd(problem, r.solution, known))
    # a flow of which nothing is known is not presumed larger than the largest of those known
    largest = float(np.max(r.solution.x[:n_arcs], initial=1.0))
    if len(free):
        if len(free) <= MOST_RANGES:
            low, high = intervals(r.model.problem, r.solution, free)
        else:
            low, high = (side[free] for side in propagate_bounds(r.model.problem, r.solution))
        low, high = np.maximum(low, 0.0), np.where(np.isfinite(high), high, largest)
        sd[free] = np.maximum(high - low, 0.0) / np.sqrt(12.0)
    prior = np.where(problem.is_measured, problem.sigma, 10.0 * largest)
    prior[r.held_back] = 0.0  # what a bound holds back is to be checked, not to be asked for
    sd[r.held_back[:n_arcs]] = 0.0
    prior[free] = np.maximum(sd[free], 1e-9)
    return sd, prior


def _covariance(r: ReconciledTables, prior: Values, columns: NDArray[np.intp]) -> Values:
    """Return columns of ``D − D Aᵀ (A D Aᵀ)⁻¹ A D``."""
    factor, A, D = _factor(r, prior)
    right = (A[:, columns] * D[columns]).toarray() if len(columns) else np.zeros((A.shape[0], 0))
    found = -(A * D).T @ factor(right)
    found[columns, np.arange(len(columns))] += D[columns]
    return found


def _factor(r: ReconciledTables, prior: Values):  # type: ignore[no-untyped-def]
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    A, D = r.settled.A, prior**2
    if not A.shape[0]:
        return (lambda right: right), A, D
    normal = ((A * D) @ A.T).tocsc()
    diagonal = normal.diagonal()
    scale = 1.0 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = (normal * scale).T * scale  # rows that span six orders of magnitude otherwise
    lu = splu((scaled + 1e-10 * eye_array(len(scale))).tocsc())
    return (lambda right: scale[:, None] * lu.solve(scale[:, None] * right)), A, D


def _advice_frame(
    r: ReconciledTables, arcs: NDArray[np.intp], value: Values, sd: Values, share: Values
) -> pd.DataFrame:
    system, net = r.model.system, r.filiere.network
    actors, stages, materials = (
        pd.Index([*index, None], dtype=object) for index in (net.actor_ids, net.stage_ids, net.material_ids)
    )
    flows = pd.Index([*r.model.declared.index, None], dtype=object)
    ends = [
        np.append(codes, -1)[node[arcs]]
        for node in (system.arcs.source, system.arcs.target)
        for codes in (system.nodes.actor, system.nodes.stage)
    ]
    frame = pd.DataFrame(
        {
            "flow_id": flows[system.arcs.flow[arcs]],
            "actor_id": actors[ends[0]],
            "stage_id": stages[ends[1]],
            "to_actor_id": actors[ends[2]],
            "to_stage_id": stages[ends[3]],
            "material_id": materials[system.arcs.material[arcs]],
            "value_t_per_year": value[arcs],
            "sd_t": sd[arcs],
            "reduction_share": share,
        }
    )
    return frame.astype({name: "str" for name in ADVICE_COLUMNS[:6]})
