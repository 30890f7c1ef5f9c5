"""What is declared of each flow, all its declarations combined, and the flows that a share gives away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....quantities import with_tonnes
from .combining import Declared, declared_of
from .estimate import estimate_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ....filiere import Filiere

__all__ = ["BASES", "declared_flows", "framed", "resolved_flows", "several_declarations"]

#: Where the quantity of a flow comes from.
BASES = ("declared", "share", "shares_exceed", "unknown")


def declared_flows(f: Filiere, *, uncertainty: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return what is declared of each flow that counts, its declarations combined and never added.

    Declarations joined by ``same_flow_as`` speak of one flow. Their tonnages are averaged with weights
    ``1/σ_i²``: ``x̄ = Σ (x_i/σ_i²) / Σ (1/σ_i²)``, ``σ = 1/√Σ (1/σ_i²)``. σ_i is the tonnage times the relative
    uncertainty of the row, else that of its confidence. An uncertainty of 0 is an exact figure, which decides
    (several exact ones are averaged). A declared 0 is exact where it stands alone, and beside other
    declarations as uncertain as if it were the largest of them, lest it silence them.

    Parameters
    ----------
    uncertainty
        Entries of `CONFIDENCE_UNCERTAINTY` that are others here: ``{"declared": 0.2}``.

    Returns
    -------
    pandas.DataFrame
        On ``flow_id``, in the order of the flows that count: `quantity_t_per_year` (NaN where unknown),
        `sigma_t`, `min_t_per_year`, `max_t_per_year`, `capacity_t_per_year` (the tightest), `n_declarations`,
        `chi2` ``Σ ((x_i − x̄)/σ_i)²`` with `dof` degrees of freedom, `spread_z` (the difference of the highest
        and the lowest over its uncertainty, NaN below two tonnages), `share` and `share_of`.

    Raises
    ------
    UnknownNameError, ArgumentError
        A confidence that does not exist, an uncertainty that is no number from 0 on.

    Notes
    -----
    A `spread_z` above 2 is worth a call; with two declarations it is ``√chi2``.

    References
    ----------
    The mean weighted by inverse variances, the one of least variance: textbooks of statistics (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B"]},
    ...     flows={
    ...         "flow_id": ["said", "weighed"],
    ...         "source": ["A", "A"],
    ...         "target": ["B", "B"],
    ...         "quantity_t_per_year": [130, 100],
    ...         "uncertainty_share": [0.2, 0.05],
    ...         "same_flow_as": [None, "said"],
    ...     },
    ... )
    >>> row = declared_flows(f).iloc[0]
    >>> print(*(round(row[name], 2) for name in ("quantity_t_per_year", "sigma_t", "spread_z")))
    101.07 4.91 1.13
    """
    return framed(declared_of(f, changed=uncertainty), f.network.flow_ids)


def framed(found: Declared, flow_ids: pd.Index) -> pd.DataFrame:
    """Return `declared_flows` of what was found."""
    return pd.DataFrame(
        {
            "quantity_t_per_year": found.t,
            "sigma_t": found.sigma,
            "min_t_per_year": found.low,
            "max_t_per_year": found.high,
            "capacity_t_per_year": found.capacity,
            "n_declarations": found.n,
            "chi2": found.chi2,
            "dof": found.dof,
            "spread_z": found.spread,
            "share": found.share,
            "share_of": pd.Series(found.share_of, index=flow_ids, dtype="str"),
        },
        index=flow_ids,
    )


def resolved_flows(f: Filiere, *, uncertainty: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return the flows that count, with the tonnages that shares give away.

    A flow known by a share alone is ``x = s · T``, T being what its source sends or receives, or what its target
    receives, at the activity in question. Where the shares are part of that total, as with « sent »,
    ``T = Σ known / (1 − Σ s)``. An unknown flow in the total leaves it unknown; what an actor passes on inside
    counts where its balance gives it by difference (a change of stock being neglected there). Shares of
    totals that rest on other shares are solved together.

    Parameters
    ----------
    uncertainty
        Entries of `CONFIDENCE_UNCERTAINTY` that are others here.

    Returns
    -------
    pandas.DataFrame
        The columns of `declared_flows`, completed, and `basis`: ``declared``; ``share``; ``shares_exceed``, where
        the shares of a total sum above 1, or to 1 beside other flows of a known, positive tonnage (NaN);
        ``unknown`` (NaN). `sigma_t` of a share flow is that of the share and of the total together.

    Raises
    ------
    UnknownNameError, ArgumentError
        As for `declared_flows`.

    Notes
    -----
    What a share is a share of is stated by the row (``share_of``); the rest is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Tri", "Boutique", "Filature"]},
    ...     flows={
    ...         "flow_id": ["shop", "mill"],
    ...         "source": ["Tri", "Tri"],
    ...         "target": ["Boutique", "Filature"],
    ...         "quantity_t_per_year": [70, None],
    ...         "share": [None, 0.3],
    ...     },
    ... )
    >>> round(resolved_flows(f).loc["mill", "quantity_t_per_year"], 6).item()
    30.0
    """
    frame, estimate = declared_flows(f, uncertainty=uncertainty), estimate_of(f, changed=uncertainty)
    size, share = len(frame), estimate.shares
    t = estimate.arcs[:size]
    basis = np.where(np.isnan(estimate.declared.t), "unknown", "declared").astype(object)
    solved = share.arc[~np.isnan(t[share.arc])]
    basis[solved] = "share"
    basis[estimate.exceeding] = "shares_exceed"
    sigma = estimate.declared.sigma.copy()
    sigma[solved] = estimate.deviation(_rows_of(solved, len(estimate.values)))
    return frame.assign(
        quantity_t_per_year=t, sigma_t=sigma, basis=pd.Series(basis, index=frame.index, dtype="str")
    )


def _rows_of(places: NDArray[np.int64], size: int) -> csr_array:
    """Return the combinations that are one value each."""
    from scipy.sparse import coo_array

    ones = np.ones(len(places))
    return coo_array((ones, (np.arange(len(places)), places)), shape=(len(places), size)).tocsr()


def several_declarations(f: Filiere) -> dict[str, list[float]]:
    """Return the tonnages that several declarations give of one flow, by flow; the others are left out.

    ``flow_id`` → ``[x_1, x_2, …]``, as `declared_flows` averages them.

    Returns
    -------
    dict
        On the ``flow_id`` of the flows that count: t/year, 0 or more, in the order of the rows. Never NaN: a flow
        with fewer than two tonnages is left out. Made once, and shared: take a copy before changing it.

    Notes
    -----
    Nothing is raised. What is one flow is said by ``same_flow_as``, a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B"]},
    ...     flows={"flow_id": ["said", "weighed"], "source": ["A", "A"], "target": ["B", "B"],
    ...            "quantity_t_per_year": [130, 100], "same_flow_as": [None, "said"]},
    ... )
    >>> list(several_declarations(f).values())
    [[130.0, 100.0]]
    """
    return f.derived("several_declarations", _several)


def _several(f: Filiere) -> dict[str, list[float]]:
    net = f.network
    tonnes = with_tonnes(f, "flows")["quantity_t_per_year"].to_numpy(np.float64)[net.declared_row]
    said = pd.DataFrame({"flow": net.declared_flow, "t": tonnes}).dropna()
    said = said[said["flow"].duplicated(keep=False)]
    return {str(net.flow_ids[flow]): part.tolist() for flow, part in said.groupby("flow")["t"]}
