"""What the throughput says in the diagnosis: a figure, what limits it, whom it does not serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ....language import N_, number, tr, trn
from ....provenance import hypothesis_share
from ...activities import identifiers
from ...findings import Finding
from ...indicator import Indicator
from ...measure import NAN, Measure
from ...wording import quoted, sentences, tonnes
from .bottlenecks import bottlenecks
from .result import Throughput, throughput, too_large
from .told import limit_text

if TYPE_CHECKING:
    import pandas as pd

    from ....filiere import Filiere

__all__ = [
    "bottleneck_findings",
    "next_limit_text",
    "throughput_lead",
    "throughput_measure",
    "throughput_of",
    "unmet_demand_findings",
]

#: Tonnes under which a demand counts as served.
SERVED = 1e-6
#: Flows beyond which the diagnostic works out neither the throughput, nor, before, what limits it: seconds each.
MOST_FLOWS, MOST_FLOWS_LIMITED = 20_000, 5_000
#: Share of a demand that has to be unserved before it is told.
UNMET_SHARE = 0.1
_IDENTIFIERS = ("activity_id", "flow_id", "market_id")


def throughput_of(f: Filiere) -> Throughput:
    """Return the throughput of a filière with the usual conventions, made once.

    ``throughput(f)``, kept with the filière: the figure that the diagnosis, its findings and the report share.
    Beyond 20 000 flows it is not worked out (``reason`` is ``too_large``): `throughput` does it.

    Returns
    -------
    Throughput
        `served_t_per_year` in t/year, 0 or more; NaN without a known limit, a flow or a buyer, or beyond that many
        flows. The same object each time: its tables are shared, take a copy before changing them.

    Notes
    -----
    The number of flows is a convention of this library: each program takes seconds from there on.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> found = throughput_of(f)
    >>> found.status, round(found.served_t_per_year, 1), found is throughput_of(f)
    ('solved', 260.4, True)
    """
    return f.derived("throughput", _usual)


def _usual(f: Filiere) -> Throughput:
    return throughput(f) if len(f.network.flow_row) <= MOST_FLOWS else too_large(f)


def throughput_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the tonnes of demand that the chain can serve, over those asked for."""
    found = throughput_of(f)
    asked = found.served["demand_t_per_year"]
    unknown = int(asked.isna().sum()) + int(found.unlimited["used"].sum())
    value = found.served_t_per_year
    total = float(asked.sum()) if len(asked) and not asked.isna().any() else NAN
    measure = Measure(
        value,
        "t/year",
        numerator=value if total == total else NAN,
        denominator=total,
        n_unknown=unknown,
        note=" ".join([*throughput_lead(found, lang=lang), *_limits_not_sought(f, found, lang)]),
    )
    rows = {
        "flows": identifiers(f.network.flow_ids),
        "markets": tuple(_texts(found.served["market_id"])),
        "activities": identifiers(_limited(f)),
        "recipes": identifiers(f.recipes.index),
    }
    return measure.resting_on(f, rows)


def throughput_lead(found: Throughput, *, lang: str = "fr") -> list[str]:
    """Return the sentences that stand with the throughput: how it ended, and on which inputs without limit.

    Returns
    -------
    list of str
        One or two sentences; `Throughput.notes` has all of what it rests on.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> len(throughput_lead(throughput_of(f), lang="en")) in (1, 2)
    True
    """
    condition = found.condition(lang=lang)
    depends = N_("This supposes that inputs of no known limit follow: {inputs}.")
    return [found.notes(lang=lang)[0], *([tr(depends, lang, inputs=condition)] if condition else [])]


def _limits_not_sought(f: Filiere, found: Throughput, lang: str) -> list[str]:
    """Return that what limits the throughput was not looked for, where that is so."""
    if found.status != "solved" or len(f.network.flow_row) <= MOST_FLOWS_LIMITED:
        return []
    text = N_("Beyond {count} flows, what limits it is not looked for here; “cv.flows.bottlenecks” does it.")
    return [tr(text, lang, count=number(MOST_FLOWS_LIMITED, lang))]


