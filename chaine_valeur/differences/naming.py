"""Findings by name, and what of them left with an actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..vocabulary import label
from .frames import ABOUT

if TYPE_CHECKING:
    from ..analysis.findings import Finding
    from ..filiere import Filiere
    from .compared import Compared

__all__ = ["Departed", "called", "subject"]

#: Tables whose rows speak of actors, and their columns that do.
_SPEAK = {
    "activities": ("actor_id",), "flows": ("source", "target"), "markets": ("actor_id",),
    "cooperations": ("actor_id", "to_actor_id"), "memberships": ("actor_id",),
}  # fmt: skip


def called(found: Compared, row: Mapping[str, Any], lang: str) -> str:
    """Return the kind of a finding and where it is: « Maillon manquant (Tri) », « (Tri → Filature) »."""
    f = found.before.filiere if row["change"] == "solved" else found.after.filiere
    where = ""
    for name, columns in (("stages", ABOUT[:2]), ("actors", ABOUT[2:4]), ("groups", ABOUT[4:5]),
                          ("materials", ABOUT[5:])):  # fmt: skip
        ends = [_name(f, name, row[column]) for column in columns if isinstance(row[column], str)]
        where = where or " → ".join(ends)
    return label(str(row["kind"]), "finding_kind", lang) + (f" ({where})" if where else "")


def _name(f: Filiere, name: str, key: str) -> str:
    return str(f.table(name)["name"].get(key, key))


def subject(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a finding of a comparison is about."""
    return tuple(row[name] if isinstance(row[name], str) else "" for name in ("kind", *ABOUT))


@dataclass(frozen=True)
class Departed:
    """Actors that count in the first filière and not in the other: identifier → name, and rows that speak of them."""

    names: Mapping[str, str]
    rows: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(cls, found: Compared) -> Departed:
        """Return the actors that stopped, left, or are not in the tables any more."""
        one, two = (each.filiere for each in (found.before, found.after))
        active = [set(f.actors.index[f.network.active]) for f in (one, two)]
        gone = sorted(active[0] - active[1])
        rows: dict[tuple[str, str], frozenset[str]] = {("actors", key): frozenset({key}) for key in gone}
        for name, columns in _SPEAK.items() if gone else ():
            frame = one.table(name)
            for column in columns:
                for key, actor in frame[column][frame[column].isin(gone)].items():  # rows of those that left
                    rows[name, str(key)] = rows.get((name, str(key)), frozenset()) | {str(actor)}
        return cls({key: str(one.actors["name"][key]) for key in gone}, rows)

    def about(self, row: Mapping[str, Any]) -> bool:
        """Return whether a finding speaks of one of them."""
        return row["actor_id"] in self.names or row["to_actor_id"] in self.names

    def beneath(self, finding: Finding) -> frozenset[str]:
        """Return those of whom some row speaks that a finding rests on."""
        held = (
            [self.rows.get((name, row)) for name, rows in finding.rows.items() for row in rows]
            if self.rows
            else []
        )
        return frozenset().union(*filter(None, held))
