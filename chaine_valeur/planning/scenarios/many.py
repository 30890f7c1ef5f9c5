"""Several scenarios against today: one table of figures, sentences for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from ...diagnosis import Diagnosis, diagnose
from ...differences import Comparison, compare, jobs_at_stages
from ...errors import ArgumentError
from ...language import check_language, tr
from .applying import apply
from .changes import Scenario, scenarios_of
from .wording import describe

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["Comparisons", "compare_scenarios"]

#: Columns beside those of the scenarios.
_HEAD = ["name", "scope", "unit", "today"]


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
            unit of the indicator; NaN is unknown. The first rows are ``insertion_fte`` and ``jobs_fte``, the insertion
            jobs and all jobs stated at the stages, where they change.
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
            return pd.DataFrame(columns=_HEAD, index=pd.Index([], name="indicator_id"))
        told = head.assign(**columns)
        told = told[[key in moved for key in told.index]].reset_index("scope")
        return pd.concat([self._jobs(), told[[*_HEAD, *columns]]])

    def _jobs(self) -> pd.DataFrame:
        """Return the rows of the insertion jobs, and of all jobs; without those that no scenario changes."""
        titles = {
            "insertion_fte": tr("Insertion jobs at the stages", self.lang),
            "jobs_fte": tr("Jobs at the stages, in all", self.lang),
        }
        rows, moved = [], []
        for column, title in titles.items():
            jobs = {name: jobs_at_stages(one.after, column) for name, one in self.found.items()}
            today = jobs_at_stages(next(iter(self.found.values())).before, column)
            rows.append({"name": title, "scope": "filiere", "unit": "FTE", "today": today, **jobs})
            differs = (value != today and not (value != value and today != today) for value in jobs.values())
            moved.append(any(differs))
        return pd.DataFrame(rows, index=pd.Index(list(titles), name="indicator_id", dtype="str"))[moved]

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
        A change that cannot be applied, or two scenarios of one name; nothing is compared then.

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
    _told_apart([one.name for one in listed])
    after = {one.name: apply(f, one, year=year, lang=lang) for one in listed}
    own = diagnose(f, profile=profile, lang=lang) if today is None else today
    return Comparisons(
        scenarios={one.name: one for one in listed},
        found={
            name: compare(own, changed, names=(tr("today", lang), name), lang=lang)
            for name, changed in after.items()
        },
        described={one.name: tuple(describe(one, f, year=year, lang=lang)) for one in listed},
        lang=lang,
    )


def _told_apart(names: list[str]) -> None:
    """Complain of scenarios that their names do not tell apart, from one another or from the figures beside them."""
    for place, name in enumerate(names):
        if name in names[:place] or name in _HEAD:
            raise ArgumentError(
                f"a scenario {name!r} cannot be told from another column: give it another name"
            )
