"""The tables of a portfolio as sheets of a workbook, typed, for those who check and compare further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ...figures.multiples_data import mark_name
from ...language import N_, tr
from ...portfolio.adding import total_label
from ...portfolio.figured import indicator_name, unit_of
from ...portfolio.over_time import changes
from ...schema import unit_label
from ..opening import scope_text
from ..sheets import Sheet

if TYPE_CHECKING:
    from .view import View

__all__ = ["portfolio_sheets"]

#: Heads of the columns and their kinds; others bear their own name.
_HEADS: Mapping[str, tuple[str, str]] = {
    "filiere_code": (N_("Code"), "text"), "name": (N_("Name"), "text"), "territory_id": (N_("Territory"), "text"),
    "territory": (N_("Territory name"), "text"), "year": (N_("Year"), "year"), "source": (N_("File"), "text"),
    "n_actors": (N_("Actors"), "integer"), "n_flows": (N_("Flows"), "integer"),
    "n_set_aside": (N_("Rows set aside"), "integer"), "n_unknown": (N_("Unknown"), "integer"),
    "error": (N_("Kind"), "text"), "message": (N_("What was found, and what to do"), "long"),
    "item": (N_("Total"), "text"), "label": (N_("Total"), "text"), "scope": (N_("Perimeter"), "text"),
    "unit": (N_("Unit"), "text"), "value": (N_("Value"), "number"), "low": (N_("Low bound"), "number"),
    "high": (N_("High bound"), "number"), "single_sum": (N_("Sum of the filières"), "number"),
    "n_filieres": (N_("Filières"), "integer"), "n_counted": (N_("Counted"), "integer"),
    "n_duplicates": (N_("Said again, counted once"), "integer"), "n_by_hypothesis": (N_("By name only"), "integer"),
    "n_conflicts": (N_("Contradictions"), "integer"), "n_other_years": (N_("Of other years"), "integer"),
    "hypothesis_share": (N_("Estimates and hypotheses"), "share"), "indicator_id": (N_("Reference"), "text"),
    "indicator": (N_("Indicator"), "text"), "numerator": (N_("Numerator"), "number"),
    "denominator": (N_("Denominator"), "number"), "n": (N_("Filières"), "integer"), "n_known": (N_("Known"), "integer"),
    "minimum": (N_("Lowest"), "number"), "q1": (N_("First quartile"), "number"), "median": (N_("Median"), "number"),
    "q3": (N_("Third quartile"), "number"), "maximum": (N_("Highest"), "number"), "codes": (N_("Where"), "long"),
    "by": (N_("Taken as the same by"), "text"), "is_hypothesis": (N_("Hypothesis"), "text"),
    "conflicts": (N_("What the filières say differently"), "long"), "programme": (N_("Programme"), "text"),
    "table": (N_("Table"), "text"), "column": (N_("Column"), "text"), "siret": (N_("SIRET"), "text"),
    "commune_code": (N_("Commune code"), "text"), "stage": (N_("Stage"), "text"), "from_year": (N_("From year"), "year"),
    "to_year": (N_("To year"), "year"), "before": (N_("Before"), "number"), "after": (N_("After"), "number"),
    "delta": (N_("Difference"), "number"), "chain": (N_("Filière"), "text"),
}  # fmt: skip


def portfolio_sheets(view: View) -> Iterator[Sheet]:
    """Iterate over the sheets: filières, figures, totals, quartiles, stages, what is shared, changes, failures."""
    lang = view.lang
    yield _sheet(
        tr("Filières", lang),
        tr("One row per filière that was read.", lang),
        view.portfolio.entries.reset_index(),
        lang,
    )
    about = tr("The figures of each filière: an empty cell is unknown, not 0.", lang)
    yield _sheet(tr("Figures of the filières", lang), about, _named(view.figures, lang), lang)
    about = tr("Each thing once; less the value, the sum of the filières is what several of them say.", lang)
    yield _sheet(tr("Totals", lang), about, _totals(view.totals, lang), lang)
    yield _sheet(tr("Totals by territory", lang), about, _totals(view.territory_totals, lang), lang)
    if len(view.spread):
        about = tr("How each figure is spread over the filières.", lang)
        yield _sheet(tr("Quartiles", lang), about, _named(view.spread, lang), lang)
    about = tr("The state of each expected stage in each filière.", lang)
    yield _sheet(tr("Stages", lang), about, _stages(view, lang), lang)
    for name, about, frame in (
        (tr("Shared actors", lang), tr("Actors that stand in several filières.", lang),
         view.actors.drop(columns="actor_ids")),
        (tr("Shared groups", lang), tr("Groups that stand in several filières.", lang), view.groups),
        (tr("Programmes", lang), tr("What is said of whole programmes, once.", lang), view.programmes),
    ):  # fmt: skip
        if len(frame):
            yield _sheet(name, about, frame, lang)
    moved = changes(view.portfolio, figures=view.figures, lang=lang)
    if len(moved):
        about = tr("From one year to the next of the same filière and territory.", lang)
        yield _sheet(tr("Changes", lang), about, moved, lang)
    if len(view.portfolio.failures):
        yield _sheet(
            tr("Failures", lang), tr("What could not be read, and why.", lang), view.portfolio.failures, lang
        )


def _named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return figures with the names and units of their indicators."""
    names = {one: indicator_name(one, lang) for one in frame["indicator_id"].unique()}
    units = {one: unit_of(one) for one in names}
    found = frame.assign(indicator=frame["indicator_id"].map(names), unit=frame["indicator_id"].map(units))
    first = [name for name in ("filiere_code", "indicator_id", "indicator", "scope", "unit") if name in found]
    return found[[*first, *(name for name in frame if name not in first)]]


