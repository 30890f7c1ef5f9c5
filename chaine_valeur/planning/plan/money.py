"""Who may pay for what: every euro that an option costs comes from a budget, an aid to posts or receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .rows import EUR

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from .rows import Rows
    from .tables import Asked

    Codes = NDArray[np.int64]

__all__ = ["add_money", "payments"]


def payments(asked: Asked) -> Codes:
    """Return what a budget may pay: budget, option, kind of cost, year; what costs nothing left out."""
    costs = np.stack([asked.investment, asked.running], axis=1) > 0
    use = asked.may_pay & costs[None, :, :, None]
    use[:, :, 0] &= asked.allowed[None]
    return np.argwhere(use).astype(np.int64)


def add_money(
    rows: Rows,
    asked: Asked,
    parts: dict[str, slice],
    pays: Codes,
    tied: Codes,
    decided: csr_array,
    operating: csr_array,
    each: csr_array,
) -> None:
    """Add the balance of each option and year, and what budgets hold.

    Parameters
    ----------
    tied
        Positions of the options with a tonnage, along the columns of receipts.
    """
    from scipy.sparse import coo_array, diags_array

    n, t = asked.size
    width = rows.width
    budget, option, kind, year = pays.T
    columns = parts["money"].start + np.arange(len(pays))

    def summed(use: Any, to: Codes, count: int) -> csr_array:
        at = np.flatnonzero(use)
        return coo_array((np.ones(len(at)), (to[at], columns[at])), shape=(count, width)).tocsr()

    def priced(price: Any, matrix: csr_array) -> csr_array:
        return (diags_array(np.repeat(price / EUR, t)) @ matrix).tocsr()

    place = option * t + year
    spent = [priced(asked.investment, decided), priced(asked.running, operating)]
    rows.add(spent[0] - summed(kind == 0, place, n * t), 0.0, 0.0)
    own = coo_array(
        (np.ones(n * t), (np.arange(n * t), parts["aid"].start + np.arange(n * t))), shape=(n * t, width)
    ).tocsr()
    earned = _receipts(parts, tied, (n, t), width)
    rows.add(spent[1] - summed(kind == 1, place, n * t) - own - earned, 0.0, 0.0)
    rows.add(own - priced(asked.aid, operating), -np.inf, 0.0)
    for one, row in enumerate(asked.budgets.to_dict("records")):  # over the few budgets
        name = str(asked.budgets.index[one])
        mine = budget == one
        if np.isfinite(row["amount_eur"]):
            rows.add(
                summed(mine, np.zeros_like(budget), 1),
                -np.inf,
                row["amount_eur"] / EUR,
                rule=("budget", name),
            )
        if row["yearly_limit_eur_per_year"] == row["yearly_limit_eur_per_year"]:
            rows.add(
                summed(mine, year, t), -np.inf, row["yearly_limit_eur_per_year"] / EUR, rule=("yearly", name)
            )
        share = row["largest_share"]
        if share == share and share < 1:
            whose = np.unique(option[mine])
            paid = summed(mine, option, n)[whose]
            may = asked.may_pay[one].astype(np.float64)
            eligible = sum((diags_array(may[:, of].ravel()) @ spent[of] for of in (0, 1)), start=0)
            rows.add((paid - share * (each @ eligible)[whose]).tocsr(), -np.inf, 0.0, rule=("share", name))


def _receipts(parts: dict[str, slice], tied: Codes, shape: tuple[int, int], width: int) -> csr_array:
    """Return options × years: the receipts that each uses; only those of the chain have any."""
    from scipy.sparse import coo_array

    n, t = shape
    rows = (tied[:, None] * t + np.arange(t)).ravel()
    columns = parts["receipts"].start + np.arange(len(rows))
    return coo_array((np.ones(len(rows)), (rows, columns)), shape=(n * t, width)).tocsr()
