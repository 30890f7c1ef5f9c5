"""Actors × groups as a network of two modes: its density, the members that groups share, who joins them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....language import clauses, number, tr, trn
from ...measure import NAN, Measure, ratio
from ..ties.layer import seen_in
from .members import Members, members_of, names_of, resting_on_members

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["bridging_actors", "group_overlap", "two_mode_density", "two_mode_density_measure"]

#: A frame has a row per pair of groups: beyond this many groups it would fill the memory.
MOST_GROUPS = 3000


def two_mode_density(
    source: Source, *, group: str = "group", kinds: Collection[str] | None = None, year: int | None = None
) -> float:
    """Return the density of the two-mode network of actors and groups (D7).

    ``memberships / (actors · groups)``: the share of all seats that could be taken. An actor that sits in a
    group for two poles is one membership.

    Parameters
    ----------
    source
        A filière, or a graph whose nodes name their groups, or of two modes (see `group_table`).
    group
        Of a graph: the node attribute that holds the group.
    kinds
        Only groups of these kinds.
    year
        The filière in that year.

    Returns
    -------
    float
        In [0, 1]; NaN without an actor, or without a group of which a member is known. The actors of a
        filière are the partners, and others who sit; groups whose members are not stated do not count.

    References
    ----------
    Density of a bipartite graph: `networkx.bipartite.density`, the same on a two-mode graph; UCINET: density
    of a 2-mode matrix (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> two_mode_density(nx.davis_southern_women_graph())  # 89 attendances of 18 women at 14 events
    0.3531746031746032
    """
    return two_mode_density_measure(source, group=group, kinds=kinds, year=year).value


def two_mode_density_measure(
    source: Source,
    *,
    group: str = "group",
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the two-mode density with its bounds: see `two_mode_density`.

    Numerator and denominator are memberships and actors × groups whose members are known. ``low`` and
    ``high`` are over all groups, those whose members are not stated having none, or everyone; ``n_unknown``
    counts these groups.
    """
    source = seen_in(source, year)
    members = members_of(source, group=group, pole=None, kinds=kinds)
    seats, actors = int(members.size.sum()), int(members.may_sit.sum())
    groups, unknown = int(members.known.sum()), int((~members.known).sum())
    every = actors * (groups + unknown)
    if not groups + unknown:
        note = tr("no group", lang)
    elif not groups:
        note = tr("no member of a group is stated", lang)
    elif not actors:
        note = tr("no actor who could sit there", lang)
    else:
        note = trn(
            "{count} membership of {possible} possible",
            "{count} memberships of {possible} possible",
            seats,
            lang,
            possible=number(actors * groups, lang),
        )
        if unknown:
            left_out = trn(
                "{count} group whose members are not stated is left out",
                "{count} groups whose members are not stated are left out",
                unknown,
                lang,
            )
            note = clauses([note, left_out], lang)
    measure = Measure(
        ratio(seats, actors * groups),
        "share",
        ratio(seats, every),
        ratio(seats + actors * unknown, every),
        float(seats),
        float(actors * groups),
        n_unknown=unknown,
        note=note,
    )
    return resting_on_members(measure, source, kinds)


def group_overlap(
    source: Source, *, group: str = "group", kinds: Collection[str] | None = None, year: int | None = None
) -> pd.DataFrame:
    """Return how many members each two groups share.

    ``jaccard = shared / (members of either)``, ``overlap = shared / (members of the smaller)``.

    Parameters
    ----------
    source, group, kinds, year
        As for `two_mode_density`.

    Returns
    -------
    pandas.DataFrame
        A row per pair of groups, each once, in table order. Columns ``group_id``, ``to_group_id``,
        ``group_label``, ``to_group_label``, ``members``, ``to_members``, ``shared`` (actors who sit in
        both), ``jaccard`` and ``overlap`` in [0, 1] (NaN if a group has no known member), and
        ``only_actor_id``: the actor who alone sits in both, missing unless there is just one.

    Raises
    ------
    ArgumentError
        More than 3000 groups: the frame would have millions of rows. `kinds` takes fewer.

    Notes
    -----
    What UCINET calls the projection of a 2-mode network by columns, and networkx
    ``bipartite.weighted_projected_graph`` on the groups (``overlap_weighted_projected_graph`` for the
    Jaccard index, and for `overlap` with ``jaccard=False``). By sparse products over the memberships; memory
    goes with groups².

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from(["COPIL", "GT", "Forum"], bipartite=1)
    >>> graph.add_nodes_from(["Filature", "Mairie", "Relais"], bipartite=0)
    >>> graph.add_edges_from([("Mairie", "COPIL"), ("Mairie", "GT"), ("Filature", "GT"), ("Relais", "Forum")])
    >>> group_overlap(graph)[["group_id", "to_group_id", "shared", "jaccard", "only_actor_id"]]
      group_id to_group_id  shared  jaccard only_actor_id
    0    COPIL          GT       1      0.5        Mairie
    1    COPIL       Forum       0      0.0          None
    2       GT       Forum       0      0.0          None
    """
    source = seen_in(source, year)
    members = members_of(source, group=group, pole=None, kinds=kinds)
    shared, places = _shared(members)
    first, second = np.triu_indices(members.n_groups, 1)
    size, (_, names) = members.size, names_of(source, members)
    both = shared[first, second]
    known = members.known[first] & members.known[second]
    either, smaller = size[first] + size[second] - both, np.minimum(size[first], size[second])
    alone = np.where(both == 1, places[first, second], -1)
    only = members.actor_ids.take(np.maximum(alone, 0)) if len(members.actor_ids) else pd.Index([])
    return pd.DataFrame(
        {
            "group_id": members.group_ids.take(first),
            "to_group_id": members.group_ids.take(second),
            "group_label": names.take(first).to_numpy(),
            "to_group_label": names.take(second).to_numpy(),
            "members": size[first],
            "to_members": size[second],
            "shared": both,
            "jaccard": both / np.where(known & (either > 0), either, NAN),
            "overlap": both / np.where(known & (smaller > 0), smaller, NAN),
            "only_actor_id": pd.Series(only, dtype=object).where(alone >= 0, None),
        }
    )


def bridging_actors(
    source: Source, *, group: str = "group", kinds: Collection[str] | None = None, year: int | None = None
) -> pd.DataFrame:
    """Return the actors who sit in several groups, and what would come apart without them.

    Parameters
    ----------
    source, group, kinds, year
        As for `two_mode_density`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, those who join the most on their own first, then who sit in most groups (then
        table order). Columns ``label``, ``groups`` (in which it sits, two or more), ``pairs`` (pairs of
        groups that it joins, ``groups · (groups − 1) / 2``), ``pairs_alone`` (of these, those that no other
        actor joins), ``parts`` (into how many parts the groups that are joined to its own would fall without
        it; 1: they hold together) and ``group_ids`` (those in which it sits, joined by ``;``).

    Raises
    ------
    ArgumentError
        More than 3000 groups, as for `group_overlap`.

    Notes
    -----
    An actor with two or more ``parts`` is a cut point of the two-mode network that separates groups
    (`networkx.articulation_points`; UCINET: cutpoints). Groups whose members are not stated join nothing
    that is known.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from(["COPIL", "GT", "Forum"], bipartite=1)
    >>> graph.add_nodes_from(["Filature", "Mairie", "Relais"], bipartite=0)
    >>> graph.add_edges_from(
    ...     [("Mairie", "COPIL"), ("Mairie", "GT"), ("Mairie", "Forum"), ("Relais", "GT"), ("Relais", "Forum")]
    ... )
    >>> bridging_actors(graph)[["groups", "pairs", "pairs_alone", "parts"]]
              groups  pairs  pairs_alone  parts
    actor_id
    Mairie         3      3            2      2
    Relais         2      1            0      1
    """
    source = seen_in(source, year)
    members = members_of(source, group=group, pole=None, kinds=kinds)
    at, actor = members.actors()
    shared, places = _shared(members)
    first, second = np.nonzero(np.triu(shared == 1, 1))
    size = len(members.actor_ids)
    groups = np.bincount(actor, minlength=size)
    alone = np.bincount(places[first, second], minlength=size)
    parts = _parts(at, actor, alone > 0, shared)
    sits = np.flatnonzero(groups > 1)
    order = sits[np.lexsort((sits, -groups[sits], -alone[sits]))]
    names, _ = names_of(source, members)
    several = groups[actor] > 1
    listed = pd.Series(members.group_ids.take(at[several]), dtype=object).astype(str).groupby(actor[several])
    return pd.DataFrame(
        {
            "label": names.take(order).to_numpy(),
            "groups": groups[order],
            "pairs": groups[order] * (groups[order] - 1) // 2,
            "pairs_alone": alone[order],
            "parts": parts[order],
            "group_ids": listed.agg(";".join).reindex(order).to_numpy(),
        },
        index=members.actor_ids.take(order).rename("actor_id"),
    )


def affiliation(members: Members) -> csr_array:
    """Return actors × groups, 1 where the actor sits in the group."""
    from scipy.sparse import csr_array

    group, actor = members.actors()
    shape = (len(members.actor_ids), members.n_groups)
    return csr_array((np.ones(len(actor), dtype=np.int64), (actor, group)), shape=shape)


def _shared(members: Members) -> tuple[Counts, Counts]:
    """Return groups × groups: the number of actors in both, and the sum of their positions.

    Where they share a single actor, the sum is its position.
    """
    count = members.n_groups
    if count > MOST_GROUPS:
        raise ArgumentError(f"{count} groups: name with kinds= at most {MOST_GROUPS} of them")
    if not count or not len(members.actor_ids):
        empty = np.zeros((count, count), dtype=np.int64)
        return empty, empty
    sits = affiliation(members)
    weighed = sits.copy()
    weighed.data = np.repeat(np.arange(sits.shape[0]), np.diff(sits.indptr))
    return (sits.T @ sits).toarray(), (sits.T @ weighed).toarray()


def _parts(group: Codes, actor: Codes, alone: Mask, shared: Counts) -> Counts:
    """Return, by actor, into how many parts the groups joined to its own fall without it.

    Groups that several actors join stay joined whoever leaves, so that only the actors who join a pair on
    their own are nodes, beside the groups. networkx does it: there are fewer of them than pairs of groups.
    """
    import networkx as nx

    parts = np.ones(len(alone), dtype=np.int64)
    graph: nx.Graph = nx.Graph()
    kept = alone[actor]
    graph.add_edges_from(zip((-1 - actor[kept]).tolist(), group[kept].tolist(), strict=True))
    several = np.nonzero(np.triu(shared > 1, 1))
    graph.add_edges_from(zip(*(ends.tolist() for ends in several), strict=True))
    # an actor is in as many biconnected components as parts it holds together
    within = np.fromiter(chain.from_iterable(nx.biconnected_components(graph)), dtype=np.int64)
    number_of = np.bincount(-1 - within[within < 0], minlength=len(alone))
    return np.where(number_of > 0, number_of, parts)
