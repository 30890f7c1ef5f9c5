"""Who sits in the groups, and which of them cover the triptyque (D5), by the pole that members sit for.

A group without a known member, or one that lacks poles but has as many members whose pole is unknown, is
undetermined: it counts in the bounds and not in the value.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import tr, trn
from ...measure import NAN, Measure, ratio
from ..ties.layer import seen_in
from ..triptyques.triads import TRIPTYQUE
from .members import Members, members_of, resting_on_members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "Members",
    "covered_by",
    "group_table",
    "members_of",
    "pole_mix",
    "resting_on_members",
    "table_of",
    "triptyque_coverage",
    "triptyque_coverage_measure",
]


def group_table(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return who sits in each group and whether it covers the triptyque (D5).

    Parameters
    ----------
    source
        A filière, or a graph whose nodes name their groups, or of two modes (see
        `chaine_valeur.analysis.cooperation.bodies.members.members_of`).
    group, pole
        Of a graph: the node attributes that hold group and pole.
    poles
        The poles that a group should have.
    kinds
        Only groups of these kinds: of a filière, and of a two-mode graph by the node attribute ``kind``.
    year
        The filière in that year.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``members`` (actors, each once), one per pole of `poles` (seats: an actor
        that sits for two poles has two), ``other_poles`` (seats for any other pole), ``without_pole`` (seats
        of unknown pole) and ``covered`` (nullable boolean, unknown where no member is known or where members
        of unknown pole may make up for what is missing; of a two-mode graph, a group without a member is
        known to have none).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie", "Relais"], "pole": ["enterprise", "elected", "ess"]},
    ...     groups={"name": ["GT lin", "COPIL"]},
    ...     memberships={"group_id": ["GT lin"] * 3, "actor_id": ["Filature", "Mairie", "Relais"]},
    ... )
    >>> group_table(f)
              members  enterprise  elected  ess  other_poles  without_pole  covered
    group_id
    gt-lin          3           1        1    1            0             0     True
    copil           0           0        0    0            0             0     <NA>
    """
    return table_of(members_of(seen_in(source, year), group=group, pole=pole, kinds=kinds), poles)


def table_of(members: Members, poles: Sequence[str]) -> pd.DataFrame:
    """Return members as the frame of `group_table`."""
    seats = members.seats()
    counts = seats[:, [members.poles.index(name) if name in members.poles else -1 for name in poles]]
    counts[:, [name not in members.poles for name in poles]] = 0
    unknown = seats[:, -1]
    covered = covered_by(counts > 0, np.zeros(counts.shape, dtype=bool), unknown, told=members.known)
    columns = {
        "members": members.size,
        **dict(zip(poles, counts.T, strict=True)),
        "other_poles": seats.sum(axis=1) - unknown - counts.sum(axis=1),
        "without_pole": unknown,
        "covered": covered,
    }
    return pd.DataFrame(columns, index=members.group_ids.rename("group_id"))


def covered_by(present: Mask, may: Mask, unknown: Counts, *, told: Mask) -> pd.api.extensions.ExtensionArray:
    """Return, by row, whether all poles (the columns) are there: true, false, or unknown.

    Parameters
    ----------
    present, may
        Rows × poles: who is known to be there, and who may be there besides, whose pole is known.
    unknown
        By row, how many are or may be there whose pole is unknown: each may stand for one pole.
    told
        By row, whether it is known who else there is; unless all poles are present, it is unknown otherwise.
    """
    missing = ~present
    short = missing.any(axis=1)
    open_still = ~told | ((missing & ~may).sum(axis=1) <= unknown)
    return pd.Series(~short, dtype="boolean").mask(short & open_still).array


def pole_mix(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return the share of each pole among the seats of each group: what `diversity` sums up in one figure.

    ``p_k = seats of pole k / seats of known pole``.

    Parameters
    ----------
    source, group, pole, kinds, year
        As for `group_table`.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; a column per pole (of a filière: of the vocabulary; of a graph: of values
        present), shares in [0, 1] that add up to 1; NaN in a group without a seat of known pole.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.empty_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate(["A", "A", "A", "A"])), "group")
    >>> nx.set_node_attributes(graph, dict(enumerate(["elected", "ess", "ess", "ess"])), "pole")
    >>> pole_mix(graph)
              elected   ess
    group_id
    A            0.25  0.75
    """
    members = members_of(seen_in(source, year), group=group, pole=pole, kinds=kinds)
    seats = members.seats()[:, :-1]
    whole = seats.sum(axis=1)
    shares = seats / np.where(whole > 0, whole, NAN)[:, None]
    return pd.DataFrame(shares, columns=members.poles, index=members.group_ids.rename("group_id"))


def triptyque_coverage(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> float:
    """Return the share of groups in which an enterprise, an elected official and an ESS actor sit (D5).

    ``groups with at least one member for each of the three poles / groups whose composition is known``. A
    member sits for the pole of its membership, else for that of the actor; a pole is never deduced.

    Parameters
    ----------
    source, group, pole, poles, kinds, year
        As for `group_table`, which gives the same by group.

    Returns
    -------
    float
        In [0, 1]; NaN if there is no group whose composition is known.

    References
    ----------
    The rule of the programme « Entreprendre en coopérant » for its working groups.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.empty_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate(["A", "A", "A", "B"])), "group")
    >>> nx.set_node_attributes(graph, dict(enumerate(["enterprise", "elected", "ess", "ess"])), "pole")
    >>> triptyque_coverage(graph)
    0.5
    """
    table = group_table(source, group=group, pole=pole, poles=poles, kinds=kinds, year=year)
    return ratio(int(table["covered"].sum()), int(table["covered"].notna().sum()))


def triptyque_coverage_measure(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D5 with bounds: see `triptyque_coverage`.

    ``low`` and ``high`` are over all groups, the undetermined ones not covered or covered; ``n_unknown``
    is their number.
    """
    source = seen_in(source, year)
    table = group_table(source, group=group, pole=pole, poles=poles, kinds=kinds)
    unknown, count = int(table["covered"].isna().sum()), len(table)
    covered = int(table["covered"].sum())
    note = "" if count else tr("no group", lang)
    if unknown:
        note = trn(
            "{count} group whose composition is not known enough",
            "{count} groups whose composition is not known enough",
            unknown,
            lang,
        )
    measure = Measure(
        ratio(covered, count - unknown),
        "share",
        ratio(covered, count),
        ratio(covered + unknown, count),
        covered,
        count - unknown,
        n_unknown=unknown,
        note=note,
    )
    return resting_on_members(measure, source, kinds)
