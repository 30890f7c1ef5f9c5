"""The Sankey in words, for those who cannot see it."""

from __future__ import annotations

from typing import Any

from ..language import check_language, clauses, enumeration, tr, trn
from ._page import tonnes
from ._sankey_data import DIFFERENCE, FLOW, SankeyData
from ._sankey_labels import ribbon_words
from .frames import MISSING, PRESENT, stage_sentence

__all__ = ["sankey_alt_text"]

_NAMED = 8


def sankey_alt_text(data: SankeyData, lang: str = "fr") -> str:
    """Return the alternative text of the Sankey: the largest flows, what enters and leaves, what is unknown.

    Parameters
    ----------
    data
        The frames behind the figure (`sankey_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    flows = data.ribbons[data.ribbons["kind"].eq(FLOW)]
    if flows.empty:
        return tr("No flow is described: who passes what to whom is still to be asked.", lang)
    name = tr("Value chain « {name} »", lang, name=data.name) if data.name else tr("Value chain", lang)
    counts = [
        trn("{count} stage", "{count} stages", len(data.nodes), lang)
        if data.by == "stage"
        else trn("{count} role", "{count} roles", len(data.nodes), lang),
        trn("{count} flow", "{count} flows", int(flows["flow_ids"].map(len).sum()), lang),
    ]
    parts = [_told(name, enumeration(counts, lang), lang)]
    names = data.nodes.set_index("node_id")["label"]
    known = flows[flows[data.value].notna()].sort_values(data.value, ascending=False, kind="stable")
    if len(known):
        said = [_flow(row, data, names, lang) for row in known.head(_NAMED).itertuples()]
        if len(known) > _NAMED:
            said.append(trn("{count} other", "{count} others", len(known) - _NAMED, lang))
        heading = tr("Main flows per year", lang)
        if data.is_reconciled:
            heading = tr("Main flows per year, declared → reconciled", lang)
        parts.append(_told(heading, clauses(said, lang), lang))
    for end, heading in (("source", tr("From outside", lang)), ("target", tr("To the outside", lang))):
        away = flows[flows[end].isna()]
        if len(away):
            total = away[data.value].sum(min_count=1)
            parts.append(_told(heading, tonnes(total, int(away[data.blank].sum()), lang), lang))
    gaps = data.ribbons[data.ribbons["kind"].eq(DIFFERENCE)]
    if len(gaps):
        ends = gaps["source"].fillna(gaps["target"]).map(names)
        pairs = zip(ends, gaps[data.value], strict=True)
        heading = tr("Difference between what enters and what leaves", lang)
        said = [f"{node} ({tonnes(size, 0, lang)})" for node, size in pairs]
        parts.append(_told(heading, enumeration(said, lang), lang))
    empty = data.nodes[data.nodes["state"].ne(PRESENT)]
    said = [
        row.label if row.state == MISSING else f"{row.label} ({stage_sentence(row.state, lang)})"
        for row in empty.itertuples()
    ]
    if said:
        parts.append(_told(tr("Stages held by nobody", lang), enumeration(said, lang), lang))
    unknown = int(flows[data.blank].sum())
    if unknown:
        text = trn("{count} flow of unknown quantity", "{count} flows of unknown quantity", unknown, lang)
        parts.append(f"{text[:1].upper()}{text[1:]}.")
    return " ".join(parts)


def _told(heading: str, content: str, lang: str) -> str:
    return tr("{heading}: {content}.", lang, heading=heading, content=content)


def _flow(row: Any, data: SankeyData, names: Any, lang: str) -> str:
    outside = tr("outside", lang)
    return tr(
        "{source} → {target}, {quantity} ({material})",
        lang,
        source=names.get(row.source, outside),
        target=names.get(row.target, outside),
        quantity=ribbon_words(row, data, lang),
        material=row.material,
    )
