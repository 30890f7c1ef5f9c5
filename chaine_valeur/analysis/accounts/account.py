"""The production and operating account of each actor, stage, or of the filière."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ._book import ITEMS, book_of
from ._wording import missing_by_actor, missing_of_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

__all__ = ["ACCOUNT_COLUMNS", "GROUPINGS", "operating_account", "places_by"]

#: Columns of `operating_account`.
ACCOUNT_COLUMNS = [*ITEMS, "costs_basis", "n_accounts", "missing"]
#: How accounts can be put together.
GROUPINGS = ("actor", "stage", "filiere")
_BASIS = np.array(["", "details", "undivided"], dtype=object)


def operating_account(
    f: Filiere, *, by: Literal["actor", "stage", "filiere"] = "actor", lang: str = "fr"
) -> pd.DataFrame:
    """Return the production and operating account (€/year) of each actor, each stage, or the filière.

    ::

        output                   = sales_in_filiere + sales_outside
        intermediate_consumption = purchases_in_filiere + purchases_outside
        value_added              = output − intermediate_consumption                       (F1)
        gross_operating_surplus  = value_added + subsidies − wages − taxes
        net_result               = gross_operating_surplus − rent − interest − depreciation

    *In the filière*: a flow between two actors of the table. *Outside*: a flow with a blank end or an actor
    of type outside, and the items ``sales`` and ``purchases`` of the table ``costs``, which flows do not tell.
    A flow is worth its amount; without one, its tonnes at the price asked for by its target, else offered by
    its source (an estimate). Where the source pays (a negative amount), it buys a service from the receiver.
    What an actor passes on to itself is not sold.

    An account is kept of active organisations and networks that hold an operation, or, holding no stage, both
    receive and send material; of those that only offer or use material, where their costs are stated.

    What is not stated is unknown, with three exceptions: an actor sells nothing else and receives no subsidy
    where no such row is given (an SIAE receives one: unknown); a flow of zero tonnes is worth nothing. Fixed
    and variable costs of activities and the items of ``costs`` are two statements of the same costs and never
    added: where the six cost items are all known they count (``costs_basis`` « details »), else the fixed and
    variable costs of all the operations of the actor (« undivided »), which tell the net result and not how
    it is made up.

    Parameters
    ----------
    by
        ``actor``; ``stage``: actors at their first stage, so that nothing is counted twice; ``filiere``.
    lang
        Language of the column `missing`.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id`` or ``stage_id``, in table order, or one row ``filiere``: the items above in €/year,
        `undivided_costs`, `costs_basis` (empty for groups), `n_accounts` (accounts put together), and
        `missing`, what has to be asked for, joined by ``;``. Any sign. An item is NaN without an account and
        where a part of it is unknown, in an account or in one of those put together. Groups are not
        consolidated: a sale between two of them stands on both sides, and value added is the same.

    Raises
    ------
    UnknownNameError
        A grouping that does not exist.

    Notes
    -----
    Accounts by agent put together along the chain, as in the FAO value chain analysis (Bellù, EASYPol 074,
    (unverified)).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Ménages", "Relais", "Filature"], "actor_type": ["diffuse", None, None]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"]},
    ...     flows={"source": ["Ménages", "Relais"], "target": ["Relais", "Filature"],
    ...            "amount_eur_per_year": [0, 5000]},
    ...     costs={"actor_id": ["Relais"] * 2, "kind": ["purchases", "wages"],
    ...            "amount_eur_per_year": [1000, 3000]},
    ... )  # fmt: skip
    >>> account = operating_account(f, lang="en").loc["relais"]
    >>> account[["output", "value_added", "gross_operating_surplus"]].astype(float).tolist()
    [5000.0, 4000.0, nan]
    >>> account["missing"]
    'taxes; rent; interest; depreciation'
    """
    book = book_of(f)
    index, place = places_by(f, by)
    frame: dict[str, object] = {}
    n_accounts = np.bincount(place[book.has_account & (place >= 0)], minlength=len(index))
    for name in ITEMS:  # a loop over items
        use = book.has_account & (place >= 0)
        total = np.bincount(place[use], weights=book.items[name][use], minlength=len(index))
        frame[name] = np.where(n_accounts > 0, total, np.nan)
    if by == "actor":
        basis, missing = _BASIS[book.basis], missing_by_actor(f, lang)
        return _frame(frame, index, basis, n_accounts, missing.to_numpy(object))
    told = missing_of_groups(f, place, len(index), lang)
    return _frame(
        frame, index, np.full(len(index), "", dtype=object), n_accounts, np.array(told, dtype=object)
    )


def _frame(
    items: dict[str, object],
    index: pd.Index,
    basis: NDArray[np.object_],
    n_accounts: NDArray[np.int64],
    missing: NDArray[np.object_],
) -> pd.DataFrame:
    columns = {**items, "costs_basis": basis, "n_accounts": n_accounts, "missing": missing}
    frame = pd.DataFrame(columns, index=index, columns=ACCOUNT_COLUMNS)
    return frame.astype({"costs_basis": "str", "missing": "str", "n_accounts": "int64"})


def places_by(f: Filiere, by: str) -> tuple[pd.Index, NDArray[np.int64]]:
    """Return the index of a grouping, and the place of each actor in it (−1: none)."""
    net = f.network
    if by == "actor":
        return net.actor_ids, np.arange(net.n_actors)
    if by == "stage":
        return net.stage_ids, net.stage.astype(np.int64)
    if by == "filiere":
        return pd.Index(["filiere"], dtype="str"), np.zeros(net.n_actors, dtype=np.int64)
    raise UnknownNameError.of(f"by={by!r} is no grouping of accounts", by, GROUPINGS)
