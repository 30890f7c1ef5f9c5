"""How organised the flows are (C4) and how far from rigid or loose (C5): ecological network analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ..flows.circularity.cycling import average_path_length, finn_cycling_index
from ..flows.circularity.matrix import FlowMatrix, matrix_of
from ..measure import NAN, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["INDEX_NAMES", "ascendency", "network_indices", "robustness"]

INDEX_NAMES = ["TST", "TSTp", "FCI", "APL", "AMI", "H", "ascendency", "capacity", "overhead", "ratio",
               "robustness"]  # fmt: skip


def ascendency(source: Filiere | FlowMatrix, *, by: str = "actor") -> float:
    """Return the degree of organisation of the flows (C4): ascendency over development capacity.

    ``a = A / C = AMI / H``, with ``p_ij`` the flows over their sum TSTp,
    ``AMI = Σ p_ij log₂(p_ij / (p_i· p_·j))`` and ``H = −Σ p_ij log₂ p_ij``, over the matrix extended by one
    source of inputs and two sinks, exports and losses.

    Parameters
    ----------
    source
        A filière, or a matrix of flows.
    by
        What a compartment of a filière is: see `chaine_valeur.flows.flow_matrix`.

    Returns
    -------
    float
        In [0, 1]: near 1 each flow has one way only to go (efficient, rigid), near 0 all goes everywhere
        (loose). NaN if nothing passes, or if all that passes is a single flow.

    Raises
    ------
    ArgumentError
        Another `by`.

    References
    ----------
    Ulanowicz (1997, 2004), unverified; conventions of enaR (two sinks, base 2), whose printed value for the
    oyster reef of Dame and Patten (1981) it gives.

    Examples
    --------
    Two compartments in a row, 8 t in, through and out: three flows, each alone on its way.

    >>> ascendency(FlowMatrix([[0, 8], [0, 0]], inputs=[8, 0], losses=[0, 8]))
    1.0
    """
    mutual, diversity = _information(matrix_of(source, by=by))
    return ratio(mutual, diversity)


def robustness(source: Filiere | FlowMatrix, *, by: str = "actor") -> float:
    """Return the robustness of the flows (C5): ``−a ln a`` of the degree of organisation *a*.

    Between rigid and loose: 0 at both ends, highest (1/e ≈ 0.368) at ``a = 1/e``.

    Parameters
    ----------
    source, by
        As for `ascendency`.

    Returns
    -------
    float
        In [0, 0.368]; NaN where `ascendency` is.

    Raises
    ------
    ArgumentError
        Another `by`.

    Notes
    -----
    Natural logarithm, though *a* is made with base 2 (the ratio has no base): the convention of enaR.

    References
    ----------
    Ulanowicz (2009), Fath (2014), unverified; value of enaR for the oyster reef of Dame and Patten (1981).

    Examples
    --------
    >>> robustness(FlowMatrix([[0, 8], [0, 0]], inputs=[8, 0], losses=[0, 8]))
    0.0
    """
    return _robustness(ascendency(source, by=by))


def network_indices(source: Filiere | FlowMatrix, *, by: str = "actor") -> pd.Series:
    """Return every index of the flow matrix: activity, circularity, organisation, reserve.

    TST and TSTp (total system throughflow ``Σ T_i`` and throughput, the sum of all flows), FCI and APL
    (`chaine_valeur.flows.finn_cycling_index`, `chaine_valeur.flows.average_path_length`), AMI and H in bits
    (`ascendency`), ascendency ``A = AMI · TSTp``, capacity ``C = H · TSTp``, overhead ``C − A``, ratio
    ``A / C`` and `robustness`.

    Parameters
    ----------
    source, by
        As for `ascendency`.

    Returns
    -------
    pandas.Series
        The eleven values on ``index`` (TST and TSTp in the unit of the flows, t/year for a filière; A, C
        and overhead in that unit × bit), all 0 or more; FCI and ratio in [0, 1]. NaN as in each function; all NaN
        where nothing passes.

    Raises
    ------
    ArgumentError
        Another `by`.
    ValidationError
        A matrix whose loops are not steady: see `chaine_valeur.flows.finn_cycling_index`.

    References
    ----------
    Names and conventions of the R package enaR (unverified).

    Examples
    --------
    Of 10 t that leave the first compartment 4 t come back: 20 t pass, 26 t with what leaves.

    >>> loop = FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6])
    >>> network_indices(loop)[["TST", "TSTp", "FCI"]].tolist()
    [20.0, 26.0, 0.4]
    """
    matrix = matrix_of(source, by=by)
    mutual, diversity = _information(matrix)
    total = matrix.total_throughput or NAN
    organised = ratio(mutual, diversity)
    values = [
        matrix.total_throughflow or NAN,
        total,
        finn_cycling_index(matrix),
        average_path_length(matrix),
        mutual,
        diversity,
        mutual * total,
        diversity * total,
        (diversity - mutual) * total,
        organised,
        _robustness(organised),
    ]
    return pd.Series(values, index=pd.Index(INDEX_NAMES, name="index"), dtype="float64", name="value")


def _robustness(organised: float) -> float:
    # 0 · ln 0 is 0: the limit
    return NAN if np.isnan(organised) else max(0.0, -organised * float(np.log(organised or 1.0)))


def _information(matrix: FlowMatrix) -> tuple[float, float]:
    """Return AMI and H in bits, of the matrix with its source and its two sinks; NaN if nothing passes."""
    size, inner = matrix.size, matrix.internal.tocoo()
    places = np.arange(size)
    # rows: compartments then the source; columns: compartments, then exports, then losses
    tails = np.concatenate([inner.row, np.full(size, size), places, places])
    heads = np.concatenate([inner.col, places, np.full(size, size), np.full(size, size + 1)])
    flows = np.concatenate([inner.data, matrix.inputs, matrix.exports, matrix.losses])
    passing = flows > 0
    total = float(flows.sum())
    if not passing.any():
        return NAN, NAN
    tails, heads, share = tails[passing], heads[passing], flows[passing] / total
    leaving, entering = _sums(tails, share, size + 1), _sums(heads, share, size + 2)
    diversity = -float(share @ np.log2(share))
    mutual = float(share @ (np.log2(share) - np.log2(leaving[tails]) - np.log2(entering[heads])))
    return min(max(mutual, 0.0), max(diversity, 0.0)), max(diversity, 0.0)


def _sums(places: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)
