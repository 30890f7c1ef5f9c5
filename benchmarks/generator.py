"""Layered chains of any size: what a territory, a region or a country could look like.

Eight layers of actors, six roles, log-normal tonnages, half of the flows and of the cooperations within a territory,
a few flows that go back, and gaps of every kind: an expected stage that nobody holds, one that nobody holds in the
home territory, expected passages that no flow makes, actors that nothing reaches or that nothing leaves. About five
flows and five cooperations per actor. The same seed gives the same filière.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chaine_valeur.vocabulary import Pole

__all__ = ["HOME", "LAYERS", "LINKS", "STAGES", "Chain", "commune", "layered_chain"]

LAYERS = ("gisement", "collecte", "tri", "préparation", "matière", "fabrication", "distribution", "débouché")
#: Expected, held by nobody: another way from sorting to making.
MISSING = "régénération"
STAGES = (*LAYERS, MISSING)
#: Expected passages; no flow makes the last three, the first of which lies between two stages that are held.
LINKS = (
    *zip(LAYERS[:-1], LAYERS[1:], strict=True),
    ("tri", "fabrication"),
    ("tri", MISSING),
    (MISSING, "fabrication"),
)
#: The territory of the diagnostic: one place in four, in which nobody holds `AWAY`.
HOME, AWAY = "territoire", LAYERS.index("matière")
#: Roles of those who stand neither at the start nor at the end of the chain.
_BETWEEN = ("transformer", "insertion", "expert", "territorial")
#: Shares of the flows that go back, of the actors that send nothing, of those that receive nothing.
BACK, SILENT, UNFED = 0.02, 0.03, 0.03
#: Share of the ties that stay in a territory.
LOCAL = 0.5


@dataclass(frozen=True)
class Chain:
    """Tables of a filière as `Filiere.from_tables` takes them."""

    tables: dict[str, pd.DataFrame]

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(len(table) for table in self.tables.values())


def commune(place: np.ndarray) -> np.ndarray:
    """Return the code of the commune of each place."""
    return np.char.mod("%05d", 76000 + place % 900)


def layered_chain(actors: int, *, ties_per_actor: float = 5.0, seed: int = 1) -> Chain:
    """Return a chain of `actors` actors with about `ties_per_actor` flows and as many cooperations each."""
    random = np.random.default_rng(seed)
    names = np.array([f"Acteur {number:07d}" for number in range(actors)])
    places = max(4, min(900, actors // 2000))
    stage = random.integers(0, len(LAYERS), actors)
    place = random.integers(0, places, actors)
    home = places // 4
    place = np.where((stage == AWAY) & (place < home), place + home, place)
    between = np.array(_BETWEEN)[random.choice(len(_BETWEEN), actors, p=[0.55, 0.25, 0.15, 0.05])]
    roles = np.where(stage == 0, "supplier", np.where(stage == len(LAYERS) - 1, "buyer", between))
    poles = np.array([pole.value for pole in Pole])[random.choice(len(Pole), actors)]
    flows = _flows(random, stage, place, int(actors * ties_per_actor))
    pairs = _pairs(random, place, int(actors * ties_per_actor))
    codes = commune(np.arange(places))
    return Chain(
        {
            "filiere": pd.DataFrame({"name": ["Chaîne"], "territory_id": [HOME]}),
            "territories": pd.DataFrame({"territory_id": HOME, "name": "Territoire", "commune_code": codes[:home]}),
            "stages": pd.DataFrame(
                {
                    "name": STAGES,
                    "rank": [*range(1, len(LAYERS) + 1), 5],
                    "kind": ["resource", *["operation"] * 6, "market", "operation"],
                }
            ),
            "stage_links": pd.DataFrame(LINKS, columns=["stage_id", "to_stage_id"]),
            "actors": pd.DataFrame(
                {
                    "name": names,
                    "roles": roles,
                    "pole": poles,
                    "commune_code": codes[place],
                    "surveyed_on": np.where(random.random(actors) < 0.6, "2022-05-01", ""),
                }
            ),
            "activities": pd.DataFrame(
                {
                    "actor_id": names,
                    "stage_id": np.array(LAYERS)[stage],
                    "capacity_t_per_year": random.lognormal(6, 1, actors).round(1),
                    "insertion_fte": np.where(roles == "insertion", random.integers(1, 40, actors), 0),
                }
            ),
            "flows": flows.assign(source=names[flows["source"]], target=names[flows["target"]]),
            "cooperations": pd.DataFrame(
                {
                    "actor_id": names[pairs[:, 0]],
                    "to_actor_id": names[pairs[:, 1]],
                    "kind": random.choice(["joint_project", "information", "support"], len(pairs)),
                }
            ),
        }
    )  # fmt: skip


def _flows(random: np.random.Generator, stage: np.ndarray, place: np.ndarray, count: int) -> pd.DataFrame:
    """Return `count` flows, a few less for those drawn twice, from each layer to the next, some backwards."""
    actors = len(stage)
    sends = (stage < len(LAYERS) - 1) & (random.random(actors) >= SILENT)
    sources, takes = np.flatnonzero(sends), np.flatnonzero(random.random(actors) >= UNFED)
    if not len(sources) or not len(takes):
        return _frame(random, sources[:0], sources[:0])
    source = sources[random.integers(0, len(sources), count)]
    back = (random.random(count) < BACK) & (stage[source] > 0)
    wanted = stage[source] + np.where(back, -1, 1)
    # those who take, layer by layer, and place by place within a layer
    order = takes[np.lexsort((place[takes], stage[takes]))]
    width = int(place.max()) + 1
    keys = stage[order].astype(np.int64) * width + place[order]
    near = wanted.astype(np.int64) * width + place[source]
    low, high = np.searchsorted(keys, near), np.searchsorted(keys, near + 1)
    anywhere = (random.random(count) >= LOCAL) | (high <= low)
    low = np.where(anywhere, np.searchsorted(keys, wanted.astype(np.int64) * width), low)
    high = np.where(anywhere, np.searchsorted(keys, (wanted + 1).astype(np.int64) * width), high)
    there = high > low
    at = low + (random.random(count) * (high - low)).astype(np.int64)
    return _frame(random, source[there], order[at[there]])


def _frame(random: np.random.Generator, source: np.ndarray, target: np.ndarray) -> pd.DataFrame:
    ends = pd.DataFrame({"source": source, "target": target}).drop_duplicates(ignore_index=True)
    return ends.assign(quantity_t_per_year=random.lognormal(3, 1.2, len(ends)).round(2), year=2022)


def _pairs(random: np.random.Generator, place: np.ndarray, count: int) -> np.ndarray:
    """Return who cooperates with whom: half with one of the forty next in the same place."""
    actors = len(place)
    first = random.integers(0, actors, count)
    second = random.integers(0, actors, count)
    order = np.argsort(place, kind="stable")
    rank = np.empty(actors, dtype=np.int64)
    rank[order] = np.arange(actors)
    ends = np.searchsorted(place[order], place[first], side="right")
    starts = np.searchsorted(place[order], place[first])
    near = starts + (rank[first] - starts + random.integers(1, 41, count)) % (ends - starts)
    second = np.where(random.random(count) < LOCAL, order[near], second)
    return np.stack([first, second], axis=1)[first != second]
