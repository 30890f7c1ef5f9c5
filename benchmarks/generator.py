"""Layered chains of any size: what a territory, a region or a country could look like.

Eight stages, log-normal tonnages, half of the ties within the territory, some stages left without any actor
in the home territory, a few flows that go back. The same seed gives the same filière.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chaine_valeur.vocabulary import Pole

STAGES = ("gisement", "collecte", "tri", "préparation", "matière", "fabrication", "distribution", "débouché")
#: Roles of those who stand neither at the start nor at the end of the chain.
_BETWEEN = ("transformer", "insertion", "expert", "territorial")


@dataclass(frozen=True)
class Chain:
    """Tables of a filière as `Filiere.from_tables` takes them."""

    tables: dict[str, pd.DataFrame]

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(len(table) for table in self.tables.values())


def layered_chain(actors: int, *, ties_per_actor: float = 5.0, seed: int = 1) -> Chain:
    """Return a chain of `actors` actors with about `ties_per_actor` flows and as many cooperations each."""
    random = np.random.default_rng(seed)
    names = np.array([f"Acteur {number:07d}" for number in range(actors)])
    stage = random.integers(0, len(STAGES), actors)
    territory = random.integers(0, max(2, actors // 2000), actors)
    between = np.array(_BETWEEN)[random.choice(len(_BETWEEN), actors, p=[0.55, 0.25, 0.15, 0.05])]
    roles = np.where(stage == 0, "supplier", np.where(stage == len(STAGES) - 1, "buyer", between))
    poles = np.array([pole.value for pole in Pole])[random.choice(len(Pole), actors)]
    flows = _flows(random, stage, territory, int(actors * ties_per_actor))
    pairs = _pairs(random, territory, int(actors * ties_per_actor))
    order = np.arange(len(STAGES))
    return Chain(
        {
            "stages": pd.DataFrame(
                {
                    "name": STAGES,
                    "rank": order + 1,
                    "kind": ["resource", *["operation"] * 6, "market"],
                }
            ),
            "stage_links": pd.DataFrame({"stage_id": STAGES[:-1], "to_stage_id": STAGES[1:]}),
            "actors": pd.DataFrame(
                {
                    "name": names,
                    "roles": roles,
                    "pole": poles,
                    "commune_code": [f"{76000 + place:05d}" for place in territory % 700],
                    "surveyed_on": np.where(random.random(actors) < 0.6, "2022-05-01", ""),
                }
            ),
            "activities": pd.DataFrame(
                {
                    "actor_id": names,
                    "stage_id": np.array(STAGES)[stage],
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
    )


def _flows(random: np.random.Generator, stage: np.ndarray, territory: np.ndarray, count: int) -> pd.DataFrame:
    """Return flows from each stage to the next, half of them within the territory, one in fifty backwards."""
    actors = len(stage)
    source = random.integers(0, actors, count)
    wanted = stage[source] + np.where(random.random(count) < 0.02, -1, 1)
    order = np.lexsort((territory, stage))
    starts = np.searchsorted(stage[order], np.arange(len(STAGES) + 1))
    usable = (wanted >= 0) & (wanted < len(STAGES))
    source, wanted = source[usable], wanted[usable]
    low, high = starts[wanted], starts[wanted + 1]
    usable = high > low
    source, low, high = source[usable], low[usable], high[usable]
    target = order[low + (random.random(len(low)) * (high - low)).astype(int)]
    # half of them: the actor of that stage that stands nearest in the list of territories
    near = random.random(len(low)) < 0.5
    keys = stage[order].astype(np.int64) * (territory.max() + 2) + territory[order]
    place = np.searchsorted(keys, stage[target].astype(np.int64) * (territory.max() + 2) + territory[source])
    target = np.where(near, order[np.clip(place, low, high - 1)], target)
    frame = pd.DataFrame(
        {
            "source": source,
            "target": target,
            "quantity_t_per_year": random.lognormal(3, 1.2, len(source)).round(2),
            "year": 2022,
        }
    )
    return frame[frame["source"] != frame["target"]].drop_duplicates(["source", "target"])


def _pairs(random: np.random.Generator, territory: np.ndarray, count: int) -> np.ndarray:
    actors = len(territory)
    first = random.integers(0, actors, count)
    second = random.integers(0, actors, count)
    order = np.argsort(territory, kind="stable")
    place = np.searchsorted(territory[order], territory[first]) + random.integers(0, 40, count)
    second = np.where(random.random(count) < 0.5, order[np.clip(place, 0, actors - 1)], second)
    return np.stack([first, second], axis=1)[first != second]
