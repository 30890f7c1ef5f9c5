"""What the groups leave to be opened, named or asked: checks, each a function that returns findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ....language import enumeration, number, percent, quantity, tr, trn
from ....provenance import hypothesis_share, rests_on_hypothesis
from ....schema import unit_label
from ....vocabulary import GroupKind, label
from ...findings import Finding
from ..bodies.groups import group_table, members_of
from ..ties.layer import ties_of
from ..ties.rows import identifiers
from ..trade.expected import expected_ties, traded_pairs
from ..triptyques.triads import TRIPTYQUE

if TYPE_CHECKING:
    import pandas as pd

    from ....filiere import Filiere

__all__ = ["expected_ties_in_groups", "expected_ties_on_passages", "groups_without_pole",
           "groups_without_referent"]  # fmt: skip

#: Bodies that need neither the triptyque nor a referent for the programme to work.
_LOOSE = {GroupKind.FORUM.value, GroupKind.COMMUNITY.value, GroupKind.TECHNICAL.value}
_FLOWS = {"flows": "quantity_t_per_year"}


def groups_without_pole(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Find the groups in which the triptyque does not fully sit, or of which that cannot be told.

    Yields
    ------
    Finding
        Kind ``group_without_pole``; where it cannot be told, ``group_poles_unknown`` (members of unknown
        college may make up for what is missing) or ``group_members_unknown``.
    """
    table, groups = group_table(f), _Groups(f)
    undetermined = table["covered"].isna().to_numpy(bool)
    for place in np.flatnonzero(~table["covered"].fillna(False).to_numpy(bool)).tolist():  # over groups
        group, told = table.iloc[place], {"group": groups.name(place)}
        without, members = int(group["without_pole"]), int(group["members"])
        missing = [label(pole, "pole", lang) for pole in TRIPTYQUE if not group[pole]]
        named = enumeration([tr("“{name}”", lang, name=name) for name in missing], lang)
        kind, severity = "group_without_pole", "low" if groups.loose(place) else "medium"
        if not members:
            kind, severity = "group_members_unknown", "low"
            message = tr("{group}: members to be stated.", lang, **told)
        elif undetermined[place]:
            kind, severity = "group_poles_unknown", "low"
            message = trn(
                "{group}: college of {count} member to be stated; presence to be confirmed: {poles}.",
                "{group}: college of {count} members to be stated; presence to be confirmed: {poles}.",
                without,
                lang,
                poles=named,
                **told,
            )
        else:
            message = trn(
                "{group}: to be opened to the college {poles}, without a member there today "
                "({members} in all).",
                "{group}: to be opened to the colleges {poles}, without a member there today "
                "({members} in all).",
                len(missing),
                lang,
                poles=named,
                members=trn("{count} member", "{count} members", members, lang),
                **told,
            )
        yield groups.finding(place, kind, severity, message, unknown=without)


