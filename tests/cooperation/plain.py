"""A referee: the definitions once more, in dicts, sets and loops over rows that are told to Python.

Written from the docstrings alone, so that a disagreement is a mistake of one of the two, or a docstring that says
too little. `told` makes a small filière with all that may be blank, ended, closed, denied or rated; `layer_of`
reads a filière or a graph as a `Layer`; what is unknown is settled in every possible way by `completions`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, permutations, product
from math import isnan, nan
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import table
from chaine_valeur.tables import conform, raw_table
from chaine_valeur.vocabulary import CooperationKind, GroupKind, Intensity, Pole

REFERENCE = 2022
YEARS = [2019, 2020, 2021, 2022]
POLES = [pole.value for pole in Pole]
TRIO = POLES[:3]
STRENGTH = {term.value: place for place, term in enumerate(Intensity, 1)}
ONE_WAY = {"support", "funding", "referral", "contracting"}
KINDS = ["support", "joint_project", "research"]
ROLES = ["transformer", "territorial", "territorial;animator", "insertion", "expert;buyer"]

Row = dict[str, Any]
Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Layer:
    """Who could cooperate, in table order; the pairs known to be tied, or not to be; and who was asked."""

    nodes: list[Any]
    tied: set[Pair]
    denied: set[Pair]
    asked: set[Any]
    directed: bool = False

    def key(self, a: Any, b: Any) -> Pair:
        """Return a pair as it is written here: from and to, or in table order."""
        return (a, b) if self.directed or self.nodes.index(a) < self.nodes.index(b) else (b, a)

    @property
    def pairs(self) -> list[Pair]:
        """Every pair that could be tied."""
        return list(permutations(self.nodes, 2) if self.directed else combinations(self.nodes, 2))

    @property
    def unknown(self) -> list[Pair]:
        """The pairs that nobody documented."""
        said = self.tied | self.denied
        return [pair for pair in self.pairs if pair not in said and not self.asked & set(pair)]

    @property
    def documented(self) -> int:
        """Number of pairs of which something is known."""
        return len(self.pairs) - len(self.unknown)

    def near(self, node: Any) -> list[Any]:
        """Return who is tied to a node, in either direction, in table order."""
        ties = self.tied
        return [other for other in self.nodes if (node, other) in ties or (other, node) in ties]

    def has(self, a: Any, b: Any) -> bool:
        """Whether two are tied, in that direction if there is one."""
        return self.key(a, b) in self.tied

    def undirected(self) -> Layer:
        """Return the layer with a tie, or an answer, wherever one direction has one."""
        if not self.directed:
            return self
        flat = replace(self, directed=False)
        tied = {flat.key(*pair) for pair in self.tied}
        return replace(flat, tied=tied, denied={flat.key(*pair) for pair in self.denied} - tied)

    def completions(self) -> Iterator[Layer]:
        """Yield the layer with each possible set of ties among the undocumented pairs."""
        unknown = self.unknown
        for chosen in product([False, True], repeat=len(unknown)):
            more = {pair for pair, tied in zip(unknown, chosen, strict=True) if tied}
            yield replace(self, tied=self.tied | more, asked=set(self.nodes))


def extremes(values: Iterable[float]) -> tuple[float, float]:
    """Return the least and the most of what is defined; NaN where nothing is."""
    kept = [value for value in values if not isnan(value)]
    return (min(kept), max(kept)) if kept else (nan, nan)


def over(numerator: float, denominator: float) -> float:
    """Return a ratio, NaN over nothing."""
    return numerator / denominator if denominator else nan


def reached(options: Iterable[Iterable[Pair]], start: Pair = (0, 0)) -> set[Pair]:
    """Return every sum of two terms of which each unknown thing adds one of its options."""
    sums = {start}
    for choices in options:
        sums = {(x + a, y + b) for x, y in sums for a, b in choices}
    return sums


def ratios(sums: Iterable[Pair]) -> tuple[float, float]:
    """Return the least and the most that numerator over denominator may be."""
    return extremes(over(x, y) for x, y in sums)


@dataclass(frozen=True)
class Told:
    """A filière and its rows; blank is ``None``."""

    f: Filiere
    rows: dict[str, list[Row]]

    def seen(self, year: int | None) -> Filiere:
        """Return the filière in a year, made once."""
        return self.f if year is None else self.f.derived(("seen", year), lambda f: f.at(year))

    def actor(self, name: str) -> Row:
        """Return the row of an actor."""
        return next(row for row in self.rows["actors"] if row["actor_id"] == name)

    def exists(self, row: Row, year: int | None) -> bool:
        """Whether a row is of that year; without one, whether it has not ended."""
        if year is not None and row["since"] is not None and row["since"] > year:
            return False
        return row["until"] is None or row["until"] >= (REFERENCE if year is None else year)

    def active(self, name: str, year: int | None = None) -> bool:
        """Whether an actor is active, and there in that year (if one is given)."""
        row = self.actor(name)
        return row["status"] == "active" and (year is None or self.exists(row, year))

    def partners(self, year: int | None = None) -> list[str]:
        """Return the actors who could cooperate."""
        return [
            row["actor_id"]
            for row in self.rows["actors"]
            if self.active(row["actor_id"], year) and row["actor_type"] in ("organisation", "network")
        ]

    def ties(self, year: int | None = None, kind: Collection[str] | None = None) -> list[Row]:
        """Return the rows that speak of a pair of partners in that year."""
        there = self.partners(year)
        return [
            row
            for row in self.rows["cooperations"]
            if row["actor_id"] in there
            and row["to_actor_id"] in there
            and self.exists(row, year)
            and (kind is None or row["kind"] in kind)
        ]

    def block(self, name: str, by: str) -> str | None:
        """Return the pole of an actor, or its first role."""
        value = self.actor(name)["pole" if by == "pole" else "roles"]
        return None if value is None else value.split(";")[0]


def layer_of(
    source: Told | nx.Graph,
    *,
    year: int | None = None,
    kind: Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Any] | None = None,
) -> Layer:
    """Return what is known of who is tied to whom."""
    if isinstance(source, nx.Graph):
        drawn = source.is_directed()
        nodes = [node for node in source if actors is None or node in actors]
        rows = [(a, b, "observed", drawn) for a, b in source.edges()]
        asked = set(nodes)
        directed = drawn if directed is None else directed
    else:
        nodes = [name for name in source.partners(year) if actors is None or name in actors]
        rows = [
            (row["actor_id"], row["to_actor_id"], row["state"], row["kind"] in ONE_WAY)
            for row in source.ties(year, kind)
        ]
        asked = {name for name in nodes if source.actor(name)["surveyed_on"] is not None}
    empty = Layer(nodes, set(), set(), asked, bool(directed))
    said: dict[str, set[Pair]] = {"observed": set(), "absent": set()}
    for a, b, state, one_way in rows:
        if a == b or a not in nodes or b not in nodes:
            continue
        said[state].add(empty.key(a, b))
        if not one_way:
            said[state].add(empty.key(b, a))
    return replace(empty, tied=said["observed"], denied=said["absent"] - said["observed"])


def components(nodes: Collection[Any], linked: Callable[[Any, Any], bool]) -> list[set[Any]]:
    """Return the sets of nodes that links join, directly or through others."""
    left, parts = list(nodes), []
    while left:
        part, border = {left[0]}, [left[0]]
        while border:
            node = border.pop()
            found = [other for other in left if other not in part and linked(node, other)]
            part.update(found)
            border += found
        parts.append(part)
        left = [node for node in left if node not in part]
    return parts


@cache
def told(seed: int, least: int = 5, most: int = 8) -> Told:
    """Return a small filière in which everything may be blank; the same seed, the same filière."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(least, most + 1))
    ids = [f"a{place}" for place in range(size)]

    def some(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    def two() -> tuple[str, str]:
        one, other = rng.choice(size, 2, replace=False)
        return ids[one], ids[other]

    def period(blank: int) -> Row:
        since = some(*[None] * blank, *YEARS)
        until = some(*[None] * blank, *[year for year in YEARS if since is None or year >= since])
        return {"since": since, "until": until}

    asked = some((None, "2022-03-01"), (None, None, None, "2022-03-01"), (None, "2022-03-01", "2022-03-01"))
    actors: list[Row] = [
        {
            "actor_id": name,
            "name": name.upper(),
            "pole": some(*TRIO, *TRIO, "expertise", None),
            "roles": some(*ROLES, None),
            "status": some(*["active"] * 8, "closed"),
            "actor_type": some(*["organisation"] * 8, "network", "diffuse"),
            "surveyed_on": some(*asked),
            **(period(2) if rng.random() < 0.2 else {"since": None, "until": None}),
        }
        for name in ids
    ]
    ties: list[Row] = []
    for number in range(int(rng.integers(size, 3 * size if size < 10 else 9 * size))):
        one, other = two()
        state = some("observed", "observed", "absent")
        scored = state == "observed" and rng.random() < 0.6
        ties.append(
            {
                "cooperation_id": f"c{number}",
                "actor_id": one,
                "to_actor_id": other,
                "kind": some(*KINDS, None),
                "state": state,
                "intensity": some(*STRENGTH, None) if state == "observed" else None,
                "trust": float(rng.integers(1, 5)) if scored else None,
                "value_score": float(rng.integers(1, 5)) if scored and rng.random() < 0.5 else None,
                **(period(3) if state == "observed" else {"since": None, "until": None}),
            }
        )
    groups: list[Row] = [
        {
            "group_id": f"g{place}",
            "name": f"G{place}",
            "kind": some(*[kind.value for kind in GroupKind], None),
            "referent_id": None,
            **(period(2) if rng.random() < 0.3 else {"since": None, "until": None}),
        }
        for place in range(4)
    ]
    seats: list[Row] = [
        {"group_id": group, "actor_id": name, "pole": pole, **period(3)}
        for group in ("g0", "g1", "g2")
        for name in ids
        if rng.random() < 0.5
        for pole in {some(None, None, *TRIO), some(None, *TRIO)}
    ]
    seats = seats or [{"group_id": "g0", "actor_id": "a0", "pole": None, "since": None, "until": None}]
    meetings: list[Row] = []
    for group, year in product(("g0", "g1", "g3"), YEARS):
        for day in [f"{year}-0{month}-15" for month in (3, 6) if rng.random() < 0.4]:
            guests = [name for name in ids if rng.random() < 0.5]
            meetings += [
                {
                    "group_id": group,
                    "met_on": day,
                    "actor_id": name,
                    "attended": some(True, True, False, None),
                }
                for name in guests
            ]
            if not guests or rng.random() < 0.2:
                meetings.append({"group_id": group, "met_on": day, "actor_id": None, "attended": None})
    flows: list[Row] = []
    for number in range(2 * size):
        one, other = two()
        flows.append(
            {
                "flow_id": f"f{number}",
                "source": one,
                "target": other,
                "source_stage": some("s0", "s1", None),
                "target_stage": some("s1", "s2", None),
                "year": some(None, *YEARS, *YEARS),
                "quantity_t_per_year": some(None, 0.0, 1.0, 5.0, 20.0),
                "status": some("active", "active", "active", "planned"),
            }
        )
    rows = {
        "actors": actors,
        "cooperations": ties,
        "groups": groups,
        "memberships": seats,
        "meetings": meetings,
        "flows": flows,
    }
    return Told(filiere_of(rows), rows)


def filiere_of(rows: dict[str, list[Row]]) -> Filiere:
    """Return the filière of some rows; an attendance that is blank is unknown, not the default."""
    frames: dict[str, Any] = {name: pd.DataFrame(lines) for name, lines in rows.items() if lines}
    frames["filiere"] = pd.DataFrame({"name": ["au hasard"], "reference_year": [REFERENCE]})
    stages = ["s0", "s1", "s2"]
    frames["stages"] = pd.DataFrame({"stage_id": stages, "name": stages, "rank": [1, 2, 3]})
    raw = {name: raw_table(frame, table(name), lang="fr") for name, frame in frames.items()}
    conformed = conform(raw, lang="fr")
    if rows.get("meetings"):
        meetings = conformed.tables["meetings"].copy()
        came = [row["attended"] for row in rows["meetings"]]
        meetings["attended"] = pd.array(came, dtype="boolean")
        conformed = replace(conformed, tables={**conformed.tables, "meetings": meetings})
    f = Filiere.from_conformed(conformed, strict=False)
    assert f.set_aside == {}
    return f


def random_graph(seed: int, *, directed: bool, size: int = 8, density: float = 0.35) -> nx.Graph:
    """Return a graph that has never seen a filière: parallel edges, loops, poles, groups, strengths."""
    rng = np.random.default_rng(seed)
    graph: nx.Graph = nx.MultiDiGraph() if directed else nx.MultiGraph()
    for node in range(size):
        graph.add_node(f"n{node}", pole=POLES[int(rng.integers(4))])
        if rng.random() < 0.15:
            del graph.nodes[f"n{node}"]["pole"]
    for a, b in product(range(size), repeat=2):
        for _ in range(int(rng.random() < density) + int(rng.random() < 0.1)):
            graph.add_edge(f"n{a}", f"n{b}", weight=float(rng.integers(1, 5)))
    return graph


def same(one: float, other: float) -> bool:
    """Whether two figures are the same, NaN being NaN."""
    one, other = float(one), float(other)
    return (isnan(one) and isnan(other)) or abs(one - other) <= 1e-9 * max(1.0, abs(one))


def assert_same(found: Iterable[float], expected: Iterable[float], told_of: object = "") -> None:
    """Assert that figures are the same, one by one."""
    one, other = [float(value) for value in found], [float(value) for value in expected]
    assert len(one) == len(other), (told_of, one, other)
    assert all(map(same, one, other)), (told_of, one, other)


__all__ = [
    "KINDS", "ONE_WAY", "POLES", "REFERENCE", "ROLES", "STRENGTH", "TRIO", "YEARS", "CooperationKind", "Layer",
    "Pair", "Row", "Told", "assert_same", "components", "extremes", "filiere_of", "layer_of", "over",
    "random_graph", "ratios", "reached", "same", "told",
]  # fmt: skip
