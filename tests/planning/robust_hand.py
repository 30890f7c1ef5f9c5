"""Small filières whose probabilities are known in closed form, and checks that are a comparison of two figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import Measure

LIMIT = 110.0
#: Two options that one budget may pay for: the cost of the first is estimated, that of the second measured.
TWO_POSTS: dict[str, Any] = {
    "option_id": ["tri", "guet"], "name": ["Tri", "Guet"], "kind": ["posts", "posts"], "insertion_fte": [2, 1],
    "investment_eur": [9_000, 100], "running_cost_eur_per_year": [0, 0], "confidence": ["estimated", "measured"],
}  # fmt: skip
ONE_BUDGET: dict[str, Any] = {
    "name": ["Enveloppe"], "amount_eur": [10_000], "first_year": [2025], "last_year": [2025],
}  # fmt: skip


def phi(score: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


def spread(share: float) -> float:
    """The standard deviation of the logarithm of a log-normal variable of that relative deviation."""
    return math.sqrt(math.log1p(share**2))


def above(value: float, share: float, limit: float) -> float:
    """The probability that a log-normal variable of mean `value` exceeds `limit`."""
    s = spread(share)
    return phi((math.log(value / limit) - s**2 / 2) / s)


def plain(sentences: list[str]) -> list[str]:
    """Sentences with ordinary spaces, as they are typed."""
    return [one.replace("\u00a0", " ").replace("\u202f", " ") for one in sentences]


def filiere(**tables: Any) -> Filiere:
    """One flow of 100 t at 20 %, one of 40 t measured at 5 %, one unknown, one of 0 t; made once as it is."""
    return _made(**tables) if tables else _stated()


@cache
def _stated() -> Filiere:
    return _made()


def _made(**tables: Any) -> Filiere:
    given: dict[str, Any] = {
        "actors": {"actor_id": ["a", "b"], "name": ["A", "B"]},
        "materials": {"material_id": ["m"], "name": ["Papier"]},
        "flows": {
            "flow_id": ["f1", "f2", "f3", "f4"], "source": ["a", "a", "b", "b"], "target": ["b", "b", "a", "a"],
            "material_id": ["m"] * 4, "quantity_t_per_year": [100.0, 40.0, None, 0.0],
            "uncertainty_share": [0.2, None, None, None],
            "confidence": ["declared", "measured", "declared", "declared"],
        },
    }  # fmt: skip
    return Filiere.from_tables(**{**given, **tables})


def large_flow(f: Filiere, *, lang: str = "fr", flow: str = "f1", limit: float = LIMIT) -> Iterator[Finding]:
    """A finding that is there when one flow exceeds a limit."""
    tonnes = f.flows["quantity_t_per_year"].get(flow, float("nan"))
    if tonnes > limit:
        yield Finding(
            "large_flow", "high", f"{flow}: {tonnes:.0f} t", quantity=float(tonnes), unit="t/year",
            rows={"flows": (flow,)},
        )  # fmt: skip


def silent_finding(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """A finding that reads no figure."""
    yield Finding("named", "low", f"{len(f.actors)} actors", rows={"actors": tuple(f.actors.index)})


def crashes_high(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """A check that fails where the flow is above its stated value."""
    if f.flows["quantity_t_per_year"]["f1"] > 100:
        raise RuntimeError("too much")
    yield Finding("low_flow", "low", "low", stage_id="x")


def two_alike(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Two findings about the same thing, told apart by the rows that they rest on."""
    for flow, tonnes in f.flows["quantity_t_per_year"].items():
        if tonnes > 90:
            yield Finding("large", "low", str(flow), quantity=tonnes, rows={"flows": (str(flow),)})


def total(column: str = "quantity_t_per_year") -> Indicator:
    """The sum of the known flows, as an indicator."""

    def compute(f: Filiere, *, lang: str = "fr") -> Measure:
        return Measure(float(f.flows[column].sum()), "t/year", rows={"flows": tuple(f.flows.index)})

    return Indicator("X1", "Total", "t/year", compute, ("flows",), "expert", "Sum.", "Sum.")


class Plan:
    """What a plan looks like from here."""

    def __init__(self, *options: str) -> None:
        self.chosen = pd.DataFrame({"option_id": list(options)})
