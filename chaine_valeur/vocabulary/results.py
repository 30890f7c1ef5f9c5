"""Terms that describe money, results and what was heard."""

from __future__ import annotations

from .term import Term

__all__ = [
    "CostKind",
    "FundingPurpose",
    "FundingState",
    "ObservationKind",
    "OutcomeKind",
    "OutcomeUnit",
    "Public",
    "Scope",
    "Sex",
]


class CostKind(Term):
    """An item of the accounts of an actor; the last two are income."""

    PURCHASES = (
        "purchases",
        "Achats et services extérieurs",
        "Purchases and services",
        "achats|énergie|services|consommations intermédiaires",
    )
    WAGES = "wages", "Salaires et cotisations", "Wages", "salaires|personnel|masse salariale"
    TAXES = "taxes", "Impôts et taxes", "Taxes", "impôts|taxes"
    RENT = "rent", "Loyers", "Rent", "loyer|location"
    INTEREST = "interest", "Intérêts", "Interest", "frais financiers"
    DEPRECIATION = "depreciation", "Amortissements", "Depreciation", "amortissement|dotations"
    SALES = "sales", "Ventes hors filière", "Sales outside the filière", "ventes|autres produits"
    SUBSIDY = "subsidy", "Subventions d’exploitation", "Operating subsidies", "subvention|aides|soutien"

    @property
    def is_income(self) -> bool:
        """Whether the item is an income rather than a cost."""
        return self in (CostKind.SALES, CostKind.SUBSIDY)


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

    PROGRAMME = (
        "programme",
        "Programme, toutes filières",
        "Programme, all filières",
        "programme|toutes filières",
    )
    FILIERE = "filiere", "Cette filière", "This filière", "filière"
    STRUCTURE = "structure", "Une structure", "One structure", "structure|établissement"


class OutcomeKind(Term):
    """What a result is about."""

    INSERTION_JOBS = (
        "insertion_jobs",
        "Emplois d’insertion",
        "Insertion jobs",
        "emplois|postes|postes d’insertion",
    )
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


class Public(Term):
    """Who is taken on by insertion; one person may belong to several, so they are never added together."""

    RSA = "rsa", "Allocataires du RSA", "Receiving RSA", "brsa|bénéficiaires du rsa|allocataire du rsa"
    LONG_TERM = (
        "long_term_unemployed",
        "Demandeurs d’emploi de longue durée (DELD)",
        "Long-term unemployed",
        "deld|longue durée|demandeurs d’emploi de longue durée",
    )
    DISABLED = (
        "disabled",
        "Travailleurs handicapés (RQTH)",
        "Disabled workers (RQTH)",
        "rqth|travailleur handicapé",
    )
    PRIORITY_AREA = (
        "priority_area",
        "Habitants d’un quartier prioritaire (QPV)",
        "Living in a priority district (QPV)",
        "qpv|quartier prioritaire",
    )
    UNDER_26 = "under_26", "Moins de 26 ans", "Under 26", "jeunes|jeunes de moins de 26 ans"
    OVER_50 = "over_50", "50 ans et plus", "50 or older", "seniors|plus de 50 ans"
    NO_DIPLOMA = "no_diploma", "Sans diplôme", "No diploma", "niveau infra cap"
    OTHER = "other", "Autre public", "Others", "autres|autre"


class Sex(Term):
    """As declared."""

    WOMEN = "women", "Femmes", "Women", "femme|f|féminin"
    MEN = "men", "Hommes", "Men", "homme|h|m|masculin"


class ObservationKind(Term):
    """Whether what was heard holds the filière back or carries it."""

    BRAKE = "brake", "Frein", "Obstacle", "freins|difficulté|menace|faiblesse"
    LEVER = "lever", "Levier", "Lever", "leviers|opportunité|atout|force"
