"""The figures of the report, drawn once for all of its forms."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..analysis.cooperation import tie_history
from ..figures import (
    chain_alt_text,
    chain_data,
    cooperation_heatmap,
    draw_chain,
    draw_evolution,
    draw_groups,
    evolution_alt_text,
    groups_alt_text,
    groups_data,
    reconciliation,
    reconciliation_alt_text,
    save,
)
from ..interactive import map_html
from ..language import clauses, tr, trn
from .blocks import Map, Paragraph, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["actor_map", "chain_picture", "cooperation_picture", "evolution_picture", "groups_picture",
           "reconciliation_picture"]  # fmt: skip

_INCH_CM = 2.54
_Drawn = TypeVar("_Drawn")


def chain_picture(f: Filiere, *, lang: str) -> Picture | Paragraph:
    """Return the chain figure, or a remark that says why it could not be drawn."""

    def drawn() -> Picture:
        data = chain_data(f, lang=lang)
        alt = chain_alt_text(data, lang=lang)
        text = tr("The chain, from the resource to the market", lang)
        year = f.network.year
        if year is not None:
            text = tr("{caption} (flows of {year})", lang, caption=text, year=year)
        return _picture("chaine", draw_chain(data, lang=lang), caption=text, alt=alt)

    return _or_remark(drawn, tr("The chain, from the resource to the market", lang), lang)


def cooperation_picture(f: Filiere, *, lang: str, by: str = "pole") -> Picture | Paragraph:
    """Return the heat map of cooperation, or a remark that says why it could not be drawn."""
    text = tr("Known cooperation ties, between and within colleges", lang)

    def drawn() -> Picture:
        return _picture(
            "cooperation",
            cooperation_heatmap(f, by=by, lang=lang),
            caption=text,
            alt=_heatmap_alt(f, by=by, lang=lang),
        )

    return _or_remark(drawn, text, lang)


def groups_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return who sits in which group, and who comes; none where no group has a member."""
    text = tr("Groups and actors: who sits where, who comes", lang)

    def drawn() -> Picture | None:
        data = groups_data(f)
        if data.seats.empty:
            return None
        alt = groups_alt_text(data, lang=lang)
        return _picture("groupes", draw_groups(data, lang=lang), caption=text, alt=alt)

    return _or_remark(drawn, text, lang)


def evolution_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return cooperation over the years; none where its rows bear fewer than two years."""
    text = tr("Cooperation over the years", lang)

    def drawn() -> Picture | None:
        history = tie_history(f, lang=lang)
        if len(history) < 2 or not history["ties"].any():
            return None
        alt = evolution_alt_text(history, lang=lang)
        return _picture("evolution", draw_evolution(history, lang=lang), caption=text, alt=alt)

    return _or_remark(drawn, text, lang)


def reconciliation_picture(f: Filiere, *, lang: str) -> Picture | Paragraph | None:
    """Return the flows declared against reconciled; none where there is nothing to reconcile."""
    from ..analysis.reconciliation.measures import reconciliation_of

    text = tr("Flows: declared against reconciled", lang)

    def drawn() -> Picture | None:
        r = reconciliation_of(f)
        if r is None or r.flows.empty:
            return None
        alt = reconciliation_alt_text(r, lang=lang)
        return _picture("reconciliation", reconciliation(r, lang=lang), caption=text, alt=alt)

    return _or_remark(drawn, text, lang)


def actor_map(f: Filiere, *, lang: str) -> Map | Paragraph:
    """Return the interactive map of actors, or a remark that says why it could not be made."""
    title = tr("Interactive map of the actors", lang)

    def made() -> Map:
        instead = tr(
            "The interactive map of the actors is in the page “rapport.html”, and alone in “carte.html”.",
            lang,
        )
        return Map(title, map_html(f, lang=lang), instead)

    return _or_remark(made, title, lang)


def _or_remark(draw: Callable[[], _Drawn], what: str, lang: str) -> _Drawn | Paragraph:
    """Return a figure; one that cannot be drawn is told in its place, the rest of the report is not lost."""
    try:
        return draw()
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
        text = tr("“{figure}” could not be drawn ({error}).", lang, figure=what, error=reason)
        return Paragraph(text, "warning")


def _picture(name: str, ax: Axes, *, caption: str, alt: str) -> Picture:
    figure = ax.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    with tempfile.TemporaryDirectory() as folder:
        png, svg = save(figure, Path(folder) / name, alt_text=alt, title=caption)
        return Picture(
            name=name,
            caption=caption,
            alt=alt,
            png=png.read_bytes(),
            svg=svg.read_bytes(),
            width_cm=float(width) * _INCH_CM,
            height_cm=float(height) * _INCH_CM,
        )


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
