"""What remains of cooperation without one actor (D17): the animating body once its funding ends, say."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError, UnknownNameError
from ....filiere import Filiere
from ....language import number, tr
from ...measure import NAN, Measure
from ..ties.counting import count_pairs, degrees
from ..ties.layer import seen_in, ties_of
from ..ties.rows import documented_rows
from ..triptyques.star import animating_places
from ..triptyques.triads import TRIPTYQUE, poles_of
from .remains import REMAINING, Remains, remains_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = [
    "REMAINING",
    "Remains",
    "animating_body",
    "remaining",
    "remaining_measure",
    "remains_of",
    "without_actor",
]

_COLUMNS = ["label", "with_actor", "without_actor", "remains", "low", "high", "note"]


def animating_body(
    source: Source, *, year: int | None = None, kind: str | Collection[str] | None = None
) -> str | None:
    """Return the body that animates a filière: of animators and territorial actors, the one with most ties.

    Returns
    -------
    str or None
        The first in table order where several have as many ties; ``None`` if no partner has such a role.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Agglo", "Mairie", "Relais"], "roles": ["territorial"] * 2 + ["insertion"]},
    ...     cooperations={"actor_id": ["Mairie"], "to_actor_id": ["Relais"]},
    ... )
    >>> animating_body(f)
    'mairie'
    """
    source = seen_in(source, year)
    if not isinstance(source, Filiere):
        raise ArgumentError("a graph has no roles: name the actor, actor=")
    ties = ties_of(source, directed=False, kind=kind)
    bodies = animating_places(source, ties)
    if not len(bodies):
        return None
    return str(ties.nodes[bodies[np.argmax(degrees(ties)[bodies])]])


def without_actor(
    source: Source,
    *,
    actor: Hashable | None = None,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return what remains of cooperation without one actor (D17): each figure without it over the same with it.

    ``x(G − v) / x(G)``, on ties read as undirected. In network analysis: the effect of deleting a key player
    (UCINET's *Key Player*, fragmentation; unverified).

    Parameters
    ----------
    source
        A filière or any networkx graph.
    actor
        The actor taken away; in a filière by default the body that animates it (`animating_body`).
    group, poles
        The poles of the triptyques, as for `triptyque_closure`.
    year, kind, actors
        As for `density`.

    Returns
    -------
    pandas.DataFrame
        Index ``measure``: ``ties``; ``density``; ``largest_component`` (its number of actors);
        ``components`` (sets into which the *other* actors fall); ``triptyques`` (closed); ``reachable_pairs``
        (pairs of actors joined by some path, of n and of n − 1 actors) and ``reachable_pairs_of_others``.
        Columns ``label``, ``with_actor``, ``without_actor``; ``remains``, the ratio (of ``components``, which
        grow as less remains, its inverse), NaN where there was nothing; ``low``, ``high``; ``note``.

    Notes
    -----
    All ratios are in [0, 1], but that of density, which exceeds 1 without an actor of fewer ties than the
    mean. ``remains`` is of known ties. The bounds hold whatever the undocumented pairs are; those of ties and
    density are attained, the others may be wider than needed.

    Raises
    ------
    ArgumentError
        A graph without `actor`, or a filière without an animator or territorial actor.
    UnknownNameError
        No such actor among those who could cooperate.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("epci", "firm"), ("epci", "aci"), ("epci", "lab"), ("firm", "aci")])
    >>> nx.set_node_attributes(graph, {"epci": "elected", "firm": "enterprise", "aci": "ess"}, "pole")
    >>> found = without_actor(graph, actor="epci", lang="en")
    >>> found[["with_actor", "without_actor", "remains"]].round(2)
                               with_actor  without_actor  remains
    measure
    ties                             4.00           1.00     0.25
    density                          0.67           0.33     0.50
    largest_component                4.00           2.00     0.50
    components                       1.00           2.00     0.50
    triptyques                       1.00           0.00     0.00
    reachable_pairs                  6.00           1.00     0.17
    reachable_pairs_of_others        3.00           1.00     0.33
    """
    source = seen_in(source, year)
    actor = animating_body(source, kind=kind) if actor is None else actor
    if actor is None:
        raise ArgumentError("no partner has the role animator or territorial: name the actor, actor=")
    found = _figures(source, actor, group, poles, kind, actors, tuple(REMAINING))
    rows = []
    for name, one in found.items():  # over the few figures
        note = "" if one.share == one.share else _nothing(name, lang)
        rows.append((tr(REMAINING[name], lang), one.before, one.after, one.share, one.low, one.high, note))
    return pd.DataFrame(rows, columns=_COLUMNS, index=pd.Index(list(found), name="measure"))


