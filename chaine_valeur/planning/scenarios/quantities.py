"""Tonnes added to flows, demands and supplies, or taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ...analysis.markets import FIRMEST
from ...errors import ArgumentError
from ...flow_stages import same_flow_groups
from ...language import quantity, tr
from ...quantities import factors
from ...schema import table, unit_label
from ...vocabulary import Confidence, MarketKind, MarketLevel, Status
from .drafts import unknown_remark

if TYPE_CHECKING:
    from .changes import Change
    from .drafts import Draft

__all__ = ["added_flow", "added_market", "not_negative"]

_T, _PAID = "quantity_t_per_year", "amount_eur_per_year"
#: Other ways to state the same tonnage, which no longer hold once it is another one.
_STATED_ELSE = ("natural_quantity_per_year", "share", "share_of")
_NEW_LEVEL = {
    MarketKind.DEMAND.value: MarketLevel.EXPRESSED.value,
    MarketKind.SUPPLY.value: MarketLevel.MOBILIZABLE.value,
}


def added_flow(draft: Draft, change: Change, source: str | None, target: str | None) -> None:
    """Add tonnes to a flow between two actors, in every row that declares it; else make one."""
    flows, more = draft.table("flows"), change.quantity_t_per_year
    same = (
        _is(flows["source"], source)
        & _is(flows["target"], target)
        & _is(flows["material_id"], change.material_id)
    )
    in_year = _of_year(flows["year"], draft.year_in("flows"))
    for column, stage in (("source_stage", change.stage_id), ("target_stage", change.to_stage_id)):
        if stage is not None:
            same &= flows[column].isna() | (flows[column] == stage)
    active = same & in_year & (flows["status"] == Status.ACTIVE.value)
    projected = same & in_year & flows["status"].isin([Status.PLANNED.value, Status.CANDIDATE.value])
    found = flows.index[active.to_numpy(bool, na_value=False)]
    if not len(found) and projected.any():  # the passage that was meant takes place
        key = flows.index[projected.to_numpy(bool, na_value=False)][0]
        draft.change("flows", key, "status", Status.ACTIVE.value)
        if more is not None:
            not_negative(draft, more, unit="t/year")
            _set_tonnes(draft, "flows", key, float(more))
        return
    if not len(found):
        if more is not None:
            not_negative(draft, more, unit="t/year")
        draft.add(
            "flows", source=source, target=target, source_stage=change.stage_id, target_stage=change.to_stage_id,
            material_id=change.material_id, year=draft.year_in("flows"), status=Status.ACTIVE.value,
            quantity_t_per_year=more,
        )  # fmt: skip
        return
    if more is None:
        return  # it passes already
    groups = same_flow_groups(flows)
    together = in_year & (groups == groups[found[0]]) & (flows["status"] == Status.ACTIVE.value)
    rows = _firmest_first(flows[together.to_numpy(bool, na_value=False)])
    tonnes = _tonnes(draft, rows).dropna()
    if tonnes.empty:
        draft.tell(unknown_remark([table("flows")[_T].label(draft.lang)], draft.lang))
    for place, (key, before) in enumerate(tonnes.items()):  # over the few declarations of one flow
        if place == 0:  # the one that counts; another may have said less
            not_negative(draft, before + more, before, unit="t/year")
        after = max(before + float(more), 0.0)
        _set_tonnes(draft, "flows", str(key), after)
        _freed(draft, str(key), after)


def _freed(draft: Draft, key: str, after: float) -> None:
    """Lift what was known of a flow today where the scenario goes beyond: it was knowledge, not physics."""
    flows = draft.table("flows")
    for column, beyond in (("min_t_per_year", after < flows.at[key, "min_t_per_year"]),
                           ("max_t_per_year", after > flows.at[key, "max_t_per_year"])):  # fmt: skip
        if beyond:
            draft.change("flows", key, column, float("nan"))


def added_market(draft: Draft, change: Change, actor: str | None, kind: str) -> None:
    """Add tonnes to the firmest row of a demand or a supply of which the quantity is known; else make one."""
    rows, more = draft.table("markets"), change.quantity_t_per_year
    same = (
        (rows["kind"] == kind) & _is(rows["material_id"], change.material_id) & _is(rows["actor_id"], actor)
    )
    same &= _of_year(rows["year"], draft.year_in("markets"))
    if change.stage_id is not None:
        same &= rows["stage_id"].isna() | (rows["stage_id"] == change.stage_id)
    found = rows[same.to_numpy(bool, na_value=False)]
    if found.empty:
        if more is not None:
            not_negative(draft, more, unit="t/year")
        draft.add(
            "markets", actor_id=actor, stage_id=change.stage_id, material_id=change.material_id, kind=kind,
            level=_NEW_LEVEL[kind], quantity_t_per_year=more, year=draft.year_in("markets"),
        )  # fmt: skip
        return
    if more is None:
        return  # it is asked for, or offered, already
    tonnes = _tonnes(draft, found).dropna()
    if tonnes.empty:
        draft.tell(unknown_remark([table("markets")[_T].label(draft.lang)], draft.lang))
        return
    levels = pd.Index(FIRMEST[kind]).get_indexer(found["level"].loc[tonnes.index])
    ranks = pd.Series(levels, index=tonnes.index).mask(lambda rank: rank < 0, len(FIRMEST[kind]))
    key = str(ranks.sort_values(kind="stable").index[0])
    not_negative(draft, tonnes[key] + more, tonnes[key], unit="t/year")
    _set_tonnes(draft, "markets", key, float(tonnes[key]) + float(more))


def not_negative(draft: Draft, after: float, before: float = 0.0, *, unit: str) -> None:
    """Complain of a change that takes off more than there is."""
    if after < 0:
        unit = unit_label(unit, draft.lang)
        told = tr(
            "{change} for {amount} that there are; take off less, or correct what is stated today", draft.lang,
            change=quantity(after - before, unit, draft.lang), amount=quantity(before, unit, draft.lang),
        )  # fmt: skip
        raise ArgumentError(draft.wrong(told))


def _set_tonnes(draft: Draft, name: str, key: str, value: float) -> None:
    """Set a tonnage; what is paid for it follows at the price of today."""
    rows = draft.table(name)
    before = float(_tonnes(draft, rows.loc[[key]]).iloc[0])
    draft.change(name, key, _T, value)
    if _PAID in rows and before > 0 and not pd.isna(rows.at[key, _PAID]):
        draft.change(name, key, _PAID, float(rows.at[key, _PAID]) * value / before)
    rows = draft.table(name)
    for column in _STATED_ELSE:
        if column in rows and not pd.isna(rows.at[key, column]):
            draft.change(name, key, column, pd.NA if column == "share_of" else float("nan"))


def _tonnes(draft: Draft, rows: pd.DataFrame) -> pd.Series:
    """Return the tonnes of rows, natural quantities converted, as `chaine_valeur.quantities.in_tonnes` does."""
    factor = rows["material_id"].map(factors(draft.table("materials"))).astype("float64")
    return rows[_T].where(rows[_T].notna(), rows["natural_quantity_per_year"] * factor)


def _firmest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return declarations of a flow, the one that counts first (as `Network` takes it)."""
    rank = pd.Index([one.value for one in Confidence]).get_indexer(rows["confidence"])
    order = pd.Series(rank, index=rows.index).mask(lambda rank: rank < 0, len(Confidence))
    return rows.loc[order.sort_values(kind="stable").index]


def _is(column: pd.Series, value: str | None) -> pd.Series:
    return column.isna() if value is None else (column == value)


def _of_year(years: pd.Series, year: int | None) -> pd.Series:
    return years.isna() | (years == year) if year is not None else years.notna() | years.isna()
