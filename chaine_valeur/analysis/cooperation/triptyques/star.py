"""A star around the animating body: what it ties together, and what remains to be tied without it.

An open star is also a success of animation: somebody knows everybody. What comes next is that they know one
another.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import UnknownNameError
from ....filiere import Filiere
from ....language import number, tr, trn
from ....network import Ties
from ....vocabulary import Role
from ...measure import NAN, Measure, ratio
from ..ties.counting import count_pairs, degrees, open_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.rows import documented_rows
from .participation import triad_participation
from .triads import TRIPTYQUE, poles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = ["ANIMATION", "animating_places", "animation_share", "animation_share_measure", "animation_star"]

#: Roles whose place at the centre is the animation of the programme.
ANIMATION = (Role.ANIMATOR, Role.TERRITORIAL)


def animation_star(
    source: Source,
    *,
    hub: Hashable | Collection[Hashable] | None = None,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how far cooperation makes a star around each animating or territorial body.

    Parameters
    ----------
    source
        A filière or any networkx graph; directions are ignored.
    hub
        The actor, or a list of those, to look at. By default, of a filière those whose roles include animator
        or territorial body; of a graph every node.
    group, poles, year, kind, actors
        As for `triptyque_closure <chaine_valeur.analysis.cooperation.triptyque_closure>`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, most ties first (equal ones in table order); of the *known* ties, columns

        - ``pole`` (one of `poles`, or missing); ``ties``, and ``ties_share`` of all ties (NaN if there are
          none); ``ties_without``, those among the others;
        - ``poles_tied``: of the three poles, how many it belongs to or has a tie with; 3: it links them all;
        - ``open_centre``: open triptyques with it at the centre, and ``open_share`` of all open ones (NaN if
          none is). As many ties among the others would close them, each pair closing one of these: ``to_ask``
          of them join pairs of which nothing is known, the rest pairs known to be untied;
        - ``closed``, ``closed_without``: closed triptyques with it, and those that stand without it.

    Raises
    ------
    UnknownNameError
        `hub` names nobody who could cooperate.

    See Also
    --------
    triad_participation : The same triptyques for every actor, with bounds.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("town", "firm"), ("town", "mill"), ("town", "aci")])
    >>> poles = {"town": "elected", "firm": "enterprise", "mill": "enterprise", "aci": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> star = animation_star(graph, hub="town")
    >>> star[["ties_share", "poles_tied", "open_centre", "open_share", "closed_without"]]
              ties_share  poles_tied  open_centre  open_share  closed_without
    actor_id
    town             1.0           3            2         1.0               0
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    triads = triad_participation(source, group=group, poles=poles, kind=kind, actors=actors)
    places = _hubs(source, ties, hub)
    degree, total = degrees(ties), len(ties.a)
    places = places[np.argsort(-degree[places], kind="stable")]
    chosen, mine = triads.iloc[places], degree[places]
    n_open, n_closed = int(triads["open_centre"].sum()), int(triads["closed"].sum()) // 3
    return pd.DataFrame(
        {
            "pole": chosen["pole"],
            "ties": mine,
            "ties_share": mine / total if total else NAN,
            "ties_without": total - mine,
            "poles_tied": _poles_tied(ties, poles_of(source, ties, group, poles))[places],
            "open_centre": chosen["open_centre"],
            "open_share": chosen["open_centre"] / n_open if n_open else NAN,
            "to_ask": chosen["to_ask"],
            "closed": chosen["closed"],
            "closed_without": n_closed - chosen["closed"],
        },
        index=ties.nodes[places].rename("actor_id"),
    )


def animation_share(
    source: Source,
    *,
    hub: Hashable | Collection[Hashable] | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of the ties that go through the animating body.

    ``degree of the hub / number of ties``, the hub being the body of `hub` with most known ties (of equal ones
    the first in table order). 1: no tie without it.

    Parameters
    ----------
    source, hub, year, kind, actors
        As for `animation_star`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN without a known tie or without such a body. Its bounds are in
        `animation_share_measure`.

    References
    ----------
    Our own. Degree centralisation (D4) says how uneven degrees are, not who is at the centre.

    Examples
    --------
    >>> import networkx as nx
    >>> animation_share(nx.Graph([("town", "firm"), ("town", "aci"), ("firm", "mill")]), hub="town")
    0.6666666666666666
    """
    return _share_of(seen_in(source, year), hub, kind, actors, "en")[0].value


