"""A random filière of some size, as plain rows that a loop can go through, and as a `Filiere`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import CooperationKind, Pole

YEAR = 2022
KINDS = [kind.value for kind in CooperationKind]
POLES = [pole.value for pole in Pole]
STAGES = ["s0", "s1", "s2", "s3"]

Pair = frozenset[str]


@dataclass(frozen=True)
class Rows:
    """The rows, told to Python; `partners` are the active actors who are neither diffuse nor outside."""

    f: Filiere
    actors: list[dict[str, object]]
    ties: list[dict[str, object]]
    seats: list[dict[str, object]]
    flows: list[dict[str, object]]
    groups: list[str]

    @property
    def active(self) -> set[str]:
        return {str(row["actor_id"]) for row in self.actors if row["status"] == "active"}

    @property
    def partners(self) -> list[str]:
        kinds = ("organisation", "network")
        return [str(row["actor_id"]) for row in self.actors
                if row["status"] == "active" and row["actor_type"] in kinds]  # fmt: skip

    @property
    def asked(self) -> set[str]:
        return {str(row["actor_id"]) for row in self.actors if row["surveyed_on"]}

    def said(self, state: str) -> set[Pair]:
        """Return the pairs of partners of which a row of that state that has not ended speaks."""
        partners = set(self.partners)
        return {
            frozenset((str(row["actor_id"]), str(row["to_actor_id"])))
            for row in self.ties
            if row["state"] == state
            and not (row["until"] and int(str(row["until"])) < YEAR)
            and {row["actor_id"], row["to_actor_id"]} <= partners
        }

    def sort_out(self, pairs: set[Pair]) -> tuple[int, int, int]:
        """Return how many pairs are tied, known to be untied, and unknown."""
        tied, denied, asked = self.said("observed"), self.said("absent"), self.asked
        states = ["tied" if pair in tied else "absent" if pair in denied or pair & asked else "unknown"
                  for pair in pairs]  # fmt: skip
        return states.count("tied"), states.count("absent"), states.count("unknown")

    def every_pair(self) -> set[Pair]:
        return {frozenset(pair) for pair in combinations(self.partners, 2)}


@cache
def random_filiere(seed: int) -> Rows:
    """Return a filière of some twenty actors with everything that may be unknown, ended or no partner."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(12, 22))
    ids = [f"a{place}" for place in range(size)]

    def some(options: Sequence[str | None]) -> str | None:
        return options[int(rng.integers(len(options)))]

    actors = [
        {
            "actor_id": name,
            "name": name.upper(),
            "pole": some([*POLES, None]),
            "status": some(["active"] * 6 + ["closed"]),
            "actor_type": some(["organisation"] * 6 + ["network", "diffuse", "outside"]),
            "surveyed_on": some(["2022-01-01", None, None]),
        }
        for name in ids
    ]
    ties = []
    for number in range(3 * size):
        one, other = rng.choice(size, 2, replace=False)
        ties.append(
            {
                "cooperation_id": f"c{number}",
                "actor_id": ids[one],
                "to_actor_id": ids[other],
                "kind": some([*KINDS, None]),
                "state": some(["observed", "observed", "absent"]),
                "until": some([None, None, None, "2015", "2022"]),
            }
        )
    groups = ["g0", "g1", "g2", "g3", "g4"]
    seats = [
        {
            "group_id": group,
            "actor_id": name,
            "pole": some([None, None, *POLES]),
            "until": some([None, None, "2010"]),
        }
        for group in groups[:4]
        for name in ids
        if rng.random() < 0.3
    ]
    flows = []
    for number in range(2 * size):
        one, other = rng.choice(size, 2, replace=False)
        tonnes = None if rng.random() < 0.3 else float(rng.integers(1, 50))
        flows.append(
            {
                "flow_id": f"f{number}",
                "source": ids[one],
                "target": ids[other],
                "source_stage": some([*STAGES, None]),
                "target_stage": some([*STAGES, None]),
                "quantity_t_per_year": tonnes,
                "status": some(["active", "active", "planned"]),
            }
        )

    def table(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
        return {name: [row[name] for row in rows] for name in rows[0]}

    f = Filiere.from_tables(
        filiere={"name": ["au hasard"], "reference_year": [YEAR]},
        stages={"stage_id": STAGES, "name": STAGES, "rank": [1, 2, 3, 4]},
        actors=table(actors),
        cooperations=table(ties),
        groups={"group_id": groups, "name": groups},
        memberships=table(seats),
        flows=table(flows),
        strict=False,
    )
    assert f.set_aside == {}
    return Rows(f, [dict(row) for row in actors], ties, [dict(row) for row in seats], flows, groups)
