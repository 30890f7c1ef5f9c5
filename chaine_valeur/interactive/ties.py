"""From a filière to the lines of its map: flows, cooperations, seats in a group; each row in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..figures import ChainData
from ..figures.frames import INTERNAL
from ..language import percent, quantity, tr
from ..provenance import provenance
from ..quantities import with_tonnes
from ..schema import unit_label
from ..vocabulary import Confidence, CooperationKind, CooperationState, Status, label, labels
from .cards import EXPORT, IMPORT, card_ids
from .page import EDGE_FIELDS

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["tie_frame"]


def tie_frame(f: Filiere, chain: ChainData, nodes: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return every tie between two cards of the map (fields of `EDGE_FIELDS`), a row per row of the tables.

    Flows are those of the chain figure, at the cards of the stages that they join. A tie known to be absent
    is none.
    """
    rows = [
        *_flows(f, chain, set(nodes["node_id"]), lang=lang),
        *_cooperations(f, set(nodes["node_id"]), lang=lang),
        *_seats(f, set(nodes["node_id"]), lang=lang),
        *_same(nodes, lang=lang),
    ]
    frame = pd.DataFrame(rows, columns=list(EDGE_FIELDS))
    return frame.astype({"quantity_t_per_year": "float64", "directed": "bool", "is_hypothesis": "bool"})


def _flows(f: Filiere, chain: ChainData, cards: set[str], *, lang: str) -> list[tuple[Any, ...]]:
    drawn = chain.ribbons[chain.ribbons["status"] != INTERNAL].explode("flow_ids")
    rows = with_tonnes(f, "flows").loc[drawn["flow_ids"]]
    said = provenance(f, "flows", column="quantity_t_per_year").loc[drawn["flow_ids"]]
    ids = card_ids(chain)
    name = tr("Flow of material", lang)

    def card(box: Any, outside: str) -> str:
        if not isinstance(box, str):
            return outside
        # without stages the columns are roles, and an actor has one card
        return ids[box] if ids[box] in cards else box.rpartition("@")[0]

    columns = zip(
        drawn[["source_box", "target_box", "material", "status", "is_hypothesis"]].itertuples(index=False),
        rows[["quantity_t_per_year", "share", "year"]].itertuples(index=False),
        said[["confidence", "hypothesis"]].itertuples(index=False),
        strict=True,
    )
    found = []
    for line, row, (confidence, hypothesis) in columns:
        active = line.status == Status.ACTIVE.value
        status = "" if active else label(line.status, "status", lang).lower()
        firm = "" if line.is_hypothesis else label(confidence, "confidence", lang).lower()
        how_much = _how_much(row.quantity_t_per_year, row.share, lang)
        text = ", ".join(part for part in (line.material, how_much, _year(row.year), status, firm) if part)
        doubt = _doubt(confidence, hypothesis, lang) if line.is_hypothesis else ""
        ends = card(line.source_box, IMPORT), card(line.target_box, EXPORT)
        soft = bool(line.is_hypothesis) or not active
        found.append((*ends, "flow", "flow", name, True, row.quantity_t_per_year, soft, text, doubt))
    return found


def _how_much(amount: float, share: float, lang: str) -> str:
    if not np.isnan(amount):
        return quantity(amount, unit_label("t/year", lang), lang)
    if not pd.isna(share):
        return tr("{share} of what leaves the source", lang, share=percent(share, lang))
    return tr("tonnage unknown", lang)


def _cooperations(f: Filiere, cards: set[str], *, lang: str) -> list[tuple[Any, ...]]:
    names = labels("cooperation_kind", lang)
    one_way = {kind.value for kind in CooperationKind if kind.directed}
    rows = f.network.cooperations_that_count()
    rows = rows[(rows["state"] != CooperationState.ABSENT.value).to_numpy(bool)]
    found = []
    for row in rows.itertuples():
        if row.actor_id not in cards or row.to_actor_id not in cards:
            continue  # with one that has closed
        kind = "" if pd.isna(row.kind) else str(row.kind)
        name = names.get(kind) or tr("Cooperation, kind not stated", lang)
        since = "" if pd.isna(row.since) else tr("since {year}", lang, year=int(row.since))
        how_far = label(row.intensity, "intensity", lang).lower()
        text = ", ".join(part for part in (name, how_far, since) if part)
        what = "cooperation", f"cooperation:{kind}", name, kind in one_way
        found.append((row.actor_id, row.to_actor_id, *what, np.nan, *_firmness(row, text, lang)))
    order = {f"cooperation:{kind}": place for place, kind in enumerate(names)}
    return sorted(found, key=lambda row: order.get(row[3], len(order)))


def _seats(f: Filiere, cards: set[str], *, lang: str) -> list[tuple[Any, ...]]:
    name = tr("Seat in a group", lang)
    found = []
    for row in f.memberships.itertuples():
        if row.actor_id not in cards:
            continue
        pole = label(row.pole, "pole", lang)
        text = tr("Member, for: {pole}", lang, pole=pole) if pole else tr("Member", lang)
        what = "group", "group", name, False
        found.append((row.actor_id, f"group\0{row.group_id}", *what, np.nan, *_firmness(row, text, lang)))
    return found


def _firmness(row: Any, text: str, lang: str) -> tuple[bool, str, str]:
    """Return whether a row is a hypothesis, what it says, and why it is unsure."""
    soft = row.confidence == Confidence.HYPOTHESIS.value
    return soft, text, _doubt(row.confidence, row.hypothesis, lang) if soft else ""


def _same(nodes: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    """Return a line from card to card of an actor that holds several stages: it passes material to itself."""
    name = tr("Same actor at several stages", lang)
    cards = nodes.loc[nodes["kind"] == "actor", ["actor_id", "node_id"]]
    before = cards.groupby("actor_id")["node_id"].shift()
    ends = zip(before.tolist(), cards["node_id"].tolist(), strict=True)
    return [
        (first, second, "same", "same", name, False, np.nan, False, name, "")
        for first, second in ends
        if isinstance(first, str)
    ]


def _year(year: Any) -> str:
    return "" if pd.isna(year) else str(int(year))


def _doubt(confidence: Any, hypothesis: Any, lang: str) -> str:
    """Return why a row is unsure: « hypothèse : 67 200 habitants × 1,6 kg »."""
    kind = label(confidence, "confidence", lang).lower()
    if pd.isna(hypothesis) or not str(hypothesis).strip():
        return kind
    return tr("{kind}: {reason}", lang, kind=kind, reason=str(hypothesis))
