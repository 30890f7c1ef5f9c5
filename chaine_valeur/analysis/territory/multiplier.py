"""The local multiplier LM3: how far one euro goes in the territory over three rounds of spending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ..measure import NAN
from ._money import Spending, spending_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["ROUND_COLUMNS", "Rounds", "lm3", "lm3_rounds", "rounds_of"]

ROUND_COLUMNS = [
    "round1_eur_per_year", "round2_low_eur_per_year", "round2_high_eur_per_year", "round3_low_eur_per_year",
    "round3_high_eur_per_year", "lm3", "lm3_low", "lm3_high",
]  # fmt: skip


@dataclass(frozen=True)
class Rounds:
    """The three rounds of each actor, in EUR/year, along ``f.actors``; NaN where its income is unknown.

    ``exact`` says where nothing is unknown, so that the low and the high figure are one.
    """

    income: Values
    low2: Values
    high2: Values
    low3: Values
    high3: Values
    exact: Mask

    def total(self, who: Mask) -> tuple[float, float, float]:
        """Return the multiplier of some actors together and its bounds; those of unknown income left out."""
        used = who & (np.nan_to_num(self.income) > 0)
        if not used.any():
            return NAN, NAN, NAN
        first = self.income[used].sum()
        low = float((first + (self.low2 + self.low3)[used].sum()) / first)
        high = float((first + (self.high2 + self.high3)[used].sum()) / first)
        return (low if self.exact[used].all() else NAN), low, high


def rounds_of(f: Filiere, *, respent_share: float = NAN) -> Rounds:
    """Return the three rounds of each actor; see `lm3`."""
    if not (respent_share != respent_share or 0 <= respent_share <= 1):
        raise ArgumentError(f"respent_share={respent_share!r} is no share: give a number from 0 to 1")
    spent = spending_of(f)
    low2 = spent.to_actors + spent.local_costs
    unlimited = np.maximum(low2, spent.income)  # it is taken that nobody spends more than its income
    high2 = np.where(spent.open, np.fmax(unlimited, low2 + spent.perhaps), low2 + spent.perhaps)
    told = ~spent.open & (spent.perhaps == 0) & ~np.isnan(spent.income)
    low3, high3, known = _third(spent, low2, high2, told, respent_share)
    # what may be spent here, if it is, may all be spent here again
    high3 = high3 + np.maximum(high2 - low2, 0)
    unknown = np.isnan(spent.income)
    low2, high2, low3, high3 = (np.where(unknown, NAN, part) for part in (low2, high2, low3, high3))
    return Rounds(spent.income, low2, high2, low3, high3, exact=told & known)


def _third(
    spent: Spending, low2: Values, high2: Values, told: Mask, respent_share: float
) -> tuple[Values, Values, Mask]:
    """Return what the local recipients of each actor spend in the territory in turn, and where it is known."""
    income, supposed = spent.income, not np.isnan(respent_share)
    earns = np.nan_to_num(income) > 0
    # of what it receives a recipient spends the share that it spends of all its income, all of it at most
    at_least = np.divide(low2, income, out=np.zeros_like(low2), where=earns).clip(0, 1)
    at_most = np.divide(high2, income, out=np.ones_like(high2), where=earns).clip(0, 1)
    known = told & earns
    if supposed:
        share = np.clip(respent_share, at_least, at_most)
        at_least, at_most = np.where(known, at_least, share), np.where(known, at_most, share)
    first, last = (respent_share, respent_share) if supposed else (0.0, 1.0)
    size = len(income)
    payer, payee, paid = spent.payer, spent.payee, spent.paid
    low, high = (
        np.bincount(payer, weights=paid * share[payee], minlength=size) + spent.local_costs * elsewhere
        for share, elsewhere in ((at_least, first), (at_most, last))
    )
    n_open = np.bincount(payer[~known[payee] & (paid > 0)], minlength=size)
    return low, high, ((n_open == 0) & (spent.local_costs == 0)) | supposed


def lm3(f: Filiere, *, actors: Iterable[str] | None = None, respent_share: float = NAN) -> float:
    """Return the local multiplier (E4) of some actors together: three rounds over the first.

    ``LM3 = Σ (round 1 + round 2 + round 3) / Σ round 1``. Round 1 is the income of an actor: what it sells in
    flows, and its sales outside the filière and subsidies in ``costs``. Round 2 is what it spends in the
    territory: its purchases from local actors in flows, and its costs × ``local_share`` (depreciation is no
    spending). Round 3 is what those local recipients spend in the territory in turn: an actor of the filière,
    the share that it spends of all its income; inhabitants (wages) and suppliers outside the filière,
    `respent_share`.

    Parameters
    ----------
    actors
        Identifiers of the actors; by default the active ones of the territory. Those of unknown income are
        left out. What one pays another is income of both: the figure is the mean of theirs, weighed by income.
    respent_share
        A hypothesis: of what recipients earn whose spending is not known, the share spent in the territory,
        in [0, 1]. By default there is none, and round 3 has bounds (`lm3_rounds`).

    Returns
    -------
    float
        From 1 on, up to 3 where nobody spends more than its income. NaN where a figure is missing that
        would change it (bounds: `lm3_rounds`), or no income is known.

    Raises
    ------
    UnknownNameError
        An actor that does not exist.
    ArgumentError
        A share beyond [0, 1].

    Notes
    -----
    New Economics Foundation, *The Money Trail* (2002): three rounds, their sum over the first. Its rules of
    survey are (unverified). A flow without an amount is an unknown sum: write 0 where material is given. An
    actor without a row of wages in ``costs`` may spend all the rest of its income in the territory, or none.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Laine"], "territory_id": ["val"]},
    ...     territories={"territory_id": ["val"], "commune_code": ["76384"]},
    ...     actors={"name": ["Filature"], "commune_code": ["76384"]},
    ...     flows={"source": ["Filature"], "target": [None], "amount_eur_per_year": [100_000]},
    ...     costs={
    ...         "actor_id": ["Filature"],
    ...         "kind": ["wages"],
    ...         "amount_eur_per_year": [60_000],
    ...         "local_share": [0.5],
    ...     },
    ... )
    >>> lm3(f, respent_share=0.4)  # 100 + 30 + 12 over 100
    1.42
    """
    return rounds_of(f, respent_share=respent_share).total(_who(f, actors))[0]


def lm3_rounds(
    f: Filiere, *, actors: Iterable[str] | None = None, respent_share: float = NAN
) -> pd.DataFrame:
    """Return the three rounds of spending of each actor, and its local multiplier (E4) with its bounds.

    ``lm3 = (round 1 + round 2 + round 3) / round 1``, the rounds as in `lm3`.

    Parameters
    ----------
    actors, respent_share
        As in `lm3`.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order: `round1_eur_per_year`, then the lowest and highest that the unknown
        leaves of `round2_…` and `round3_…`, in EUR/year, 0 or more; `lm3` (1 or more; NaN unless both ends are one),
        `lm3_low`, `lm3_high`. All NaN where the income is unknown.

    Raises
    ------
    UnknownNameError
        An actor that does not exist.
    ArgumentError
        A share beyond [0, 1].

    Notes
    -----
    As for `lm3` (unverified); the bounds are a convention of this library.

    Examples
    --------
    Of 100 000 € earned, 30 000 € are spent here, and those who earn them spend all of it here, or none:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature"]},
    ...     flows={"source": ["Filature"], "target": [None], "amount_eur_per_year": [100_000]},
    ...     costs={
    ...         "actor_id": ["Filature"],
    ...         "kind": ["wages"],
    ...         "amount_eur_per_year": [60_000],
    ...         "local_share": [0.5],
    ...     },
    ... )
    >>> lm3_rounds(f, actors=["filature"])[["lm3_low", "lm3_high"]].iloc[0].tolist()
    [1.3, 1.6]
    """
    rounds, who = rounds_of(f, respent_share=respent_share), _who(f, actors)
    first = np.where(np.nan_to_num(rounds.income) > 0, rounds.income, NAN)
    low = (rounds.income + rounds.low2 + rounds.low3) / first
    high = (rounds.income + rounds.high2 + rounds.high3) / first
    columns = [
        rounds.income, rounds.low2, rounds.high2, rounds.low3, rounds.high3,
        np.where(rounds.exact, low, NAN), low, high,
    ]  # fmt: skip
    frame = pd.DataFrame(dict(zip(ROUND_COLUMNS, columns, strict=True)), index=f.actors.index)
    return frame[who]


def _who(f: Filiere, actors: Iterable[str] | None) -> Mask:
    if actors is None:
        return f.network.active & (f.network.local == 1)
    asked = [actors] if isinstance(actors, str) else list(actors)
    for one in asked:
        if one not in f.actors.index:
            raise UnknownNameError.of(f"no actor {one!r}", one, f.actors.index)
    return f.actors.index.isin(asked)
