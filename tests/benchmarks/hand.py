"""A chain of four actors of which every number can be counted on the fingers."""

from __future__ import annotations

import pandas as pd

from benchmarks.generator import Chain


def hand_chain() -> Chain:
    """A → B → C, A → D: D keeps what it gets, nobody holds the second way, C is away.

    Cooperations: D – A – B – C, in which B and C support one another.
    """
    return Chain(
        {
            "filiere": pd.DataFrame({"name": ["Main"], "territory_id": ["T"]}),
            "territories": pd.DataFrame({"territory_id": ["T"], "name": ["T"], "commune_code": ["76001"]}),
            "stages": pd.DataFrame(
                {
                    "name": ["gisement", "tri", "vente", "seconde"],
                    "kind": ["resource", "operation", "market", "operation"],
                }
            ),
            "stage_links": pd.DataFrame(
                {
                    "stage_id": ["gisement", "tri", "gisement", "seconde"],
                    "to_stage_id": ["tri", "vente", "seconde", "vente"],
                }
            ),
            "actors": pd.DataFrame(
                {
                    "name": ["A", "B", "C", "D"],
                    "roles": ["supplier", "transformer", "buyer", "transformer"],
                    "pole": ["enterprise", "ess", "ess", "elected"],
                    "commune_code": ["76001", "76001", "76002", "76001"],
                    "surveyed_on": ["2022-05-01"] * 4,
                }
            ),
            "activities": pd.DataFrame(
                {"actor_id": ["A", "B", "C", "D"], "stage_id": ["gisement", "tri", "vente", "tri"]}
            ),
            "flows": pd.DataFrame(
                {
                    "source": ["A", "B", "A"],
                    "target": ["B", "C", "D"],
                    "quantity_t_per_year": [10.0, 6.0, 4.0],
                    "year": 2022,
                }
            ),
            "cooperations": pd.DataFrame(
                {
                    "actor_id": ["A", "B", "C", "A", "A"],
                    "to_actor_id": ["B", "C", "B", "B", "D"],
                    "kind": ["joint_project", "support", "support", "joint_project", "support"],
                }
            ),
        }
    )


#: What `benchmarks.referee.numbers` must find in it.
BY_HAND = {
    "stages at home": 2 / 4,  # gisement and tri; vente is held by C, away
    "stages anywhere": 3 / 4,
    # two paths, gisement-tri-vente and gisement-seconde-vente: weights 2, 1, 2, 1; missing at home: vente, seconde
    "weight of what is missing": (2 + 1) / 6,
    "passages not made": 2 / 4,
    "paths": 2,
    "complete paths": 1,
    "tonnes at a dead end": 4 / 20,
    "held by one": 2 / 3,  # gisement, vente; tri has two
    "missing stages": 1,
    "missing passages": 0,  # those two have an end that nobody holds
    "dead ends": 1,
    "orphans": 0,
    "stages of one actor": 2,
    "density": 3 / 6,
    "ties between colleges": 2,  # A-B, A-D; B-C are both of the social economy
    "E-I": (2 - 1) / 3,
    "enterprises with ESS": 1 / 2,
    "centralisation": 2 / 6,  # degrees 2, 2, 1, 1, of a most of (4 - 1)(4 - 2)
    "reciprocity": 2 / 3,  # B and C support one another, A supports D
    "passages": 3,
    "flow_parts": 1,
    "largest_flow_part": 4,
    "looping_actors": 0,
    "pairs": 3,
    "parts": 1,
    "largest_part": 4,
    "cut_actors": 2,
    "bridges": 3,
}
