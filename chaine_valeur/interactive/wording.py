"""The words of the map, from the one catalogue: what the page says around the data."""

from __future__ import annotations

from ..language import tr, trn

__all__ = ["key_entries", "words"]


def words(lang: str, *, shared: bool = False) -> dict[str, str]:
    """Return the sentences of the page by the name under which its template and scripts ask for them.

    On a map on which actors share a card (`shared`) cards are listed and counted, not actors.
    """
    # the fields are filled in the page, where the numbers change
    fields = {"shown": "{shown}", "total": "{total}"}
    if shared:
        listed = tr("Actors, by stage and commune", lang)
        one, many = (
            trn("{shown} card out of {total}", "{shown} cards out of {total}", count, lang, **fields)
            for count in (1, 2)
        )
    else:
        listed = tr("Actors", lang)
        one, many = (
            trn("{shown} actor out of {total}", "{shown} actors out of {total}", count, lang, **fields)
            for count in (1, 2)
        )
    return {
        "actors": listed,
        "between": tr("{source} and {target}", lang),
        "close": tr("Close the details", lang),
        "cooperations": tr("Cooperations", lang),
        "count": many,
        "count_one": one,
        "details": tr("Details", lang),
        "fit": tr("See everything", lang),
        "from_to": tr("{source} → {target}", lang),
        "groups": tr("Groups", lang),
        "help": tr(
            "Arrows: from actor to actor. Enter: read the details. Escape: close. + and −: zoom. 0: see all.",
            lang,
        ),
        "hide_panel": tr("Hide the filters", lang),
        "how_to_read": tr("How to read the map", lang),
        "incoming": tr("Receives", lang),
        "map_name": tr("Map of the actors and their ties; the list of actors says the same in words", lang),
        "members": tr("Members", lang),
        "needs_script": tr("This map needs JavaScript, which this browser does not run.", lang),
        "no_tie": tr("No tie is known.", lang),
        "nobody": tr("No card matches.", lang) if shared else tr("No actor matches.", lang),
        "outgoing": tr("Delivers", lang),
        "relations": tr("Relations", lang),
        "roles": tr("Roles", lang),
        "search": tr("Search", lang),
        "search_and_filters": tr("Search and filters", lang),
        "search_hint": tr("Name, role, commune…", lang),
        "show_panel": tr("Show the filters", lang),
        "show_quantities": tr("Write the tonnages (t/year)", lang),
        "zoom_in": tr("Zoom in", lang),
        "zoom_out": tr("Zoom out", lang),
    }


def key_entries(lang: str, **present: bool) -> list[dict[str, str]]:
    """Return the lines of the legend for the signs that occur on the map, and for no other."""
    lines = {
        "shared": tr("Card: the actors of one stage and one commune; lines: their ties, summed", lang),
        "insertion": tr("Double border: insertion structure (SIAE)", lang),
        "doubtful": tr("Dashed border: to be confirmed, or not active yet", lang),
        "hypothesis": tr("Dashed line: hypothesis, or planned", lang),
        "width": tr("Thicker line: more tonnes a year", lang),
        "missing": tr("Hatched column: stage held by nobody", lang),
    }
    return [{"sign": sign, "label": line} for sign, line in lines.items() if present.get(sign)]
