"""How many mediations chance alone would make, and how far an actor is from it."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import N_, tr
from ...measure import NAN, ratio
from .brokerage import Placed, counts_of, placed_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

__all__ = ["brokerage_expected", "brokerage_totals", "brokerage_z", "expected_counts"]

#: How each role is told.
ROLE_LABELS = {
    "coordinator": N_("Coordinator (within one block)"),
    "consultant": N_("Consultant (between two actors of another block)"),
    "gatekeeper": N_("Gatekeeper (from another block to one’s own)"),
    "representative": N_("Representative (from one’s own block to another)"),
    "liaison": N_("Liaison (between two other blocks)"),
    "total": N_("All mediations"),
}


def brokerage_expected(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how many mediations of each role chance alone would give an actor of that block.

    Chance: each tie there with the probability *p* of the density of known ties among the actors whose block
    is stated, independently of any other (a Bernoulli graph), blocks as they are. Of the *M* ordered pairs
    (i, j) that would give the actor the role, ``M p² (1 − p)`` are expected to: tied to the actor and not to
    each other.

    Parameters
    ----------
    source, by, group, year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.positions.brokerage.brokerage`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``; columns ``coordinator``, ``consultant``, ``gatekeeper``, ``representative``,
        ``liaison``, ``total``. 0 where no pair could give the role (a liaison with two blocks); NaN for an
        actor whose block is not stated.

    Notes
    -----
    The expectation is that of R sna's `brokerage` (``exp.nli``); it has nothing to say of few actors, and
    takes no account of degrees: see the null models of `chaine_valeur.analysis.cooperation.chance`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)  # p = 1/2; one pair of others in one's own block, two across
    >>> nx.set_node_attributes(graph, {0: "x", 1: "x", 2: "x", 3: "y"}, "team")
    >>> brokerage_expected(graph, group="team").loc[1, ["coordinator", "gatekeeper"]].tolist()
    [0.125, 0.25]
    """
    placed = placed_in(source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    return placed.on_all(expected_counts(placed)[0])


def brokerage_z(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how far each actor's mediations are from chance, in standard deviations.

    ``z = (observed − expected) / sd``, with `brokerage_expected` and the exact variance in the same Bernoulli
    graph: with ``q = 1 − p``,

    ``sd² = M p² q (1 − p² q) + S p³ q³``

    where *M* counts the pairs (i, j) that could give the role and *S* the ordered couples of such pairs that
    share their first or their last actor, hence a tie with the mediator.

    Returns
    -------
    pandas.DataFrame
        As `brokerage_expected`; NaN where no pair could give the role or where *p* is 0 or 1.

    Notes
    -----
    These are the z scores of R sna (``z.nli``), reproduced on « campnet ». A count of mediations is not
    normal: read them as an order of size, and not at all under some thirty actors.

    Examples
    --------
    >>> import networkx as nx
    >>> star = nx.star_graph(4)
    >>> nx.set_node_attributes(star, dict(enumerate("xyyzz")), "team")
    >>> brokerage_z(star, group="team")["total"].round(2).tolist()
    [5.87, -0.62, -0.62, -0.62, -0.62]
    """
    placed = placed_in(source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    expected, spread = expected_counts(placed)
    return placed.on_all((counts_of(placed) - expected) / np.where(spread > 0, spread, NAN))


def brokerage_totals(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return how many mediations of each role there are in all, and how many chance alone would make.

    Parameters
    ----------
    source, by, group, year, kind, directed, actors
        As for `brokerage`.
    lang
        Language of the labels.

    Returns
    -------
    pandas.DataFrame
        Index ``role`` (the five roles, then ``total``); columns ``label``, ``observed`` (sum over actors),
        ``expected`` (the same for `brokerage_expected`; NaN without two actors whose block is stated) and
        ``actors`` (how many have at least one). Undirected, gatekeeper and representative are the same pairs,
        and ``total`` counts them once.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([(1, 2), (2, 3)])
    >>> nx.set_node_attributes(graph, {1: "x", 2: "x", 3: "y"}, "team")
    >>> brokerage_totals(graph, group="team", lang="en")["observed"].tolist()
    [0, 0, 0, 1, 0, 1]
    """
    placed = placed_in(source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    counts = counts_of(placed)
    return pd.DataFrame(
        {
            "label": [tr(words, lang) for words in ROLE_LABELS.values()],
            "observed": counts.sum(axis=0),
            "expected": expected_counts(placed)[0].sum(axis=0) if placed.inside.size > 1 else NAN,
            "actors": (counts > 0).sum(axis=0),
        },
        index=pd.Index(list(ROLE_LABELS), name="role"),
    )


def expected_counts(placed: Placed) -> tuple[Values, Values]:
    """Return the expected counts and their standard deviations, nodes with a block × (roles, total)."""
    ties = placed.inside
    sizes = np.bincount(placed.codes, minlength=placed.n_blocks).astype(np.float64)
    own, other = sizes - 1, ties.size - sizes  # how many others in one's block, and outside
    everyone = own + other
    # Σ n_k² and Σ n_k³ over the other blocks: an outsider of block k has n_k − 1 partners for a consultant
    # and other − n_k for a liaison
    squares, cubes = (float((sizes**power).sum()) - sizes**power for power in (2, 3))
    pairs = [
        own * (own - 1),
        squares - other,
        other * own,
        own * other,
        other**2 - squares,
        everyone * (everyone - 1),
    ]
    across = other * own * (own - 1) + own * other * (other - 1)
    shared = [
        2 * own * (own - 1) * (own - 2),
        2 * (cubes - 3 * squares + 2 * other),  # Σ n_k (n_k − 1) (n_k − 2)
        across,
        across,
        2 * (other**2 * (other - 1) - squares * (2 * other - 1) + cubes),  # Σ n_k (other − n_k) (… − 1)
        2 * everyone * (everyone - 1) * (everyone - 2),
    ]
    possible, couples = np.column_stack(pairs), np.column_stack(shared)
    if not ties.directed:  # an unordered pair counts once; across blocks each pair has one order only
        symmetric = [0, 1, 4, 5]
        possible[:, symmetric] /= 2
        couples[:, symmetric] /= 2
    p = ratio(len(ties.a), ties.possible)
    chance = p**2 * (1 - p)
    variance = possible * chance * (1 - chance) + couples * (p * (1 - p)) ** 3
    return (possible * chance)[placed.codes], np.sqrt(variance)[placed.codes]
