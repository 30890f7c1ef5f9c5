"""Holes around each actor: how far its contacts are tied to one another (Burt: D10 constraint and the rest)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import pandas as pd

from .contacts import holes_in

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "constraint",
    "constraint_ego",
    "effective_size",
    "effective_size_ego",
    "efficiency",
    "efficiency_ego",
    "hierarchy",
    "hierarchy_ego",
]


def constraint(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return Burt's constraint of each actor (D10): how far its contacts hold it.

    ``C_i = Σ_j (p_ij + Σ_q p_iq p_qj)²`` over the contacts *j* of *i*, and *q* over those that are contacts
    of both, with ``p_ij = (a_ij + a_ji) / Σ_k (a_ik + a_ki)``: the share of *i*'s ties that go to *j*,
    whatever their direction. Each *p* is taken over the whole network. Low: a position between contacts that
    are not tied to one another.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    valued
        With ties as strong as `chaine_valeur.analysis.cooperation.ties.strength.strengths` says, instead of
        all alike. Where a tie has no stated strength, so has no actor that depends on it: NaN.
    weight
        Of a graph, the edge attribute that holds the strength.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; the network is that of these ties.
        Directed, a tie both ways counts twice.

    Returns
    -------
    pandas.Series
        Index ``actor_id``, in table order, name ``constraint``; above 0, a little over 1 at most. NaN for an
        actor without a contact. Of *known* ties: no bounds are given, a tie more may raise or lower it (the
        column ``n_unknown`` of `structural_holes` says who is concerned).

    Notes
    -----
    That of networkx and igraph (`constraint`). UCINET by default takes *p* within the network of each actor
    and its contacts: `constraint_ego`; the two differ by design. Computed from the triangles: memory is a
    hundred bytes per tie and a piece of a million candidates, time that of the candidates.

    References
    ----------
    Burt (1992), unverified; values as networkx and igraph give them for « campnet ».

    Examples
    --------
    >>> import networkx as nx
    >>> constraint(nx.star_graph(4)).tolist()
    [0.25, 1.0, 1.0, 1.0, 1.0]
    """
    return holes_in(source, "whole", valued, weight, year, kind, directed, actors).series("constraint")


def constraint_ego(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return Burt's constraint within the network of each actor and its contacts: UCINET's default.

    As `constraint`, with ``p_qj`` the share of *q*'s ties *among the contacts of i, and i itself*. It asks
    nothing of what the contacts do elsewhere, so it is at least as high.

    Examples
    --------
    >>> import networkx as nx
    >>> tailed = nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    >>> constraint(tailed).round(3)["a"], constraint_ego(tailed)["a"]
    (np.float64(1.007), np.float64(1.125))
    """
    return holes_in(source, "ego", valued, weight, year, kind, directed, actors).series("constraint")


def effective_size(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return Burt's effective size of each actor's contacts: how many there are, less those that repeat.

    ``Σ_j (1 − Σ_q p_iq m_jq)``, *q* a contact of both *i* and *j*, with *p* of `constraint` and
    ``m_jq = (a_jq + a_qj) / max_k (a_jk + a_kj)`` over the whole network. Undirected and not valued, that is
    ``d − 2t / d`` for *d* contacts with *t* ties among them (Borgatti's formula).

    Returns
    -------
    pandas.Series
        Index ``actor_id``, name ``effective_size``; from 1 to the number of contacts (valued, in theory just
        below 1). NaN for an actor without a contact. Parameters, and what is unknown, as for `constraint`.

    Notes
    -----
    That of networkx asked node by node (``nodes=``), but for an actor who is only named: there NaN for lack
    of a successor, here contacts count whatever the direction. For all nodes at once networkx 3.6 takes
    another road, which with directed or valued ties does not give its own formula.

    Examples
    --------
    >>> import networkx as nx
    >>> effective_size(nx.wheel_graph(5)).tolist()
    [2.0, 1.6666666666666667, 1.6666666666666667, 1.6666666666666667, 1.6666666666666667]
    """
    return holes_in(source, "whole", valued, weight, year, kind, directed, actors).series("effective_size")


def effective_size_ego(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the effective size with ``m_jq`` relative to the strongest of *j*'s ties around *i*: UCINET's.

    Differs from `effective_size` only where ties are not all alike (valued, or directed and not all mutual).
    """
    return holes_in(source, "ego", valued, weight, year, kind, directed, actors).series("effective_size")


def efficiency(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the effective size over the number of contacts, in (0, 1]: see `effective_size`."""
    return holes_in(source, "whole", valued, weight, year, kind, directed, actors).series("efficiency")


def efficiency_ego(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the effective size over the number of contacts, as UCINET: see `effective_size_ego`."""
    return holes_in(source, "ego", valued, weight, year, kind, directed, actors).series("efficiency")


def hierarchy(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return Burt's hierarchy: how far an actor's constraint comes from one contact.

    ``Σ_j r_j ln r_j / (d ln d)`` with ``r_j = c_ij / (C_i / d)`` and ``c_ij`` the term of *j* in
    `constraint`: 0 where all *d* contacts constrain alike, near 1 where one does it all.

    Returns
    -------
    pandas.Series
        Index ``actor_id``, name ``hierarchy``, in [0, 1]; NaN with fewer than two contacts, where there is
        nothing to compare. Parameters, and what is unknown, as for `constraint`.

    Examples
    --------
    >>> import networkx as nx
    >>> hierarchy(nx.star_graph(4)).tolist()
    [0.0, nan, nan, nan, nan]
    """
    return holes_in(source, "whole", valued, weight, year, kind, directed, actors).series("hierarchy")


def hierarchy_ego(
    source: Source,
    *,
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the hierarchy of the terms of `constraint_ego`: UCINET's. See `hierarchy`."""
    return holes_in(source, "ego", valued, weight, year, kind, directed, actors).series("hierarchy")
