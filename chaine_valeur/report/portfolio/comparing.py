"""How figures are spread over the filières, which stages are held where, and, where asked for, places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...figures import multiples_data as drawing
from ...figures.small_multiples import draw_small_multiples
from ...figures.strip import told_value
from ...language import SMALL_NUMBER, enumeration, number, tr
from ...portfolio.comparison import ranking
from ...portfolio.coverage import Coverage
from ...portfolio.figured import indicator_name, unit_of
from ..blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Rows, Section
from ..opening import scope_text
from ..pictures import as_picture, or_remark

if TYPE_CHECKING:
    from .view import View

__all__ = ["chains_section", "places_section", "spread_section"]

#: Panels of one picture, and pictures of a report: beyond, the directory and the workbook have them.
PANELS, PICTURES = 24, 3
#: Chains told stage by stage.
_MOST_CHAINS = 8


def spread_section(view: View) -> Section:
    """Return the quartiles of the indicators, with how many filières they are known of."""
    lang = view.lang
    rows: Rows = []
    for row in view.spread.to_dict("records"):
        unit, name = unit_of(row["indicator_id"]), indicator_name(row["indicator_id"], lang)
        if row["scope"] in ("programme", "structure"):
            name = f"{name} ({scope_text(row['scope'], lang).lower()})"
        low, first, middle, third, high = (
            told_value(row[one], unit, lang) if row["n_known"] else ""
            for one in ("minimum", "q1", "median", "q3", "maximum")
        )
        half = tr("from {low} to {high}", lang, low=first, high=third) if first != third else first
        known = tr(
            "{part} out of {whole}", lang, part=number(row["n_known"], lang), whole=number(row["n"], lang)
        )
        rows.append([Cell(name, strong=True), known, low, half, middle, high])
    columns = [
        Column(tr("Indicator", lang), weight=2.0),
        Column(tr("Known", lang)),
        Column(tr("Lowest", lang), numeric=True),
        Column(tr("Half of the filières", lang), weight=1.4),
        Column(tr("Median", lang), numeric=True),
        Column(tr("Highest", lang), numeric=True),
    ]
    about = tr(
        "Half of the filières lie between the first and the third quartile, which are told. A filière of which a "
        "figure is not known is in none of them, and no place is told: the bounds that the unknown leaves often overlap.",
        lang,
    )
    blocks: list[Block] = [Paragraph(about, "note")]
    if len(view.entries) < SMALL_NUMBER:
        few = tr("There are fewer than 30 filières: a quartile is one or two of them, look at each.", lang)
        blocks.append(Paragraph(few, "note"))
    grid = Grid.of(tr("How the figures are spread", lang), columns, rows).filled()
    return Section("spread", tr("How the figures are spread", lang), (*blocks, grid))


def chains_section(view: View) -> Section:
    """Return the small multiples, then how many filières hold each stage of each chain, and what does not align."""
    lang = view.lang
    blocks: list[Block] = list(_pictures(view))
    for name, found in view.chains[:_MOST_CHAINS]:
        if len(found.stages):
            blocks += _chain(name, found, lang)
    if len(view.chains) > _MOST_CHAINS:
        left = len(view.chains) - _MOST_CHAINS
        blocks.append(
            Paragraph(tr("The workbook has {count} further chains.", lang, count=number(left, lang)), "note")
        )
    return Section("chains", tr("Which stages are held where", lang), tuple(blocks))


def _pictures(view: View) -> tuple[Block, ...]:
    if not view.indicators:
        return ()
    lang, main = view.lang, view.main
    made: list[Block] = []
    for page in range(1, PICTURES + 1):

        def drawn(page: int = page) -> Picture | None:
            data = drawing.small_multiples_data(
                view.portfolio, indicator=main[0], others=main[1:4] if page == 1 else (), most=PANELS, page=page,
                figures=view.figures, lang=lang,
            )  # fmt: skip
            if data.panels.empty:
                return None
            return as_picture(
                f"vignettes-{page}",
                draw_small_multiples(data, lang=lang),
                caption=tr("Each filière: its chain stage by stage, and one figure: {figure}", lang,
                           figure=indicator_name(main[0], lang).lower()),
                alt=drawing.small_multiples_alt_text(data, lang),
            )  # fmt: skip

        picture = or_remark(drawn, tr("Small panels of the filières", lang), lang)
        if picture is None:
            break
        made.append(picture)
    return tuple(made)


def _chain(name: str, found: Coverage, lang: str) -> list[Block]:
    heads = {
        "n_expected": tr("Expected by", lang), "n_held": tr("Held by several", lang),
        "n_one_actor": tr("By one actor", lang),
        "n_elsewhere": tr("Elsewhere only", lang), "n_missing": tr("Missing", lang),
        "n_unknown": tr("Place unknown", lang),
    }  # fmt: skip
    rows: Rows = [
        [
            Cell(str(row["name"]), strong=True),
            *(number(row[column], lang) if row[column] else "–" for column in heads),
        ]
        for row in found.stages.to_dict("records")
    ]
    columns = [
        Column(tr("Stage", lang), weight=2.0),
        *(Column(head, numeric=True) for head in heads.values()),
    ]
    caption = name or tr("Filière without a name", lang)
    blocks: list[Block] = [
        Heading(caption),
        Grid.of(tr("Stages and number of filières", lang), columns, rows),
    ]
    alone = found.unaligned["name"].tolist()
    if alone:
        text = tr(
            "Expected by one filière alone, so compared with none: {stages}.", lang,
            stages=enumeration([str(one) for one in alone], lang, limit=12),
        )  # fmt: skip
        blocks.append(Paragraph(text, "note"))
    return blocks


def places_section(view: View) -> Section | None:
    """Return the places by the indicators that were asked for; None where none was."""
    lang = view.lang
    blocks: list[Block] = []
    for one in view.ranked:
        found = ranking(view.portfolio, one, figures=view.figures, lang=lang)
        placed = bool(found["territory"].notna().any())
        rows = [
            [Cell(str(row["territory"]) if row["territory"] == row["territory"] else str(code), strong=True),
             str(row["name"]) if row["name"] == row["name"] else "", row["told"], row["told_rank"]]
            for code, row in zip(found.index, found.to_dict("records"), strict=True)
        ]  # fmt: skip
        columns = [
            Column(tr("Territory", lang) if placed else tr("Code", lang), weight=2.0),
            Column(tr("Filière", lang), weight=2.0),
            Column(tr("Value", lang)), Column(tr("Place", lang)),
        ]  # fmt: skip
        caption = tr(
            "Places by {indicator}, the highest first", lang, indicator=indicator_name(one, lang).lower()
        )
        blocks.append(Grid.of(caption, columns, rows))
    if not blocks:
        return None
    about = tr(
        "A place is told as those that the unknown leaves possible, and not at all where they are half of the filières "
        "or more. Whether high is good depends on the figure, and on what a territory is after.",
        lang,
    )
    return Section("places", tr("Places", lang), (Paragraph(about, "warning"), *blocks), annex=True)
