"""A programme as rows: 6 + 2 + 13 posts for about thirty, 50 000 € + 180 000 € of animation."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chaine_valeur import Filiere, insertion
from chaine_valeur.analysis.measure import Measure


def outcomes() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("cible", "programme", "insertion_jobs", 30.0, None, "post", None, "Environ 30, pris comme 30."),
            ("batiment", "programme", "insertion_jobs", None, 6.0, "post", None, None),
            ("lin", "programme", "insertion_jobs", None, 2.0, "post", None, None),
            ("environnement", "programme", "insertion_jobs", None, 13.0, "post", True, None),
            ("chantier", "programme", "training", None, 12.0, "person", None, None),
            ("aci", "structure", "insertion_jobs", None, None, "post", None, None),
        ],
        columns=["outcome_id", "scope", "kind", "target", "reached", "unit", "supervision_included",
                 "hypothesis"],
    )  # fmt: skip


def funding() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("region", "programme", "region", "animation", "granted", 50_000.0),
            ("epci", "programme", "epci", "animation", "granted", 180_000.0),
            ("etat", "programme", "etat", "post_aid", "granted", None),
            ("demande", "programme", "region", "animation", "requested", 70_000.0),
        ],
        columns=["funding_id", "scope", "funder_id", "purpose", "state", "amount_eur"],
    )


def actors() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "actor_id": ["epci", "region", "etat", "aci"],
            "name": ["Communauté de communes", "Région", "État", "Chantier"],
            "roles": ["territorial;funder", "funder", "funder", "insertion"],
        }
    )


def programme(**changed: Any) -> Filiere:
    """Return the filière, some of its tables replaced (``None`` leaves a table out)."""
    tables = {"actors": actors(), "outcomes": outcomes(), "funding": funding()}
    return Filiere.from_tables(**{**tables, **changed})


def with_outcomes(*rows: dict[str, Any]) -> Filiere:
    """Return a filière of which only some results are known; posts of a programme unless said."""
    return programme(outcomes=pd.DataFrame([{"scope": "programme", "unit": "post", **row} for row in rows]))


def plain(text: str) -> str:
    """Return a sentence with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def measure(identifier: str, f: Filiere, *, lang: str = "fr") -> Measure:
    return next(each for each in insertion.INDICATORS if each.indicator_id == identifier).measure(
        f, lang=lang
    )
