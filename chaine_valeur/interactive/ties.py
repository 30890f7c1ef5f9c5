"""From a filière to the lines of its map: flows, cooperations, seats in a group; each row in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import percent, quantity, tr
from ..provenance import provenance, rests_on_hypothesis
from ..schema import unit_label
from ..vocabulary import CooperationKind, CooperationState, label, labels
from .cards import EXPORT, IMPORT, card_id
from .page import EDGE_FIELDS

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["tie_frame"]


def tie_frame(f: Filiere, nodes: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return every tie between two cards of the map (fields of `EDGE_FIELDS`), a row per row of the tables.

    Flows are those that count (`Network.flow_row`), at the cards of the stages that they join. A tie known
    to be absent is none.
    """
    parts = [_flows(f, nodes, lang=lang), _cooperations(f, nodes, lang=lang), _seats(f, nodes, lang=lang)]
    rows = [row for part in parts for row in part]
    frame = pd.DataFrame(rows, columns=list(EDGE_FIELDS))
    return frame.astype({"quantity_t_per_year": "float64", "directed": "bool", "is_hypothesis": "bool"})


def _flows(f: Filiere, nodes: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    net = f.network
    cards = set(nodes["node_id"])
    stages = [*net.stage_ids, ""]
    actors = net.actor_ids

    def card(actor: int, stage: int, outside: str) -> str:
        if actor < 0:
            return outside
        at_stage = card_id(actors[actor], stages[stage])
        return at_stage if at_stage in cards else actors[actor]

    rows = f.flows.iloc[net.flow_row]
    said = provenance(f, "flows", column="quantity_t_per_year").iloc[net.flow_row]
    materials = f.materials["name"].to_dict()
    name = tr("Flow of material", lang)
    columns = zip(
        rows["material_id"].tolist(), rows["share"].tolist(), net.flow_t.tolist(), rows["year"].tolist(),
        said["confidence"].tolist(), said["hypothesis"].tolist(), net.flow_hypothesis.tolist(),
        net.flow_source.tolist(), net.flow_source_stage.tolist(), net.flow_target.tolist(),
        net.flow_target_stage.tolist(), strict=True,
    )  # fmt: skip
    found = []
    for material, share, amount, year, confidence, hypothesis, soft, source, start, target, end in columns:
        what = materials.get(material, "") or tr("material not stated", lang)
        how_much = _how_much(amount, share, lang)
        firm = "" if soft else label(confidence, "confidence", lang).lower()
        text = ", ".join(part for part in (what, how_much, _year(year), firm) if part)
        doubt = _doubt(confidence, hypothesis, lang) if soft else ""
        ends = card(source, start, IMPORT), card(target, end, EXPORT)
        found.append((*ends, "flow", "flow", name, True, amount, soft, text, doubt))
    return found


def _how_much(amount: float, share: float, lang: str) -> str:
    if not np.isnan(amount):
        return quantity(amount, unit_label("t/year", lang), lang)
    if not pd.isna(share):
        return tr("{share} of what leaves the source", lang, share=percent(share, lang))
    return tr("tonnage unknown", lang)


def _cooperations(f: Filiere, nodes: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    cards = set(nodes["node_id"])
    names = labels("cooperation_kind", lang)
    one_way = {kind.value for kind in CooperationKind if kind.directed}
    rows = f.network.cooperations_that_count()
    rows = rows[(rows["state"] != CooperationState.ABSENT.value).to_numpy(bool)]
    soft = rests_on_hypothesis(f, "cooperations").loc[rows.index]
    found = []
    for row, is_soft in zip(rows.itertuples(), soft.tolist(), strict=True):
        if row.actor_id not in cards or row.to_actor_id not in cards:
            continue  # with one that has closed
        kind = "" if pd.isna(row.kind) else str(row.kind)
        name = names.get(kind) or tr("Cooperation, kind not stated", lang)
        since = "" if pd.isna(row.since) else tr("since {year}", lang, year=int(row.since))
        text = ", ".join(part for part in (name, label(row.intensity, "intensity", lang).lower(), since) if part)
        doubt = _doubt(row.confidence, row.hypothesis, lang) if is_soft else ""
        ends = row.actor_id, row.to_actor_id
        found.append((*ends, "cooperation", f"cooperation:{kind}", name, kind in one_way, np.nan, is_soft, text, doubt))
    order = {f"cooperation:{kind}": place for place, kind in enumerate(names)}
    return sorted(found, key=lambda row: order.get(row[3], len(order)))


def _seats(f: Filiere, nodes: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    cards = set(nodes["node_id"])
    name = tr("Seat in a group", lang)
    soft = rests_on_hypothesis(f, "memberships")
    found = []
    for row, is_soft in zip(f.memberships.itertuples(), soft.tolist(), strict=True):
        if row.actor_id not in cards:
            continue
        pole = label(row.pole, "pole", lang)
        text = tr("Member, for: {pole}", lang, pole=pole) if pole else tr("Member", lang)
        doubt = _doubt(row.confidence, row.hypothesis, lang) if is_soft else ""
        group = f"group\0{row.group_id}"
        found.append((row.actor_id, group, "group", "group", name, False, np.nan, is_soft, text, doubt))
    return found


def _year(year: Any) -> str:
    return "" if pd.isna(year) else str(int(year))


def _doubt(confidence: Any, hypothesis: Any, lang: str) -> str:
    """Return why a row is unsure: « hypothèse : 67 200 habitants × 1,6 kg »."""
    kind = label(confidence, "confidence", lang).lower()
    if pd.isna(hypothesis) or not str(hypothesis).strip():
        return kind
    return tr("{kind}: {reason}", lang, kind=kind, reason=str(hypothesis))
