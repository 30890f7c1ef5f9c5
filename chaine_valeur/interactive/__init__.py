"""The interactive map of the actors: one HTML file that asks nothing of any network, or a notebook cell."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..language import check_language, tr, trn

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["InteractiveMap", "explore", "iframe", "map_html", "write_html"]

#: Height of the map in a notebook or a report, in pixels.
HEIGHT = 680


def write_html(
    f: Filiere, path: str | os.PathLike[str], *, year: int | None = None, lang: str = "fr"
) -> Path:
    """Write the interactive map of a filière to one self-contained HTML file and return its path.

    Stages stand as columns in their order, actors as cards at their first stage (and, lighter in the list,
    at each other one), those without a stage in a band below, groups beside them. The reader searches,
    filters by role and by relation, and reads the rows behind each line, with mouse or keyboard. Above 2 000
    actors those of a stage and a commune share a card, and the page says so.

    Parameters
    ----------
    path
        File to write; an existing one is replaced.
    year
        Show the filière at that year; by default as it is, flows of the latest year.
    lang
        Language of the page, ``"fr"`` or ``"en"``.

    Returns
    -------
    pathlib.Path
        The file written.

    Notes
    -----
    The page opens with ``#q=words`` searching, with ``#actor=identifier`` at an actor. Every name is shown as
    plain text, whatever it contains.

    Examples
    --------
    >>> import tempfile
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["Relais", "Filature"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_html(f, Path(folder) / "carte.html").read_text(encoding="utf-8")
    >>> page.startswith("<!DOCTYPE html>")
    True
    """
    target = Path(path)
    html = map_html(f if year is None else f.at(year), lang=lang)
    target.write_text(html, encoding="utf-8", newline="\n")
    return target


def map_html(f: Filiere, *, lang: str = "fr") -> str:
    """Return the page of the map as text: complete and self-contained, as `write_html` writes it.

    To put it inside another page use `iframe`, which keeps the two apart.
    """
    from ..figures import chain_data
    from ..vocabulary import labels
    from .cards import card_frames, shown_actors
    from .grouping import MOST_ACTORS, grouped
    from .page import page
    from .ties import tie_frame

    check_language(lang)
    chain = chain_data(f, lang=lang)
    nodes, columns = card_frames(f, chain, lang=lang)
    edges = tie_frame(f, chain, nodes, lang=lang)
    roles = labels("role", lang)
    title, subtitle = _title(f, lang), _subtitle(f, lang)
    actors = shown_actors(f)
    if len(actors) <= MOST_ACTORS:
        return page(nodes, edges, columns, title=title, subtitle=subtitle, roles=roles, lang=lang)
    communes = actors["commune_name"].fillna(actors["commune_code"]).dropna().to_dict()
    cards, ties = grouped(nodes, edges, columns, communes=communes, roles=roles, lang=lang)
    subtitle += " · " + tr("one card for the actors of a stage and a commune", lang)
    return page(
        cards, ties, columns, title=title, subtitle=subtitle, roles=roles, counted=(nodes, edges), lang=lang
    )


def explore(f: Filiere, *, lang: str = "fr") -> InteractiveMap:
    """Return the interactive map of a filière for a notebook, which shows it in a sandboxed frame.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> explore(Filiere.from_tables(actors={"name": ["Relais"]}))
    <InteractiveMap: Filière sans nom>
    """
    return InteractiveMap(map_html(f, lang=lang), title=_title(f, lang))


def iframe(page: str, *, title: str, height: int = HEIGHT) -> str:
    """Return the markup of a frame that holds a page: its scripts run, but touch nothing around it.

    Parameters
    ----------
    page
        A page made by `map_html`.
    title
        What the frame is called for those who do not see it.
    height
        In pixels; the width is that of what is around.
    """
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" title="{escape(title)}" loading="lazy" '
        f'style="width:100%;height:{int(height)}px;border:1px solid #b9c1cd;border-radius:6px"></iframe>'
    )


class InteractiveMap:
    """A map to be shown: the last line of a notebook cell displays it.

    Attributes
    ----------
    html
        The whole page, as `write_html` would write it.
    title
        Name of the filière.
    """

    def __init__(self, html: str, *, title: str) -> None:
        self.html = html
        self.title = title

    def _repr_html_(self) -> str:
        return iframe(self.html, title=self.title)

    def __repr__(self) -> str:
        return f"<InteractiveMap: {self.title}>"


def _title(f: Filiere, lang: str) -> str:
    return f.name or tr("Filière without a name", lang)


def _subtitle(f: Filiere, lang: str) -> str:
    """Return where, when and how many, and what the map leaves out."""
    from .cards import shown_actors

    territory = f.territories.loc[(f.territories["territory_id"] == f.territory_id).to_numpy(bool), "name"]
    shown = len(shown_actors(f))
    closed = len(f.actors) - shown
    aside = sum(
        len(f.set_aside.get(name, ()))
        for name in ("actors", "stages", "activities", "flows", "cooperations", "groups", "memberships")
    )
    hidden = trn("{count} closed actor not shown", "{count} closed actors not shown", closed, lang)
    lost = trn("{count} row set aside while reading", "{count} rows set aside while reading", aside, lang)
    parts = [
        str(territory.iloc[0]) if len(territory) else "",
        "" if f.network.year is None else str(f.network.year),
        trn("{count} actor", "{count} actors", shown, lang),
        hidden if closed else "",
        lost if aside else "",
    ]
    return " · ".join(part for part in parts if part)
