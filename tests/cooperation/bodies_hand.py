"""Bodies small enough to compute by hand: who sits where since when, and four meetings of one of them.

Reference year 2024. Filature and Atelier are enterprises, Mairie is elected, Relais is ESS, Labo's pole is
not stated, Ancien (ESS) has closed. « Club » ended in 2020. Atelier left the GT after 2022, Mairie joined it
in 2024; Mairie sits in the COPIL twice, for two poles.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import table
from chaine_valeur.tables import conform, raw_table

#: group, actor, pole, since, until
SEATS: list[tuple[str, str, str | None, int | None, int | None]] = [
    ("GT", "Filature", None, 2022, None),
    ("GT", "Mairie", None, 2024, None),
    ("GT", "Relais", None, None, None),
    ("GT", "Labo", None, None, None),
    ("GT", "Ancien", None, None, None),
    ("GT", "Atelier", None, 2022, 2022),
    ("COPIL", "Mairie", None, None, None),
    ("COPIL", "Mairie", "ess", None, None),
    ("COPIL", "Relais", None, None, None),
    ("Club", "Relais", None, 2015, 2020),
    ("Neuf", "Filature", None, 2024, None),
    ("Dormant", "Relais", None, None, None),
    ("Papier", "Labo", None, None, None),
]
#: group, day, actor, attended
SAID: list[tuple[str, str, str | None, bool | None]] = [
    ("GT", "2022-05-10", "Filature", True),
    ("GT", "2022-05-10", "Relais", False),
    ("GT", "2022-05-10", "Ancien", True),
    ("GT", "2022-05-10", "Atelier", True),
    ("GT", "2023-06-01", None, None),
    ("GT", "2024-02-01", "Filature", False),
    ("GT", "2024-02-01", "Mairie", True),
    ("GT", "2024-02-01", "Relais", True),
    ("GT", "2024-02-01", "Labo", True),
    ("GT", "2024-09-01", "Mairie", True),
    ("GT", "2024-09-01", "Relais", True),
    ("GT", "2024-09-01", "Atelier", True),  # a guest: it left the group
    ("COPIL", "2024-03-01", "Mairie", True),
    ("COPIL", "2024-03-01", "Relais", True),
    ("Club", "2019-01-01", "Relais", True),
    ("Forum", "2023-11-30", None, None),
    ("Dormant", "2021-04-01", "Relais", True),
]

TABLES: dict[str, Any] = {
    "filiere": {"name": ["Instances"], "reference_year": [2024]},
    "actors": {
        "name": ["Filature", "Mairie", "Relais", "Labo", "Ancien", "Atelier"],
        "pole": ["enterprise", "elected", "ess", None, "ess", "enterprise"],
        "status": ["active"] * 4 + ["closed", "active"],
    },
    "groups": {
        "name": ["GT", "COPIL", "Forum", "Club", "Neuf", "Dormant", "Papier"],
        "kind": ["working_group", "steering", "forum", None, None, None, "working_group"],
        "referent_id": ["Mairie", None, None, None, "Filature", None, None],
        "since": [2022, None, None, 2015, 2024, None, None],
        "until": [None, None, None, 2020, None, None, None],
    },
}


def seats(rows: list[tuple[str, str, str | None, int | None, int | None]]) -> dict[str, list[Any]]:
    """Return memberships as a table."""
    names = ["group_id", "actor_id", "pole", "since", "until"]
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def said(rows: list[tuple[str, str, str | None, bool | None]]) -> dict[str, list[Any]]:
    """Return meetings as a table."""
    names = ["group_id", "met_on", "actor_id", "attended"]
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


@cache
def _bodies() -> Filiere:
    return Filiere.from_tables(**TABLES, memberships=seats(SEATS), meetings=said(SAID))


def bodies(**changed: Any) -> Filiere:
    """Return the filière, with some of its tables replaced; read once as it stands, for it is frozen."""
    if not changed:
        return _bodies()
    return Filiere.from_tables(**{**TABLES, "memberships": seats(SEATS), "meetings": said(SAID), **changed})


def with_unknown_cells(f: Filiere, rows: list[int]) -> Filiere:
    """Return the filière in which it is not known of some rows of meetings whether the actor came."""
    raw = {name: raw_table(f.table(name).reset_index(), table(name), lang="fr") for name in f}
    conformed = conform(raw, lang="fr")
    meetings = conformed.tables["meetings"].copy()
    meetings.iloc[rows, meetings.columns.get_loc("attended")] = pd.NA
    return Filiere.from_conformed(replace(conformed, tables={**conformed.tables, "meetings": meetings}))
