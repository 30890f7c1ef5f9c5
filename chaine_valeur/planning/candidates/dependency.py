"""How much an insertion structure would hang on one contract (C7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["DEPENDENCY_LIMIT", "economic_dependency"]

#: Share of the turnover from which a buyer is warned: ``LIMIT_FOR_ECO_DEPENDENCY = 30`` (per cent) of le-marche.
DEPENDENCY_LIMIT = 0.30


def economic_dependency(amount_eur: ArrayLike | pd.Series, turnover_eur: ArrayLike | pd.Series) -> Any:
    """Return the economic dependency of a structure on a contract (C7).

    ``amount of the contract in a year / annual turnover``.

    Parameters
    ----------
    amount_eur, turnover_eur
        EUR a year: numbers, arrays of shapes that fit together, or Series of one index.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        From 0 up, above 1 where the contract is larger than all that the structure sells; a Series on the index of
        the Series given. NaN where one of the two is unknown or negative, or the turnover is 0.

    Notes
    -----
    Above 0.30 (`DEPENDENCY_LIMIT`) the buyer of public contracts is warned: the structure would be fragile if the
    contract ended. Turnover before the contract: with it, the share would be lower.

    References
    ----------
    ``set_analysis_data`` in the public code of « Le marché de l’inclusion »: budget over the mean turnover of the
    structures found, compared with ``LIMIT_FOR_ECO_DEPENDENCY`` (30; the value is unverified).

    Examples
    --------
    >>> economic_dependency(60_000, 150_000)
    0.4
    """
    if isinstance(amount_eur, pd.Series) and isinstance(turnover_eur, pd.Series):
        turnover_eur = turnover_eur.reindex(amount_eur.index)
    amount, turnover = np.asarray(amount_eur, dtype=np.float64), np.asarray(turnover_eur, dtype=np.float64)
    usable = (amount >= 0) & (turnover > 0)
    found = np.where(usable, amount, np.nan) / np.where(usable, turnover, 1.0)
    for given in (amount_eur, turnover_eur):
        if isinstance(given, pd.Series):
            return pd.Series(found, index=given.index, name="economic_dependency")
    return float(found) if found.ndim == 0 else found
