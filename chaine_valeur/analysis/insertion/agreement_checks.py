"""Agreed posts that were not all worked: funded already, they are the first to be filled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ...language import percent, quantity, tr
from ...provenance import hypothesis_share
from ...schema import unit_label
from ..findings import Finding
from ._agreements import agreements_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["agreements_to_fill"]

#: Told below this use of an agreement, and from this many FTE left to fill on.
LEAST_USE = 0.9
LEAST_FTE = 0.5


def agreements_to_fill(
    f: Filiere, *, lang: str = "fr", least_use: float = LEAST_USE, least_fte: float = LEAST_FTE
) -> Iterator[Finding]:
    """Yield the structures of which agreed posts are left to fill, the most posts first.

    Parameters
    ----------
    least_use
        From this use of its agreements (FTE worked over FTE agreed) on, nothing is said of a structure.
    least_fte
        Nor under so many FTE left to fill.
    """
    found = agreements_of(f)
    if not len(found.rows):
        return
    rows = pd.DataFrame({"actor": found.rows.frame["actor_id"], "done": found.done, "agreed": found.agreed})
    both = rows[["done", "agreed"]].notna().all(axis=1).to_numpy(bool)
    sums = rows[both].groupby("actor", sort=False)[["done", "agreed"]].sum()
    unknown = rows[~both].groupby("actor", sort=False).size().reindex(sums.index, fill_value=0)
    gap = sums["agreed"] - sums["done"]
    told = gap[(sums["done"] < least_use * sums["agreed"]) & (gap >= least_fte)]
    of_actor = rows[both].groupby("actor", sort=False).groups
    for actor in told.sort_values(ascending=False, kind="stable").index:  # structures with posts to fill
        kept = {"agreements": tuple(map(str, of_actor[actor]))}
        yield Finding(
            kind="agreement_underused",
            severity="low",
            message=_message(f, str(actor), sums.loc[actor], found.year, lang, least_use),
            actor_id=str(actor),
            year=found.year,
            quantity=float(gap[actor]),
            unit="FTE",
            jobs_at_stake_fte=float(gap[actor]),
            n_unknown=int(unknown[actor]),
            hypothesis_share=hypothesis_share(f, kept),
            rows=kept,
        )


def _message(f: Filiere, actor: str, terms: pd.Series, year: int | None, lang: str, least_use: float) -> str:
    done, agreed = float(terms["done"]), float(terms["agreed"])
    fte = unit_label("FTE", lang)
    fields = {
        "name": str(f.actors["name"].get(actor, actor)),
        "left": quantity(agreed - done, fte, lang),
        "done": quantity(done, fte, lang),
        "agreed": quantity(agreed, fte, lang),
        "share": percent(done / agreed, lang),
        "least": percent(least_use, lang),
    }
    if year is None:
        return tr(
            "Insertion posts to fill at {name}: {left} agreed and funded are open ({done} worked for {agreed}, "
            "{share}; told below {least}).",
            lang,
            **fields,
        )
    return tr(
        "Insertion posts to fill at {name}: {left} agreed and funded for {year} were open ({done} worked for "
        "{agreed}, {share}; told below {least}).",
        lang,
        year=year,
        **fields,
    )
