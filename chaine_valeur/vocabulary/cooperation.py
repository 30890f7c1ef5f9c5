"""Terms that describe ties, bodies and perimeters."""

from __future__ import annotations

from .term import Term

__all__ = ["CooperationKind", "CooperationState", "GroupKind", "Intensity", "LinkKind", "TerritoryKind"]


class CooperationKind(Term):
    """What two actors do together; the directed kinds go from the first actor to the second."""

    INFORMATION = (
        "information",
        "Échange d’information",
        "Information exchange",
        "échange|échanges|information",
    )
    JOINT_PROJECT = (
        "joint_project",
        "Projet commun",
        "Joint project",
        "coopération|partenariat|projet|cooperation",
    )
    SHARED_MEANS = "shared_means", "Mise en commun de moyens", "Shared means", "mutualisation|moyens communs"
    RESEARCH = "research", "Recherche et développement", "Research and development", "r&d|recherche"
    TRAINING = "training", "Formation", "Training", "formation|chantier-école"
    SUPPORT = "support", "Appui, conseil", "Support, advice", "appui|conseil|accompagnement|expertise"
    FUNDING = "funding", "Soutien financier", "Financial support", "financement|subvention"
    REFERRAL = "referral", "Orientation de publics", "Referral of people", "orientation|recrutement"
    CONTRACTING = (
        "contracting",
        "Sous-traitance, achat de prestation",
        "Subcontracting",
        "sous-traitance|prestation",
    )

    @property
    def directed(self) -> bool:
        """Whether the tie goes from one actor to the other, or is shared by both."""
        return self.value in {"support", "funding", "referral", "contracting"}


class LinkKind(Term):
    """What a tie of the essential workbook may be besides a kind of cooperation."""

    FLOW = "flow", "Flux de matière", "Flow of material", "flux|flows|matière|material flow|flux physique"


class CooperationState(Term):
    """An observed tie, or a tie of which it is known that it does not exist."""

    OBSERVED = "observed", "Observée", "Observed", "existe|oui|observé"
    ABSENT = "absent", "Absence constatée", "Observed absence", "non|aucune|pas de lien|absence"


class Intensity(Term):
    """How far a cooperation goes, weakest first."""

    INFORMATION = "information", "Information", "Information", "faible|échange"
    JOINT_ACTION = "joint_action", "Action ponctuelle", "Joint action", "ponctuelle|moyenne|action"
    AGREEMENT = "agreement", "Convention", "Agreement", "forte|accord"
    CONTRACT = "contract", "Contrat", "Contract", "contractuelle|marché"


class GroupKind(Term):
    """The kind of body that actors sit in."""

    STEERING = "steering", "Comité de pilotage (COPIL)", "Steering committee", "copil|comité de pilotage"
    TECHNICAL = "technical", "Comité technique (COTECH)", "Technical committee", "cotech|comité technique"
    WORKING_GROUP = "working_group", "Groupe de travail", "Working group", "groupe|gt|atelier"
    FORUM = "forum", "Forum", "Forum", "forum annuel|assemblée"
    COMMUNITY = "community", "Communauté d’acteurs", "Community of actors", "communauté|réseau"


class TerritoryKind(Term):
    """The kind of a perimeter."""

    COMMUNE = "commune", "Commune", "Commune", "ville"
    EPCI = (
        "epci",
        "EPCI",
        "Inter-municipal body (EPCI)",
        "communauté de communes|intercommunalité|agglomération",
    )
    PAYS = "pays", "Pays", "Pays", "petr"
    BASIN = "basin", "Bassin d’emploi ou de vie", "Employment or living basin", "bassin"
    DEPARTEMENT = "departement", "Département", "Département", "département"
    REGION = "region", "Région", "Region", "région"
