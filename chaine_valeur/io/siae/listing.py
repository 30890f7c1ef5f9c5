"""What a listing of insertion structures is once read: a frame with always the same columns, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

__all__ = ["FRAME_COLUMNS", "SiaeListing"]

#: Column of `SiaeListing.frame` → its dtype.
FRAME_COLUMNS = {
    "siae_id": "str", "name": "str", "brand": "str", "kind": "str", "is_siae": "boolean", "nature": "str",
    "siret": "str", "siret_valid": "boolean", "naf": "str", "postcode": "str", "commune_name": "str",
    "commune_as_written": "str", "commune_code": "str", "department": "str", "sectors": "str", "services": "str",
    "geo_range": "str", "geo_range_km": "float64", "latitude": "float64", "longitude": "float64",
    "insertion_headcount": "Int64", "permanent_headcount": "Int64", "insertion_fte": "float64",
    "turnover_eur": "float64", "active": "boolean", "sheet": "str", "row": "Int64",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SiaeListing:
    """A listing of insertion structures.

    Attributes
    ----------
    frame
        A row per row of the listing, in its order; see `read_siae` for the columns.
    problems
        What is wrong, to look at, or left out: ``code``, ``severity``, ``table``, ``sheet``, ``row``, ``column``,
        ``value``, ``message``, as `Filiere.problems` has them.
    left_out
        Headers of the columns that were not read: contact details, addresses, what nothing here needs.
    """

    frame: pd.DataFrame = field(repr=False)
    problems: pd.DataFrame = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        counts = self.frame["kind"].value_counts(dropna=True).sort_index(kind="stable")
        kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        unread = int(self.frame["kind"].isna().sum())
        told = [part for part in (kinds, f"{unread} of unknown kind" if unread else "") if part]
        return f"<SiaeListing: {len(self)} structures ({', '.join(told) or 'none'}), {len(self.problems)} problems>"
