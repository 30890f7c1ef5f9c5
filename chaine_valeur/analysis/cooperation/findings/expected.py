"""Cooperations that one would expect and does not see, and what would mend it: checks that return findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ....language import number, percent, quantity, tr, trn
from ....provenance import hypothesis_share
from ....schema import unit_label
from ....vocabulary import GroupKind
from ...findings import Finding
from ..ties.layer import ties_of
from ..ties.rows import identifiers
from ..trade.expected import TradedPairs, expected_ties, traded_pairs
from .words import Groups, how_many_tied, or_none, pair, passage_named, to_ask_of, to_meet

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ....filiere import Filiere

__all__ = ["expected_ties_in_groups", "expected_ties_on_passages"]

_FLOWS = {"flows": "quantity_t_per_year"}


def expected_ties_in_groups(f: Filiere, *, lang: str = "fr", threshold: float = 0.5) -> Iterator[Finding]:
    """Find the groups, other than forums, whose members sit together without being known to work together.

    Parameters
    ----------
    threshold
        Share of pairs of members known to cooperate below which it is said.

    Yields
    ------
    Finding
        Kind ``expected_ties_group``: one per group, however many pairs.
    """
    groups, expected, ties = Groups(f), expected_ties(f), ties_of(f)
    # one row per group, in the order of the groups, comes first
    for row in _short_of(expected[expected["reason"] == "group"], threshold).itertuples():  # over groups
        if groups.kinds[row.Index] == GroupKind.FORUM:
            continue  # one meets at a forum, one does not work there
        told = _counts(row, lang) | {"group": groups.name(row.Index)}
        if row.unknown == row.pairs:
            message = trn(
                "{group}: {actors} actors sit there together, {documented} of the {count} pair "
                "documented. To be asked: who already works with whom.",
                "{group}: {actors} actors sit there together, {documented} of the {count} pairs "
                "documented. To be asked: who already works with whom.",
                row.pairs,
                lang,
                **told,
            )
        else:
            message = trn(
                "{group}, {count} pair of actors who sit there together: cooperation {told} (said below "
                "{threshold} known).",
                "{group}, {count} pairs of actors who sit there together: cooperation {told} (said below "
                "{threshold} known).",
                row.pairs,
                lang,
                threshold=percent(threshold, lang),
                **told,
            )
        members = groups.partners(row.Index, ties)
        mending = [message]
        if row.absent:
            mending.append(to_meet(f, ties, members, members, lang)[0])
        if row.unknown:
            mending.append(to_ask_of(f, ties, members, lang))
        yield groups.finding(row.Index, "expected_ties_group", "low", " ".join(mending), unknown=row.unknown)


def expected_ties_on_passages(f: Filiere, *, lang: str = "fr", threshold: float = 0.5) -> Iterator[Finding]:
    """Find the passages on which actors exchange material without being known to work together.

    Parameters
    ----------
    threshold
        Share of pairs of actors known to cooperate below which it is said.

    Yields
    ------
    Finding
        Kind ``expected_ties_passage``: one per passage, with the tonnes that pass between such pairs; the two
        actors named are those between which most pass.
    """
    expected = expected_ties(f)
    expected = expected[expected["reason"] == "passage"].reset_index(drop=True)
    if expected.empty:
        return
    ties = ties_of(f)
    traded = traded_pairs(f, ties)
    of_flow = traded.passage[traded.flow_pair]
    untied, first = ~traded.tied[traded.flow_pair], _largest_untied(traded, len(expected))
    for row in _short_of(expected, threshold).itertuples():  # over passages
        told = _counts(row, lang) | {"passage": passage_named(f, row.stage_id, row.to_stage_id, lang)}
        if row.pairs == 1:
            message = (
                tr("{passage}: to be asked, whether the two actors also work together.", lang, **told)
                if row.unknown
                else tr("{passage}: the two actors have no other known cooperation.", lang, **told)
            )
        elif row.unknown == row.pairs:
            message = tr(
                "{passage}: {documented} of the {pairs} pairs of actors documented. To be asked: who also "
                "works with whom.",
                lang,
                **told,
            )
        else:
            message = tr(
                "{passage}, {pairs} pairs of actors: another cooperation {told} (said below {threshold} known).",
                lang,
                threshold=percent(threshold, lang),
                **told,
            )
        if row.quantity_t_per_year > 0:
            tonnes = quantity(row.quantity_t_per_year, unit_label("t/year", lang), lang)
            message += " " + tr("Tonnage concerned: {tonnes}.", lang, tonnes=tonnes)
        place = int(first[row.Index])
        one, other = int(traded.a[place]), int(traded.b[place])
        told_pair = pair(f, ties, one, other, lang, plain=True)
        message += " " + (
            tr("To be asked first: {pair}.", lang, pair=told_pair)
            if traded.unknown[place]
            else tr(
                "To be proposed: an agreement or a joint action, to begin with {pair}.", lang, pair=told_pair
            )
        )
        flows = identifiers(f.flows.index[traded.flow_row[(of_flow == row.Index) & untied]])
        yield Finding(
            "expected_ties_passage",
            "low",
            message,
            stage_id=or_none(row.stage_id),
            to_stage_id=or_none(row.to_stage_id),
            actor_id=str(ties.nodes[one]) if row.pairs == 1 else None,
            to_actor_id=str(ties.nodes[other]) if row.pairs == 1 else None,
            quantity=row.quantity_t_per_year,
            unit="t/year" if row.quantity_t_per_year == row.quantity_t_per_year else "",
            n_unknown=row.unknown,
            hypothesis_share=hypothesis_share(f, {"flows": flows}, values=_FLOWS),
            rows={"flows": flows},
        )


def _largest_untied(traded: TradedPairs, count: int) -> NDArray[np.int64]:
    """Return, per passage, the pair not known to cooperate between which most passes; −1 if all are."""
    tonnes = np.bincount(traded.flow_pair, weights=np.nan_to_num(traded.flow_t), minlength=len(traded.a))
    untied = np.flatnonzero(~traded.tied)
    untied = untied[np.lexsort((-tonnes[untied], traded.passage[untied]))]
    found = np.full(count, -1, dtype=np.int64)
    found[traded.passage[untied][::-1]] = untied[::-1]  # written backwards: the largest of each wins
    return found


def _short_of(expected: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the rows in which less than that share of the pairs is known to cooperate."""
    return expected[(expected["pairs"] > 0) & (expected["tied"] < threshold * expected["pairs"])]


def _counts(row: Any, lang: str) -> dict[str, str]:
    return {
        "actors": number(row.actors, lang),
        "pairs": number(row.pairs, lang),
        "documented": number(row.pairs - row.unknown, lang),
        "told": how_many_tied(row.tied, row.absent, row.unknown, lang),
    }
