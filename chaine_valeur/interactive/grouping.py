"""A map of thousands of actors: one card for those of a stage and a commune, their ties summed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..language import enumeration, number, quantity, tr, trn
from ..schema import table, unit_label
from .details import pairs
from .page import EDGE_FIELDS, NODE_FIELDS

__all__ = ["MOST_ACTORS", "MOST_CARDS", "grouped"]

#: Up to so many actors each has a card of its own.
MOST_ACTORS = 2000
#: Cards of actors that a map holds about, once they are grouped: further communes of a stage share one.
MOST_CARDS = 800
#: Names that the panel of a card tells; a search finds those.
MOST_NAMES = 60
#: Keys of the communes that share a card, and of those that nobody knows; no commune is called so.
_OTHERS, _UNKNOWN = "\0others", "\0unknown"


def grouped(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    columns: pd.DataFrame,
    *,
    communes: Mapping[str, str],
    roles: Mapping[str, str],
    lang: str,
    most_cards: int = MOST_CARDS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cards and ties of a map on which the actors of one stage and commune share a card.

    Parameters
    ----------
    nodes, edges, columns
        Frames with the fields of `NODE_FIELDS`, `EDGE_FIELDS` and `COLUMN_FIELDS`, a card per actor and stage.
    communes
        Actor → name of its commune; one that is missing or empty is unknown.
    roles
        Role → label.
    lang
        Language of the texts.
    most_cards
        About so many cards of actors at most: in each column those communes have one of their own that hold most
        actors, the others share one.

    Returns
    -------
    tuple of DataFrame
        Cards and ties with the same fields. A card that would stand for one actor stays that of the actor; groups and
        the outside stay. Ties between two cards are summed by relation, hypotheses apart, unknown tonnages apart from
        known ones; those within a card are told in its details. No actor and no tie counts twice or is lost, but for
        the line from an actor to itself at another stage, which is none between actors.

    Examples
    --------
    >>> cards = [(f"a{at}", f"a{at}", "actor", f"Atelier {at}", (), "", False, False, "tri", ()) for at in range(3)]
    >>> nodes = pd.DataFrame(cards, columns=list(NODE_FIELDS))
    >>> columns = pd.DataFrame({"column_id": ["tri"], "label": ["Tri"]})
    >>> made, _ = grouped(nodes, pd.DataFrame([], columns=list(EDGE_FIELDS)), columns,
    ...                   communes={"a0": "Lille", "a1": "Lille"}, roles={}, lang="fr")
    >>> made["label"].tolist()
    ['2 acteurs · Tri · Lille', 'Atelier 2']
    """
    is_actor = (nodes["kind"] == "actor").to_numpy(bool)
    actors = nodes[is_actor]
    place = actors["actor_id"].map(communes).astype("str").fillna("").replace("", _UNKNOWN)
    place = _fewer(actors["column_id"], place, most_cards)
    key = actors["column_id"].astype(str) + "\0" + place
    size = key.map(key.value_counts()).astype("int64")
    card = actors["node_id"].where(size == 1, "\0cards\0" + key)
    to = dict(zip(actors["node_id"], card, strict=True))
    ties, inner = _ties(edges[edges["layer"] != "same"], nodes["node_id"], to, lang)
    stages = dict(zip(columns["column_id"], columns["label"], strict=True))
    # from the first column to the last, the largest card first
    ahead = pd.DataFrame(
        {"column": pd.Index(columns["column_id"]).get_indexer(actors["column_id"]), "size": -size}
    )
    ahead["column"] = ahead["column"].where(ahead["column"] >= 0, len(columns))
    in_order = actors.loc[ahead.sort_values(["column", "size"], kind="stable").index]
    made = []
    for name, members in in_order.groupby(card, sort=False):  # a loop over cards
        if len(members) == 1:
            made.append(tuple(members.iloc[0][list(NODE_FIELDS)]))
        else:
            where = place.loc[members.index[0]]
            made.append(_card(str(name), members, stages, where, inner.get(str(name), {}), roles, lang))
    rest = nodes.loc[~is_actor, list(NODE_FIELDS)].itertuples(index=False, name=None)
    return pd.DataFrame([*made, *rest], columns=list(NODE_FIELDS)), ties