def remaining(
    source: Source,
    *,
    of: str = "reachable_pairs",
    actor: Hashable | None = None,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how much of one figure remains without an actor (D17): see `without_actor`.

    Parameters
    ----------
    of
        One of `REMAINING`: by default the pairs of actors joined directly or through others.

    Returns
    -------
    float
        NaN where there was nothing before, and in a filière without a body that animates it.

    Examples
    --------
    >>> import networkx as nx
    >>> remaining(nx.star_graph(4), actor=0), remaining(nx.complete_graph(4), actor=0)
    (0.0, 0.5)
    """
    return remaining_measure(
        source, of=of, actor=actor, group=group, poles=poles, year=year, kind=kind, actors=actors
    ).value


def remaining_measure(
    source: Source,
    *,
    of: str = "reachable_pairs",
    actor: Hashable | None = None,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D17 with its bounds: see `remaining` and, for the bounds, `without_actor`.

    Numerator and denominator are the figure without and with the actor.
    """
    if of not in REMAINING:
        raise UnknownNameError.of(f"of={of!r} is none of what may remain", of, list(REMAINING))
    source = seen_in(source, year)
    chosen = animating_body(source, kind=kind) if actor is None else actor
    if chosen is None:
        return Measure(NAN, "ratio", note=tr("no animator or territorial actor among the partners", lang))
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    if actor is None and chosen not in ties.nodes:
        return Measure(NAN, "ratio", note=tr("no animator or territorial actor among the partners", lang))
    one = _figures(source, chosen, group, poles, kind, actors, (of,))[of]
    name = str(chosen)
    if isinstance(source, Filiere):
        name = str(source.actors.at[chosen, "name"])
    note = _nothing(of, lang)
    if one.share == one.share:
        note = tr(
            "without {actor}: {after}, with: {before}",
            lang,
            actor=name,
            before=number(one.before, lang),
            after=number(one.after, lang),
        )
    terms = (one.before, one.after) if of == "components" else (one.after, one.before)
    unknown = int(count_pairs(ties).unknown[0, 0])
    measure = Measure(one.share, "ratio", one.low, one.high, *terms, n_unknown=unknown, note=note)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_rows(source, kind=kind, actors=actors))


def _nothing(name: str, lang: str) -> str:
    if name == "triptyques":
        return tr("no closed triptyque known with it", lang)
    return tr("no cooperation known with it", lang)


def _figures(
    source: Source,
    actor: Hashable,
    group: str,
    poles: Sequence[str],
    kind: str | Collection[str] | None,
    actors: Collection[Hashable] | None,
    wanted: tuple[str, ...],
) -> dict[str, Remains]:
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    if actor not in ties.nodes:
        known = [str(name) for name in ties.nodes]
        raise UnknownNameError.of(f"no actor {actor!r} among those who could cooperate", str(actor), known)
    pole = None
    if "triptyques" in wanted and _has_poles(source, group):
        pole = poles_of(source, ties, group, poles)
    return remains_of(ties, int(ties.nodes.get_loc(actor)), pole, wanted)


def _has_poles(source: Source, group: str) -> bool:
    """Whether poles are stated: a graph without any has no triptyque."""
    if isinstance(source, Filiere):
        return True
    return any(data.get(group) is not None for _, data in source.nodes(data=True))
