"""Several scenarios against today: one table of figures, sentences for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from ...diagnosis import Diagnosis, diagnose
from ...differences import Comparison, compare
from ...language import check_language, tr
from .applying import apply
from .changes import Scenario, scenarios_of
from .wording import describe

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["Comparisons", "compare_scenarios"]


@dataclass(frozen=True, eq=False, repr=False)
class Comparisons:
    """Scenarios against today.

    Attributes
    ----------
    scenarios, found
        Name → `Scenario`, and → its `chaine_valeur.compare` with today.
    described
        Name → what it changes, in sentences.
    """

    scenarios: Mapping[str, Scenario]
    found: Mapping[str, Comparison]
    described: Mapping[str, tuple[str, ...]]
    lang: str = field(default="fr")

    @property
    def table(self) -> pd.DataFrame:
        """Figures that some scenario changes: a row per indicator, a column per scenario, ``today`` first.

        Returns
        -------
        pandas.DataFrame
            Per ``indicator_id``: ``name``, ``scope``, ``unit``, ``today``, then the value in each scenario, in the
            unit of the indicator; NaN is unknown.
        """
        columns: dict[str, pd.Series] = {}
        moved: set[tuple[str, str]] = set()
        head = pd.DataFrame()
        for name, one in self.found.items():
            frame = one.indicators.set_index(["indicator_id", "scope"])
            if head.empty:
                head = frame[["name", "unit"]].assign(today=frame["before"])
            columns[name] = frame["after"]
            moved |= set(frame.index[~frame["change"].isin(["same", "unknown"])])
        if head.empty:
            return pd.DataFrame(
                columns=["name", "scope", "unit", "today"], index=pd.Index([], name="indicator_id")
            )
        told = head.assign(**columns)
        told = told[[key in moved for key in told.index]].reset_index("scope")
        return told[["name", "scope", "unit", "today", *columns]]

    @property
    def findings(self) -> pd.DataFrame:
        """Findings that go or come: ``scenario``, then the columns of `Comparison.findings`."""
        parts = [
            one.findings[one.findings["change"] != "same"].assign(scenario=name)
            for name, one in self.found.items()
        ]
        if not parts:
            return pd.DataFrame(columns=["scenario"])
        joined = pd.concat(parts, ignore_index=True)
        return joined[["scenario", *(column for column in joined if column != "scenario")]]

    def sentences(self, name: str, *, most: int | None = None) -> list[str]:
        """Return what one scenario would change, in plain sentences."""
        return self.found[name].sentences(most=most)

    def __repr__(self) -> str:
        return "\n".join([f"<{len(self.found)} scenarios>", *(f"  {one!r}" for one in self.found.values())])

    def _repr_html_(self) -> str:
        return "".join(
            f"<h4>{escape(name)}</h4><p>{escape(' '.join(self.described[name]))}</p>"
            f"{one._repr_html_()}" for name, one in self.found.items()
        )  # fmt: skip


def compare_scenarios(
    f: Filiere,
    scenarios: Iterable[Scenario] | Mapping[str, Scenario] | None = None,
    *,
    profile: str = "essential",
    year: int | None = None,
    today: Diagnosis | None = None,
    lang: str = "fr",
) -> Comparisons:
    """Return what scenarios would change, each against the same diagnosis of today.

    Parameters
    ----------
    scenarios
        By default those of the table of the filière.
    profile
        Figures to compare: ``essential`` or ``expert``.
    year
        Year of the figures changed, where a change states none.
    today
        The diagnosis of `f`, where there is one already: its figures are compared then, whatever the profile.

    Raises
    ------
    MissingTableError
        No scenario.
    UnknownNameError, ArgumentError
        A change that cannot be applied; nothing is compared then.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> found = compare_scenarios(datasets.load("exemple_complet").at(2024))
    >>> list(found.found)[-1], bool(len(found.table))
    ('La papeterie s’arrête', True)
    """
    check_language(lang)
    wanted = scenarios_of(f) if scenarios is None else scenarios
    listed = list(wanted.values()) if isinstance(wanted, Mapping) else list(wanted)
    after = {one.name: apply(f, one, year=year, lang=lang) for one in listed}
    own = diagnose(f, profile=profile, lang=lang) if today is None else today
    return Comparisons(
        scenarios={one.name: one for one in listed},
        found={
            name: compare(own, changed, names=(tr("today", lang), name), lang=lang)
            for name, changed in after.items()
        },
        described={one.name: tuple(describe(one, f, lang=lang)) for one in listed},
        lang=lang,
    )