throughput_indicator = Indicator(
    "B8",
    N_("What the chain can serve"),
    "t/year",
    throughput_measure,
    ("flows", "markets", "activities", "recipes", "stages"),
    "essential",
    N_(
        "Most demand that supplies, recipes and capacities allow to be served along the recorded flows "
        "(linear program)."
    ),
    N_("Compared with what is asked for: what the chain cannot serve as it stands."),
)


def _limited(f: Filiere) -> pd.Index:
    """Return the activities that count and state a capacity."""
    from ...activities import current_activities

    frame = current_activities(f).frame
    return frame.index[frame["capacity_t_per_year"].notna().to_numpy(bool)]


def bottleneck_findings(f: Filiere, *, lang: str = "fr", most: int = 3) -> Iterator[Finding]:
    """Yield what limits the throughput, with what one more tonne serves and what limits next (B8).

    A demand that is wholly served is no bottleneck. Beyond `MOST_FLOWS_LIMITED` flows nothing is looked for; the
    note of the figure says so.

    Parameters
    ----------
    most
        Bottlenecks told; several limits that only yield together are one.
    """
    found = throughput_of(f)
    held = found.reason == "held"  # recorded flows lead to the buyers, and nothing gets through
    if not held and (found.status != "solved" or not found.served_t_per_year > SERVED):
        return
    if len(f.network.flow_row) > MOST_FLOWS_LIMITED:
        return
    table = bottlenecks(f)  # as the report asks for them: solved once for both
    table = table[(table["kind"] != "demand").to_numpy(bool)]
    groups = table["group"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    alone = np.isnan(groups)
    parts = [table.iloc[[place]] for place in np.flatnonzero(alone)]
    parts += [table[groups == group] for group in np.unique(groups[~alone])]
    for part in sorted(parts, key=lambda part: part.index[0])[:most]:  # a few rows
        yield _bottleneck(f, found, part, lang)


def _bottleneck(f: Filiere, found: Throughput, part: pd.DataFrame, lang: str) -> Finding:
    rows = part.to_dict("records")
    first = rows[0]
    served = tonnes(found.served_t_per_year, lang)
    gain = number(float(first["gain_t_per_t"]), lang)
    if len(rows) == 1:
        head = tr(
            "{limit}, {quantity}, limits what the chain can serve ({served}).",
            lang,
            limit=_capital(limit_text(f, first, lang=lang)),
            quantity=tonnes(float(first["limit_t_per_year"]), lang),
            served=served,
        )
        then = tr("One more tonne there serves {gain} t more.", lang, gain=gain)
    else:
        from ....language import enumeration

        names = [
            tr("{limit} ({quantity})", lang, limit=limit_text(f, row, lang=lang),
               quantity=tonnes(float(row["limit_t_per_year"]), lang))
            for row in rows
        ]  # fmt: skip
        head = tr(
            "Together, {limits} limit what the chain can serve ({served}): none of them gains anything alone.",
            lang,
            limits=enumeration(names, lang),
            served=served,
        )
        then = tr("One more tonne of each serves {gain} t more.", lang, gain=gain)
    ids = {
        name: tuple(_texts(row[column] for row in rows))
        for name, column in (("activities", "activity_id"), ("flows", "flow_id"), ("markets", "market_id"))
    }
    support = {name: found_ids for name, found_ids in ids.items() if found_ids}
    return Finding(
        "bottleneck", "medium", sentences(head, then, next_limit_text(f, first, lang=lang)),
        stage_id=_text(first["stage_id"]), to_stage_id=_text(first["to_stage_id"]),
        actor_id=_text(first["actor_id"]), to_actor_id=_text(first["to_actor_id"]),
        material_id=_text(first["material_id"]), year=f.network.year,
        quantity=float(first["limit_t_per_year"]), unit="t/year", rows=support,
        hypothesis_share=hypothesis_share(f, support),
    )  # fmt: skip


def next_limit_text(f: Filiere, row: Mapping[str, Any], *, lang: str = "fr") -> str:
    """Return what limits once a row of `bottlenecks` is lifted entirely, in a sentence.

    Parameters
    ----------
    row
        A row of `chaine_valeur.flows.bottlenecks` on the same filière, or a mapping with its ``next_kind``,
        ``next_id`` and ``next_served_t_per_year`` (t/year).
    lang
        Language of the sentence.

    Returns
    -------
    str
        The next limit with the tonnes served per year then; where either is unknown (NaN), that no other known
        limit holds.

    Raises
    ------
    KeyError
        A row without one of these cells, or of another filière, where ``next_id`` does not exist.

    Notes
    -----
    Wording: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> next_limit_text(f, bottlenecks(f).iloc[0], lang="en").replace("\\u00a0", " ")
    'Once lifted, the demand itself limits: 690 t/year.'
    """
    kind, then = row["next_kind"], float(row["next_served_t_per_year"])
    if _text(kind) is None or then != then:
        return tr("Once lifted, no other known limit holds.", lang)
    amount = tonnes(then, lang)
    if kind == "demand":
        return tr("Once lifted, the demand itself limits: {amount}.", lang, amount=amount)
    return tr("Once lifted, the next limit is {limit}: {amount}.", lang,
              limit=_named(f, str(kind), str(row["next_id"]), lang), amount=amount)  # fmt: skip


def _named(f: Filiere, kind: str, identifier: str, lang: str) -> str:
    """Return a limit by its identifier, in words."""
    home = {"activity": "activities", "flow": "flows", "supply": "markets"}[kind]
    record = f.table(home).loc[identifier]
    row = {
        "kind": kind,
        "actor_id": record.get("actor_id", record.get("source")),
        "stage_id": record.get("stage_id", record.get("source_stage")),
        "to_actor_id": record.get("target"),
        "to_stage_id": record.get("target_stage"),
        "material_id": record.get("material_id"),
    }
    return limit_text(f, {name: _text(value) for name, value in row.items()}, lang=lang)


def unmet_demand_findings(
    f: Filiere, *, lang: str = "fr", unmet_share: float = UNMET_SHARE
) -> Iterator[Finding]:
    """Yield the materials of which a good part of the demand is beyond what the chain can serve (A7).

    ``(demand − served) / demand`` per material: only the total is unique, the split between buyers is not.

    Parameters
    ----------
    unmet_share
        Share of the demand from which it is told.
    """
    found = throughput_of(f)
    if found.status == "unlimited" or found.reason == "too_large" or found.served.empty:
        return
    known = found.served[found.served["demand_t_per_year"].notna().to_numpy(bool)]
    for material, rows in known.groupby(known["material_id"].fillna(""), sort=False):  # over materials
        asked, served = float(rows["demand_t_per_year"].sum()), float(rows["served_t_per_year"].sum())
        left = asked - served
        if not left > max(unmet_share * asked, SERVED):
            continue
        name = quoted(str(f.materials["name"].get(str(material), "")), lang) if material else ""
        head = tr(
            "{material}: of {asked} asked for, the chain can serve {served}; {left} stay without an answer.",
            lang,
            material=name or tr("All materials", lang),
            asked=tonnes(asked, lang),
            served=tonnes(served, lang),
            left=tonnes(left, lang),
        )
        buyers = trn("Asked by {count} actor.", "Asked by {count} actors.", rows["actor_id"].nunique(), lang)
        support = {"markets": tuple(_texts(rows["market_id"]))}
        stages = rows["stage_id"].dropna().unique()
        yield Finding(
            "unmet_demand", "medium", sentences(head, buyers),
            stage_id=str(stages[0]) if len(stages) == 1 else None,
            material_id=str(material) or None, year=f.network.year, quantity=left, unit="t/year",
            rows=support, hypothesis_share=hypothesis_share(f, support, values={"markets": "quantity_t_per_year"}),
        )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(value: Any) -> str | None:
    """Return a cell, or none where it is unknown."""
    return None if value is None or value != value or not str(value) else str(value)


def _texts(values: Any) -> list[str]:
    """Return the identifiers of some cells, several in one cell apart."""
    return [part for value in values if (text := _text(value)) for part in text.split(";")]
