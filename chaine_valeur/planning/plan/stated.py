"""What the tables say of a plan beside its options and budgets: actions already begun, cells that nobody could read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...vocabulary import ActionState

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["BEGUN", "begun_in", "unread_of"]

#: States of actions that have been decided.
BEGUN = (ActionState.DECIDED.value, ActionState.UNDER_WAY.value, ActionState.DONE.value)


def unread_of(f: Filiere, *, given: list[str]) -> pd.DataFrame:
    """Return what could not be read of the tables that the plan takes from the filière."""
    tables = ["option_links", *(name for name in ("options", "budgets") if name not in given)]
    rows = f.problems
    return rows[rows["table"].isin(tables) & (rows["severity"] == "error")].reset_index(drop=True)


def begun_in(f: Filiere, options: pd.DataFrame, span: Sequence[int]) -> dict[str, int]:
    """Return the year in which a decided action begins an option that is already decided, within a plan."""
    rows = f.actions[f.actions["state"].isin(BEGUN) & f.actions["starts_on"].notna()]
    decided = set(options.index[options["mandatory"].fillna(False).to_numpy(bool)])
    first = rows[rows["option_id"].isin(decided)].groupby("option_id")["starts_on"].min()
    return {str(name): when.year for name, when in first.items() if when.year in span}
