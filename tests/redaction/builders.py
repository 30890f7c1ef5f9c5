"""Filières of which a part may not be read: what is hidden in them can be changed at will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chaine_valeur.filiere import Filiere


@dataclass(frozen=True)
class Hidden:
    """What may not be read in `guarded_filiere`: figures, words, and who the actor is."""

    tonnes: float = 1237.25
    posts: float = 41.75
    euros: float = 98761.0
    name: str = "Tissages Vaucanson"
    siret: str = "73282932000074"
    commune: str = "76114"
    words: str = "deux machines en panne chez Vaucanson"
    column: str = "à relancer en mars"

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways in which it could be written somewhere."""
        figures = [self.tonnes, self.posts, self.euros]
        whole = [f"{figure:.2f}".rstrip("0").rstrip(".") for figure in figures]
        french = [text.replace(".", ",") for text in whole]
        grouped = [
            f"{int(figure):,}".replace(",", gap)
            for figure in figures[::2]
            for gap in (" ", "\u202f", "\u00a0", ",")
        ]
        words = [self.name, self.name.split()[-1], self.siret, self.words, self.column]
        return (*whole, *french, *grouped, *words)


def guarded_filiere(hidden: Hidden = Hidden(), **more: Any) -> Filiere:
    """A chain of three stages; the weaver may not be known, nor may what two others gave in confidence.

    ménages ──100──▶ Collecte SA ──(t)──▶ weaver ──(t/2)──▶ Atelier; Relais ──20──▶ Atelier.
    """
    t = hidden.tonnes
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["T"], "reference_year": [2024]},
        "territories": {"territory_id": ["T", "T"], "commune_code": ["76384", "76114"],
                        "commune_name": ["Lillebonne", "Bolbec"]},
        "stages": {"name": ["gisement", "collecte", "tissage", "vente"], "rank": [1, 2, 3, 4],
                   "kind": ["ressource", "opération", "opération", "débouché"]},
        "stage_links": {"stage_id": ["gisement", "collecte", "tissage"], "to_stage_id": ["collecte", "tissage", "vente"]},
        "materials": {"name": ["laine"]},
        "sources": {"name": ["Pesées", f"Entretien avec {hidden.name}"], "year": [2024, 2024]},
        "actors": {
            "name": ["ménages", "Collecte SA", hidden.name, "Atelier", "Relais", "Mairie"],
            "actor_type": ["diffus", None, None, None, None, None],
            "roles": ["fournisseur", "fournisseur", "transformateur", "acheteur", "insertion", "acteur territorial"],
            "pole": [None, "entreprises", "entreprises", "entreprises", "ESS", "élus"],
            "structure_kind": [None, "entreprise", "entreprise", "entreprise", "ACI", "collectivité"],
            "commune_code": ["76384", "76384", hidden.commune, "76384", "76384", "76384"],
            "siret": [None, None, hidden.siret, None, None, None],
            "confidentiality": [None, None, "confidentiel", None, None, None],
            "surveyed_on": ["12/03/2024"] * 6,
            "note": [None, None, hidden.words, None, f"reprend les chutes de {hidden.name}", None],
            "Suivi": [None, None, hidden.column, None, None, None],
        },
        "activities": {
            "actor_id": ["ménages", "Collecte SA", hidden.name, "Atelier", "Relais"],
            "stage_id": ["gisement", "collecte", "tissage", "vente", "collecte"],
            "capacity_t_per_year": [None, t * 2, t * 3, None, None],
            "jobs_fte": [None, hidden.posts, hidden.posts / 2, 4, 8],
            "insertion_fte": [None, None, None, None, 6],
            "confidentiality": [None, "interne", None, None, None],
            "note": [None, f"capacité {t:g} t", None, None, None],
        },
        "flows": {
            "flow_id": ["f1", f"vers-{t:g}", "f3", "f4"],
            "source": ["ménages", "Collecte SA", hidden.name, "Relais"],
            "target": ["Collecte SA", hidden.name, "Atelier", "Atelier"],
            "material_id": ["laine"] * 4,
            "year": [2024] * 4,
            "quantity_t_per_year": [100, t, t / 2, 20],
            "amount_eur_per_year": [None, hidden.euros, None, None],
            "source_id": ["Pesées", f"Entretien avec {hidden.name}", None, None],
            "confidentiality": [None, "confidentiel", None, None],
        },
        "cooperations": {
            "actor_id": ["Collecte SA", hidden.name, "Mairie"],
            "to_actor_id": ["Mairie", "Relais", "Relais"],
            "kind": ["recherche"] * 3,
            "confidentiality": [None, "interne", None],
            "trust": [None, 2, 3],
        },
        "groups": {"name": ["Comité"]},
        "memberships": {"group_id": ["Comité", "Comité"], "actor_id": ["Mairie", hidden.name]},
        "observations": {
            "text": ["La laine manque de débouchés.", hidden.words, "Les chutes partent ailleurs."],
            "kind": ["frein", "frein", "levier"],
            "actor_id": ["Mairie", hidden.name, None],
            "confidentiality": [None, None, None],
        },
        "funding": {"scope": ["filiere"], "funder_id": ["Mairie"], "beneficiary_id": [hidden.name],
                    "purpose": ["investissement"], "state": ["accordé"], "amount_eur": [hidden.euros]},
    }  # fmt: skip
    return Filiere.from_tables(**(tables | more), strict=False)
