"""What the groups leave to be opened, named or stated: checks, each a function that returns findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ....language import enumeration, tr, trn
from ....vocabulary import label
from ...findings import Finding
from ..bodies.groups import group_table
from ..triptyques.triads import TRIPTYQUE
from .words import Groups

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["groups_without_pole", "groups_without_referent"]


def groups_without_pole(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Find the groups in which the triptyque does not fully sit, or of which that cannot be told.

    Yields
    ------
    Finding
        Kind ``group_without_pole``; where it cannot be told, ``group_poles_unknown`` (members of unknown
        college may make up for what is missing) or ``group_members_unknown``.
    """
    table, groups = group_table(f), Groups(f)
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
    groups = Groups(f)
    for place in np.flatnonzero(groups.frame["referent_id"].isna()).tolist():  # over groups
        message = tr("{group}: referent to be named, or to be stated.", lang, group=groups.name(place))
        severity = "low" if groups.loose(place) else "medium"
        yield groups.finding(place, "group_without_referent", severity, message, members=False)
