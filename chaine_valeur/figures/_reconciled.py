"""What the figure of a reconciliation shows, as a frame, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.wording import times
from ..errors import ArgumentError
from ..language import check_language, clauses, interval, number, percent, quantity, tr, trn
from ..quantities import with_tonnes
from ..schema import unit_label
from ..vocabulary import label

if TYPE_CHECKING:
    from ..analysis.reconciliation import Reconciliation
    from ..filiere import Filiere

__all__ = ["SUSPECT", "reconciliation_alt_text", "reconciliation_data", "said_of", "values_of"]

#: Standardised adjustment from which a flow is to be checked (B6).
SUSPECT = 2.0
#: Adjustments below this share of the declared tonnage are told as none.
UNCHANGED = 0.0005
_NAMED = 6
#: Flows to be checked that the figure shows at most, unless it is asked for more lines; the workbook has them all.
_MOST_CHECKED = 40


def reconciliation_data(r: Reconciliation, *, most: int = 15, lang: str = "fr") -> pd.DataFrame:
    """Return the flows that the figure of a reconciliation shows, in its order.

    Declared flows come first, by falling size of their adjustment in tonnes; then those without a declared
    tonnage: by falling tonnage those that the others determine, last those of which only a range is known.
    Flows to be checked are never left out for want of room; a third of the lines is kept for flows without a
    declared tonnage, where there are as many.

    Parameters
    ----------
    most
        Number of flows, at least 1; suspects may exceed it, up to 40 or twice as many.
    lang
        Language of the labels.

    Returns
    -------
    pandas.DataFrame
        On ``flow_id``: the columns of `Reconciliation.details` (t/year), then ``label`` (what passes, from whom,
        to whom), ``share`` and ``share_of`` (where a share is declared in place of a tonnage, 0–1, else NaN),
        ``said_t_per_year`` (the tonnages of all declarations of the flow, a tuple) and ``is_suspect``
        (a standardised adjustment of at least 2, either way). ``frame.attrs["n_left_out"]`` counts the flows that are
        not shown.

    Raises
    ------
    ArgumentError
        `most` is below 1.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.analysis.reconciliation import reconcile
    >>> f = cv.datasets.load("textiles_usages")
    >>> reconciliation_data(reconcile(f), most=1)[["declared_t_per_year", "data_class"]].values.tolist()
    [[107.0, 'redundant']]
    """
    check_language(lang)
    if most < 1:
        raise ArgumentError(f"most={most!r}: at least one flow is to be shown")
    flows = r.flows
    suspect = flows.index.isin(r.suspects(threshold=SUSPECT).index)
    declared = flows["declared_t_per_year"].notna().to_numpy(bool)
    moved = flows["adjustment_t"].abs().to_numpy(float)
    found = flows["reconciled_t_per_year"].to_numpy(float)
    known = np.flatnonzero(declared)[np.argsort(-moved[declared], kind="stable")]
    free = (flows["data_class"] == "free").to_numpy(bool)
    # of a free flow any tonnage in its range would do: it says nothing of its place
    size = np.where(free, -np.inf, found)
    blank = np.flatnonzero(~declared)[np.argsort(-size[~declared], kind="stable")]
    checked = min(int(suspect[known].sum()), max(2 * most, _MOST_CHECKED))
    seats = min(len(known), max(most - min(len(blank), most // 3), checked))
    first = np.concatenate([known[suspect[known]], known[~suspect[known]]])[:seats]
    shown = [*known[np.isin(known, first)], *blank[: max(most - seats, 0)]]
    table = r.details(flows.index[shown])
    table["label"] = _labels(r.filiere, table.index, lang)
    table["share"] = r.model.declared["share"].reindex(table.index).to_numpy(float)
    table["share_of"] = r.model.declared["share_of"].reindex(table.index)
    table["said_t_per_year"] = _declarations(r.filiere, shown)
    table["is_suspect"] = suspect[shown]
    table.attrs["n_left_out"] = len(flows) - len(table)
    return table


def reconciliation_alt_text(r: Reconciliation, *, most: int = 15, lang: str = "fr") -> str:
    """Return the alternative text of the figure: what is to be checked, the largest adjustments, the unknown.

    Parameters
    ----------
    most
        Number of flows in the figure.
    lang
        ``"fr"`` or ``"en"``.
    """
    table = reconciliation_data(r, most=most, lang=lang)
    if table.empty:
        return tr("No flow is described: there is nothing to reconcile.", lang)
    count = trn("{count} flow", "{count} flows", len(table), lang)
    heading = tr("Declared and reconciled flows", lang)
    parts = [tr("{heading}: {content}.", lang, heading=heading, content=count)]
    declared = table["declared_t_per_year"].notna()
    groups = [
        (tr("To be checked", lang), table[table["is_suspect"]]),
        (tr("Declared → reconciled", lang), table[declared & ~table["is_suspect"]]),
        (tr("Without a declared tonnage", lang), table[~declared]),
    ]
    for title, rows in groups:
        said = [f"{row.label} ({values_of(row, lang)})" for row in rows.head(_NAMED).itertuples()]
        if len(rows) > _NAMED:
            said.append(trn("{count} other", "{count} others", len(rows) - _NAMED, lang))
        if said:
            parts.append(tr("{heading}: {content}.", lang, heading=title, content=clauses(said, lang)))
    return " ".join(parts)


def values_of(row: Any, lang: str) -> str:
    """Return the figures of a line: « 180 → 172 t/an », « de 40 à 90 t/an », « 57 % → 88 191 t/an »."""
    unit = unit_label("t/year", lang)
    value, declared = float(row.reconciled_t_per_year), float(row.declared_t_per_year)
    if declared == declared:
        said = " / ".join(dict.fromkeys(number(each, lang) for each in row.said_t_per_year))
        before = said or number(declared, lang)
        if before == number(value, lang) or (" / " not in before and _is_close(value, declared)):
            return tr("{quantity}, unchanged", lang, quantity=quantity(declared, unit, lang))
        return f"{before} →\u00a0{quantity(value, unit, lang)}"
    if row.data_class != "free":
        if row.share == row.share:
            return f"{_share(row.share, lang)} →\u00a0{quantity(value, unit, lang)}"
        return f"? →\u00a0{quantity(value, unit, lang)}"
    low, high = float(row.low_t_per_year), float(row.high_t_per_year)
    if high < np.inf:
        return interval(low, high, lang, unit=unit)
    if low > 0:
        return tr("at least {quantity}", lang, quantity=quantity(low, unit, lang))
    return tr("unknown", lang)


def _is_close(value: float, declared: float) -> bool:
    return abs(value - declared) <= UNCHANGED * abs(declared)


def _share(share: float, lang: str) -> str:
    """Return a share with the decimal that its source may have printed: « 56,5 % », « 14 % »."""
    return percent(share, lang, digits=0 if abs(100 * share - round(100 * share)) < 0.05 else 1)


def said_of(row: Any, lang: str) -> str:
    """Return what is added to a line: that it is to be checked, that it follows from the others."""
    if row.is_suspect:
        told = times(abs(float(row.standardised_adjustment)), lang)
        return tr("to be checked: {times} times the gap that chance explains", lang, times=told)
    if row.declared_t_per_year == row.declared_t_per_year:
        count = len(row.said_t_per_year)
        return trn("{count} declaration", "{count} declarations", count, lang) if count > 1 else ""
    if row.data_class == "free":
        return ""
    if row.share != row.share:
        return tr("follows from the others", lang)
    base = label(str(row.share_of), "share_base", lang)
    return tr("share of {base}", lang, base=base[:1].lower() + base[1:])


def _declarations(f: Filiere, shown: list[Any]) -> list[tuple[float, ...]]:
    """Return the tonnages that are declared of each of the flows shown (a loop over those, which are few)."""
    net = f.network
    tonnes = with_tonnes(f, "flows")["quantity_t_per_year"].to_numpy(float)[net.declared_row]
    of = np.where(np.isnan(tonnes), -1, net.declared_flow)
    return [tuple(tonnes[of == place].tolist()) for place in shown]


def _labels(f: Filiere, flow_ids: pd.Index, lang: str) -> list[str]:
    """Return « papier trié, La Boucle Verte → Papeterie »; two flows of one name are told by identifier."""
    rows = f.flows.loc[flow_ids]
    ends = []
    for side in ("source", "target"):
        actor = rows[side].map(f.actors["name"])
        stage = rows[f"{side}_stage"].map(f.stages["name"])
        known = stage.notna()
        outside = pd.Series(tr("outside", lang), index=rows.index, dtype="object")
        outside[known] = [tr("{stage} (outside)", lang, stage=name) for name in stage[known]]
        ends.append(actor.astype("object").where(actor.notna(), outside))
    passage = ends[0] + " →\u00a0" + ends[1]  # no line ends with the arrow
    material = rows["material_id"].map(f.materials["name"])
    labels = pd.Series(
        [
            tr("{material}, {passage}", lang, material=what, passage=way) if isinstance(what, str) else way
            for what, way in zip(material, passage, strict=True)
        ],
        index=rows.index,
        dtype="object",
    )
    twice = labels.duplicated(keep=False)
    labels[twice] = labels[twice] + " (" + labels.index[twice].astype(str) + ")"
    return labels.tolist()
