"""A filière computed by hand, figure by figure, from this drawing; the tests derive each number in a comment.

        T ───── A ───── M          T Tissage, F Filature: enterprises
        │    ╱  │       │          A Agglo (asked; territorial, animates), M Mairie: elected
        │  ╱    │       │          R Relais (asked), C Chantier, B Boutique: ESS
        F ───── R ───── C     B    X Labo: expertise
        │                          two communes: Bolbec, the upper row; Lillebonne, the lower ones
        X

Eight partners, 28 pairs, 9 tied; degrees F 4, T 2, A 4, M 2, R 3, C 2, B 0, X 1. Foyers is diffuse, Ancien has
closed, Dehors is the outside: no partners. A pair with A or R is documented (13); of the 15 others rows speak of
FT, MC, FX (tied), TM, MX (known absent); ten are unknown: FM, FC, FB, TC, TB, TX, MB, CB, CX, BX.

Read with directions, 16 arcs: all ties both ways but F→R and M→C.

    tie   kind           intensity   years          trust, value by the first actor of the row
    A→F   support        3           2021 →         3
    A–F   information    1           2022 →         2          parallel to it
    A→R   funding        4           2021 →         4, 3
    R→A   referral       1           2022 →         3, 4
    F→R   contracting    4           2023 →
    M→C   support        not stated  2022 →         2          Chantier is there from 2022 on
    A–M   joint project  3           2021 →
    T–A   information    1           2021 →         2
    F–T   shared means   3           2022 →         3, 2
    R–C   training       2           2023 →
    F–X   research       1           unknown
    F–B   joint project  3           2021 → 2022
    M–R   joint project  2           2021 → 2021

Known absent: TM, MX, AX, and a contract from T to R.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import networkx as nx

from chaine_valeur.filiere import Filiere

#: Letter of the drawing → identifier, in table order.
WHO = {
    "F": "filature", "T": "tissage", "A": "agglo", "M": "mairie",
    "R": "relais", "C": "chantier", "B": "boutique", "X": "labo",
}  # fmt: skip
IDS = list(WHO.values())
POLE = dict(zip("FTAMRCBX", ["enterprise"] * 2 + ["elected"] * 2 + ["ess"] * 3 + ["expertise"], strict=True))
TIED = ["FT", "FA", "FR", "FX", "TA", "AM", "AR", "MC", "RC"]
UNKNOWN = ["FM", "FC", "FB", "TC", "TB", "TX", "MB", "CB", "CX", "BX"]
ONE_WAY = ["FR", "MC"]
STRENGTH = {"FT": 3, "FA": 3, "FR": 4, "FX": 1, "TA": 1, "AM": 3, "AR": 4, "RC": 2}  # MC: not stated

_NAMES = ["Filature", "Tissage", "Agglo", "Mairie", "Relais", "Chantier", "Boutique", "Labo"]
#: first, second, kind, state, intensity, since, until, trust, value
_TIES: list[tuple[Any, ...]] = [
    ("Agglo", "Filature", "support", "observed", "agreement", 2021, None, 3, None),
    ("Agglo", "Filature", "information", "observed", "information", 2022, None, 2, None),
    ("Agglo", "Relais", "funding", "observed", "contract", 2021, None, 4, 3),
    ("Relais", "Agglo", "referral", "observed", "information", 2022, None, 3, 4),
    ("Filature", "Relais", "contracting", "observed", "contract", 2023, None, None, None),
    ("Mairie", "Chantier", "support", "observed", None, 2022, None, 2, None),
    ("Agglo", "Mairie", "joint_project", "observed", "agreement", 2021, None, None, None),
    ("Tissage", "Agglo", "information", "observed", "information", 2021, None, 2, None),
    ("Filature", "Tissage", "shared_means", "observed", "agreement", 2022, None, 3, 2),
    ("Relais", "Chantier", "training", "observed", "joint_action", 2023, None, None, None),
    ("Filature", "Labo", "research", "observed", "information", None, None, None, None),
    ("Filature", "Boutique", "joint_project", "observed", "agreement", 2021, 2022, None, None),
    ("Mairie", "Relais", "joint_project", "observed", "joint_action", 2021, 2021, None, None),
    ("Tissage", "Mairie", None, "absent", None, None, None, None, None),
    ("Mairie", "Labo", None, "absent", None, None, None, None, None),
    ("Agglo", "Labo", None, "absent", None, None, None, None, None),
    ("Tissage", "Relais", "contracting", "absent", None, None, None, None, None),
    # with those who are no partners: counted nowhere
    ("Agglo", "Foyers", "information", "observed", "information", 2021, None, 1, 1),
    ("Relais", "Ancien", "support", "observed", "contract", 2021, None, 1, 1),
    ("Filature", "Dehors", "contracting", "observed", "contract", 2021, None, 1, 1),
]
#: source, target, year, t; in 2021 and 2022 R–F and A–R exchange, F–T in some year, unstated
_FLOWS: list[tuple[Any, ...]] = [
    ("Relais", "Filature", 2021, 5),
    ("Relais", "Filature", 2022, 6),
    ("Relais", "Filature", 2023, 8),
    ("Agglo", "Relais", 2021, 1),
    ("Agglo", "Relais", 2022, 1),
    ("Filature", "Tissage", None, 10),
    ("Chantier", "Filature", 2023, 4),
    ("Tissage", "Boutique", 2023, 3),
    ("Tissage", "Relais", 2023, 2),
    ("Filature", "Boutique", 2023, 2),
    ("Mairie", "Chantier", 2023, 1),
    ("Labo", "Filature", 2023, 0),  # nothing passes
    ("Foyers", "Relais", 2023, 20),
    ("Filature", "Dehors", 2023, 1),
]
#: group, actor, pole, since, until: today COPIL {T, A, M, R}, GT {F, T, R, C, B}, Forum {A, R, X}
_SEATS: list[tuple[Any, ...]] = [
    ("COPIL", "Agglo", None, None, None),
    ("COPIL", "Mairie", None, None, None),
    ("COPIL", "Relais", None, None, None),
    ("COPIL", "Filature", None, 2021, 2022),  # left
    ("COPIL", "Tissage", None, 2023, None),
    ("GT", "Filature", None, None, None),
    ("GT", "Tissage", None, None, None),
    ("GT", "Relais", None, None, None),
    ("GT", "Chantier", None, 2022, None),
    ("GT", "Boutique", "enterprise", None, None),  # sits for another pole
    ("Forum", "Agglo", None, None, None),
    ("Forum", "Relais", None, None, None),
    ("Forum", "Labo", None, None, None),
    ("Forum", "Ancien", None, None, None),
]
#: group, day, actor, attended
_MEETINGS: list[tuple[Any, ...]] = [
    ("COPIL", "2022-03-10", "Agglo", True),
    ("COPIL", "2022-03-10", "Mairie", True),
    ("COPIL", "2022-03-10", "Relais", False),
    ("COPIL", "2022-03-10", "Filature", True),
    ("COPIL", "2023-03-09", "Agglo", True),  # no row of Tissage, a member then
    ("COPIL", "2023-03-09", "Mairie", False),
    ("COPIL", "2023-03-09", "Relais", True),
    ("COPIL", "2023-10-05", None, None),  # nobody kept a list
    ("GT", "2022-06-02", "Filature", True),
    ("GT", "2022-06-02", "Tissage", False),
    ("GT", "2022-06-02", "Relais", True),
    ("GT", "2022-06-02", "Chantier", True),
    ("GT", "2022-06-02", "Boutique", True),
    ("GT", "2023-05-11", "Filature", True),
    ("GT", "2023-05-11", "Tissage", True),
    ("GT", "2023-05-11", "Relais", True),
    ("GT", "2023-05-11", "Chantier", False),
    ("GT", "2023-05-11", "Boutique", True),
    ("GT", "2023-05-11", "Labo", True),  # a guest
]


def _columns(rows: list[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


@cache
def filiere() -> Filiere:
    """Return the filière; its reference year is 2023."""
    return Filiere.from_tables(
        filiere={"name": ["Exemple traité"], "reference_year": [2023]},
        stages={"name": ["collecte", "filature", "tissage", "vente"], "rank": [1, 2, 3, 4]},
        actors={
            "name": [*_NAMES, "Foyers", "Ancien", "Dehors"],
            "actor_type": [None] * 8 + ["diffuse", None, "outside"],
            "roles": ["transformer", "transformer;buyer", "territorial;animator", "territorial;funder",
                      "insertion;supplier", "insertion", "buyer", "expert", "supplier", "insertion", "buyer"],
            "pole": [*POLE.values(), None, "ess", None],
            "status": ["active"] * 9 + ["closed", "active"],
            "since": [None] * 5 + [2022] + [None] * 5,
            "commune_code": ["76384", "76114", "76114", "76114"] + ["76384"] * 4 + [None] * 3,
            "commune_name": ["Lillebonne"] + ["Bolbec"] * 3 + ["Lillebonne"] * 4 + [None] * 3,
            "surveyed_on": [None, None, "2023-02-01", None, "2023-02-02"] + [None] * 6,
        },
        activities={
            "actor_id": ["Relais", "Chantier", "Filature", "Tissage", "Boutique"],
            "stage_id": ["collecte", "collecte", "filature", "tissage", "vente"],
        },
        cooperations=_columns(_TIES, "actor_id", "to_actor_id", "kind", "state", "intensity", "since", "until",
                              "trust", "value_score"),
        flows=_columns(_FLOWS, "source", "target", "year", "quantity_t_per_year"),
        groups={
            "name": ["COPIL", "GT", "Forum"],
            "kind": ["steering", "working_group", "forum"],
            "referent_id": ["Agglo", "Mairie", None],
        },
        memberships=_columns(_SEATS, "group_id", "actor_id", "pole", "since", "until"),
        meetings=_columns(_MEETINGS, "group_id", "met_on", "actor_id", "attended"),
    )  # fmt: skip


def _dressed(graph: nx.Graph) -> nx.Graph:
    """Give the eight nodes, in table order, a pole, a commune, and whether they are at the centre (F and A)."""
    graph.add_nodes_from(
        (WHO[one], {"pole": POLE[one], "commune": "bolbec" if one in "TAM" else "lillebonne",
                    "centre": "yes" if one in "FA" else "no"})
        for one in WHO
    )  # fmt: skip
    return graph


def _strength(pair: str) -> dict[str, int]:
    return {"weight": STRENGTH[pair]} if pair in STRENGTH else {}


def graph() -> nx.Graph:
    """Return the drawing as a graph that never saw a filière: in it every pair is documented."""
    drawn = _dressed(nx.Graph())
    drawn.add_edges_from((WHO[pair[0]], WHO[pair[1]], _strength(pair)) for pair in TIED)
    return drawn


def digraph() -> nx.DiGraph:
    """Return the 16 arcs."""
    drawn = _dressed(nx.DiGraph())
    back = [pair[::-1] for pair in TIED if pair not in ONE_WAY]
    drawn.add_edges_from((WHO[a], WHO[b]) for a, b in [*TIED, *back])
    return drawn


def completions() -> Iterator[nx.Graph]:
    """Yield the graph with each of the 1024 sets of ties that the unknown pairs may hold."""
    for count in range(len(UNKNOWN) + 1):
        for chosen in combinations(UNKNOWN, count):
            completed = graph()
            completed.add_edges_from((WHO[a], WHO[b]) for a, b in chosen)
            yield completed
