"""The map of the territory in words, for those who cannot see it."""

from __future__ import annotations

from ..language import check_language, clauses, enumeration, number, tr, trn
from ..vocabulary import Role, label
from ._map_data import MapData
from ._map_signs import notes_of

__all__ = ["map_alt_text"]

_NAMED = 5


def map_alt_text(data: MapData, lang: str = "fr") -> str:
    """Return the alternative text of the map: how many actors of which role, the largest, who is not on it.

    Parameters
    ----------
    data
        The frames behind the figure (`map_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    shown = data.actors[data.actors["is_on_map"]]
    count = trn("{count} actor", "{count} actors", len(shown), lang)
    parts = [
        _told(
            tr("Map of the territory", lang), clauses([count, *notes_of(data, None, lang=lang)], lang), lang
        )
    ]
    roles = shown["role"].fillna("").value_counts()
    said = [
        f"{label(role.value, 'role', lang)} ({number(roles[role.value], lang)})"
        for role in Role
        if role.value in roles
    ]
    if said:
        parts.append(_told(tr("Roles", lang), enumeration(said, lang, limit=8), lang))
    largest = shown[shown["value"] > 0].sort_values("value", ascending=False, kind="stable").head(_NAMED)
    said = [f"{row.label} ({number(row.value, lang)})" for row in largest.itertuples()]
    if said and data.value_label:
        heading = tr("Largest, {value}", lang, value=data.value_label)
        parts.append(_told(heading, enumeration(said, lang), lang))
    return " ".join(parts)


def _told(heading: str, content: str, lang: str) -> str:
    return tr("{heading}: {content}.", lang, heading=heading, content=content)
