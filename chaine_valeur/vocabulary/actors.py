"""Terms that describe actors."""

from __future__ import annotations

from .term import Term

__all__ = ["ActorType", "Pole", "Role", "Status", "StructureKind"]


class Role(Term):
    """What an actor does in the filière; it may have several, the first is the primary one."""

    SUPPLIER = "supplier", "Fournisseur", "Supplier", "fournisseurs|gisement|apporteur|producteur"
    TRANSFORMER = "transformer", "Transformateur", "Transformer", "transformateurs|transformation|opérateur"
    INSERTION = (
        "insertion",
        "Structure d’insertion",
        "Insertion structure",
        "insertion structures|siae|structure insertion|structures d’insertion|iae",
    )
    BUYER = "buyer", "Acheteur", "Buyer", "acheteurs|client|clients|débouché"
    EXPERT = "expert", "Expert", "Expert", "experts|laboratoire|centre technique"
    TERRITORIAL = (
        "territorial",
        "Acteur territorial",
        "Territorial actor",
        "collectivité|epci|territoire|collectivité territoriale",
    )
    FUNDER = "funder", "Financeur", "Funder", "financeurs|bailleur"
    ANIMATOR = (
        "animator",
        "Animateur",
        "Animator",
        "animateur / assistance à maîtrise d’ouvrage|animation|amo|bureau d’études|consultancy",
    )


class Pole(Term):
    """The college for which an actor sits; entered, never deduced. The first three form the triptyque."""

    ENTERPRISE = "enterprise", "Entreprises", "Enterprises", "entreprise|company|companies|économique"
    ELECTED = "elected", "Élus", "Elected officials", "élu|elu|élus locaux|elected official|collectivités"
    ESS = (
        "ess",
        "Économie sociale et solidaire",
        "Social and solidarity economy",
        "ESS|acteur de l’ess|économie sociale|sse|social economy",
    )
    EXPERTISE = "expertise", "Expertise et formation", "Expertise and training", "recherche|formation|experts"
    INSTITUTION = (
        "institution",
        "Institutions et financeurs",
        "Institutions and funders",
        "état|financeurs|services de l’état|institutions",
    )
    OTHER = "other", "Autre collège", "Other college", "autre|autres"


class ActorType(Term):
    """What an actor is; a diffuse group or the outside carries material but is no partner."""

    ORGANISATION = "organisation", "Organisation", "Organisation", "structure|organization|établissement"
    NETWORK = "network", "Réseau d’organisations", "Network of organisations", "réseau|réseau d’entreprises"
    DIFFUSE = (
        "diffuse",
        "Acteur diffus",
        "Diffuse actor",
        "acteur diffus (ménages, agriculteurs…)|diffus|ménages",
    )
    OUTSIDE = (
        "outside",
        "Extérieur au territoire",
        "Outside the territory",
        "extérieur|hors territoire|export",
    )

    @property
    def is_partner(self) -> bool:
        """Whether such an actor can cooperate, and so counts among those who could."""
        return self not in (ActorType.DIFFUSE, ActorType.OUTSIDE)


class StructureKind(Term):
    """The legal or labour-market kind of a structure. SIAE strictly: AI, ACI, EI, EITI, ETTI."""

    ACI = "ACI", "Atelier et chantier d’insertion (ACI)", "Insertion worksite (ACI)", "chantier d’insertion"
    AI = "AI", "Association intermédiaire (AI)", "Intermediary association (AI)", "association intermédiaire"
    EI = "EI", "Entreprise d’insertion (EI)", "Insertion enterprise (EI)", "entreprise d’insertion"
    EITI = (
        "EITI",
        "Entreprise d’insertion par le travail indépendant (EITI)",
        "Insertion through self-employment (EITI)",
        "entreprise d’insertion par le travail indépendant",
    )
    ETTI = (
        "ETTI",
        "Entreprise de travail temporaire d’insertion (ETTI)",
        "Insertion temporary agency (ETTI)",
        "entreprise de travail temporaire d’insertion",
    )
    EA = "EA", "Entreprise adaptée (EA)", "Adapted enterprise (EA)", "entreprise adaptée"
    EATT = (
        "EATT",
        "Entreprise adaptée de travail temporaire (EATT)",
        "Adapted temporary agency (EATT)",
        "entreprise adaptée de travail temporaire",
    )
    ESAT = (
        "ESAT",
        "Établissement et service d’aide par le travail (ESAT)",
        "Sheltered work establishment (ESAT)",
        "établissement et service d’aide par le travail",
    )
    GEIQ = (
        "GEIQ",
        "Groupement d’employeurs pour l’insertion et la qualification (GEIQ)",
        "Employers' group for insertion and qualification (GEIQ)",
        "groupement d’employeurs pour l’insertion et la qualification",
    )
    OPCS = (
        "OPCS",
        "Organisation porteuse de la clause sociale (OPCS)",
        "Social clause organisation (OPCS)",
        "organisation porteuse de la clause sociale",
    )
    COMPANY = "company", "Entreprise", "Company", "société|entreprise classique|sa|sas|sarl|enterprise"
    COOPERATIVE = "cooperative", "Coopérative (SCOP, SCIC…)", "Cooperative", "scop|scic|coopérative"
    ASSOCIATION = "association", "Association", "Association", "asso|association loi 1901"
    PUBLIC_BODY = "public_body", "Collectivité ou organisme public", "Public body", "collectivité|epci|public"
    RESEARCH = "research", "Recherche, formation, centre technique", "Research, training", "laboratoire|école"

    @property
    def family(self) -> str:
        """One of ``siae``, ``disability``, ``geiq``, ``clause``, ``other``."""
        return _FAMILIES.get(self.value, "other")

    @property
    def is_siae(self) -> bool:
        """Whether it is a *structure d’insertion par l’activité économique*: EA, ESAT, GEIQ are not."""
        return self.family == "siae"


_FAMILIES = {
    **dict.fromkeys(["ACI", "AI", "EI", "EITI", "ETTI"], "siae"),
    **dict.fromkeys(["EA", "EATT", "ESAT"], "disability"),
    "GEIQ": "geiq",
    "OPCS": "clause",
}


class Status(Term):
    """Whether an actor, or a flow, exists now; only ``active`` counts unless said."""

    ACTIVE = "active", "En activité", "Active", "actif|active|oui|existant|en cours|effectif"
    PLANNED = "planned", "En projet", "Planned", "projet|prévu|prévue"
    CANDIDATE = "candidate", "Pressenti", "Candidate", "acteur pressenti|pressentie|potentiel|envisagé"
    CLOSED = "closed", "Fermé", "Closed", "fermée|cessé|cessée|arrêté|terminé|inactif"
