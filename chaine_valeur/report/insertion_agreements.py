"""Agreements, exits, supervision and recruitment needs: the tables of the section on insertion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..analysis import insertion
from ..diagnosis.wording import known, text_of
from ..language import number, out_of, percent, tr, trn
from ..schema import table, unit_label
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows
from .notes import of_year

if TYPE_CHECKING:
    from ..analysis.measure import Measure
    from ..filiere import Filiere

__all__ = ["agreement_blocks", "need_blocks", "supervision_grid"]


def agreement_blocks(f: Filiere, lang: str) -> list[Block]:
    """Return the agreements and the exits, each with what a reader must know; nothing where there is none."""
    frame = insertion.agreements_table(f)
    if frame.empty:
        return []
    return [_agreements(f, frame, lang), *_exits(f, frame, lang)]


def _agreements(f: Filiere, frame: pd.DataFrame, lang: str) -> Grid:
    home, names = table("agreements"), f.actors["name"]
    fte, euro = unit_label("FTE", lang), "€"
    rows: Rows = []
    for row in frame.to_dict("records"):  # a row of the report each
        rows.append(
            [
                Cell(str(names[row["actor_id"]]), strong=True),
                _measure(row["measure"], lang),
                text_of(row["department"]),
                _number(row["months"], lang),
                _number(row["agreed_fte"], lang),
                _number(row["done_fte"], lang),
                percent(row["use"], lang) if known(row["use"]) else "",
                _number(row["to_fill_fte"], lang, missing=""),
                _aid(row["aid_eur"], row["aid_unknown"], lang),
                _number(row["department_eur"], lang, missing="", digits=0),
            ]
        )
    columns = [
        Column(home["actor_id"].label(lang), weight=1.8),
        Column(home["kind"].label(lang), weight=0.8),
        Column(home["department"].label(lang)),
        Column(tr("Months", lang), numeric=True, weight=0.6),
        Column(_headed(tr("Agreed", lang), fte), numeric=True, weight=0.8),
        Column(_headed(tr("Worked", lang), fte), numeric=True, weight=0.8),
        Column(tr("Use", lang), numeric=True, weight=0.7),
        Column(_headed(tr("To fill", lang), fte), numeric=True, weight=0.8),
        Column(_headed(tr("Planned aid", lang), euro), numeric=True),
        Column(_headed(tr("Of which the département", lang), euro), numeric=True),
    ]
    note = tr(
        "Worked: hours over those of one FTE of the measure; agreed: headcount of each month; to fill: agreed in the "
        "year less worked. What is not told is unknown, not zero.",
        lang,
    )
    title = _titled(home.label(lang), frame["year"], lang)
    return Grid.of(title, columns, rows, note=note).filled()


def _measure(code: str, lang: str) -> str:
    """Return a measure of the ASP as it is spoken of: most are outside of prison (DC), which goes without saying."""
    kind, _, where = code.partition("_")
    return tr("{kind}, in prison", lang, kind=kind) if where == "MP" else kind


def _aid(value: float, reason: str, lang: str) -> str:
    if known(value):
        return number(value, lang, digits=0)
    return tr("funded otherwise", lang) if reason == "funded_otherwise" else tr("unknown", lang)


def _exits(f: Filiere, agreements: pd.DataFrame, lang: str) -> list[Block]:
    """Return the exits by structure and in all: few people are not shown, few cases are told as cases."""
    frame, whole = insertion.exits_shown(f), insertion.exits_table(f)
    for share in ("dynamic_share", "lasting_share"):  # known, and of too few people to be told
        frame[f"{share}_hidden"] = (frame[share].isna() & whole[share].notna()).to_numpy(bool)
    frame = frame[(frame["exits"].notna() | frame["is_masked"]).to_numpy(bool)]
    wrong = _contradicted(f, lang)
    if frame.empty:
        return wrong
    home, names = table("agreements"), f.actors["name"]
    columns = [
        Column(home["actor_id"].label(lang), weight=1.8),
        Column(home["exits"].label(lang), numeric=True, weight=0.8),
        *(Column(home[name].label(lang), numeric=True, weight=0.9)
          for name in ("lasting_exits", "transition_exits", "positive_exits")),
        Column(tr("Dynamic exits", lang), numeric=True),
        Column(tr("Lasting jobs", lang), numeric=True),
    ]  # fmt: skip
    hidden = tr("not shown", lang)
    rows: Rows = []
    for actor, row in zip(frame.index, frame.to_dict("records"), strict=True):  # a row of the report each
        name = Cell(str(names[actor]), strong=True)
        if row["is_masked"]:
            rows.append([name, *[hidden] * (len(columns) - 1)])
            continue
        counts = [
            _number(row[one], lang)
            for one in ("exits", "lasting_exits", "transition_exits", "positive_exits")
        ]
        shares = [_share(row, "dynamic", lang), _share(row, "lasting", lang)]
        rows.append([name, *counts, *shares])
    measures = {
        one.indicator_id: one.measure(f, lang=lang)
        for one in insertion.INDICATORS
        if one.indicator_id in ("G6", "G7")
    }
    told = [Paragraph(text) for text in _of_all(measures["G6"], measures["G7"], lang)]
    note = tr(
        "Structures of which fewer than {count} people left are not shown, nor what would tell them. The State asks for "
        "dynamic exits of {dynamic} and lasting jobs of {lasting} (circular DGEFP 2008-21): to be read with the people "
        "whom a structure serves, never alone.",
        lang,
        dynamic=percent(insertion.DYNAMIC_REFERENCE, lang),
        lasting=percent(insertion.LASTING_REFERENCE, lang),
        count=number(insertion.FEWEST_EXITS, lang),
    )
    return [
        *told,
        Grid.of(_titled(tr("Exits", lang), agreements["year"], lang), columns, rows, note=note),
        *wrong,
    ]


def _contradicted(f: Filiere, lang: str) -> list[Block]:
    """Return which exits are left out since they contradict themselves: not to be taken for masked ones."""
    told: list[Block] = []
    for key, actor in insertion.contradicted_exits(f).items():  # over the few that are wrong
        where = f.where("agreements", str(key)).iloc[0]
        text = tr(
            "{actor} ({sheet}, row {row}): more exits by kind than in all. They are not counted; correct one of the "
            "figures.",
            lang, actor=f.actors["name"][actor], sheet=where["sheet"], row=where["row"],
        )  # fmt: skip
        told.append(Paragraph(text, "warning"))
    return told


def _share(row: dict[str, float], name: str, lang: str) -> str:
    """Return « 6 sur 11 », of one structure; the share is over the agreements that give both terms."""
    share, part, whole = row[f"{name}_share"], row[f"{name}_exits"], row["exits"]
    if row[f"{name}_share_hidden"]:
        return tr("not shown", lang)
    if not known(share):
        return tr("unknown", lang) if not known(whole) or whole > 0 else ""
    if part == share * whole or abs(part - share * whole) < 1e-9 * max(whole, 1):
        return out_of(part, whole, lang)
    return percent(share, lang)


def _of_all(dynamic: Measure, lasting: Measure, lang: str) -> list[str]:
    if dynamic.value != dynamic.value and lasting.value != lasting.value:
        return []
    told = [
        tr(
            "{share} left for a job, a training or another step (dynamic exits)",
            lang,
            share=_out_of(dynamic, lang),
        )
        if dynamic.value == dynamic.value
        else "",
        tr("{share} for a lasting job", lang, share=_out_of(lasting, lang))
        if lasting.value == lasting.value
        else "",
    ]
    return [tr("In all: {sentence}.", lang, sentence=", ".join(part for part in told if part))]


def _out_of(measure: Measure, lang: str) -> str:
    if measure.denominator == measure.denominator:
        return out_of(measure.numerator, measure.denominator, lang)
    return percent(measure.value, lang)


def supervision_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the supervision of insertion jobs by structure; ``None`` where nobody says any."""
    frame = insertion.supervision_table(f)
    if not frame["supervision_fte"].notna().any():
        return None
    home, names, fte = table("activities"), f.actors["name"], unit_label("FTE", lang)
    rows: Rows = [
        [
            Cell(str(names[actor]), strong=True),
            _number(row["insertion_fte"], lang),
            _number(row["supervision_fte"], lang),
            _number(row["per_supervisor"], lang, missing=tr("unknown", lang) if row["n_unknown"] else ""),
        ]
        for actor, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    columns = [
        Column(home["actor_id"].label(lang), weight=2),
        Column(f"{home['insertion_fte'].label(lang)} ({fte})", numeric=True),
        Column(f"{home['supervision_fte'].label(lang)} ({fte})", numeric=True),
        Column(tr("In insertion for one of supervision", lang), numeric=True),
    ]
    note = tr("Posts added without supervision are posts that cannot be held.", lang)
    title = of_year(tr("Supervision", lang), f, "activities", lang=lang)
    return Grid.of(title, columns, rows, note=note)


def need_blocks(f: Filiere, lang: str) -> list[Block]:
    """Return what actors want to recruit, and in a sentence how much of it is open to insertion."""
    frame = insertion.needs_table(f)
    if frame.empty:
        return []
    home = table("recruitment_needs")
    rows: Rows = []
    silent = tr("not stated", lang)
    for row in frame.to_dict("records"):  # a row of the report each
        qualification = label(row["qualification"], "qualification", lang) if row["qualification"] else silent
        cells = [_number(row[name], lang) for name in ("open_posts", "closed_posts", "not_asked_posts")]
        rows.append(
            [
                Cell(qualification, strong=True),
                label(row["cause"], "need_cause", lang) if row["cause"] else silent,
                _number(row["posts"], lang),
                *(cells if known(row["posts"]) else [""] * len(cells)),
                number(row["n_unknown"], lang) if row["n_unknown"] else "",
            ]
        )
    columns = [
        Column(home["qualification"].label(lang), weight=1.6),
        Column(home["cause"].label(lang), weight=1.4),
        Column(home["posts"].label(lang), numeric=True, weight=0.7),
        Column(tr("Open to insertion", lang), numeric=True),
        Column(tr("Not open", lang), numeric=True),
        Column(tr("Not asked", lang), numeric=True),
        Column(tr("Needs of unknown posts", lang), numeric=True),
    ]
    title = of_year(home.label(lang), f, "recruitment_needs", lang=lang)
    return [Paragraph(_needs_sentence(frame, lang)), Grid.of(title, columns, rows).filled()]


def _needs_sentence(frame: pd.DataFrame, lang: str) -> str:
    posts, open_, asked = (float(frame[name].sum()) for name in ("posts", "open_posts", "not_asked_posts"))
    unknown = int(frame["n_unknown"].sum())
    if not frame["posts"].notna().any():
        return tr("Actors want to recruit; nobody says how many posts.", lang)
    parts = [
        trn("{count} post is wanted", "{count} posts are wanted", posts, lang),
        trn("{count} open to insertion", "{count} open to insertion", open_, lang),
        trn("{count} of which nobody asked it", "{count} of which nobody asked it", asked, lang)
        if asked
        else "",
    ]
    told = tr("{sentence}.", lang, sentence=", ".join(part for part in parts if part))
    if not unknown:
        return told
    rest = trn("The number of posts of {count} need is not known.", "The number of posts of {count} needs is not known.",
               unknown, lang)  # fmt: skip
    return f"{told} {rest}"


def _headed(title: str, unit: str) -> str:
    return f"{title} ({unit})"


def _titled(title: str, years: pd.Series, lang: str) -> str:
    """Return a title with its year, where one is known."""
    found = years.dropna().unique()
    return tr("{title} ({year})", lang, title=title, year=int(found[0])) if len(found) == 1 else title


def _number(value: float, lang: str, *, missing: str | None = None, digits: int | None = None) -> str:
    if known(value):
        return number(value, lang, digits=digits)
    return tr("unknown", lang) if missing is None else missing
