"""What is known of ties year by year: which are there, which are of unknown period, which nobody documented.

A row of cooperation has a first year, a last year, or neither. One that bears a first year is there from then
on, until its last year if it bears one. Without a first year only the last one is sure: before it the tie may
not have begun. Without either, the tie is of unknown period: it may be there in any year.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from ....columns import Rows, columns
from ....errors import ArgumentError, UnknownNameError
from ....filiere import Filiere
from ....network import Ties, distinct, is_among
from ....vocabulary import CooperationState
from .counting import pair_numbers
from .layer import DIRECTED_KINDS, places_among, seen_in, ties_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    States = NDArray[np.int8]
    Years = Source | Mapping[Any, Source] | Sequence[Source]

__all__ = [
    "NOTHING",
    "PERHAPS",
    "TIED",
    "UNDOCUMENTED",
    "History",
    "Moment",
    "history_of",
    "present_in",
    "read_back",
]

#: States of a pair in a year: known not to be tied, nobody asked, a tie of unknown period, a tie.
NOTHING, UNDOCUMENTED, PERHAPS, TIED = range(4)


@dataclass(frozen=True)
class Moment:
    """The pairs of a `History` in one year.

    Attributes
    ----------
    year
        The year, or the name of the graph.
    state
        Per pair of the history: `NOTHING`, `UNDOCUMENTED`, `PERHAPS` or `TIED`.
    present, unasked
        Per node: whether it is there; whether it is there and was not asked.
    """

    year: Any
    state: States
    present: Mask
    unasked: Mask


@dataclass(frozen=True)
class History:
    """Ties over several years: every pair that a row of some year speaks of, once.

    Attributes
    ----------
    nodes
        The actors who could cooperate in some year.
    a, b
        Ends of the pairs as positions in `nodes`, in ascending order of their numbers (`pair_numbers`).
    years
        The years, ascending.
    dated
        Whether any tie bears a year.
    rows
        The rows of cooperations that speak of them, whenever it was; of graphs, none.
    at
        What is known in a year; one year is held in memory at a time.
    """

    nodes: pd.Index
    a: Codes
    b: Codes
    directed: bool
    years: tuple[Any, ...]
    dated: bool
    rows: tuple[str, ...]
    at: Callable[[Any], Moment]

    @property
    def size(self) -> int:
        """Number of actors."""
        return len(self.nodes)

    @property
    def numbers(self) -> Counts:
        """The pairs as numbers, ascending."""
        return pair_numbers(self.a, self.b, self.size)

    def moments(self) -> Iterator[Moment]:
        """Yield what is known in each year, in order."""
        return map(self.at, self.years)

    def pairs_of(self, nodes: Mask) -> int:
        """Return the number of pairs among some of the nodes."""
        count = int(nodes.sum())
        return count * (count - 1) // (1 if self.directed else 2)

    def silent(self, nodes: Mask) -> int:
        """Return the number of pairs among some of the nodes that no row of any year speaks of."""
        return self.pairs_of(nodes) - int((nodes[self.a] & nodes[self.b]).sum())


def history_of(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> History:
    """Return the ties of several years.

    Parameters
    ----------
    source
        A filière whose cooperations bear a first or a last year; or a mapping from years to graphs (or to
        filières: waves of a survey); or a sequence of these, numbered from 0.
    years
        The years to look at, in any order. Of a filière, by default every year from the first that a tie
        bears to the one that it describes (its year, its reference year, else the last that a tie bears).
    kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; waves are directed if all of them are.

    Raises
    ------
    ArgumentError
        A single graph, or a year that the source does not have.
    UnknownNameError
        No such kind of cooperation, or no such actor.

    Examples
    --------
    >>> import networkx as nx
    >>> history = history_of({2020: nx.Graph([("a", "b")]), 2021: nx.Graph([("a", "b"), ("b", "c")])})
    >>> [moment.state.tolist() for moment in history.moments()]
    [[3, 0], [3, 3]]
    """
    found = read_back(source)
    wanted = None if years is None else sorted(set(years))
    if isinstance(found, Filiere):
        return _of_filiere(found, wanted, kind, bool(directed), actors)
    if not isinstance(found, Mapping):
        raise ArgumentError("a graph has no years: give a mapping from years to graphs")
    return _of_waves(found, wanted, kind, directed, actors)


def read_back(source: Years) -> Any:
    """Return a filière, a mapping, or a single graph; a graph made of a filière is read back."""
    if isinstance(source, (Filiere, Mapping)):
        return source
    if hasattr(source, "is_directed"):
        return seen_in(cast("Source", source))
    return dict(enumerate(source))


def present_in(f: Filiere, year: int) -> Mask:
    """Return who was there in a year, per actor of a filière: as `Filiere.at` keeps them."""
    actors = columns(f, "actors")
    since, until = actors.number("since"), actors.number("until")
    return ~(since > year) & ~(until < year)


def _of_filiere(
    f: Filiere,
    years: list[Any] | None,
    kind: str | Collection[str] | None,
    directed: bool,
    actors: Collection[Hashable] | None,
) -> History:
    nodes = ties_of(f, directed=directed, kind=kind, actors=actors).nodes
    said, place = columns(f, "cooperations"), places_among(f, nodes)
    use = said.known("state")  # where it could not be read, a row speaks of no tie
    if kind is not None:
        use = use & said.among("kind", *([kind] if isinstance(kind, str) else kind))
    a, b = (np.append(place, -1)[f.codes("cooperations", name)] for name in ("actor_id", "to_actor_id"))
    rows = Rows.where(said, use & (a >= 0) & (b >= 0) & (a != b))
    a, b = a[rows.at], b[rows.at]
    spoken = tuple(rows.ids.tolist())
    since, until = rows.number("since"), rows.number("until")
    absent = rows.among("state", CooperationState.ABSENT.value)
    if directed:
        both = ~rows.among("kind", *DIRECTED_KINDS)
        a, b = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
        since, until, absent = (np.concatenate([each, each[both]]) for each in (since, until, absent))
    else:
        a, b = np.minimum(a, b), np.maximum(a, b)
    numbers = pair_numbers(a, b, len(nodes))
    pairs = distinct(numbers)
    pair = np.searchsorted(pairs, numbers)
    first, second = _ends(pairs, len(nodes))
    seen = pair[~absent]
    tied = since[~absent], until[~absent]
    denied = pair[absent], since[absent], until[absent]
    asked = f.network.asked[place >= 0]  # nodes come in table order

    def at(year: Any) -> Moment:
        present = present_in(f, year)[place >= 0]
        state = np.full(len(pairs), UNDOCUMENTED, dtype=np.int8)
        in_force = ~(denied[1] > year) & ~(denied[2] < year)
        state[denied[0][in_force]] = NOTHING
        state[(asked[first] | asked[second])] = NOTHING
        state[seen] = NOTHING  # a tie that bears its years also says when it was not there
        open_ = ~(tied[0] > year) & ~(tied[1] < year)
        sure = open_ & (~np.isnan(tied[0]) | (tied[1] == year))
        state[seen[open_]] = PERHAPS
        state[seen[sure]] = TIED
        state[~(present[first] & present[second])] = NOTHING
        return Moment(year, state, present, present & ~asked)

    borne = np.concatenate(tied)
    borne = borne[~np.isnan(borne)]
    chosen = _years_to_look_at(f, years, borne)
    return History(nodes, first, second, directed, chosen, len(borne) > 0, spoken, at)


def _years_to_look_at(f: Filiere, years: list[Any] | None, borne: NDArray[np.float64]) -> tuple[int, ...]:
    if f.year is not None:  # what ended before, or began after, is no longer in it
        if years is not None and years != [f.year]:
            raise ArgumentError(f"the filière is that of {f.year}: give the one of all years for {years}")
        return (f.year,)
    if years is not None:
        return tuple(int(year) for year in years)
    last = f.reference_year
    if last is None and len(borne):
        last = int(borne.max())
    if last is None:
        return ()
    return tuple(range(min(int(borne.min()), last) if len(borne) else last, last + 1))


def _of_waves(
    waves: Mapping[Any, Source],
    years: list[Any] | None,
    kind: str | Collection[str] | None,
    directed: bool | None,
    actors: Collection[Hashable] | None,
) -> History:
    chosen = sorted(waves) if years is None else years
    if unknown := [year for year in chosen if year not in waves]:
        raise ArgumentError(f"no graph of {unknown[0]!r}; there are: {', '.join(map(str, sorted(waves)))}")
    sources = {year: seen_in(waves[year]) for year in chosen}
    if directed is None:
        directed = bool(sources) and all(ties_of(each).directed for each in sources.values())
    layers = {year: ties_of(each, directed=directed, kind=kind) for year, each in sources.items()}
    nodes = pd.Index(
        list(dict.fromkeys(node for ties in layers.values() for node in ties.nodes)),
        dtype=object,
        tupleize_cols=False,
    )
    if isinstance(actors, str):
        raise TypeError(f"actors={actors!r} is one name: give a list of identifiers")
    if actors is not None:
        wanted = pd.Index(list(actors), dtype=object, tupleize_cols=False)
        if len(missing := wanted[~wanted.isin(nodes)]):
            raise UnknownNameError.of(
                f"no actor {missing[0]!r}", str(missing[0]), [str(one) for one in nodes]
            )
        layers = {year: ties.among(ties.nodes.isin(wanted)) for year, ties in layers.items()}
        nodes = nodes[nodes.isin(wanted)]
    said = {year: _numbered(ties, nodes) for year, ties in layers.items()}  # over the few waves
    parts = [numbers for each in said.values() for numbers in each]
    pairs = distinct(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
    first, second = _ends(pairs, len(nodes))

    def at(year: Any) -> Moment:
        ties, (observed, denied) = layers[year], said[year]
        present, asked = np.zeros(len(nodes), dtype=bool), np.zeros(len(nodes), dtype=bool)
        place = nodes.get_indexer(ties.nodes)
        present[place], asked[place] = True, ties.asked
        state = np.full(len(pairs), UNDOCUMENTED, dtype=np.int8)
        state[(asked[first] | asked[second]) | ~(present[first] & present[second])] = NOTHING
        state[is_among(pairs, denied)] = NOTHING
        state[is_among(pairs, observed)] = TIED
        return Moment(year, state, present, present & ~asked)

    return History(nodes, first, second, directed, tuple(chosen), True, (), at)


def _numbered(ties: Ties, nodes: pd.Index) -> tuple[Counts, Counts]:
    """Return the observed and the denied pairs of a layer as numbers among other nodes, ascending."""
    place = nodes.get_indexer(ties.nodes)
    parts = []
    for a, b in ((place[ties.a], place[ties.b]), (place[ties.absent_a], place[ties.absent_b])):
        low, high = (a, b) if ties.directed else (np.minimum(a, b), np.maximum(a, b))
        parts.append(distinct(pair_numbers(low, high, len(nodes))))
    return parts[0], parts[1]


def _ends(pairs: Counts, size: int) -> tuple[Codes, Codes]:
    a, b = np.divmod(pairs, max(size, 1))
    return a.astype(np.int32), b.astype(np.int32)
