"""The figures of the report, drawn once for all of its forms."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .. import figures as drawing
from ..analysis.cooperation import tie_history
from ..interactive import map_html
from ..language import clauses, tr, trn
from .blocks import Map, Paragraph, Picture
from .notes import sources_of_tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = [
    "actor_map", "as_picture", "chain_picture", "cooperation_picture", "evolution_picture", "funding_picture",
    "gaps_picture", "groups_picture", "jobs_picture", "network_picture", "or_remark", "place_picture",
    "reconciliation_picture", "sankey_picture",
]  # fmt: skip

_INCH_CM = 2.54
#: Letters of the text that stands for a figure, at most: what Word takes, and what is listened to.
_LONGEST_ALT = 1900
_Drawn = TypeVar("_Drawn")


def chain_picture(f: Filiere, *, lang: str) -> Picture | Paragraph:
    """Return the chain figure, or a remark that says why it could not be drawn."""

    def drawn() -> Picture:
        data = drawing.chain_data(f, lang=lang)
        alt = drawing.chain_alt_text(data, lang=lang)
        text = tr("The chain, from the resource to the market", lang)
        year = f.network.year
        if year is not None:
            text = tr("{caption} (flows of {year})", lang, caption=text, year=year)
        return as_picture(
            "chaine",
            drawing.draw_chain(data, lang=lang),
            caption=text,
            alt=alt,
            note=sources_of_tables(f, ("flows", "activities"), lang=lang),
        )

    return or_remark(drawn, tr("The chain, from the resource to the market", lang), lang)


def cooperation_picture(f: Filiere, *, lang: str, by: str = "pole") -> Picture | Paragraph:
    """Return the heat map of cooperation, or a remark that says why it could not be drawn."""
    text = tr("Known cooperation ties, between and within colleges", lang)

    def drawn() -> Picture:
        return as_picture(
            "cooperation",
            drawing.cooperation_heatmap(f, by=by, lang=lang),
            caption=text,
            alt=_heatmap_alt(f, by=by, lang=lang),
            note=sources_of_tables(f, ("cooperations",), lang=lang),
        )

    return or_remark(drawn, text, lang)


def groups_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return who sits in which group, and who comes; none where no group has a member."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.groups_data(f)
        if data.seats.empty:
            return None
        return drawing.draw_groups(data, lang=lang), drawing.groups_alt_text(data, lang=lang)

    text = tr("Groups and actors: who sits where, who comes", lang)
    return _picture_of(f, "groupes", text, drawn, tables=("memberships", "meetings"), lang=lang)


def evolution_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return cooperation over the years; none where its rows bear fewer than two years."""

    def drawn() -> tuple[Axes, str] | None:
        history = tie_history(f, lang=lang)
        if len(history) < 2 or not history["ties"].any():
            return None
        return drawing.draw_evolution(history, lang=lang), drawing.evolution_alt_text(history, lang=lang)

    text = tr("Cooperation over the years", lang)
    return _picture_of(f, "evolution", text, drawn, tables=("cooperations",), lang=lang)


def reconciliation_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return the flows declared against reconciled; none where there is nothing to reconcile."""
    from ..analysis.reconciliation.measures import reconciliation_of

    def drawn() -> tuple[Axes, str] | None:
        r = reconciliation_of(f)
        if r is None or r.flows.empty:
            return None
        return drawing.reconciliation(r, lang=lang), drawing.reconciliation_alt_text(r, lang=lang)

    text = tr("Flows: declared against reconciled", lang)
    return _picture_of(
        f, "reconciliation", text, drawn, tables=("flows", "recipes", "constraints"), lang=lang
    )


def sankey_picture(f: Filiere, *, whole: bool = True, lang: str) -> Picture | Paragraph | None:
    """Return the tonnes by stage and material, as declared and, where all is told, as reconciled; none without a flow."""
    from ..analysis.reconciliation.measures import reconciliation_of

    def drawn() -> tuple[Axes, str] | None:
        if f.flows.empty:
            return None
        data = drawing.sankey_data(f, reconciled=reconciliation_of(f) if whole else None, lang=lang)
        return drawing.draw_sankey(data, lang=lang), drawing.sankey_alt_text(data, lang=lang)

    text = tr("Flows by stage and material", lang)
    return _picture_of(f, "sankey", text, drawn, tables=("flows",), lang=lang)


def network_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return who works with whom, by college; none where no tie is known."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.network_data(f, lang=lang)
        if data.ties.empty:
            return None
        return drawing.draw_network(data, lang=lang), drawing.network_alt_text(data, lang=lang)

    text = tr("Who works with whom, by college", lang)
    return _picture_of(f, "reseau", text, drawn, tables=("cooperations",), lang=lang)


def place_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return where the actors are; none where fewer than two have a place."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.map_data(f, lang=lang)
        if data.actors["is_on_map"].sum() < 2:
            return None
        return drawing.draw_map(data, lang=lang), drawing.map_alt_text(data, lang=lang)

    text = tr("Where the actors are", lang)
    return _picture_of(f, "territoire", text, drawn, tables=("actors",), lang=lang)


def jobs_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return jobs and insertion posts by stage with their targets; none where nothing of it is stated."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.jobs_data(f)
        if data.results.empty and not data.knows_jobs:
            return None
        return drawing.draw_jobs(data, lang=lang), drawing.jobs_alt_text(data, lang=lang)

    text = tr("Jobs and insertion posts by stage", lang)
    return _picture_of(f, "emplois", text, drawn, tables=("activities", "outcomes"), lang=lang)


def funding_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return the funding by funder and purpose; none where there is none."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.funding_data(f, lang=lang)
        if data.rows.empty:
            return None
        return drawing.draw_funding(data, lang=lang), drawing.funding_alt_text(data, lang=lang)

    text = tr("Funding by funder and purpose", lang)
    return _picture_of(f, "financements", text, drawn, tables=("funding",), lang=lang)


def gaps_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return which stage is held where; none where only one place could be compared."""

    def drawn() -> tuple[Axes, str] | None:
        data = drawing.gaps_data(f, lang=lang)
        if data.stages.empty or len(data.territories) < 2:
            return None
        return drawing.draw_gaps(data, lang=lang), drawing.gaps_alt_text(data, lang=lang)

    text = tr("Stages held, by territory", lang)
    return _picture_of(f, "ruptures", text, drawn, tables=("activities", "stages"), lang=lang)


