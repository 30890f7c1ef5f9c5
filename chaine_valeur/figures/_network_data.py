"""The network by college as frames: who stands where, who is tied to whom, and what nobody was asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ArgumentError, UnknownNameError
from ..network import codes_of
from ..vocabulary import Pole

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..filiere import Filiere

    Codes = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

__all__ = ["MOST_DRAWN", "NetworkData", "network_data", "network_positions"]

#: With more actors than this, colleges are drawn in place of actors.
MOST_DRAWN = 300
_POLES = [pole.value for pole in Pole]
#: Room left between two colleges, in places of actors, and rounds of the search for an order.
_BETWEEN, _ROUNDS = 1.5, 24
_NODES = {
    "actor_id": "str",
    "label": "str",
    "pole": "str",
    "x": "float64",
    "y": "float64",
    "is_present": "bool",
    "is_asked": "bool",
    "n_ties": "int64",
    "n_unknown": "int64",
}


@dataclass(frozen=True)
class NetworkData:
    """What the network figure shows, as frames.

    Attributes
    ----------
    nodes
        A row per place: ``actor_id``, ``label`` and ``pole`` (missing if unknown), ``x`` and ``y`` on a circle of
        radius 1 (upwards), ``is_present`` (whether the actor is there and could cooperate), ``is_asked``,
        ``n_ties`` (known) and ``n_unknown`` (pairs of it that nobody documented).
    ties
        A row per tied pair: ``actor_id``, ``to_actor_id``, ``intensity`` (1 information to 4 contract, the
        strongest of the pair; NaN: not stated).
    poles
        The rows of `chaine_valeur.cooperation.block_density` by college.
    possible, documented
        Numbers of pairs of those present.
    year
        Of `Filiere.at`, if any.
    """

    nodes: pd.DataFrame
    ties: pd.DataFrame
    poles: pd.DataFrame
    possible: int
    documented: int
    year: int | None = None

    @property
    def present(self) -> pd.DataFrame:
        """The nodes of those who are there."""
        return self.nodes[self.nodes["is_present"]]

    @property
    def is_by_pole(self) -> bool:
        """Whether there are too many actors to draw each."""
        return len(self.present) > MOST_DRAWN


def network_positions(f: Filiere) -> pd.DataFrame:
    """Return a place for each actor that could cooperate, on a circle where each college has its sector.

    Places depend on the actors and on all their ties, whatever their year: from the filière of all years, they
    make the figures of two years comparable. Within a college, those who are tied stand near one another.

    Parameters
    ----------
    f
        The filière of all years, not that of `Filiere.at`.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, clockwise from the top: ``pole`` (missing if unknown), ``x`` and ``y`` on a circle of
        radius 1 (upwards).

    Notes
    -----
    Colleges in the order of the vocabulary, actors at equal distances; the order within a college is found by
    drawing each actor to the side where its partners are (barycentres), one college after the other; the best of a
    fixed number of rounds is kept. Nothing is drawn at random.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["A", "B", "C"], "pole": ["ess", "elected", "ess"]})
    >>> network_positions(f)["pole"].tolist()
    ['elected', 'ess', 'ess']
    """
    ids = f.actors.index[f.network.partner]
    pole = codes_of(f.actors["pole"].reindex(ids), pd.Index(_POLES))
    block = np.where(pole < 0, len(_POLES), pole)
    rows = f.cooperations
    rows = rows[rows["state"].eq("observed").to_numpy(bool)]
    a, b = codes_of(rows["actor_id"], ids), codes_of(rows["to_actor_id"], ids)
    use = (a >= 0) & (b >= 0) & (a != b)
    order = _order(block, a[use], b[use])
    angle = _angles(block[order])
    names = np.array([*_POLES, None], dtype=object)
    return pd.DataFrame(
        {"pole": pd.Series(names[block[order]], dtype="str"), "x": np.sin(angle), "y": np.cos(angle)}
    ).set_index(pd.Index(ids[order], name="actor_id"))


def _angles(block: npt.NDArray[np.int64]) -> Floats:
    """The angle of places in a row, clockwise from the top, with room between colleges."""
    if not len(block):
        return np.zeros(0)
    opens = np.append(False, block[1:] != block[:-1])
    place = np.arange(len(block)) + _BETWEEN * np.cumsum(opens)
    whole = place[-1] + 1 + (_BETWEEN if opens.any() else 0.0)
    # the first sector begins right of the top
    return np.asarray(2 * np.pi * (place + 0.5 + (_BETWEEN / 2 if opens.any() else 0.0)) / whole)


def _order(block: npt.NDArray[np.int64], a: Codes, b: Codes) -> npt.NDArray[np.intp]:
    """The order of actors: by block, and within it so that ties are short."""
    order = np.argsort(block, kind="stable")
    from_, to = np.concatenate([a, b]), np.concatenate([b, a])
    partners = np.maximum(np.bincount(from_, minlength=len(block)), 1)
    best, least = order, _length(order, block, a, b)
    for _ in range(_ROUNDS):
        before = order
        for number in np.unique(
            block
        ).tolist():  # one college after the other: both at once would swap for ever
            angle = _turned(order, block)
            mine = np.flatnonzero(block == number)
            middle = float(angle[mine].mean())
            # how far partners pull to one side or the other, those on the far side of the circle the less
            pull = np.bincount(from_, np.sin(angle[to] - middle), len(block)) / partners
            own = (angle - middle) / np.pi
            tied = np.bincount(from_, minlength=len(block)) > 0
            aim = np.where(tied, pull, own)[mine]
            place = np.flatnonzero(block[order] == number)
            order = order.copy()
            order[place] = mine[np.lexsort((own[mine], np.round(aim, 9)))]
            length = _length(order, block, a, b)
            if length < least - 1e-9:
                best, least = order, length
        if (order == before).all():
            break
    return best


def _turned(order: npt.NDArray[np.intp], block: npt.NDArray[np.int64]) -> Floats:
    """The angle of each actor."""
    angle = np.empty(len(order))
    angle[order] = _angles(block[order])
    return angle


def _length(order: npt.NDArray[np.intp], block: npt.NDArray[np.int64], a: Codes, b: Codes) -> float:
    """What the squares of the ties on a circle add up to, halved."""
    angle = _turned(order, block)
    return float((1 - np.cos(angle[a] - angle[b])).sum())


def network_data(
    f: Filiere, *, year: int | None = None, positions: pd.DataFrame | None = None, lang: str = "fr"
) -> NetworkData:
    """Return the frames behind the network figure.

    Parameters
    ----------
    year
        See the filière in that year; places are those of all years.
    positions
        The places of `network_positions`; by default those of `f`.
    lang
        Language of the names of colleges.

    Raises
    ------
    UnknownNameError
        `positions` lacks the column ``x`` or ``y``.
    ArgumentError
        `positions` has no place for an actor.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"], "pole": ["ess", "elected", "ess"]},
    ...     cooperations={"actor_id": ["A"], "to_actor_id": ["B"], "kind": ["training"], "intensity": ["contract"]},
    ... )
    >>> data = network_data(f)
    >>> data.ties.values.tolist(), data.possible, data.documented
    ([['a', 'b', 4.0]], 3, 1)
    """
    from ..analysis.cooperation import block_density
    from ..analysis.cooperation.ties.counting import count_pairs, degrees, open_pairs
    from ..analysis.cooperation.ties.layer import ties_of
    from ..analysis.cooperation.ties.strength import strengths

    places = network_positions(f) if positions is None else _checked(positions)
    view = f if year is None else f.at(year)
    ties = ties_of(view)
    at = places.index.get_indexer(ties.nodes)
    if (at < 0).any():
        name = str(ties.nodes[int((at < 0).argmax())])
        raise ArgumentError(
            f"positions= has no place for the actor {name!r}: "
            "make them with network_positions of the filière of all years"
        )
    pole = view.actors["pole"].reindex(places.index)
    if "pole" in places:  # an actor that is not there keeps its college
        pole = pole.where(places.index.isin(view.actors.index), places["pole"])
    nodes = pd.DataFrame(
        {
            "actor_id": places.index.to_numpy(dtype=object),
            "label": view.actors["name"].reindex(places.index).fillna("").to_numpy(),
            "pole": pole.to_numpy(),
            "x": places["x"].to_numpy(float),
            "y": places["y"].to_numpy(float),
            "is_present": False,
            "is_asked": False,
            "n_ties": 0,
            "n_unknown": 0,
        }
    )
    for column, values in (
        ("is_present", True),
        ("is_asked", ties.asked),
        ("n_ties", degrees(ties)),
        ("n_unknown", open_pairs(ties)),
    ):
        nodes.loc[at, column] = values
    found = pd.DataFrame(
        {
            "actor_id": ties.nodes[ties.a].astype("str"),
            "to_actor_id": ties.nodes[ties.b].astype("str"),
            "intensity": strengths(view, ties),
        }
    )
    pairs = count_pairs(ties)
    return NetworkData(
        nodes=nodes.astype(_NODES),
        ties=found,
        poles=block_density(view, by="pole", lang=lang),
        possible=int(pairs.possible.sum()),
        documented=int(pairs.documented.sum()),
        year=view.year,
    )


def _checked(positions: pd.DataFrame) -> pd.DataFrame:
    for name in ("x", "y"):
        if name not in positions:
            raise UnknownNameError.of(f"positions= has no column {name!r}", name, [*positions.columns])
    if positions.index.has_duplicates or not np.isfinite(positions[["x", "y"]].to_numpy(float)).all():
        raise ArgumentError("positions= has to give each actor one place, x and y being numbers")
    return positions
