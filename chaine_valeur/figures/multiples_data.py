"""What the small multiples show: a panel per filière, its chain stage by stage, one figure; how figures are spread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from ..language import check_language, clauses, enumeration, number, tr, trn
from ..portfolio.comparison import quantiles
from ..portfolio.coverage import (
    COVERED,
    ELSEWHERE,
    HELD,
    MISSING,
    NOT_EXPECTED,
    ONE,
    OPTIONAL,
    UNKNOWN,
    WIDER,
    coverage_matrix,
)
from ..portfolio.figured import figures_of, indicator_name, told_values, unit_of, wanted_codes
from ..text import fold

if TYPE_CHECKING:
    from ..portfolio.portfolio import Portfolio

__all__ = ["SmallMultiplesData", "mark_name", "small_multiples_alt_text", "small_multiples_data"]

_PANELS = {
    "filiere_code": "str", "label": "str", "detail": "str", "chain": "int64", "value": "float64", "low": "float64",
    "high": "float64", "told": "str", "n_expected": "int64", "n_held": "int64", "n_missing": "int64",
    "n_unknown": "int64",
}  # fmt: skip
_MARKS = {"filiere_code": "str", "chain": "int64", "stage": "str", "number": "int64", "state": "str"}
_STAGES = {"chain": "int64", "chain_name": "str", "number": "int64", "stage": "str", "name": "str"}
_STRIPS = {
    "indicator_id": "str", "scope": "str", "name": "str", "unit": "str", "n": "int64", "n_known": "int64",
    "n_unknown": "int64", "minimum": "float64", "q1": "float64", "median": "float64", "q3": "float64",
    "maximum": "float64", "from_value": "float64", "to_value": "float64",
}  # fmt: skip
_DOTS = {"indicator_id": "str", "scope": "str", "filiere_code": "str", "value": "float64"}


@dataclass(frozen=True)
class SmallMultiplesData:
    """What the small multiples show, as frames.

    Attributes
    ----------
    panels
        A row per filière shown, in the order of the figure: ``filiere_code``, ``label`` and ``detail`` (its two lines),
        ``chain`` (which expected chain it has), ``value``, ``low``, ``high``, ``told`` (of `indicator`), ``n_expected``
        stages, of which ``n_held`` by anybody in the territory, ``n_missing``, ``n_unknown``.
    marks
        A row per stage that a filière shown expects, or that others of its chain do: ``filiere_code``, ``chain``,
        ``stage``, ``number`` (from 1), ``state`` (see `chaine_valeur.portfolio.coverage.STATES`).
    stages
        The stages of each chain: ``chain``, ``chain_name``, ``number``, ``stage``, ``name``.
    strips
        A row per indicator and perimeter: ``indicator_id``, ``scope``, ``name``, ``unit``, ``n``, ``n_known``,
        ``n_unknown``, ``minimum``, ``q1``, ``median``, ``q3``, ``maximum``, and the ends of its scale, ``from_value``
        and ``to_value``.
    dots
        A row per known figure of all filières, shown or not: ``indicator_id``, ``scope``, ``filiere_code``, ``value``.
    indicator
        That of the panels.
    n_before, n_after
        Filières that stand on the pages before and after this one.
    with_strips
        Whether the spread is drawn: on the first page.
    """

    panels: pd.DataFrame
    marks: pd.DataFrame
    stages: pd.DataFrame
    strips: pd.DataFrame
    dots: pd.DataFrame
    indicator: str
    n_before: int = 0
    n_after: int = 0
    with_strips: bool = True


def small_multiples_data(
    portfolio: Portfolio,
    *,
    indicator: str = "A1",
    others: Iterable[str] = (),
    codes: Iterable[str] | None = None,
    order: str = "name",
    most: int = 40,
    page: int = 1,
    all_years: bool = False,
    figures: pd.DataFrame | None = None,
    lang: str = "fr",
) -> SmallMultiplesData:
    """Return what the small multiples show.

    Parameters
    ----------
    portfolio
        The filières.
    indicator
        The figure of the panels.
    others
        Further indicators of which the spread is shown above them.
    codes
        Filières to show; by default all. The spread is that of all in any case.
    order
        ``"name"`` (of the territory, then of the filière), or ``"value"``: the highest first, the unknown last.
    most, page
        Filières on a page, and which page.
    all_years
        Whether every entry is shown; by default the latest year of each filière in each territory.
    figures
        As `Portfolio.figures` returns them, if they are at hand; by default they are computed.
    lang
        Language of what is told.

    Raises
    ------
    ArgumentError
        An unknown `order`, `most` or `page` under 1.
    UnknownNameError
        An indicator, or a code, that the portfolio does not have.
    """
    check_language(lang)
    if order not in ("name", "value"):
        raise ArgumentError(f"order={order!r}: 'name' or 'value'")
    for name, given in (("most", most), ("page", page)):
        if given < 1:
            raise ArgumentError(f"{name}={given!r}: from 1 on")
    frame = portfolio.figures() if figures is None and len(portfolio.codes) else figures
    strips, dots = _spread(portfolio, [indicator, *others], frame, all_years, lang)
    panels = _panels(portfolio, indicator, frame, codes, all_years, lang)
    panels = _ordered(panels, order)
    first = (page - 1) * most
    shown = panels.iloc[first : first + most].reset_index(drop=True)
    marks, stages = _chains(portfolio, shown)
    return SmallMultiplesData(
        _counted(shown, marks).astype(_PANELS),
        marks,
        stages,
        strips,
        dots,
        indicator,
        n_before=min(first, len(panels)),
        n_after=max(len(panels) - first - most, 0),
        with_strips=page == 1,
    )


def _panels(
    portfolio: Portfolio,
    indicator: str,
    frame: pd.DataFrame | None,
    codes: Iterable[str] | None,
    all_years: bool,
    lang: str,
) -> pd.DataFrame:
    entries = portfolio.entries
    if frame is None:
        return pd.DataFrame(columns=[*_PANELS]).astype(_PANELS)
    kept = wanted_codes(portfolio, all_years)
    asked = entries.index[kept] if codes is None else entries.index[entries.index.isin(list(codes))]
    found = figures_of(portfolio, indicator, frame).loc[asked]
    rows = entries.loc[asked]
    territory = rows["territory"].fillna(rows["territory_id"])
    code = pd.Series(rows.index.astype("str"), index=rows.index)
    names = rows["name"].map(fold, na_action="ignore")
    one_chain = names.nunique(dropna=False) <= 1
    label = territory.fillna(rows["name"]).fillna(code)
    detail = pd.Series("", index=rows.index) if one_chain else rows["name"].fillna("")
    if not one_chain and territory.isna().all():
        label, detail = rows["name"].fillna(code), pd.Series("", index=rows.index)
    detail = detail.where(detail != label, "")
    year = rows["year"].map(str, na_action="ignore").astype("str").fillna("")
    twice = pd.DataFrame({"label": label, "detail": detail}).duplicated(keep=False)
    own = year.where(year.ne("") & ~pd.DataFrame([label, detail, year]).T.duplicated(keep=False), code)
    detail = detail.where(
        ~twice, [" · ".join(part for part in pair if part) for pair in zip(detail, own, strict=True)]
    )
    chain = pd.factorize(names, use_na_sentinel=False)[0]
    return pd.DataFrame(
        {
            "filiere_code": code.to_numpy(), "label": label.to_numpy(), "detail": detail.to_numpy(), "chain": chain,
            "value": found["value"].to_numpy(), "low": found["low"].to_numpy(), "high": found["high"].to_numpy(),
            "told": told_values(indicator, found, lang=lang),
        }
    )  # fmt: skip


def _ordered(panels: pd.DataFrame, order: str) -> pd.DataFrame:
    named = pd.DataFrame({"label": panels["label"].map(_natural), "detail": panels["detail"].map(_natural)})
    if order == "value":
        named.insert(0, "value", -panels["value"])
    return panels.loc[named.sort_values(list(named), kind="stable", na_position="last").index]


def _natural(text: str) -> str:
    """Return a text by which names are sorted as people do: « n° 2 » before « n° 10 »."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), fold(text))


