"""Flows as arrays: those that count, once each however often declared, and the stages that they join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..flow_stages import between_active, same_flow_numbers, stage_codes
from ..vocabulary import Confidence, Status
from .positions import NO_YEAR, whole_years
from .tables import Tables, filiere_of_rows, latest_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Flows", "Links", "idle_rows", "tonnes_of_rows", "years_of_quantities"]


@dataclass(frozen=True)
class Links:
    """The expected passages: from, to, of which material, required or not."""

    start: Codes
    end: Codes
    material: Codes
    required: Mask

    @classmethod
    def of(cls, tables: Tables) -> Links:
        """Return the expected passages of some tables."""
        return cls(
            start=tables.codes("stage_links", "stage_id"),
            end=tables.codes("stage_links", "to_stage_id"),
            material=tables.codes("stage_links", "material_id"),
            required=tables.column("stage_links", "required").to_numpy(bool, na_value=True),
        )


@dataclass(frozen=True)
class Flows:
    """Along the flows that count, and along their declarations: see `Core`."""

    row: Numbers
    source: Codes
    target: Codes
    source_stage: Codes
    target_stage: Codes
    material: Codes
    t: Values
    declared_row: Numbers
    declared_flow: Numbers

    @classmethod
    def of(cls, tables: Tables, *, active: Mask, years: Codes, links: Links) -> Flows:
        """Return the flows of some tables between actors that exist, in the year of each filière."""
        source, target = tables.codes("flows", "source"), tables.codes("flows", "target")
        material, quantity = tables.codes("flows", "material_id"), tonnes_of_rows(tables, "flows")
        use = tables.texts("flows", "status").among(Status.ACTIVE) & between_active(source, target, active)
        if (years != NO_YEAR).any():
            use &= _of_the_year(tables, years)
        rows = np.flatnonzero(use)
        same = tables.codes("flows", "same_flow_as")
        kept, spoken_of = _once_each(rows, same, tables, quantity)
        ends = stage_codes(
            ends=(source[kept], target[kept]),
            given=(tables.codes("flows", "source_stage")[kept], tables.codes("flows", "target_stage")[kept]),
            material=material[kept],
            held=(tables.codes("activities", "actor_id"), tables.codes("activities", "stage_id")),
            links=(links.start, links.end, links.material),
        )
        return cls(
            row=kept,
            source=source[kept],
            target=target[kept],
            source_stage=ends.source,
            target_stage=ends.target,
            material=material[kept],
            t=quantity[kept],
            declared_row=rows,
            declared_flow=spoken_of,
        )


def idle_rows(tables: Tables, *, years: Codes, declared: Numbers) -> Numbers:
    """Return the rows of flows of the year of each filière that do not count, for what they or their ends are.

    Parameters
    ----------
    declared
        The rows that count: another declaration of their flows is told by them.
    """
    groups = same_flow_numbers(tables.codes("flows", "same_flow_as"))
    use = _of_the_year(tables, years)
    use &= ~np.isin(groups, groups[declared])
    return np.flatnonzero(use)


def _of_the_year(tables: Tables, years: Codes) -> Mask:
    of_row, asked = whole_years(tables.column("flows", "year")), years[filiere_of_rows(tables, "flows")]
    return (of_row == NO_YEAR) | (asked == NO_YEAR) | (of_row == asked)


def years_of_quantities(tables: Tables) -> Codes:
    """Return, per filière, the year asked for, else the latest that its flows speak of, else `NO_YEAR`."""
    return latest_years(tables, "flows")


def tonnes_of_rows(tables: Tables, name: str) -> Values:
    """Return the tonnes of each row of flows or markets, else its natural quantity × the tonnes of a unit."""
    written = tables.column(name, "quantity_t_per_year").to_numpy(np.float64)
    natural = tables.column(name, "natural_quantity_per_year").to_numpy(np.float64)
    silent = np.isnan(written) & ~np.isnan(natural)
    if not silent.any():
        return written
    factor = tables.column("materials", "t_per_unit").to_numpy(np.float64)
    factor = np.where(np.isnan(factor) & tables.texts("materials", "unit").among("t"), 1.0, factor)
    known = np.append(factor, np.nan)  # −1, no material, looks at the last entry
    return np.where(silent, natural * known[tables.codes(name, "material_id")], written)


def _once_each(rows: Numbers, same_as: Codes, tables: Tables, quantity: Values) -> tuple[Numbers, Numbers]:
    """Return the row that stands for each flow, ascending, and which of those each declaration speaks of."""
    if (same_as < 0).all():  # every row is a flow of its own
        return rows, np.arange(len(rows))
    rank = tables.texts("flows", "confidence").ranks(Confidence)[rows]
    rank = np.where(rank < 0, len(Confidence), rank)
    silent = np.isnan(quantity[rows])  # a declaration without a quantity never hides one that has it
    groups = same_flow_numbers(same_as)[rows]
    order = np.lexsort((rows, rank, silent, groups))
    _, firsts, group = np.unique(groups[order], return_index=True, return_inverse=True)
    chosen = rows[order[firsts]]
    kept = np.sort(chosen)
    spoken_of = np.empty(len(rows), dtype=np.int64)
    spoken_of[order] = np.searchsorted(kept, chosen)[group]
    return kept, spoken_of
