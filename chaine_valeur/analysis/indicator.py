"""An indicator as the diagnosis runs it: its name, its formula in words, the function that measures it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .measure import Measure

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..network import Core
    from .findings import Finding
    from .many import Many

__all__ = ["PROFILES", "Check", "Indicator"]

#: The dozen that come first, and the annex for those who know the measures.
PROFILES = ("essential", "expert")

#: A check: ``(f, *, lang) -> findings``.
Check = Callable[..., "Iterable[Finding]"]


@dataclass(frozen=True)
class Indicator:
    """One indicator; each room of the analysis lists its own in ``INDICATORS``.

    Texts are English message ids marked with `chaine_valeur.language.N_`; whoever shows them translates
    them with `chaine_valeur.language.tr`.

    Attributes
    ----------
    indicator_id
        Identifier of the reference list (``A1``, ``D5``…).
    name
        What it is called (message id).
    unit
        Unit of the value, one of the schema.
    compute
        ``compute(f, *, lang) -> Measure``.
    tables
        Tables that it reads; without rows in the first one there is nothing to measure.
    profile
        One of `PROFILES`.
    formula
        How it is computed, in plain words (message id), for the method section.
    reading
        How to read the figure (message id).
    weighed
        Whether the terms of a share are amounts (tonnes, euros, FTE, weights): it is told as a percentage, not as cases.
    counts
        Table whose rows its terms count, if they count rows of one; a term that equals another number of rows is chance.
    many
        ``many(core) -> Many``: the same figure of many filières in one pass, where there is such a function.
    """

    indicator_id: str
    name: str
    unit: str
    compute: Callable[..., Measure] = field(repr=False)
    tables: tuple[str, ...]
    profile: str
    formula: str
    reading: str
    weighed: bool = False
    counts: str = ""
    many: Callable[[Core], Many] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a profile that does not exist, so that no indicator is lost by a typing error."""
        if self.profile not in PROFILES:
            raise ValueError(f"profile={self.profile!r} is not one of {', '.join(PROFILES)}")

    def measure(self, f: Filiere, *, lang: str = "fr") -> Measure:
        """Return the measure for a filière, its notes in the language asked for."""
        measure = self.compute(f, lang=lang)
        return replace(measure, weighed=True) if self.weighed and isinstance(measure, Measure) else measure
