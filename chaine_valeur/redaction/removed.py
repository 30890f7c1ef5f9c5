"""What was taken away from a diagnostic, counted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..language import N_

__all__ = ["REMOVALS", "REMOVED_COLUMNS", "removed_frame"]

REMOVED_COLUMNS = ["what", "table", "n"]
#: Kind of removal → what it is called.
REMOVALS = {
    "actors": N_("Actors told as “Confidential actor”"),
    "persons": N_("Natural persons told by a number"),
    "cells": N_("Figures that are not for this audience"),
    "classes": N_("of which told in classes, with the agreement of their source"),
    "few": N_("Head-counts of few people"),
    "texts": N_("Remarks in people’s own words"),
    "rows": N_("Rows"),
    "columns": N_("Columns added to the workbook"),
    "aside": N_("Rows set aside, of which only the place is told"),
    "indicators": N_("Indicators that rest on figures not told"),
    "findings": N_("Findings that name who is critical, or rest on figures not told"),
}


def removed_frame(counts: Mapping[tuple[str, str], int]) -> pd.DataFrame:
    """Return what was taken away: ``what`` (of `REMOVALS`), ``table`` (empty: of none), ``n``; none counts 0."""
    order = list(REMOVALS)
    rows = sorted(
        ((what, name, int(n)) for (what, name), n in counts.items() if n), key=lambda row: order.index(row[0])
    )
    return pd.DataFrame(rows, columns=REMOVED_COLUMNS).astype({"what": "str", "table": "str", "n": "int64"})
