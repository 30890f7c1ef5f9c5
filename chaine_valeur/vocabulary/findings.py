"""Terms that say what a finding of the library is about."""

from __future__ import annotations

from .term import Term

__all__ = ["FindingKind"]


class FindingKind(Term):
    """What a finding is about; a check of a user may name kinds of its own beside these.

    They speak of stages, passages and of what to secure or to ask, never of an actor that fails.
    """

    MISSING_STAGE = "missing_stage", "Maillon manquant", "Missing stage"
    STAGE_OUTSIDE_ONLY = (
        "stage_outside_only",
        "Maillon tenu seulement hors du territoire",
        "Stage held from outside only",
    )
    MISSING_PASSAGE = "missing_passage", "Passage manquant", "Missing passage"
    BROKEN_PATH = "broken_path", "Chemin rompu", "Broken path"
    DEAD_END = "dead_end", "Étape sans débouché", "Step without an outlet"
    ORPHAN = "orphan", "Étape sans approvisionnement", "Step without a supply"
    UNCONNECTED_ACTOR = (
        "unconnected_actor",
        "Acteur à rattacher à la filière",
        "Actor to be tied to the filière",
    )
    UNUSED_RESOURCE = "unused_resource", "Gisement non utilisé", "Resource left unused"
    SINGLE_ACTOR_STAGE = (
        "single_actor_stage",
        "Étape reposant sur un seul opérateur",
        "Step resting on a single operator",
    )
    COOPERATION_UNKNOWN = "cooperation_unknown", "Coopération peu connue", "Cooperation little known"
    CENTRAL_ACTOR = "central_actor", "Coopération portée par quelques-uns", "Cooperation carried by a few"
    OPEN_TRIPTYQUE = "open_triptyque", "Triptyque à fermer", "Triptyque to be closed"
    GROUP_WITHOUT_POLE = (
        "group_without_pole",
        "Groupe à ouvrir à un collège",
        "Group to be opened to a college",
    )
    GROUP_POLES_UNKNOWN = (
        "group_poles_unknown",
        "Collèges d’un groupe à renseigner",
        "Colleges of a group to be stated",
    )
    GROUP_MEMBERS_UNKNOWN = (
        "group_members_unknown",
        "Membres d’un groupe à renseigner",
        "Members of a group to be stated",
    )
    GROUP_WITHOUT_REFERENT = (
        "group_without_referent",
        "Référent d’un groupe à désigner",
        "Referent of a group to be named",
    )
    EXPECTED_TIES_GROUP = (
        "expected_ties_group",
        "Coopérations à vérifier dans un groupe",
        "Cooperations to be checked in a group",
    )
    EXPECTED_TIES_PASSAGE = (
        "expected_ties_passage",
        "Coopérations à vérifier sur un passage",
        "Cooperations to be checked on a passage",
    )
    POLES_APART = "poles_apart", "Collèges à faire se rencontrer", "Colleges to be brought together"
    GROUP_ON_PAPER = "group_on_paper", "Groupe à réunir", "Group to be convened"
    MEETINGS_UNKNOWN = "meetings_unknown", "Réunions à renseigner", "Meetings to be stated"
    TIES_TO_CONVERT = (
        "ties_to_convert",
        "Coopérations à prolonger par des échanges",
        "Cooperations to be turned into exchanges",
    )
    TARGET_MISSED = "target_missed", "Objectif non atteint", "Target not reached"
    AGREEMENT_UNDERUSED = (
        "agreement_underused",
        "Postes conventionnés à pourvoir",
        "Agreed posts to be filled",
    )
    FLOW_IMBALANCE = "flow_imbalance", "Bilan à vérifier", "Balance to be checked"
    FLOW_SUSPECT = "flow_suspect", "Chiffre à vérifier", "Figure to be checked"
    FIGURES_DISAGREE = (
        "figures_disagree",
        "Chiffres qui se contredisent",
        "Figures that contradict each other",
    )
    FIGURE_TO_ASK = "figure_to_ask", "Chiffre à demander", "Figure to ask for"
    BOTTLENECK = "bottleneck", "Goulot d’étranglement", "Bottleneck"
    UNMET_DEMAND = "unmet_demand", "Débouché non servi", "Demand not served"
    OVER_CAPACITY = "over_capacity", "Capacité dépassée", "Capacity exceeded"
    SUPPLY_TO_DIVERSIFY = (
        "supply_to_diversify",
        "Approvisionnement à diversifier",
        "Supply to be diversified",
    )
    STEP_TO_SECURE = "step_to_secure", "Étape à sécuriser", "Step to be secured"
    UNDER_BREAK_EVEN = (
        "under_break_even",
        "Activité sous son seuil de viabilité",
        "Activity under its break-even tonnage",
    )
    PURCHASES_ELSEWHERE = (
        "purchases_elsewhere",
        "Achats faits hors du territoire",
        "Purchases made outside the territory",
    )
    CHECK_FAILED = "check_failed", "Contrôle non effectué", "Check that could not be run"

    @property
    def family(self) -> str:
        """One of ``gaps``, ``flows``, ``resilience``, ``territory``, ``cooperation``, ``accounts``,
        ``insertion``, ``run`` (about the diagnostic itself)."""
        return _FAMILIES.get(self.value, "gaps")


_FAMILIES = {
    **dict.fromkeys(
        (
            "cooperation_unknown", "central_actor", "open_triptyque", "group_without_pole",
            "group_poles_unknown", "group_members_unknown", "group_without_referent", "expected_ties_group",
            "expected_ties_passage", "poles_apart", "group_on_paper", "meetings_unknown", "ties_to_convert",
        ),
        "cooperation",
    ),
    **dict.fromkeys(
        (
            "flow_imbalance", "flow_suspect", "figures_disagree", "figure_to_ask", "bottleneck",
            "unmet_demand", "over_capacity",
        ),
        "flows",
    ),
    **dict.fromkeys(("supply_to_diversify", "step_to_secure"), "resilience"),
    "under_break_even": "accounts",
    "purchases_elsewhere": "territory",
    **dict.fromkeys(("target_missed", "agreement_underused"), "insertion"),
    "check_failed": "run",
}  # fmt: skip
