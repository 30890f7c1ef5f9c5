"""How the triads of three poles stand: closed, open through one pole, one tie, none; and what would close them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...measure import ratio
from ..ties.layer import seen_in, ties_of
from .sums import ALL, POSSIBLE, TIED, PoleTies
from .triads import TRIPTYQUE, poles_of

if TYPE_CHECKING:
    from ..ties.layer import Source

    #: What is asked of a pair: kinds of sums, and how many times each counts.
    Side = Mapping[str, int]

__all__ = ["TRIAD_STATES", "triad_table"]

#: The rows of `triad_table`, by the number of ties.
TRIAD_STATES = ("closed", "open", "one_tie", "none")

_TIED: Side = {TIED: 1}
_POSSIBLE: Side = {POSSIBLE: 1}
_UNDOCUMENTED: Side = {POSSIBLE: 1, TIED: -1}
_UNTIED: Side = {ALL: 1, POSSIBLE: -1}
_NOT_TIED: Side = {ALL: 1, TIED: -1}


def triad_table(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how many triads {enterprise, elected, ESS} are closed, open, hold one tie or none (D6).

    The eight rows share the ``n_enterprise · n_elected · n_ess`` possible triads out, by their known ties. What
    is known of the pairs that are not tied tells two ways to close a triad: to ask, where no pair is known to
    be untied (the answers may show it closed), and to link, where two pairs are tied and the third is known not
    to be. Their sum is the number of *potential* triads: those that asking, or one tie, would close.

    Parameters
    ----------
    source
        A filière (the pole is that of the actor) or any networkx graph; directions are ignored.
    group, poles
        Of a graph: the node attribute that holds the pole, and the values of the three poles.
    year, kind, actors
        The filière in that year; only ties of that kind, or of these; only these actors.

    Returns
    -------
    pandas.DataFrame
        Rows ``closed``, ``open`` (three: by the pole at the centre), ``one_tie`` (three: by the pole left
        apart) and ``none``, of columns

        - ``state`` and ``pole`` (missing for ``closed`` and ``none``);
        - ``triads``, and ``share`` of the possible ones (NaN if a pole has no actor);
        - ``low``, ``high``: how many there may be whatever the undocumented pairs turn out to be. Exact for
          ``closed`` and ``none``. For the others every triad is taken for itself, while in truth triads share
          their pairs: no completion goes beyond, and not always one that far;
        - ``to_ask``: triads of the row without a pair known to be untied and with an undocumented one;
        - ``to_tie``: triads of the row that one tie, between two actors known to be untied, would close.

    Notes
    -----
    Counted without listing a triad. Memory stays within some 4·10⁶ products beside the ties.

    References
    ----------
    Our own; a triad census restricted by pole (Holland and Leinhardt, unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci"), ("town", "club")])
    >>> poles = {"firm": "enterprise", "town": "elected", "aci": "ess", "club": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> triad_table(graph).query("triads > 0")[["state", "pole", "triads", "share", "to_tie"]]
      state     pole  triads  share  to_tie
    2  open  elected       2    1.0       2
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    layer = PoleTies(ties, poles_of(source, ties, group, poles))
    count = _Counter(layer)
    closed = count([_TIED] * 3)
    rows: list[tuple[object, ...]] = [("closed", None, closed, closed, count([_POSSIBLE] * 3), 0, 0)]
    for centre, pole in enumerate(poles):  # over the three poles
        known, sure = count.one_side(centre, _NOT_TIED, _TIED), count.one_side(centre, _UNTIED, _TIED)
        most = count.one_side(centre, _NOT_TIED, _POSSIBLE)
        rows.append(("open", pole, known, sure, most, known - sure, sure))
    for apart, pole in enumerate(poles):  # over the three poles
        known, sure = count.one_side(apart, _TIED, _NOT_TIED), count.one_side(apart, _TIED, _UNTIED)
        most = count.one_side(apart, _POSSIBLE, _NOT_TIED)
        rows.append(("one_tie", pole, known, sure, most, count.one_side(apart, _TIED, _UNDOCUMENTED), 0))
    none, sure = count([_NOT_TIED] * 3), count([_UNTIED] * 3)
    rows.append(("none", None, none, sure, none, count([_UNDOCUMENTED] * 3), 0))
    frame = pd.DataFrame(rows, columns=["state", "pole", "triads", "low", "high", "to_ask", "to_tie"])
    frame["pole"] = pd.Series([row[1] for row in rows], dtype="str")
    possible = int(np.prod([int(size) for size in layer.sizes]))
    frame.insert(3, "share", [ratio(triads, possible) for triads in frame["triads"]])
    return frame


class _Counter:
    """Numbers of triads by what is asked of their pairs; the sums that several numbers need are done once."""

    def __init__(self, layer: PoleTies) -> None:
        self._layer = layer
        self._done: dict[tuple[str, ...], float] = {}

    def one_side(self, pole: int, facing: Side, others: Side) -> int:
        """Return the number of triads of which the pair facing `pole` is one thing and both others another."""
        return self([facing if place == pole else others for place in range(3)])

    def __call__(self, sides: Iterable[Side]) -> int:
        total = 0.0
        for terms in product(*(side.items() for side in sides)):  # eight at most
            kinds, times = tuple(kind for kind, _ in terms), 1
            for _, factor in terms:
                times *= factor
            total += times * self._sum(kinds)
        return round(total)

    def _sum(self, kinds: tuple[str, ...]) -> float:
        if kinds not in self._done:
            self._done[kinds] = self._layer.total(*kinds)
        return self._done[kinds]
