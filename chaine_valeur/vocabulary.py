"""The closed lists of terms: stored value, French and English label, other spellings that are understood.

A term *is* its stored value (``Role.SUPPLIER == "supplier"``), so tables hold plain text that joins with
public files, and a label is asked for only where somebody reads it.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Self

from .errors import UnknownNameError, close_names
from .text import fold

__all__ = [
    "VOCABULARIES",
    "ActorType",
    "Confidence",
    "Confidentiality",
    "ConstraintRelation",
    "CooperationKind",
    "CooperationState",
    "ExpectedScale",
    "FundingPurpose",
    "FundingState",
    "GroupKind",
    "Intensity",
    "MarketKind",
    "MarketLevel",
    "MaterialKind",
    "ObservationKind",
    "OutcomeKind",
    "OutcomeUnit",
    "Pole",
    "Role",
    "Scope",
    "Side",
    "StageKind",
    "Status",
    "StructureKind",
    "Term",
    "TerritoryKind",
    "label",
    "labels",
    "parse_term",
    "vocabulary",
]


class Term(str, Enum):
    """A stored value with its labels; ``aliases`` are further spellings that a reader accepts."""

    label_fr: str
    label_en: str
    aliases: tuple[str, ...]

    def __new__(cls, value: str, label_fr: str, label_en: str, aliases: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label_fr = label_fr
        term.label_en = label_en
        term.aliases = tuple(alias for alias in aliases.split("|") if alias)
        return term

    def __str__(self) -> str:
        return str(self.value)

    def label(self, lang: str = "fr") -> str:
        """Return the label in French or English."""
        return self.label_fr if lang == "fr" else self.label_en


class Role(Term):
    """What an actor does in the filière; it may have several, the first is the primary one."""

    SUPPLIER = "supplier", "Fournisseur", "Supplier", "fournisseurs|gisement|apporteur|producteur"
    TRANSFORMER = "transformer", "Transformateur", "Transformer", "transformateurs|transformation|opérateur"
    INSERTION = (
        "insertion",
        "Structure d'insertion",
        "Insertion structure",
        "insertion structures|siae|structure insertion|structures d'insertion|iae",
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
        "animateur / assistance à maîtrise d'ouvrage|animation|amo|bureau d'études|consultancy",
    )


class Pole(Term):
    """The college for which an actor sits; entered, never deduced. The first three form the triptyque."""

    ENTERPRISE = "enterprise", "Entreprises", "Enterprises", "entreprise|company|companies|économique"
    ELECTED = "elected", "Élus", "Elected officials", "élu|elu|élus locaux|elected official|collectivités"
    ESS = (
        "ess",
        "Économie sociale et solidaire",
        "Social and solidarity economy",
        "ESS|acteur de l'ess|sse|social economy",
    )
    EXPERTISE = "expertise", "Expertise et formation", "Expertise and training", "recherche|formation|experts"
    INSTITUTION = (
        "institution",
        "Institutions et financeurs",
        "Institutions and funders",
        "état|financeurs|services de l'état|institutions",
    )
    OTHER = "other", "Autre collège", "Other college", "autre|autres"


class ActorType(Term):
    """What an actor is; a diffuse group or the outside carries material but is no partner."""

    ORGANISATION = "organisation", "Organisation", "Organisation", "structure|organization|établissement"
    NETWORK = "network", "Réseau d'organisations", "Network of organisations", "réseau|réseau d'entreprises"
    DIFFUSE = "diffuse", "Acteur diffus", "Diffuse actor", "acteur diffus (ménages, agriculteurs…)|diffus|ménages"
    OUTSIDE = "outside", "Extérieur au territoire", "Outside the territory", "extérieur|hors territoire|export"

    @property
    def is_partner(self) -> bool:
        """Whether such an actor can cooperate, and so counts among those who could."""
        return self not in (ActorType.DIFFUSE, ActorType.OUTSIDE)


class StructureKind(Term):
    """The legal or labour-market kind of a structure. SIAE strictly: AI, ACI, EI, EITI, ETTI."""

    ACI = "ACI", "Atelier et chantier d'insertion (ACI)", "Insertion worksite (ACI)", "chantier d'insertion"
    AI = "AI", "Association intermédiaire (AI)", "Intermediary association (AI)", "association intermédiaire"
    EI = "EI", "Entreprise d'insertion (EI)", "Insertion enterprise (EI)", "entreprise d'insertion"
    EITI = (
        "EITI",
        "Entreprise d'insertion par le travail indépendant (EITI)",
        "Insertion through self-employment (EITI)",
        "entreprise d'insertion par le travail indépendant",
    )
    ETTI = (
        "ETTI",
        "Entreprise de travail temporaire d'insertion (ETTI)",
        "Insertion temporary agency (ETTI)",
        "entreprise de travail temporaire d'insertion",
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
        "Établissement et service d'aide par le travail (ESAT)",
        "Sheltered work establishment (ESAT)",
        "établissement et service d'aide par le travail",
    )
    GEIQ = (
        "GEIQ",
        "Groupement d'employeurs pour l'insertion et la qualification (GEIQ)",
        "Employers' group for insertion and qualification (GEIQ)",
        "groupement d'employeurs pour l'insertion et la qualification",
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
        """Whether it is a *structure d'insertion par l'activité économique*: EA, ESAT, GEIQ are not."""
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


class StageKind(Term):
    """Where a stage stands: it offers a resource, transforms, or buys."""

    RESOURCE = "resource", "Ressource", "Resource", "gisement|amont|source"
    OPERATION = "operation", "Opération", "Operation", "transformation|opérations|étape"
    MARKET = "market", "Débouché", "Market", "marché|aval|débouchés"


class ExpectedScale(Term):
    """The scale at which a stage is expected; one expected at regional scale is no local gap."""

    LOCAL = "local", "Locale", "Local", "local|territoire"
    REGIONAL = "regional", "Régionale", "Regional", "régional|région"
    ANY = "any", "Indifférente", "Any", "indifférent|toutes|partout"


class MaterialKind(Term):
    """How a material leaves the process that makes it."""

    PRODUCT = "product", "Produit", "Product", "produit principal"
    BY_PRODUCT = "by_product", "Coproduit ou sous-produit", "By-product", "co-produit|sous-produit|coproduit"
    WASTE = "waste", "Déchet", "Waste", "rebut|refus"


class Side(Term):
    """The side of a process on which a material stands in a recipe."""

    IN = "in", "Entrée", "Input", "intrant|entrant"
    OUT = "out", "Sortie", "Output", "extrant|sortant"


class MarketKind(Term):
    """A quantity on offer or asked for."""

    SUPPLY = "supply", "Gisement", "Supply", "offre|ressource"
    DEMAND = "demand", "Débouché", "Demand", "demande|marché"


class MarketLevel(Term):
    """How firm a supply (raw, mobilizable, mobilized) or a demand (expressed, verified, contracted) is."""

    RAW = "raw", "Gisement brut", "Raw resource", "brut"
    MOBILIZABLE = "mobilizable", "Gisement mobilisable", "Mobilizable resource", "mobilisable"
    MOBILIZED = "mobilized", "Gisement mobilisé", "Mobilized resource", "mobilisé|collecté"
    EXPRESSED = "expressed", "Débouché exprimé", "Expressed demand", "exprimé|exprimée"
    VERIFIED = "verified", "Débouché vérifié", "Verified demand", "vérifié|vérifiée"
    CONTRACTED = "contracted", "Débouché contractualisé", "Contracted demand", "contractualisé|contractualisée"


class Confidence(Term):
    """How firm a figure is, firmest first; the last two count in ``hypothesis_share``."""

    MEASURED = "measured", "Mesuré", "Measured", "mesurée|pesé|comptabilité"
    DECLARED = "declared", "Déclaré", "Declared", "déclarée|entretien"
    ESTIMATED = "estimated", "Estimé", "Estimated", "estimée|estimation"
    HYPOTHESIS = "hypothesis", "Hypothèse", "Hypothesis", "supposé|à confirmer"


class Confidentiality(Term):
    """Who may read a row."""

    PUBLIC = "public", "Public", "Public", "publique|non"
    PARTNERS = "partners", "Partenaires", "Partners", "partenaire|groupe de travail"
    INTERNAL = "internal", "Interne", "Internal", "équipe"
    CONFIDENTIAL = "confidential", "Confidentiel", "Confidential", "confidentielle|secret|oui"


class CooperationKind(Term):
    """What two actors do together; the directed kinds go from the first actor to the second."""

    INFORMATION = "information", "Échange d'information", "Information exchange", "échange|échanges|information"
    JOINT_PROJECT = "joint_project", "Projet commun", "Joint project", "coopération|partenariat|projet|cooperation"
    SHARED_MEANS = "shared_means", "Mise en commun de moyens", "Shared means", "mutualisation|moyens communs"
    RESEARCH = "research", "Recherche et développement", "Research and development", "r&d|recherche"
    TRAINING = "training", "Formation", "Training", "formation|chantier-école"
    SUPPORT = "support", "Appui, conseil", "Support, advice", "appui|conseil|accompagnement|expertise"
    FUNDING = "funding", "Soutien financier", "Financial support", "financement|subvention"
    REFERRAL = "referral", "Orientation de publics", "Referral of people", "orientation|recrutement"
    CONTRACTING = "contracting", "Sous-traitance, achat de prestation", "Subcontracting", "sous-traitance|prestation"

    @property
    def directed(self) -> bool:
        """Whether the tie goes from one actor to the other, or is shared by both."""
        return self.value in {"support", "funding", "referral", "contracting"}


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
    COMMUNITY = "community", "Communauté d'acteurs", "Community of actors", "communauté|réseau"


class TerritoryKind(Term):
    """The kind of a perimeter."""

    COMMUNE = "commune", "Commune", "Commune", "ville"
    EPCI = "epci", "EPCI", "Inter-municipal body (EPCI)", "communauté de communes|intercommunalité|agglomération"
    PAYS = "pays", "Pays", "Pays", "petr"
    BASIN = "basin", "Bassin d'emploi ou de vie", "Employment or living basin", "bassin"
    DEPARTEMENT = "departement", "Département", "Département", "département"
    REGION = "region", "Région", "Region", "région"


class FundingPurpose(Term):
    """What money is for: the perimeter of a cost is made of these."""

    ANIMATION = "animation", "Animation", "Animation", "animation de la démarche|ingénierie"
    INVESTMENT = "investment", "Investissement", "Investment", "équipement|investissements"
    POST_AID = "post_aid", "Aide au poste", "Aid per post", "aides aux postes|aide aux siae"
    OPERATION = "operation", "Fonctionnement", "Operating costs", "exploitation"
    STUDY = "study", "Étude", "Study", "études|diagnostic"
    TRAINING = "training", "Formation", "Training", "formations|chantier-école"
    OTHER = "other", "Autre", "Other", "divers"


class FundingState(Term):
    """How far money has come."""

    REQUESTED = "requested", "Sollicité", "Requested", "demandé|sollicitée"
    GRANTED = "granted", "Accordé", "Granted", "accordée|notifié|attribué"
    PAID = "paid", "Versé", "Paid", "versée|payé"


class Scope(Term):
    """The perimeter of money or of a result: what a programme reached is not what this filière reached."""

    PROGRAMME = "programme", "Programme, toutes filières", "Programme, all filières", "programme|toutes filières"
    FILIERE = "filiere", "Cette filière", "This filière", "filière"
    STRUCTURE = "structure", "Une structure", "One structure", "structure|établissement"


class OutcomeKind(Term):
    """What a result is about."""

    INSERTION_JOBS = "insertion_jobs", "Emplois d'insertion", "Insertion jobs", "emplois|postes|postes d'insertion"
    SUPERVISION = "supervision", "Encadrement", "Supervision", "encadrants"
    TRAINING = "training", "Formation", "Training", "personnes formées|formations"
    POSITIVE_EXITS = "positive_exits", "Sorties dynamiques", "Dynamic exits", "sorties positives|sorties"
    LASTING_EXITS = "lasting_exits", "Sorties en emploi durable", "Exits to lasting jobs", "emploi durable"
    STRUCTURES = "structures", "Structures créées", "Structures created", "création de structure"
    EVENT = "event", "Événement, dynamique", "Event", "forum|événement"


class OutcomeUnit(Term):
    """What is counted: posts, full-time equivalents and persons are never added together."""

    POST = "post", "poste", "post", "postes|posts"
    FTE = "fte", "ETP", "FTE", "etp"
    PERSON = "person", "personne", "person", "personnes|persons|salariés"
    STRUCTURE = "structure", "structure", "structure", "structures"
    EVENT = "event", "événement", "event", "événements|réunion"
    SHARE = "share", "part", "share", "taux|%"


class ObservationKind(Term):
    """Whether what was heard holds the filière back or carries it."""

    BRAKE = "brake", "Frein", "Obstacle", "freins|difficulté|menace|faiblesse"
    LEVER = "lever", "Levier", "Lever", "leviers|opportunité|atout|force"


class ConstraintRelation(Term):
    """How the two sides of a linear relation between flows compare."""

    EQUAL = "equal", "égal à", "equal to", "=|égal"
    AT_MOST = "at_most", "au plus", "at most", "<=|≤|max"
    AT_LEAST = "at_least", "au moins", "at least", ">=|≥|min"


def _snake(name: str) -> str:
    return "".join("_" + char.lower() if char.isupper() else char for char in name).lstrip("_")


#: Every vocabulary by the name that a schema CSV gives it (``actor_type`` for `ActorType`).
VOCABULARIES: dict[str, type[Term]] = {_snake(kind.__name__): kind for kind in Term.__subclasses__()}


def vocabulary(name: str) -> type[Term]:
    """Return the vocabulary of that name; unknown names raise `UnknownNameError` with the close ones."""
    try:
        return VOCABULARIES[name]
    except KeyError:
        close = ", ".join(close_names(name, VOCABULARIES)) or ", ".join(VOCABULARIES)
        raise UnknownNameError(f"no vocabulary {name!r}; did you mean: {close}?") from None


@lru_cache(maxsize=None)
def _spellings(name: str) -> dict[str, str]:
    """Every folded spelling of a vocabulary → stored value; stored values and labels win over aliases."""
    spellings: dict[str, str] = {}
    for strings in (
        lambda term: [term.value],
        lambda term: [term.label_fr, term.label_en],
        lambda term: term.aliases,
    ):
        for term in vocabulary(name):
            for spelling in strings(term):
                spellings.setdefault(fold(spelling), term.value)
    return spellings


def parse_term(text: str, name: str) -> str | None:
    """Return the stored value that `text` means in a vocabulary, or ``None``.

    Examples
    --------
    >>> parse_term("  chantier d’insertion ", "structure_kind")
    'ACI'
    """
    return _spellings(name).get(fold(text))


def label(value: str | None, name: str, lang: str = "fr") -> str:
    """Return the label of a stored value; a value that is no term is returned as it is, unknown as « »."""
    if value is None or value != value:
        return ""
    try:
        return vocabulary(name)(value).label(lang)
    except ValueError:
        return str(value)


def labels(name: str, lang: str = "fr") -> dict[str, str]:
    """Return stored value → label of a whole vocabulary, in its order."""
    return {term.value: term.label(lang) for term in vocabulary(name)}
