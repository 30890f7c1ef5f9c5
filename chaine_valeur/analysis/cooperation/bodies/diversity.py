"""How mixed the groups are (D8): Blau's index and IQV of the poles that their members sit for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....language import tr, trn
from ...measure import NAN, Measure
from ..ties.layer import seen_in
from ..ties.variety import blau_of, highest_blau, least_varied, most_varied
from .members import members_of, resting_on_members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source
    from .members import Members

__all__ = ["diversity", "diversity_measure"]


def diversity(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return how mixed each group is by the pole that its members sit for (D8).

    Blau's index ``1 − Σ p_k²``, *p_k* being the share of seats of pole *k*, and its standardised form
    ``IQV = (1 − Σ p_k²) / (1 − 1/K)``, *K* being the number of poles of the vocabulary (of a graph: of
    values present). Blau is the chance that two seats drawn at random, with replacement, differ.

    Parameters
    ----------
    source, group, pole, kinds, year
        As for `group_table`.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``seats``, ``without_pole``, ``blau`` in [0, 1 − 1/K] and ``iqv`` in
        [0, 1], over the seats of known pole (NaN if there are none; IQV also with one pole in all), and
        their bounds ``blau_low``, ``blau_high``, ``iqv_low``, ``iqv_high`` whatever the other seats are
        (NaN in a group without a known member). The lower one has them all in the largest pole, the upper
        one in the smallest, in turn; it is never below the value.

    References
    ----------
    Blau (1977), unverified.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie", "Relais"], "pole": ["enterprise", "elected", None]},
    ...     groups={"name": ["GT lin"]},
    ...     memberships={"group_id": ["GT lin"] * 3, "actor_id": ["Filature", "Mairie", "Relais"]},
    ... )
    >>> diversity(f)[["seats", "without_pole", "blau", "iqv", "blau_high"]].round(3)
              seats  without_pole  blau  iqv  blau_high
    group_id
    gt-lin        3             1   0.5  0.6      0.667
    """
    members = members_of(seen_in(source, year), group=group, pole=pole, kinds=kinds)
    return pd.DataFrame(_mixed(members), index=members.group_ids.rename("group_id"))


def _mixed(members: Members) -> dict[str, NDArray[Any]]:
    """Return the columns of `diversity`."""
    seats = members.seats()
    known, unknown = seats[:, :-1], seats[:, -1]
    most, blau = highest_blau(known.shape[1]), blau_of(known)
    low = blau_of(least_varied(known, unknown))
    # a seat more cannot always keep an even mix even: the value itself is an answer that is not below
    high = np.fmax(blau_of(most_varied(known, unknown)), blau)
    return {
        "seats": seats.sum(axis=1),
        "without_pole": unknown,
        "blau": blau,
        "iqv": blau / most,
        "blau_low": low,
        "blau_high": high,
        "iqv_low": low / most,
        "iqv_high": high / most,
    }


def diversity_measure(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the mean IQV of the groups (D8), each counting the same: see `diversity`.

    Groups without a seat of known pole are left out, of the bounds too; ``n_unknown`` counts the seats of
    unknown pole, in all groups.
    """
    source = seen_in(source, year)
    mixed = _mixed(members_of(source, group=group, pole=pole, kinds=kinds))
    known = ~np.isnan(mixed["iqv"])
    count, note = int(known.sum()), tr("no member whose college is known", lang)
    if count:
        note = trn("mean of {count} group", "mean of {count} groups", count, lang)
    value, low, high = (
        float(mixed[name][known].mean()) if count else NAN for name in ("iqv", "iqv_low", "iqv_high")
    )
    unknown = int(mixed["without_pole"].sum())
    measure = Measure(value, "ratio", low, high, n_unknown=unknown, note=note)
    return resting_on_members(measure, source, kinds)
