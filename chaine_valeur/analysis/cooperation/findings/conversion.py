"""Cooperations that could become exchanges of material: a check, told of all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ....language import number, percent, tr, trn
from ....network import codes_of, is_among
from ....provenance import hypothesis_share
from ...findings import Finding
from ..ties.counting import pair_numbers
from ..ties.rows import identifiers
from ..ties.years import history_of
from ..trade.outcomes import LAGS, Conversion, conversions_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere

__all__ = ["ties_to_convert"]


def ties_to_convert(f: Filiere, *, lang: str = "fr", threshold: float = 0.5) -> Iterator[Finding]:
    """Find that actors who cooperate, at stages that follow each other, do not exchange material yet.

    Nothing is said unless flows of a later year are known: the latest year of flows, and the ties of one to
    three years before. No pair is named, and an expert or a funder is not expected to exchange material: only
    the pairs that hold the two ends of an expected passage are counted.

    Parameters
    ----------
    threshold
        Share of these pairs that exchange below which it is said.

    Yields
    ------
    Finding
        Kind ``ties_to_convert``: one at most, however many pairs; it rests on their cooperations.
    """
    found = conversions_of(f, lag=LAGS)
    if not found:
        return
    later = max(one.to_year for one in found)
    latest = [one for one in found if one.to_year == later and one.tied.any()]
    if not latest:
        return
    one = min(latest, key=lambda each: (not each.known_before, each.lag))
    could = one.tied & _on_a_passage(f, one)
    trading = int((could & (one.after > 0)).sum())
    count = int(could.sum())
    waiting = could & (one.after == 0)
    if not waiting.any() or trading >= threshold * count:
        return
    told = {"year": str(one.year), "to_year": str(one.to_year), "threshold": percent(threshold, lang)}
    message = trn(
        "Cooperations of {year} between actors at stages that follow each other: {trading} of {count} is an "
        "exchange of material in {to_year} (said below {threshold}).",
        "Cooperations of {year} between actors at stages that follow each other: {trading} of {count} are "
        "exchanges of material in {to_year} (said below {threshold}).",
        count,
        lang,
        trading=number(trading, lang),
        **told,
    )
    if one.known_before and trading:
        newly = int((could & (one.before == 0) & (one.after > 0)).sum())
        message += " " + tr("Of these, new since {year}: {newly}.", lang, newly=number(newly, lang), **told)
    message += " " + tr(
        "To be worked out with them: what holds back a first exchange, and a trial on one material; to be "
        "asked: whether an exchange takes place that no flow tells.",
        lang,
    )
    rows = {"cooperations": _rows_of(f, one, waiting)}
    yield Finding(
        "ties_to_convert",
        "low",
        message,
        year=int(one.to_year),
        quantity=float(waiting.sum()),
        unit="count",
        n_unknown=one.undated,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )


def _on_a_passage(f: Filiere, one: Conversion) -> NDArray[np.bool_]:
    """Return which pairs hold the two ends of an expected passage, either way."""
    from scipy.sparse import csr_array

    network = f.network
    place = codes_of(history_of(f, directed=False).nodes.to_series(), network.actor_ids)
    holds = csr_array(
        (np.ones(len(network.activity_actor)), (network.activity_actor, network.activity_stage)),
        shape=(network.n_actors, max(network.n_stages, 1)),
    )
    follows = csr_array(
        (np.ones(len(network.link_from)), (network.link_from, network.link_to)),
        shape=(max(network.n_stages, 1), max(network.n_stages, 1)),
    )
    a, b = holds[place[one.a]], holds[place[one.b]]
    joined = (a @ follows).multiply(b).sum(axis=1) + (b @ follows).multiply(a).sum(axis=1)
    return np.asarray(joined).ravel() > 0


def _rows_of(f: Filiere, one: Conversion, wanted: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the observed rows of cooperation that speak of some pairs."""
    history = history_of(f, directed=False)
    rows = f.cooperations.loc[list(history.rows)]
    rows = rows[(rows["state"] != "absent").to_numpy(bool)]
    a, b = (codes_of(rows[name], history.nodes) for name in ("actor_id", "to_actor_id"))
    numbers = pair_numbers(np.minimum(a, b), np.maximum(a, b), history.size)
    kept = np.sort(pair_numbers(one.a[wanted], one.b[wanted], history.size))
    return identifiers(rows.index[is_among(numbers, kept)])
