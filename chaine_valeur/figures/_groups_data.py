"""What the figure of actors and groups shows, as frames, and the same in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from ..language import check_language, clauses, enumeration, number, tr, trn
from ..vocabulary import GroupKind, Pole, label
from .frames import GroupsData

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["groups_alt_text", "groups_data", "pole_name", "state_of", "told"]

_POLES = [pole.value for pole in Pole]
_KINDS = [kind.value for kind in GroupKind]


def groups_data(
    f: Filiere,
    *,
    most: int = 40,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> GroupsData:
    """Return who sits in which group, as the figure shows it.

    Actors stand by pole, in the order of the vocabulary, those who sit in most groups first; groups by kind.

    Parameters
    ----------
    most
        Number of actors shown, at least 1: those who sit in most groups.
    kinds
        Only groups of these kinds (`chaine_valeur.vocabulary.GroupKind`).
    year
        The filière in that year.

    Raises
    ------
    ArgumentError
        `most` is below 1.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie", "Labo"], "pole": ["enterprise", "elected", "expertise"]},
    ...     groups={"name": ["GT", "COPIL"], "kind": ["working_group", "steering"]},
    ...     memberships={"group_id": ["GT", "GT", "COPIL"], "actor_id": ["Filature", "Mairie", "Mairie"]},
    ... )
    >>> data = groups_data(f)
    >>> data.groups[["group_label", "members", "enterprise", "elected", "ess"]]
      group_label  members  enterprise  elected    ess
    0       COPIL        1       False     True  False
    1          GT        2        True     True  False
    >>> data.actors["actor_label"].tolist(), data.n_without_group
    (['Filature', 'Mairie'], 1)
    """
    from ..analysis.cooperation.bodies.attendance import attendance_by_group
    from ..analysis.cooperation.bodies.groups import group_table
    from ..analysis.cooperation.bodies.matrix import actors_by_groups
    from ..analysis.cooperation.triptyques.triads import TRIPTYQUE

    if most < 1:
        raise ArgumentError(f"most={most!r}: at least one actor is to be shown")
    f = f if year is None else f.at(year)
    seats = actors_by_groups(f, kinds=kinds)
    sits = seats.loc[seats["seat"], "actor_id"].value_counts()
    actors = pd.DataFrame({"actor_id": seats["actor_id"].drop_duplicates().to_numpy()})
    actors["actor_label"] = f.actors["name"].reindex(actors["actor_id"]).to_numpy()
    actors["pole"] = f.actors["pole"].reindex(actors["actor_id"]).to_numpy()
    actors["groups"] = sits.reindex(actors["actor_id"]).fillna(0).to_numpy(np.int64)
    shown = actors.sort_values("groups", ascending=False, kind="stable").head(most)
    rank = shown["pole"].map({pole: place for place, pole in enumerate(_POLES)}).fillna(len(_POLES))
    shown = shown.assign(_rank=rank).sort_values("_rank", kind="stable").drop(columns="_rank")
    members = set(sits.index)
    return GroupsData(
        seats=seats,
        groups=_groups(f, group_table(f, kinds=kinds), attendance_by_group(f, kinds=kinds), TRIPTYQUE),
        actors=shown.reset_index(drop=True),
        poles=tuple(TRIPTYQUE),
        n_left_out=len(actors) - len(shown),
        n_without_group=sum(name not in members for name in f.actors.index[f.network.partner]),
    )


def _groups(f: Filiere, table: pd.DataFrame, met: pd.DataFrame, poles: Collection[str]) -> pd.DataFrame:
    """Return the groups in the order of the figure, with what stands below each."""
    kind = f.groups["kind"].reindex(table.index)
    order = kind.map({name: place for place, name in enumerate(_KINDS)}).fillna(len(_KINDS))
    table = table.iloc[np.argsort(order.to_numpy(), kind="stable")]
    groups = pd.DataFrame(
        {
            "group_id": table.index,
            "group_label": f.groups["name"].reindex(table.index).to_numpy(),
            "members": table["members"].to_numpy(),
            "meetings": met["meetings"].reindex(table.index).to_numpy(),
            "covered": table["covered"].array,
        }
    )
    open_still = table["covered"].isna().to_numpy(bool)
    for pole in poles:  # over the three poles
        there = (table[pole] > 0).to_numpy(bool)
        groups[pole] = pd.Series(there, dtype="boolean").mask(~there & open_still)
    return groups


def state_of(covered: Any) -> str:
    """Return whether a triptyque is covered: ``present``, ``missing``, ``unknown``; so for one pole of it."""
    if pd.isna(covered):
        return "unknown"
    return "present" if covered else "missing"


def pole_name(pole: Any, lang: str) -> str:
    """Return how a pole is called; unknown ones too, and those of a graph."""
    if pd.isna(pole):
        return tr("Unknown college", lang)
    return label(str(pole), "pole", lang) if pole in _POLES else str(pole)


def told(attended: int, held: int, unknown: int, lang: str) -> str:
    """Return « 2/3 », the meetings attended of those held; « 2/3 ? » where some of it is unknown."""
    if not held or unknown >= held:
        return "?" if held else "–"
    return f"{number(attended, lang)}/{number(held, lang)}" + ("\u202f?" if unknown else "")


def groups_alt_text(data: GroupsData, lang: str = "fr") -> str:
    """Return the alternative text of the figure: the groups, who sits there for which pole, what is missing.

    Parameters
    ----------
    data
        The frames behind the figure (`groups_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    if data.groups.empty:
        return tr("No group is described.", lang)
    counts = [
        trn("{count} group", "{count} groups", len(data.groups), lang),
        trn("{count} actor", "{count} actors", len(data.actors) + data.n_left_out, lang),
    ]
    heading = tr("Who sits in which group", lang)
    parts = [tr("{heading}: {content}.", lang, heading=heading, content=enumeration(counts, lang))]
    for row in data.groups.to_dict("records"):
        said = [_group_words(row, lang)]
        missing = [pole_name(pole, lang) for pole in data.poles if state_of(row[pole]) == "missing"]
        if missing and state_of(row["covered"]) == "missing":
            said.append(tr("colleges missing: {names}", lang, names=enumeration(missing, lang)))
        content = clauses(said, lang)
        parts.append(tr("{heading}: {content}.", lang, heading=row["group_label"], content=content))
    if data.n_without_group:
        parts.append(without_group(data.n_without_group, lang))
    return " ".join(parts)


def without_group(count: int, lang: str) -> str:
    """Return how many actors sit nowhere."""
    return trn(
        "{count} other actor sits in no known group.",
        "{count} other actors sit in no known group.",
        count,
        lang,
    )


def _group_words(row: dict[str, Any], lang: str) -> str:
    if not row["members"]:
        return tr("no known member", lang)
    members = trn("{count} member", "{count} members", row["members"], lang)
    met = trn("{count} recorded meeting", "{count} recorded meetings", row["meetings"], lang)
    return f"{members}, {met}"
