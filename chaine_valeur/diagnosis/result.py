"""What a diagnostic is: findings, indicators, and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import UnknownNameError
from ..language import tr
from .computation import computation
from .explanation import Explanation, explanation
from .measured import Measured

if TYPE_CHECKING:
    from ..analysis.findings import Finding
    from ..filiere import Filiere

__all__ = ["CARRYING", "INDICATOR_COLUMNS", "Diagnosis", "Measured", "indicators_frame"]

#: Tables from which it is computed what the chain can carry and whether the figures add up: where some of their
#: figures are not told, the results would be those of another chain.
CARRYING = ("flows", "activities", "markets", "recipes", "constraints", "materials")
INDICATOR_COLUMNS = [
    "indicator_id", "name", "scope", "value", "low", "high", "unit", "numerator", "denominator", "n_rows",
    "n_unknown", "hypothesis_share", "note",
]  # fmt: skip
_NUMBERS = dict.fromkeys(("value", "low", "high", "numerator", "denominator", "hypothesis_share"), "float64")
_DTYPES = {name: "str" for name in INDICATOR_COLUMNS} | _NUMBERS | {"n_rows": "int64", "n_unknown": "int64"}


def indicators_frame(measured: Mapping[str, Measured], *, lang: str) -> pd.DataFrame:
    """Return one row per indicator, in the order in which they were asked for."""
    cells = {
        "indicator_id": list(measured),
        "name": [tr(one.indicator.name, lang) for one in measured.values()],
    }
    cells |= {
        name: [getattr(one.measure, name) for one in measured.values()]
        for name in INDICATOR_COLUMNS
        if name not in cells
    }
    return pd.DataFrame({name: pd.array(cells[name], dtype=_DTYPES[name]) for name in INDICATOR_COLUMNS})


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis:
    """The diagnostic of a filière; see `diagnose`.

    Attributes
    ----------
    filiere
        What was diagnosed.
    profile
        ``essential`` or ``expert``.
    lang
        Language of the findings, names and notes.
    measured
        Identifier → indicator and `Measure`, in order.
    found
        Identifier → `Finding`, in the order of `findings`.
    asked
        The checks and indicators that were run, as they were given to `diagnose`.
    audience
        For whom it was redacted (`chaine_valeur.redact`); empty: for nobody, it holds everything.
    removed
        What was taken away then: ``what``, ``table``, ``n``.
    classes
        Figures told in classes: ``table``, ``row``, ``column``, ``low``, ``high``, ``unit``.
    without
        Tables of which figures or rows were taken away: what would be computed from them is not what it is.
    """

    filiere: Filiere
    profile: str
    lang: str
    measured: Mapping[str, Measured]
    found: Mapping[str, Finding]
    _findings: pd.DataFrame
    _indicators: pd.DataFrame
    asked: Mapping[str, object] = field(default_factory=dict)
    audience: str = ""
    removed: pd.DataFrame = field(default_factory=pd.DataFrame)
    classes: pd.DataFrame = field(default_factory=pd.DataFrame)
    without: frozenset[str] = frozenset()

    def lacks(self, *tables: str) -> bool:
        """Return whether figures or rows of any of these tables were taken away for the audience."""
        return not self.without.isdisjoint(tables)

    @property
    def findings(self) -> pd.DataFrame:
        """What was found, by priority, then by what is at stake; always the same columns."""
        return self._findings.copy(deep=False)

    @property
    def indicators(self) -> pd.DataFrame:
        """The figures: `INDICATOR_COLUMNS`, one row each; NaN is unknown, and ``note`` says why."""
        return self._indicators.copy(deep=False)

    def explain(self, identifier: str, *, most: int | None = None) -> Explanation:
        """Return what an indicator or a finding rests on, row by row.

        Parameters
        ----------
        identifier
            An ``indicator_id`` or a ``finding_id``.
        most
            Word at most that many rows; by default all.

        Raises
        ------
        UnknownNameError
            Neither an indicator nor a finding of this diagnostic.
        """
        if identifier in self.measured:
            one = self.measured[identifier]
            return explanation(
                self.filiere,
                identifier,
                title=tr(one.indicator.name, self.lang),
                rows=one.measure.rows,
                hypothesis_share=one.measure.hypothesis_share,
                note=one.measure.note,
                most=most,
                lang=self.lang,
                computation=computation(self.filiere, one, lang=self.lang),
            )
        if identifier in self.found:
            found = self.found[identifier]
            return explanation(
                self.filiere,
                identifier,
                title=found.message,
                rows=found.rows,
                hypothesis_share=found.hypothesis_share,
                note="",
                most=most,
                lang=self.lang,
            )
        sentence = f"no indicator and no finding {identifier!r} in this diagnostic"
        raise UnknownNameError.of(sentence, identifier, [*self.measured, *self.found])

    def __repr__(self) -> str:
        counts = self._findings["severity"].value_counts()
        told = ", ".join(f"{counts[name]} {name}" for name in ("high", "medium", "low") if name in counts)
        return (
            f"<Diagnosis of {self.filiere.name!r} ({self.profile}): {len(self._indicators)} indicators, "
            f"{len(self._findings)} findings{f' ({told})' if told else ''}>"
        )

    def _repr_html_(self) -> str:
        from .showing import diagnosis_html

        return diagnosis_html(self)
