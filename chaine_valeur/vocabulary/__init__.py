"""The closed lists of terms: stored value, French and English label, other spellings that are understood.

A term *is* its stored value (``Role.SUPPLIER == "supplier"``), so tables hold plain text that joins with
public files, and a label is asked for only where somebody reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from ..errors import UnknownNameError
from ..text import fold
from .actors import ActorType, Pole, Role, Status, StructureKind
from .chain import (
    ConstraintRelation,
    ExpectedScale,
    MarketKind,
    MarketLevel,
    MaterialKind,
    ShareBase,
    Side,
    StageKind,
)
from .cooperation import CooperationKind, CooperationState, GroupKind, Intensity, LinkKind, TerritoryKind
from .evidence import Confidence, Confidentiality
from .findings import FindingKind
from .planning import ActionState, ChangeKind, NeedCause, OptionKind, Qualification
from .results import (
    CostKind,
    FundingPurpose,
    FundingState,
    ObservationKind,
    OutcomeKind,
    OutcomeUnit,
    Public,
    Scope,
    Sex,
)
from .term import Term

__all__ = [
    "VOCABULARIES",
    "ActionState",
    "ActorType",
    "ChangeKind",
    "Confidence",
    "Confidentiality",
    "ConstraintRelation",
    "CooperationKind",
    "CooperationState",
    "CostKind",
    "ExpectedScale",
    "FindingKind",
    "FundingPurpose",
    "FundingState",
    "GroupKind",
    "Intensity",
    "LinkKind",
    "MarketKind",
    "MarketLevel",
    "MaterialKind",
    "NeedCause",
    "ObservationKind",
    "OptionKind",
    "OutcomeKind",
    "OutcomeUnit",
    "Pole",
    "Public",
    "Qualification",
    "Role",
    "Scope",
    "Sex",
    "ShareBase",
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


def _snake(name: str) -> str:
    return "".join("_" + char.lower() if char.isupper() else char for char in name).lstrip("_")


#: Every vocabulary by the name that a schema CSV gives it (``actor_type`` for `ActorType`).
VOCABULARIES: dict[str, type[Term]] = {_snake(kind.__name__): kind for kind in Term.__subclasses__()}


def vocabulary(name: str) -> type[Term]:
    """Return the vocabulary of that name; unknown names raise `UnknownNameError` with the close ones."""
    try:
        return VOCABULARIES[name]
    except KeyError:
        raise UnknownNameError.of(f"no vocabulary {name!r}", name, VOCABULARIES) from None


@cache
def _spellings(name: str) -> dict[str, str]:
    """Every folded spelling of a vocabulary → stored value; stored values and labels win over aliases."""
    spellings: dict[str, str] = {}
    spelled: tuple[Callable[[Term], Iterable[str]], ...] = (
        lambda term: [term.value],
        lambda term: [term.label_fr, term.label_en],
        lambda term: term.aliases,
    )
    for strings in spelled:
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
    return labels(name, lang).get(str(value), str(value))


def labels(name: str, lang: str = "fr") -> dict[str, str]:
    """Return stored value → label of a whole vocabulary, in its order."""
    return {term.value: term.label(lang) for term in vocabulary(name)}
