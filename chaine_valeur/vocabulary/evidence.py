"""Terms that say how firm a figure is and who may read it."""

from __future__ import annotations

from .term import Term

__all__ = ["Confidence", "Confidentiality"]


class Confidence(Term):
    """How firm a figure is, firmest first; the last two count in ``hypothesis_share``."""

    MEASURED = "measured", "Mesuré", "Measured", "mesurée|pesé|comptabilité"
    DECLARED = "declared", "Déclaré", "Declared", "déclarée|entretien"
    ESTIMATED = "estimated", "Estimé", "Estimated", "estimée|estimation"
    HYPOTHESIS = "hypothesis", "Hypothèse", "Hypothesis", "supposé|à confirmer"

    @property
    def is_soft(self) -> bool:
        """Whether a figure of that firmness counts in ``hypothesis_share``."""
        return self in (Confidence.ESTIMATED, Confidence.HYPOTHESIS)


class Confidentiality(Term):
    """Who may read a row."""

    PUBLIC = "public", "Public", "Public", "publique|non"
    PARTNERS = "partners", "Partenaires", "Partners", "partenaire|groupe de travail"
    INTERNAL = "internal", "Interne", "Internal", "équipe"
    CONFIDENTIAL = "confidential", "Confidentiel", "Confidential", "confidentielle|secret|oui"
