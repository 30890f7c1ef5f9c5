"""What a computation hands to the diagnosis: a value and all that makes it traceable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from ..columns import Rows
from ..provenance import hypothesis_share

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["NAN", "Measure", "ratio"]

NAN = float("nan")


def ratio(numerator: float, denominator: float) -> float:
    """Return numerator / denominator; NaN (unknown) over zero or over something unknown."""
    return numerator / denominator if denominator else NAN


@dataclass(frozen=True)
class Measure:
    """A figure with its bounds, its two terms, the rows that it rests on and what was left out.

    Attributes
    ----------
    value
        The figure; NaN is unknown.
    unit
        A unit of the schema (``share``, ``t/year``, ``FTE``, ``EUR/post``, ``count``…).
    low, high
        Bounds that the unknown leaves; NaN where there are none to give.
    numerator, denominator
        The two terms of a ratio; NaN where the figure is none.
    rows
        Table → identifiers of the rows that it rests on.
    n_unknown
        Cells or pairs that would have counted and are unknown.
    hypothesis_share
        Share of the value (of the rows, for counts and ratios) resting on estimates or hypotheses.
    scope
        Perimeter: ``filiere``, ``programme``, ``structure`` or ``territory``.
    note
        What a reader must know, in the language asked for.
    weighed
        Whether its terms are amounts (tonnes, euros, FTE, weights) and no cases, which are told as « 7 sur 12 ».
    """

    value: float
    unit: str
    low: float = NAN
    high: float = NAN
    numerator: float = NAN
    denominator: float = NAN
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    n_unknown: int = 0
    hypothesis_share: float = NAN
    scope: str = "filiere"
    note: str = ""
    weighed: bool = False

    @property
    def n_rows(self) -> int:
        """Number of rows that the figure rests on."""
        return sum(len(identifiers) for identifiers in self.rows.values())

    def resting_on(
        self, f: Filiere, rows: Mapping[str, Iterable[str]], *, values: Mapping[str, str] | None = None
    ) -> Self:
        """Return the measure with its rows and the share of hypotheses among them.

        Rows of a filière are best given as `chaine_valeur.columns.Rows`: nobody has to look for them then.
        """
        once: dict[str, Rows | tuple[str, ...]] = {
            name: given.each_once() if isinstance(given, Rows) else tuple(dict.fromkeys(given))
            for name, given in rows.items()
        }
        once = {name: given for name, given in once.items() if len(given)}
        kept = {name: given.names if isinstance(given, Rows) else given for name, given in once.items()}
        return replace(self, rows=kept, hypothesis_share=hypothesis_share(f, once, values=values))
