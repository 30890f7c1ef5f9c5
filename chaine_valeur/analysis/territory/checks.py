"""What the territory buys elsewhere and sends away at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...language import tr
from ...provenance import hypothesis_share
from ..activities import flows_at, identifiers
from ..findings import Finding
from ..measure import NAN
from ..wording import quoted, sentences, tonnes
from .purchases import amounts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["CHECKS", "purchases_elsewhere"]


def purchases_elsewhere(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the materials that actors of the territory buy outside while others of it send the same out.

    Outside is a blank end, or an actor known to be elsewhere; what the source pays to be rid of is not bought.
    The quantity is what could change hands on the spot: ``min(I, O, min_v (I − i_v + O − o_v))``, with *i* and
    *o* what each actor takes in from outside and sends out (nobody needs what it sends itself); NaN where one
    side has no known tonnage, a lower bound where tonnages are missing (``n_unknown``).
    """
    net = f.network
    local = np.append(net.local, 0)
    here, there = local == 1, local == 0
    source, target = net.flow_source, net.flow_target
    bought = here[target] & there[source] & ~(amounts_of(f).value < 0)
    sent = here[source] & there[target]
    coming, leaving = net.flow_material[bought], net.flow_material[sent]
    both = np.intersect1d(coming[coming >= 0], leaving[leaving >= 0])
    for material in both.tolist():  # a loop over the materials that go both ways
        of_it = net.flow_material == material
        into, out = np.flatnonzero(of_it & bought), np.flatnonzero(of_it & sent)
        buyers, senders = target[into], source[out]
        if len(np.union1d(buyers, senders)) > 1:
            yield _finding(f, material, into, out, lang)


def _finding(
    f: Filiere, material: int, into: NDArray[np.int64], out: NDArray[np.int64], lang: str
) -> Finding:
    net = f.network
    bought, sent = net.flow_t[into], net.flow_t[out]
    quantity = _exchangeable(bought, sent, net.flow_target[into], net.flow_source[out], net.n_actors)
    rows = {
        "materials": identifiers(net.material_ids[[material]]),
        "flows": flows_at(f, np.union1d(into, out)),
    }
    stages = np.unique(net.flow_target_stage[into])
    name = quoted(str(f.materials["name"].iloc[material]), lang)
    return Finding(
        kind="purchases_elsewhere",
        severity="medium",
        message=_message(name, bought, sent, quantity, lang),
        stage_id=net.stage_ids[stages[0]] if len(stages) == 1 and stages[0] >= 0 else None,
        material_id=net.material_ids[material],
        year=net.year,
        quantity=quantity,
        unit="t/year",
        n_unknown=int(np.isnan(bought).sum() + np.isnan(sent).sum()),
        hypothesis_share=hypothesis_share(f, {"flows": rows["flows"]}),
        rows=rows,
    )


def _exchangeable(
    bought: Values, sent: Values, buyers: NDArray[np.int32], senders: NDArray[np.int32], size: int
) -> float:
    """Return what could pass from those who send out to other ones who buy: a maximum flow in closed form.

    Between the two sides every pair but that of an actor with itself can deal, so that the only cuts are the
    two sides, and one actor against all the others.
    """
    if np.isnan(bought).all() or np.isnan(sent).all():
        return NAN
    taken = np.bincount(buyers, weights=np.nan_to_num(bought), minlength=size)
    given = np.bincount(senders, weights=np.nan_to_num(sent), minlength=size)
    return float(min(taken.sum(), given.sum(), (taken.sum() + given.sum() - taken - given).min()))


def _message(name: str, bought: Values, sent: Values, quantity: float, lang: str) -> str:
    if quantity != quantity:
        return tr(
            "{material}: the territory buys it outside while it sends some out; tonnages to be asked for.",
            lang,
            material=name,
        )
    fields = {"material": name, "bought": _told(bought, lang), "sent": _told(sent, lang)}
    head = tr("{material}: the territory buys {bought} outside while it sends out {sent}.", lang, **fields)
    if not quantity > 0:
        return head
    rest = tr(
        "To be looked at: an exchange of {amount} on the spot, if quality and price suit.",
        lang,
        amount=tonnes(quantity, lang),
    )
    return sentences(head, rest)


def _told(values: Values, lang: str) -> str:
    amount = tonnes(float(np.nansum(values)), lang)
    return tr("at least {amount}", lang, amount=amount) if np.isnan(values).any() else amount


#: ``(f, *, lang) -> findings``.
CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (purchases_elsewhere,)