def animation_share_measure(
    source: Source,
    *,
    hub: Hashable | Collection[Hashable] | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the share of ties that go through the animating body, with bounds: see `animation_share`.

    ``low`` ties every undocumented pair of the others, ``high`` every undocumented pair of the hub: both exact,
    for that hub. The note names it.
    """
    source = seen_in(source, year)
    measure, _ = _share_of(source, hub, kind, actors, lang)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_rows(source, kind=kind, actors=actors))


def _share_of(
    source: Source,
    hub: Hashable | Collection[Hashable] | None,
    kind: str | Collection[str] | None,
    actors: Collection[Hashable] | None,
    lang: str,
) -> tuple[Measure, int]:
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    places, unknown = _hubs(source, ties, hub), int(count_pairs(ties).unknown[0, 0])
    if not len(places):
        note = tr("no animating or territorial body among the actors", lang)
        return Measure(NAN, "share", n_unknown=unknown, note=note), -1
    degree, total = degrees(ties), len(ties.a)
    place = int(places[np.argmax(degree[places])])
    mine, own = int(degree[place]), int(open_pairs(ties)[place])
    others = unknown - own
    low = ratio(mine, total + others) if total + others else (1.0 if own else NAN)
    high = ratio(mine + own, total + own) if total + own else (0.0 if others else NAN)
    node: Any = ties.nodes[place]
    name = source.actors.at[node, "name"] if isinstance(source, Filiere) else node
    note = tr("no known tie", lang)
    if total:
        note = trn(
            "{name}: {ties} of {count} known tie",
            "{name}: {ties} of {count} known ties",
            total,
            lang,
            name=name,
            ties=number(mine, lang),
        )
    return Measure(ratio(mine, total), "share", low, high, mine, total, n_unknown=unknown, note=note), place


def animating_places(f: Filiere, ties: Ties) -> Counts:
    """Return the positions in `ties` of the animators and territorial bodies, in table order."""
    roles = [place for place, role in enumerate(Role) if role in ANIMATION]
    animating = f.network.actor_ids[f.network.roles[:, roles].any(axis=1)]
    return np.flatnonzero(ties.nodes.isin(animating))


def _hubs(source: Source, ties: Ties, hub: Hashable | Collection[Hashable] | None) -> Counts:
    """Return the positions of the bodies to look at, in table order."""
    if hub is None and isinstance(source, Filiere):
        return animating_places(source, ties)
    if hub is None:
        return np.arange(ties.size)
    listed = list(hub) if isinstance(hub, (list, set, frozenset, pd.Index, pd.Series)) else [hub]
    places = ties.nodes.get_indexer(pd.Index(listed, dtype=object, tupleize_cols=False))
    if (places < 0).any():
        name = listed[int(np.argmax(places < 0))]
        raise UnknownNameError.of(
            f"no actor {name!r} who could cooperate", str(name), [str(one) for one in ties.nodes]
        )
    return np.sort(places)


def _poles_tied(ties: Ties, pole: NDArray[np.int32]) -> Counts:
    """Return, per node, how many of the three poles it belongs to or has a tie with."""
    reached = np.zeros((ties.size, 4), dtype=bool)
    reached[np.arange(ties.size), pole] = True  # −1, no pole, is the last column, which does not count
    reached[ties.a, pole[ties.b]] = True
    reached[ties.b, pole[ties.a]] = True
    return reached[:, :3].sum(axis=1).astype(np.int64)
