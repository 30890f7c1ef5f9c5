"""Tonnes added to flows, demands and supplies, or taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ...analysis.markets import FIRMEST
from ...errors import ArgumentError
from ...flow_stages import same_flow_groups
from ...language import quantity
from ...schema import unit_label
from ...vocabulary import MarketKind, MarketLevel, Status

if TYPE_CHECKING:
    from .changes import Change
    from .drafts import Draft

__all__ = ["added_flow", "added_market"]

_NEW_LEVEL = {
    MarketKind.DEMAND.value: MarketLevel.EXPRESSED.value,
    MarketKind.SUPPLY.value: MarketLevel.MOBILIZABLE.value,
}


def added_flow(draft: Draft, change: Change, source: str | None, target: str | None) -> None:
    """Add tonnes to a flow between two actors, in every row that declares it; else make one."""
    flows = draft.table("flows")
    same = (
        _is(flows["source"], source)
        & _is(flows["target"], target)
        & _is(flows["material_id"], change.material_id)
    )
    same &= _of_year(draft, change, flows["year"])
    for column, stage in (("source_stage", change.stage_id), ("target_stage", change.to_stage_id)):
        if stage is not None:
            same &= flows[column].isna() | (flows[column] == stage)
    active = same & (flows["status"] == Status.ACTIVE.value)
    projected = same & flows["status"].isin([Status.PLANNED.value, Status.CANDIDATE.value])
    found = flows.index[active.to_numpy(bool, na_value=False)]
    if not len(found) and projected.any():  # the passage that was meant takes place
        key = flows.index[projected.to_numpy(bool, na_value=False)][0]
        draft.change("flows", key, "status", Status.ACTIVE.value)
        if change.quantity_t_per_year is not None:
            _positive(draft, float(change.quantity_t_per_year))
            draft.change("flows", key, "quantity_t_per_year", float(change.quantity_t_per_year))
        return
    if not len(found):
        if change.quantity_t_per_year is not None:
            _positive(draft, float(change.quantity_t_per_year))
        draft.add(
            "flows", source=source, target=target, source_stage=change.stage_id, target_stage=change.to_stage_id,
            material_id=change.material_id, year=change.year or draft.year, status=Status.ACTIVE.value,
            quantity_t_per_year=change.quantity_t_per_year,
        )  # fmt: skip
        return
    if change.quantity_t_per_year is None:
        return  # it passes already
    groups = same_flow_groups(flows)
    rows = flows.index[(groups == groups[found[0]]).to_numpy(bool)]
    for key in rows:  # over the few declarations of one flow
        before = float(flows.at[key, "quantity_t_per_year"])
        if before == before:  # unknown stays unknown
            after = before + float(change.quantity_t_per_year)
            _positive(draft, after, before)
            draft.change("flows", key, "quantity_t_per_year", after)
            _freed(draft, key, after)


def _freed(draft: Draft, key: str, after: float) -> None:
    """Lift what was known of a flow today where the scenario goes beyond: it was knowledge, not physics."""
    flows = draft.table("flows")
    for column, beyond in (("min_t_per_year", after < flows.at[key, "min_t_per_year"]),
                           ("max_t_per_year", after > flows.at[key, "max_t_per_year"])):  # fmt: skip
        if beyond:
            draft.change("flows", key, column, float("nan"))


def added_market(draft: Draft, change: Change, actor: str | None, kind: str) -> None:
    """Add tonnes to the firmest row of a demand or a supply of which the quantity is known; else make one."""
    rows = draft.table("markets")
    same = (
        (rows["kind"] == kind) & _is(rows["material_id"], change.material_id) & _is(rows["actor_id"], actor)
    )
    same &= _of_year(draft, change, rows["year"])
    if change.stage_id is not None:
        same &= rows["stage_id"].isna() | (rows["stage_id"] == change.stage_id)
    found = rows[same.to_numpy(bool, na_value=False)]
    known = found[found["quantity_t_per_year"].notna()]
    more = change.quantity_t_per_year
    if len(known) and more is not None:
        order = pd.Index(FIRMEST[kind]).get_indexer(known["level"])
        ranked = known.assign(order=[len(FIRMEST[kind]) if one < 0 else one for one in order])
        key = ranked.sort_values("order", kind="stable").index[0]
        before = float(rows.at[key, "quantity_t_per_year"])
        _positive(draft, before + float(more), before)
        draft.change("markets", key, "quantity_t_per_year", before + float(more))
        return
    if len(found) and (more is None or not len(known)):
        return  # what is asked is unknown, and stays so whatever is added to it
    if more is not None:
        _positive(draft, float(more))
    draft.add(
        "markets", actor_id=actor, stage_id=change.stage_id, material_id=change.material_id, kind=kind,
        level=_NEW_LEVEL[kind], quantity_t_per_year=more, year=change.year or draft.year,
    )  # fmt: skip


def _is(column: pd.Series, value: str | None) -> pd.Series:
    return column.isna() if value is None else (column == value)


def _of_year(draft: Draft, change: Change, years: pd.Series) -> pd.Series:
    year = change.year or draft.year
    return years.isna() | (years == year) if year is not None else years.notna() | years.isna()


def _positive(draft: Draft, after: float, before: float = 0.0) -> None:
    if after < 0:
        unit = unit_label("t/year", draft.lang)
        raise ArgumentError(
            f"{draft.where}: {quantity(after - before, unit, draft.lang)} for {quantity(before, unit, draft.lang)} "
            "that there are; take off less, or correct what is stated today"
        )