def _fewer(column: pd.Series, place: pd.Series, most: int) -> pd.Series:
    """Return the communes, in each column those with fewest actors as one where they would be too many cards."""
    each = max(1, most // max(column.nunique(), 1))
    counts = pd.DataFrame({"column": column, "place": place}).value_counts(sort=False).reset_index()
    counts = counts.sort_values(["count", "place"], ascending=[False, True], kind="stable")
    counts["rank"] = counts.groupby("column").cumcount()
    keep = pd.MultiIndex.from_frame(counts.loc[counts["rank"] < each, ["column", "place"]])
    kept = pd.MultiIndex.from_arrays([column, place]).isin(keep)
    return place.where(kept | (place == _UNKNOWN).to_numpy(bool), _OTHERS)


def _card(
    name: str,
    members: pd.DataFrame,
    stages: Mapping[str, str],
    place: str,
    inner: Mapping[str, str],
    roles: Mapping[str, str],
    lang: str,
) -> tuple[Any, ...]:
    """Return the card of several actors: how many, where, in which roles, and their names."""
    column = str(members["column_id"].iloc[0])
    stage = str(stages.get(column, ""))
    where = {_OTHERS: tr("other communes", lang), _UNKNOWN: tr("commune unknown", lang)}.get(place, place)
    how_many = trn("{count} actor", "{count} actors", len(members), lang)
    held = members["roles"].explode().dropna().value_counts(sort=False)
    order = sorted(
        held.index, key=lambda role: (-held[role], list(roles).index(role) if role in roles else 99)
    )
    told = [
        tr("{label}: {text}", lang, label=roles.get(role, role), text=number(int(held[role]), lang))
        for role in order
    ]
    siae = int(members["is_insertion"].sum())
    names = sorted(members["label"].astype(str))
    details = pairs(
        (table("actors").label(lang), number(len(members), lang)),
        (table("actors")["commune_name"].label(lang), where),
        (table("actors")["roles"].label(lang), "\n".join(told)),
        (tr("Insertion structures", lang), number(siae, lang) if siae else ""),
        (tr("Among themselves", lang), "\n".join(inner.values())),
        (table("actors")["name"].label(lang), enumeration(names, lang, limit=MOST_NAMES)),
    )
    label = " · ".join(text for text in (how_many, stage, where) if text)
    every = bool(members["is_doubtful"].all())
    return (name, name, "actor", label, tuple(order), "", siae == len(members), every, column, details)


def _ties(
    edges: pd.DataFrame, cards: pd.Series, to: Mapping[str, str], lang: str
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Return the ties between cards, summed, and what is told of those within each card."""
    order = pd.Index(pd.unique(cards.map(lambda one: to.get(one, one))))
    source = edges["source"].map(lambda one: to.get(one, one))
    target = edges["target"].map(lambda one: to.get(one, one))
    directed = edges["directed"].to_numpy(bool)
    back = ~directed & (order.get_indexer(source) > order.get_indexer(target))
    quantities = edges["quantity_t_per_year"].astype("float64")
    frame = edges.assign(
        source=source.where(~back, target), target=target.where(~back, source), known=quantities.notna(),
        quantity_t_per_year=quantities,
    )  # fmt: skip
    by = ["source", "target", "layer", "relation", "relation_label", "directed", "is_hypothesis", "known"]
    summed = frame.groupby(by, sort=False).agg(
        quantity_t_per_year=("quantity_t_per_year", "sum"), rows=("known", "size"),
        text=("text", "first"), doubt=("doubt", "first"),
    ).reset_index()  # fmt: skip
    summed["quantity_t_per_year"] = summed["quantity_t_per_year"].where(summed["known"].astype(bool), np.nan)
    inside = (summed["source"] == summed["target"]).to_numpy(bool)
    inner: dict[str, dict[str, str]] = {}
    for row in summed[inside].itertuples():  # a loop over lines of the panel
        key = f"{row.relation} {row.known} {row.is_hypothesis}"
        inner.setdefault(str(row.source), {})[key] = tr(
            "{label}: {text}", lang, label=row.relation_label, text=_said(row, lang)
        )
    between = summed[~inside].copy()
    several = (between["rows"] > 1).to_numpy(bool)
    between["text"] = [
        _said(row, lang) if many else row.text
        for row, many in zip(between.itertuples(), several, strict=True)
    ]
    hypothesis = tr("hypotheses", lang)
    between["doubt"] = between["doubt"].where(~several, np.where(between["is_hypothesis"], hypothesis, ""))
    types = {"quantity_t_per_year": "float64", "directed": "bool", "is_hypothesis": "bool"}
    return between[list(EDGE_FIELDS)].reset_index(drop=True).astype(types), inner


def _said(row: Any, lang: str) -> str:
    """Return « 12 liens, 340 t/an »: how many ties a line stands for, and what passes by them."""
    count = trn("{count} tie", "{count} ties", int(row.rows), lang)
    if row.layer != "flow":
        return count
    amount = (
        quantity(row.quantity_t_per_year, unit_label("t/year", lang), lang) if row.known
        else tr("tonnage unknown", lang)
    )  # fmt: skip
    return f"{count}, {amount}"