def actor_map(f: Filiere, *, lang: str) -> Map | Paragraph:
    """Return the interactive map of actors, or a remark that says why it could not be made."""
    title = tr("Interactive map of the actors", lang)

    def made() -> Map:
        instead = tr(
            "The interactive map of the actors is in the page “rapport.html”, and alone in “carte.html”.",
            lang,
        )
        return Map(title, map_html(f, lang=lang), instead)

    return or_remark(made, title, lang)


def _picture_of(
    f: Filiere,
    name: str,
    what: str,
    draw: Callable[[], tuple[Axes, str] | None],
    *,
    tables: Iterable[str],
    lang: str,
) -> Picture | Paragraph | None:
    """Return a figure with the sources of some tables; none where nothing is drawn, a remark where it fails.

    Parameters
    ----------
    name, what
        Of its files, and what it is called.
    draw
        Draws it and says in words what it shows.
    """

    def made() -> Picture | None:
        drawn = draw()
        if drawn is None:
            return None
        ax, alt = drawn
        note = sources_of_tables(f, tables, lang=lang)
        return as_picture(name, ax, caption=what, alt=alt, note=note)

    return or_remark(made, what, lang)


def or_remark(draw: Callable[[], _Drawn], what: str, lang: str) -> _Drawn | Paragraph:
    """Return a figure; one that cannot be drawn is told in its place, the rest of the report is not lost."""
    try:
        return draw()
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
        text = tr("“{figure}” could not be drawn ({error}).", lang, figure=what, error=reason)
        return Paragraph(text, "warning")


def as_picture(name: str, ax: Axes, *, caption: str, alt: str, note: str = "") -> Picture:
    """Return a drawing as the picture that documents hold: dots and vectors, with its words."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    alt = _brief(alt)
    width, height = figure.get_size_inches()
    with tempfile.TemporaryDirectory() as folder:
        png, svg = drawing.save(figure, Path(folder) / name, alt_text=alt, title=caption)
        return Picture(
            name=name,
            caption=caption,
            alt=alt,
            note=note,
            png=png.read_bytes(),
            svg=svg.read_bytes(),
            width_cm=float(width) * _INCH_CM,
            height_cm=float(height) * _INCH_CM,
        )


def _brief(alt: str) -> str:
    """Return a text that stands for a figure, cut after a sentence where nobody would listen to it to the end."""
    if len(alt) <= _LONGEST_ALT:
        return alt
    kept = alt[:_LONGEST_ALT]
    end = kept.rfind(". ")
    return kept[: end + 1] if end > 0 else kept.rstrip() + "…"


def _heatmap_alt(f: Filiere, *, by: str, lang: str) -> str:
    """Return the heat map in words: the pairs of groups with ties, then what nobody knows."""
    from ..analysis.cooperation import block_density

    blocks = block_density(f, by=by, lang=lang)
    possible = blocks[blocks["possible"] > 0]
    tied = possible[possible["ties"] > 0].sort_values("ties", ascending=False, kind="stable")
    told = [
        trn(
            "{group} and {other}: {count} tied pair out of {possible}",
            "{group} and {other}: {count} tied pairs out of {possible}",
            int(row.ties),
            lang,
            group=row.group_label,
            other=row.to_group_label,
            possible=row.possible,
        )
        for row in tied.head(8).itertuples()
    ]
    unknown = int((possible["documented"] == 0).sum())
    if unknown == len(possible) > 0:
        return tr("Nobody could say who works with whom", lang) + "."
    sentences = [clauses(told, lang) or tr("No tie is known", lang)]
    if unknown:
        sentences.append(
            trn(
                "Of {count} box out of {all} nothing is known",
                "Of {count} boxes out of {all} nothing is known",
                unknown,
                lang,
                all=len(possible),
            )
        )
    return ". ".join(sentences) + "."
