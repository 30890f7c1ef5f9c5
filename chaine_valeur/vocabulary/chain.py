"""Terms that describe the chain: stages, materials, supplies and demands."""

from __future__ import annotations

from .term import Term

__all__ = [
    "ConstraintRelation",
    "ExpectedScale",
    "MarketKind",
    "MarketLevel",
    "MaterialKind",
    "ShareBase",
    "Side",
    "StageKind",
]


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
    CONTRACTED = (
        "contracted",
        "Débouché contractualisé",
        "Contracted demand",
        "contractualisé|contractualisée",
    )


class ConstraintRelation(Term):
    """How the two sides of a linear relation between flows compare."""

    EQUAL = "equal", "égal à", "equal to", "=|égal"
    AT_MOST = "at_most", "au plus", "at most", "<=|≤|max"
    AT_LEAST = "at_least", "au moins", "at least", ">=|≥|min"


class ShareBase(Term):
    """What the share of a flow is a share of."""

    SENT = (
        "sent",
        "Ce que la source fait sortir",
        "What the source sends",
        "sorties|sorties de la source|envoyé|envoie|sort|sortant|ce qui sort|ce qu’il fait sortir",
    )
    RECEIVED = (
        "received",
        "Ce que la source reçoit",
        "What the source receives",
        "entrées|entrées de la source|reçu|reçoit|entrant|ce qui entre|ce qu’il reçoit",
    )
    ARRIVING = (
        "arriving",
        "Ce que la destination reçoit",
        "What the target receives",
        "entrées de la destination|approvisionnement|destination|arrive|ce que reçoit la destination",
    )
