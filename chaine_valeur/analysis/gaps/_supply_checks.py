"""Findings about supply that nothing uses, with its level named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...language import tr
from ...network import codes_of
from ...vocabulary import MarketKind, MarketLevel
from ..activities import identifiers
from ..findings import Finding
from ..flows.uses.used import supplies_by_level, used_of
from ..wording import quoted, sentences, tonnes
from ._build import gap_finding, joined_rows
from ._stakes import stakes_of
from ._wording import kind_of_quantity, listed
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["UNUSED_SHARE", "unused_resources"]

#: Share of a supply that has to be without use before it is told.
UNUSED_SHARE = 0.1


def unused_resources(
    f: Filiere, *, lang: str = "fr", unused_share: float = UNUSED_SHARE
) -> Iterator[Finding]:
    """Yield the materials of which a good part of the supply has no recorded use.

    Supply at the firmest level given (mobilized, else mobilizable, else raw) minus what actors send out of it
    beyond what they received. Told from `unused_share` of the supply on; where a flow has no quantity, or an
    actor may use its own supply, as an upper bound. Imports use none of it.
    """
    if not chain_of(f).has_flows:
        return
    for supply in supplies_by_level(f):  # a loop over materials
        (level, at), *others = supply.levels
        total = float(at["quantity_t_per_year"].sum())
        used = used_of(f, at)
        left = total - used.t
        if left <= unused_share * total:
            continue
        yield _unused(f, at, level, left, total, used.n_unknown, used.flows, others, lang)


def _links_of(f: Filiere, material: int, stages: np.ndarray) -> np.ndarray:
    """Return the expected passages that take a material on: its own, and those of any from where it is."""
    chain = chain_of(f)
    leaving = np.isin(chain.link_from, stages)
    if material < 0:
        return leaving
    return (chain.link_material == material) | (leaving & (chain.link_material < 0))


def _unused(
    f: Filiere,
    at: pd.DataFrame,
    level: str,
    left: float,
    total: float,
    unknown: int,
    flows: tuple[str, ...],
    others: list[tuple[str, pd.DataFrame]],
    lang: str,
) -> Finding:
    net, stakes = f.network, stakes_of(f)
    material, stage, actor = (_only(at[column]) for column in ("material_id", "stage_id", "actor_id"))
    name = f.materials.loc[material, "name"] if material else f.stages.loc[stage, "name"] if stage else ""
    fields = {
        "name": quoted(str(name), lang),
        "amount": tonnes(left, lang),
        "total": tonnes(total, lang),
        "what": kind_of_quantity(MarketKind.SUPPLY.value, level, lang),
    }
    head = (
        tr("{name}: up to {amount} of {what} without a recorded use, of {total}.", lang, **fields)
        if unknown
        else tr("{name}: {amount} of {what} without a recorded use, of {total}.", lang, **fields)
    )
    told = [_level(other, rows, lang) for other, rows in others]
    rest = tr("Other levels: {levels}.", lang, levels=listed(told, lang)) if told else ""
    places = codes_of(at["stage_id"].dropna(), net.stage_ids)
    links = _links_of(f, int(codes_of(at["material_id"], net.material_ids)[0]), places)
    jobs = stakes.jobs_at_stages(stakes.chain.link_to[links].tolist())
    rows = joined_rows({"markets": identifiers(at.index)}, {"flows": flows}, jobs.rows)
    severity = "low" if level == MarketLevel.RAW.value else "medium"
    about, message = {"stage_id": stage, "actor_id": actor, "material_id": material}, sentences(head, rest)
    return gap_finding(
        f, "unused_resource", severity, message, rows, jobs, about, quantity=left, n_unknown=unknown
    )


def _level(level: str, rows: pd.DataFrame, lang: str) -> str:
    amount = tonnes(float(rows["quantity_t_per_year"].sum()), lang)
    return f"{kind_of_quantity(MarketKind.SUPPLY.value, level, lang)} {amount}"


def _only(cells: pd.Series) -> str | None:
    """Return the one value of a column, or none where there are several or an unknown one."""
    return str(cells.iloc[0]) if cells.notna().all() and cells.nunique() == 1 else None
