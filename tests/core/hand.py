"""A filière small enough to compute by hand, used by several tests.

    ménages (diffuse) ──60──▶ Collecte ──50──▶ Tri (ACI) ──30──▶ Filature ──▶ ? t ──▶ Atelier
                                                 └──10──▶ (outside)

Chain: gisement → collecte → tri → filature → vente. « vente » is held by Atelier, « CCVS » animates, « Labo »
is an expert without a flow, « Ancien » has closed and its 99 t do not count.
"""

from __future__ import annotations

from typing import Any

from chaine_valeur.filiere import Filiere

TABLES: dict[str, Any] = {
    "filiere": {"name": ["À la main"], "territory_id": ["T"], "reference_year": [2022]},
    "territories": {
        "territory_id": ["T", "T", "T", "R"],
        "commune_code": ["76384", "76114", "76476", "14118"],
        "commune_name": ["Lillebonne", "Bolbec", "Port-Jérôme", "Caen"],
        "since": [None, None, 2023, None],
        "until": [None, 2015, None, None],
        "kind": ["EPCI", "EPCI", "EPCI", "région"],
    },
    "stages": {
        "name": ["gisement", "collecte", "tri", "filature", "vente"],
        "rank": [1, 2, 3, 4, 5],
        "kind": ["ressource", "opération", "opération", "opération", "débouché"],
    },
    "stage_links": {
        "stage_id": ["gisement", "collecte", "tri", "filature"],
        "to_stage_id": ["collecte", "tri", "filature", "vente"],
    },
    "materials": {"name": ["textile", "fil"]},
    "actors": {
        "name": ["ménages", "Collecte SA", "Tri", "Filature", "Atelier", "CCVS", "Labo", "Ancien"],
        "actor_type": ["diffus", None, None, None, None, None, None, None],
        "roles": ["fournisseur", "fournisseur;transformateur", "insertion", "transformateur", "acheteur",
                  "acteur territorial", "expert", "transformateur"],
        "pole": [None, "entreprises", "ESS", "entreprises", "entreprises", "élus", "expertise", None],
        "structure_kind": [None, "entreprise", "ACI", "entreprise", "entreprise", "collectivité", None, None],
        "commune_code": ["76384", "76384", "76114", "14118", None, "76384", "76476", None],
        "status": ["actif"] * 7 + ["fermé"],
        "surveyed_on": [None, "12/03/2022", "13/03/2022", None, None, "01/02/2022", None, None],
    },
    "activities": {
        "actor_id": ["ménages", "Collecte SA", "Tri", "Filature", "Atelier", "Ancien"],
        "stage_id": ["gisement", "collecte", "tri", "filature", "vente", "tri"],
        "insertion_fte": [None, None, 6, None, None, 50],
        "jobs_fte": [None, 4, 8, 10, None, 60],
    },
    "flows": {
        "flow_id": ["f1", "f2", "f2-old", "f3", "f4", "f5", "gone"],
        "source": ["ménages", "Collecte SA", "Collecte SA", "Tri", "Filature", "Tri", "Collecte SA"],
        "target": ["Collecte SA", "Tri", "Tri", "Filature", "Atelier", None, "Ancien"],
        "material_id": ["textile", "textile", "textile", "fil", "fil", "textile", "textile"],
        "year": [2022, 2022, 2022, 2022, 2022, None, 2022],
        "quantity_t_per_year": [60, 50, 70, 30, None, 10, 99],
        "confidence": ["mesuré", "mesuré", "estimé", "hypothèse", None, "déclaré", "mesuré"],
        "same_flow_as": [None, None, "f2", None, None, None, None],
    },
    "cooperations": {
        "cooperation_id": ["c1", "c2", "c3", "c4", "c5"],
        "actor_id": ["Tri", "Collecte SA", "CCVS", "Labo", "Tri"],
        "to_actor_id": ["Collecte SA", "Tri", "Tri", "Filature", "Labo"],
        "kind": ["projet commun", "information", "appui", "R&D", "projet commun"],
        "state": [None, None, None, None, "absence constatée"],
        "until": [None, None, None, 2020, None],
    },
    "groups": {"name": ["GT"]},
    "memberships": {
        "group_id": ["GT", "GT", "GT"],
        "actor_id": ["Tri", "CCVS", "Collecte SA"],
        "pole": [None, None, "ESS"],
    },
    "sources": {"name": ["Entretien"]},
    "cell_sources": {
        "table": ["Flux"],
        "row_id": ["f1"],
        "column": ["Quantité"],
        "confidence": ["estimé"],
        "source_id": ["Entretien"],
    },
}  # fmt: skip


def by_hand(**changed: Any) -> Filiere:
    """Return the filière, with some of its tables replaced."""
    return Filiere.from_tables(**{**TABLES, **changed})
