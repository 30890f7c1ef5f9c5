"""Small graphs that were published, retyped: what is known of each stands in ``test_published.py``.

KARATE
    W. W. Zachary, "An information flow model for conflict and fission in small groups", Journal of
    Anthropological Research 33 (1977), 452-473: 34 members of a club, the 78 pairs that met outside it.
    Members are 1 to 34, here less one; 1 is the instructor, 34 the president of the club.
MARRIAGES, BUSINESS
    J. F. Padgett and C. K. Ansell, "Robust action and the rise of the Medici", American Journal of Sociology 98
    (1993), 1259-1319, in the selection of R. L. Breiger and P. E. Pattison, "Cumulated social roles", Social
    Networks 8 (1986), 215-256: 16 families of Florence, their 20 marriages, their 15 ties of business.
KITE
    D. Krackhardt, "Assessing the political landscape", Administrative Science Quarterly 35 (1990), 342-369: ten
    people of whom the best connected, the one between the others and those closest to all are not the same.
COMPONENTS, DRESSING, PATHS
    T. H. Cormen, C. E. Leiserson, R. L. Rivest, C. Stein, Introduction to Algorithms, 3rd edition (2009):
    figures 22.9 (strong components), 22.7 (a man who dresses) and 22.8 (the paths of exercise 22.4-2).
PETERSEN
    J. Petersen, "Sur le théorème de Tait", L'Intermédiaire des mathématiciens 5 (1898), 225-227.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from chaine_valeur.kernels import Graph


@dataclass(frozen=True)
class Published:
    """Nodes by name, and edges as pairs of their places."""

    names: Sequence[str]
    edges: Sequence[tuple[int, int]]

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def source(self) -> np.ndarray:
        return np.array([a for a, _ in self.edges], dtype=np.int32)

    @property
    def target(self) -> np.ndarray:
        return np.array([b for _, b in self.edges], dtype=np.int32)

    def graph(self, *, directed: bool = False) -> Graph:
        return Graph.of(self.source, self.target, size=self.size, directed=directed)

    def at(self, *names: str) -> list[int]:
        return [self.names.index(name) for name in names]

    def told(self, mask: np.ndarray) -> set[str]:
        """Return the names of the nodes of a mask."""
        return {self.names[place] for place in np.flatnonzero(mask).tolist()}


def named(lines: Mapping[str, str], *, alone: str = "") -> Published:
    """Return a graph from « who: with whom », names in alphabetical order."""
    pairs = [(a, b) for a, others in lines.items() for b in others.split()]
    names = sorted({name for pair in pairs for name in pair} | set(alone.split()))
    return Published(names, [(names.index(a), names.index(b)) for a, b in pairs])


def numbered(size: int, lines: Mapping[int, str]) -> Published:
    """Return a graph from « number: numbers », counted from 1 as they were printed."""
    names = [str(number + 1) for number in range(size)]
    return Published(names, [(a - 1, int(b) - 1) for a, others in lines.items() for b in others.split()])


KARATE = numbered(34, {
    1: "2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32", 2: "3 4 8 14 18 20 22 31", 3: "4 8 9 10 14 28 29 33",
    4: "8 13 14", 5: "7 11", 6: "7 11 17", 7: "17", 9: "31 33 34", 10: "34", 14: "34", 15: "33 34",
    16: "33 34", 19: "33 34", 20: "34", 21: "33 34", 23: "33 34", 24: "26 28 30 33 34", 25: "26 28 32",
    26: "32", 27: "30 34", 28: "34", 29: "32 34", 30: "33 34", 31: "33 34", 32: "33 34", 33: "34",
})  # fmt: skip
#: Those who stayed with the instructor when the club split; the others founded one with the president.
INSTRUCTORS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22}

MARRIAGES = named({
    "Medici": "Acciaiuoli Albizzi Barbadori Ridolfi Salviati Tornabuoni", "Castellani": "Barbadori Peruzzi Strozzi",
    "Peruzzi": "Bischeri Strozzi", "Strozzi": "Bischeri Ridolfi", "Ridolfi": "Tornabuoni", "Salviati": "Pazzi",
    "Guadagni": "Albizzi Bischeri Lamberteschi Tornabuoni", "Albizzi": "Ginori",
}, alone="Pucci")  # fmt: skip
BUSINESS = named({
    "Barbadori": "Castellani Ginori Medici Peruzzi", "Bischeri": "Guadagni Lamberteschi Peruzzi",
    "Castellani": "Lamberteschi Peruzzi", "Ginori": "Medici", "Guadagni": "Lamberteschi",
    "Lamberteschi": "Peruzzi", "Medici": "Pazzi Salviati Tornabuoni",
}, alone="Acciaiuoli Albizzi Pucci Ridolfi Strozzi")  # fmt: skip
KITE = named({
    "Andre": "Beverley Carol Diane Fernando", "Beverley": "Diane Ed Garth", "Carol": "Diane Fernando",
    "Diane": "Ed Fernando Garth", "Ed": "Garth", "Fernando": "Garth Heather", "Garth": "Heather",
    "Heather": "Ike", "Ike": "Jane",
})  # fmt: skip

COMPONENTS = named({
    "a": "b", "b": "c e f", "c": "d g", "d": "c h", "e": "a f", "f": "g", "g": "f h", "h": "h",
})  # fmt: skip
DRESSING = named({
    "undershorts": "pants shoes", "pants": "belt shoes", "belt": "jacket", "shirt": "belt tie", "tie": "jacket",
    "socks": "shoes",
}, alone="watch")  # fmt: skip
PATHS = named({
    "m": "q r x", "n": "o q u", "o": "r s v", "p": "o s z", "q": "t", "r": "u y", "s": "r", "u": "t",
    "v": "w x", "w": "z", "y": "v",
})  # fmt: skip
#: Two rings of five, the inner one taken in steps of two, and five spokes.
PETERSEN = Published(
    [str(node) for node in range(10)],
    [pair for k in range(5) for pair in ((k, (k + 1) % 5), (5 + k, 5 + (k + 2) % 5), (k, 5 + k))],
)