def _totals(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    return frame.assign(item=[total_label(one, lang) for one in frame["item"]])


def _stages(view: View, lang: str) -> pd.DataFrame:
    parts = []
    for name, chain in view.chains:
        cells = chain.cells.assign(chain=name, stage=chain.cells["stage"].map(chain.stages["name"]))
        parts.append(cells[["chain", "stage", "filiere_code", "state"]])
    if not parts:
        return pd.DataFrame(columns=["chain", "stage", "filiere_code", "state"])
    found = pd.concat(parts, ignore_index=True)
    return found.assign(state=[mark_name(one, lang) for one in found["state"]])


def _sheet(name: str, about: str, frame: pd.DataFrame, lang: str) -> Sheet:
    if "scope" in frame:
        frame = frame.assign(scope=[scope_text(one, lang) if one else "" for one in frame["scope"]])
    if "unit" in frame:
        frame = frame.assign(unit=[unit_label(one, lang) if one == one else "" for one in frame["unit"]])
    heads = [
        (tr(_HEADS[one][0], lang), _HEADS[one][1]) if one in _HEADS else (_head(one, lang), "text")
        for one in frame
    ]
    columns = [_cells(frame[one], lang) for one in frame]
    return Sheet(name, about, heads, list(zip(*columns, strict=True)))


def _head(column: str, lang: str) -> str:
    return {
        "state": tr("State", lang), "group_ids": tr("Identifiers", lang), "row_ids": tr("Identifiers", lang),
        "is_conflict": tr("Contradiction", lang), "change": tr("Change", lang), "apart": tr("Sure", lang),
        "relative": tr("Relative difference", lang), "from_code": tr("From", lang), "to_code": tr("To", lang),
        "unknown_before": tr("Unknown before", lang), "unknown_after": tr("Unknown after", lang),
        "n_unweighted": tr("Without a weight", lang),
    }.get(column, column)  # fmt: skip


def _cells(values: pd.Series, lang: str) -> list[object]:
    if str(values.dtype) in ("bool", "boolean"):
        yes, no = tr("yes", lang), tr("no", lang)
        return [None if pd.isna(one) else yes if one else no for one in values]
    if values.dtype.kind in "iuf" or str(values.dtype) == "Int64":
        return [None if pd.isna(one) else one for one in values.tolist()]
    return [None if pd.isna(one) else str(one) for one in values]