def _chains(portfolio: Portfolio, shown: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the marks of the panels and the stages of their chains."""
    marks, stages = [], []
    names = portfolio.entries["name"]
    for chain, part in shown.groupby("chain", sort=False):  # over expected chains
        found = coverage_matrix(portfolio, codes=part["filiere_code"])
        named = found.stages.reset_index()[["stage", "name"]]
        named["number"] = np.arange(1, len(named) + 1)
        called = names[part["filiere_code"].iloc[0]]
        stages.append(named.assign(chain=chain, chain_name="" if pd.isna(called) else str(called)))
        states = found.states.rename_axis(columns=None).reset_index()
        states = states.melt("stage", var_name="filiere_code", value_name="state")
        marks.append(states.merge(named[["stage", "number"]], on="stage").assign(chain=chain))
    if not stages:
        return (pd.DataFrame(columns=list(kinds)).astype(kinds) for kinds in (_MARKS, _STAGES))  # type: ignore[return-value]
    return (
        pd.concat(marks, ignore_index=True)[list(_MARKS)].astype(_MARKS),
        pd.concat(stages, ignore_index=True)[list(_STAGES)].astype(_STAGES),
    )


def _counted(shown: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    def count(states: Sequence[str]) -> pd.Series:
        found = marks[marks["state"].isin(states)].groupby("filiere_code").size()
        return shown["filiere_code"].map(found).fillna(0)

    expected = [state for state in marks["state"].unique() if state != NOT_EXPECTED]
    return shown.assign(
        n_expected=count(expected),
        n_held=count((HELD, ONE)),
        n_missing=count((MISSING,)),
        n_unknown=count((UNKNOWN,)),
    )[list(_PANELS)]


def _spread(
    portfolio: Portfolio, indicators: Sequence[str], frame: pd.DataFrame | None, all_years: bool, lang: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if frame is None:
        return pd.DataFrame(columns=list(_STRIPS)).astype(_STRIPS), pd.DataFrame(columns=list(_DOTS)).astype(
            _DOTS
        )
    wanted = list(dict.fromkeys(indicators))
    found = quantiles(portfolio, wanted, all_years=all_years, figures=frame)
    found = found[found["n_known"].gt(0) | ~found["indicator_id"].duplicated(keep=False)]
    found = found.assign(
        name=[indicator_name(one, lang) for one in found["indicator_id"]],
        unit=[unit_of(one) for one in found["indicator_id"]],
    )
    kept = wanted_codes(portfolio, all_years)
    parts = []
    for one in wanted:
        own = figures_of(portfolio, one, frame)[kept]
        parts.append(own[["scope", "value"]].dropna().reset_index().assign(indicator_id=one))
    dots = pd.concat(parts, ignore_index=True)[list(_DOTS)].astype(_DOTS)
    low, high = found["minimum"].fillna(0.0).clip(upper=0.0), found["maximum"].fillna(1.0)
    share = found["unit"].eq("share").to_numpy(bool)
    high = high.where(~share, high.clip(lower=1.0))
    found = found.assign(from_value=low, to_value=high.where(high > low, low + 1.0))
    return found[list(_STRIPS)].astype(_STRIPS).reset_index(drop=True), dots


# -- words ------------------------------------------------------------------------------------------------


def mark_name(state: str, lang: str) -> str:
    """Return what a mark means, for the legend."""
    return {
        HELD: tr("held by several actors", lang),
        ONE: tr("rests on a single actor, to be secured", lang),
        ELSEWHERE: tr("held elsewhere only", lang),
        MISSING: tr("missing (expected here, held by nobody)", lang),
        UNKNOWN: tr("held, nobody knows whether here", lang),
        WIDER: tr("expected at a wider scale", lang),
        COVERED: tr("covered by an alternative stage", lang),
        OPTIONAL: tr("optional, held by nobody", lang),
        NOT_EXPECTED: tr("not expected there", lang),
    }[state]


def small_multiples_alt_text(data: SmallMultiplesData, lang: str = "fr") -> str:
    """Return the small multiples in words: how each figure is spread, what each filière holds and lacks.

    Parameters
    ----------
    data
        The frames behind the figure (`small_multiples_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    if data.panels.empty:
        return tr("There is no filière to compare.", lang)
    parts = [_spread_text(row, lang) for row in data.strips.to_dict("records")]
    names = data.stages.set_index(["chain", "stage"])["name"]
    for panel in data.panels.to_dict("records"):
        mine = data.marks[data.marks["filiere_code"] == panel["filiere_code"]]
        gaps = [str(names[panel["chain"], stage]) for stage in mine.loc[mine["state"] == MISSING, "stage"]]
        held = trn("{part} of {count} stage held", "{part} of {count} stages held", panel["n_expected"], lang,
                   part=number(panel["n_held"], lang))  # fmt: skip
        told = [held if panel["n_expected"] else tr("no expected chain", lang)]
        if gaps:
            told.append(tr("missing: {stages}", lang, stages=enumeration(gaps, lang)))
        told.append(panel["told"])
        heading = ", ".join(part for part in (panel["label"], panel["detail"]) if part)
        parts.append(tr("{heading}: {content}.", lang, heading=heading, content=clauses(told, lang)))
    if data.n_before or data.n_after:
        parts.append(others_text(data, lang))
    return " ".join(parts)


def others_text(data: SmallMultiplesData, lang: str) -> str:
    """Return how many filières are not on this page: « et 12 autres »."""
    count = data.n_before + data.n_after
    return trn("And {count} other, not shown here.", "And {count} others, not shown here.", count, lang)


def _spread_text(row: dict[str, object], lang: str) -> str:
    from .strip import told_value

    unknown = trn("{count} unknown", "{count} unknown", int(str(row["n_unknown"])), lang)
    if not row["n_known"]:
        return tr("{heading}: {content}.", lang, heading=row["name"], content=unknown)
    told = tr(
        "median {median}, half of them from {q1} to {q3}", lang,
        **{name: told_value(float(str(row[name])), str(row["unit"]), lang) for name in ("median", "q1", "q3")},
    )  # fmt: skip
    known = trn("{count} known", "{count} known", int(str(row["n_known"])), lang)
    content = clauses([told, known, unknown if row["n_unknown"] else ""], lang)
    return tr("{heading}: {content}.", lang, heading=row["name"], content=content)