def groups_without_referent(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Find the groups of which no referent is stated.

    Yields
    ------
    Finding
        Kind ``group_without_referent``.
    """
    groups = _Groups(f)
    for place in np.flatnonzero(groups.frame["referent_id"].isna()).tolist():  # over groups
        message = tr("{group}: referent to be named, or to be stated.", lang, group=groups.name(place))
        severity = "low" if groups.loose(place) else "medium"
        yield groups.finding(place, "group_without_referent", severity, message, members=False)


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
    groups, expected = _Groups(f), expected_ties(f)
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
                "{group}, {count} pair of actors who sit there together: cooperation known for {tied}, "
                "absent for {absent}, not documented for {unknown} (said below {threshold} known).",
                "{group}, {count} pairs of actors who sit there together: cooperation known for {tied}, "
                "absent for {absent}, not documented for {unknown} (said below {threshold} known).",
                row.pairs,
                lang,
                threshold=percent(threshold, lang),
                **told,
            )
        yield groups.finding(row.Index, "expected_ties_group", "low", message, unknown=row.unknown)


def expected_ties_on_passages(f: Filiere, *, lang: str = "fr", threshold: float = 0.5) -> Iterator[Finding]:
    """Find the passages on which actors exchange material without being known to work together.

    Parameters
    ----------
    threshold
        Share of pairs of actors known to cooperate below which it is said.

    Yields
    ------
    Finding
        Kind ``expected_ties_passage``: one per passage, with the tonnes that pass between such pairs.
    """
    expected = expected_ties(f)
    expected = expected[expected["reason"] == "passage"].reset_index(drop=True)
    if expected.empty:
        return
    traded = traded_pairs(f, ties_of(f))
    of_flow = traded.passage[traded.flow_pair]
    untied = ~traded.tied[traded.flow_pair]
    for row in _short_of(expected, threshold).itertuples():  # over passages
        told = _counts(row, lang) | {"passage": _passage(f, row.stage_id, row.to_stage_id, lang)}
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
                "{passage}, {pairs} pairs of actors: another cooperation known for {tied}, absent for "
                "{absent}, not documented for {unknown} (said below {threshold} known).",
                lang,
                threshold=percent(threshold, lang),
                **told,
            )
        if row.quantity_t_per_year > 0:
            tonnes = quantity(row.quantity_t_per_year, unit_label("t/year", lang), lang)
            message += " " + tr("Tonnage concerned: {tonnes}.", lang, tonnes=tonnes)
        flows = identifiers(f.flows.index[traded.flow_row[(of_flow == row.Index) & untied]])
        yield Finding(
            "expected_ties_passage",
            "low",
            message,
            stage_id=_or_none(row.stage_id),
            to_stage_id=_or_none(row.to_stage_id),
            quantity=row.quantity_t_per_year,
            unit="t/year" if row.quantity_t_per_year == row.quantity_t_per_year else "",
            n_unknown=row.unknown,
            hypothesis_share=hypothesis_share(f, {"flows": flows}, values=_FLOWS),
            rows={"flows": flows},
        )


def _short_of(expected: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the rows in which less than that share of the pairs is known to cooperate."""
    return expected[(expected["pairs"] > 0) & (expected["tied"] < threshold * expected["pairs"])]


def _counts(row: Any, lang: str) -> dict[str, str]:
    counts = {
        name: number(getattr(row, name), lang) for name in ("actors", "pairs", "tied", "absent", "unknown")
    }
    return counts | {"documented": number(row.pairs - row.unknown, lang)}


def _passage(f: Filiere, stage: Any, to_stage: Any, lang: str) -> str:
    names = [
        tr("stage not stated", lang) if _or_none(each) is None else f.stages.at[each, "name"]
        for each in (stage, to_stage)
    ]
    return tr("Material from “{stage}” to “{to_stage}”", lang, stage=names[0], to_stage=names[1])


def _or_none(value: Any) -> str | None:
    return None if value is None or value != value else str(value)


class _Groups:
    """Words and rows of the groups, gathered once for all of them."""

    def __init__(self, f: Filiere) -> None:
        seats = members_of(f)
        self.ids, count = identifiers(seats.group_ids), seats.n_groups
        self.frame = f.groups.loc[list(self.ids)]
        self.names, self.kinds = self.frame["name"].tolist(), self.frame["kind"].tolist()
        order = np.argsort(seats.group, kind="stable")
        self.rows = identifiers(seats.rows[order])
        self.ends = np.cumsum(np.bincount(seats.group, minlength=count))
        soft = rests_on_hypothesis(f, "memberships").loc[seats.rows].to_numpy(bool)
        self.soft_members = np.bincount(seats.group[soft], minlength=count)
        self.soft_groups = rests_on_hypothesis(f, "groups").loc[list(self.ids)].to_numpy(bool)

    def name(self, place: int) -> str:
        """Return the name of a group."""
        return str(self.names[place])

    def loose(self, place: int) -> bool:
        """Whether the rules of the programme bear on such a group less."""
        return self.kinds[place] in _LOOSE

    def finding(
        self, place: int, kind: str, severity: str, message: str, *, unknown: int = 0, members: bool = True
    ) -> Finding:
        """Return a finding about a group, resting on it and on its members."""
        group_id, soft = self.ids[place], int(self.soft_groups[place])
        rows: dict[str, tuple[str, ...]] = {"groups": (group_id,)}
        start, end = self.ends[place - 1] if place else 0, self.ends[place]
        if members and end > start:
            rows["memberships"] = self.rows[start:end]
            soft += int(self.soft_members[place])
        share = soft / sum(map(len, rows.values()))
        return Finding(
            kind, severity, message, group_id=group_id, n_unknown=unknown, hypothesis_share=share, rows=rows
        )
