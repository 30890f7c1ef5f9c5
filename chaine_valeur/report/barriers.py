"""What holds the filière back and what carries it, as it was heard: stage by stage, nothing left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..language import clauses, enumeration, number, tr, trn
from ..provenance import provenance
from ..schema import table
from ..vocabulary import Confidence, ObservationKind, label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["barriers_section", "observations_grid"]

_KINDS = [kind.value for kind in ObservationKind]
_GUESS = Confidence.HYPOTHESIS.value


def barriers_section(diagnosis: Diagnosis) -> Section | None:
    """Return the obstacles and levers: how many, where, then each of them by stage and kind; ``None`` without any."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.observations.empty:
        return None
    rows = _ordered(f)
    blocks: list[Block] = [Paragraph(_summary(rows, lang), "lead")]
    if rows["stage"].nunique() > 1:
        blocks.append(_counts(rows, lang))
    blocks.append(observations_grid(f, lang))
    return Section("barriers", table("observations").label(lang), tuple(blocks))


def _ordered(f: Filiere) -> pd.DataFrame:
    """Return the observations in the order of the chain, obstacles before levers, what has no stage last."""
    rows = f.observations
    rank = f.stages["rank"].astype("float64").to_numpy()
    places = np.empty(len(rank) + 1)
    places[np.argsort(rank, kind="stable")] = np.arange(len(rank))
    places[-1] = len(rank)
    code = f.stages.index.get_indexer(rows["stage_id"])
    kind = rows["kind"].map({name: place for place, name in enumerate(_KINDS)}).fillna(len(_KINDS))
    confidence = provenance(f, "observations")["confidence"]
    rows = rows.assign(
        stage=f.stages["name"].reindex(rows["stage_id"]).fillna("").to_numpy(),
        place=places[code],
        order=kind.to_numpy(np.float64),
        confidence=confidence.to_numpy(),
    )
    return rows.sort_values(["place", "order"], kind="stable")


def _kind(kind: Any, lang: str) -> str:
    return label(kind, "observation_kind", lang) if known(kind) else tr("Not stated", lang)


def _stage(name: str, lang: str) -> str:
    return name or tr("Whole filière, or stage not stated", lang)


def _summary(rows: pd.DataFrame, lang: str) -> str:
    brakes, levers = (int((rows["kind"] == kind).sum()) for kind in _KINDS)
    said = [
        trn("{count} obstacle", "{count} obstacles", brakes, lang),
        trn("{count} lever", "{count} levers", levers, lang),
    ]
    other = len(rows) - brakes - levers
    if other:
        said.append(
            trn("{count} observation of another kind", "{count} observations of another kind", other, lang)
        )
    stages = rows.loc[rows["stage"] != "", "stage"].nunique()
    parts = [
        tr("{kinds} were noted", lang, kinds=enumeration(said, lang)),
        trn("at {count} stage", "at {count} stages", stages, lang) if stages else "",
    ]
    # as the table marks them: said to be one, or with a hypothesis and no word on how sure it is
    guesses = int(
        rows["confidence"]
        .mask(rows["hypothesis"].notna() & rows["confidence"].isna(), _GUESS)
        .eq(_GUESS)
        .sum()
    )
    told = [sentence_of(clauses([" ".join(part for part in parts if part)], lang))]
    if guesses:
        text = trn("{count} of them is a hypothesis", "{count} of them are hypotheses", guesses, lang)
        told.append(sentence_of(text))
    told.append(tr("They are told as they were heard, stage by stage; none was left out.", lang))
    return " ".join(told)


def _counts(rows: pd.DataFrame, lang: str) -> Grid:
    shown: Rows = []
    for _, part in rows.groupby("place", sort=False):  # over stages
        counts = [int((part["kind"] == kind).sum()) for kind in _KINDS]
        rest = len(part) - sum(counts)
        cells = [number(count, lang) for count in counts]
        name = Cell(_stage(str(part["stage"].iloc[0]), lang), strong=True)
        shown.append([name, *cells, number(rest, lang) if rest else ""])
    columns = [
        Column(table("observations")["stage_id"].label(lang), weight=3.0),
        *(Column(label(kind, "observation_kind", lang), numeric=True) for kind in _KINDS),
        Column(tr("Not stated", lang), numeric=True),
    ]
    return Grid.of(tr("Obstacles and levers, number by stage", lang), columns, shown).filled()


def observations_grid(f: Filiere, lang: str) -> Grid:
    """Return every observation: by stage in the order of the chain, obstacles before levers, as it was heard."""
    rows = _ordered(f)
    home, names, sources = table("observations"), f.actors["name"], f.sources["name"]
    shown: Rows = []
    for row in rows.to_dict("records"):
        firmness = label(row["confidence"], "confidence", lang) if known(row["confidence"]) else ""
        if known(row["hypothesis"]):
            firmness = tr(
                "{label}: {text}", lang, label=firmness or tr("Hypothesis", lang), text=row["hypothesis"]
            )
        shown.append(
            [
                Cell(_stage(row["stage"], lang), strong=True),
                _kind(row["kind"], lang),
                text_of(row["text"]),
                text_of(names.get(row["actor_id"])),
                text_of(sources.get(row["source_id"])) or text_of(row["source_id"]),
                firmness,
            ]
        )
    columns = [
        Column(home["stage_id"].label(lang), weight=1.2),
        Column(home["kind"].label(lang), weight=0.7),
        Column(home["text"].label(lang), weight=3.2),
        Column(home["actor_id"].label(lang), weight=1.2),
        Column(home["source_id"].label(lang), weight=1.2),
        Column(home["confidence"].label(lang), weight=1.2),
    ]
    return Grid.of(tr("What was noted, stage by stage", lang), columns, shown).filled()
