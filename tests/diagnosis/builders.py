"""What the tests of the diagnostic share: made-up checks and indicators, degenerate filières."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.filiere import Filiere
from tests.core.hand import TABLES, by_hand


@cache
def hand() -> Filiere:
    """Return the filière computed by hand, read once; what reads it does not change it."""
    return by_hand()


def indicator(identifier: str, compute: Any, *, tables: tuple[str, ...] = (), **said: Any) -> Indicator:
    """Return an indicator of one's own, in the essential profile unless said."""
    given = {"name": f"Figure {identifier}", "unit": "count", "profile": "essential"} | said
    return Indicator(
        identifier, compute=compute, tables=tables, formula="a formula", reading="a reading", **given
    )


def giving(measure: Measure) -> Any:
    """Return what computes an indicator that is always the same."""

    def compute(f: Filiere, *, lang: str) -> Measure:
        return measure

    return compute


def finding_always(*found: Finding) -> Any:
    """Return a check that always finds the same."""

    def always(f: Filiere, *, lang: str) -> Iterable[Finding]:
        return found

    return always


def broken(f: Filiere, *, lang: str) -> Iterable[Finding]:
    """Find something, then crash: what it found before is not to be trusted either."""
    yield Finding("half", "low", "Found before the crash")
    raise ZeroDivisionError("over\n  nothing")


def extended(name: str, **rows: list[Any]) -> dict[str, dict[str, list[Any]]]:
    """Return one table of the filière computed by hand with rows added; columns not named are empty."""
    table = TABLES[name]
    added = len(next(iter(rows.values())))
    columns = dict.fromkeys([*table, *rows])
    height = len(next(iter(table.values())))
    return {
        name: {
            column: [*table.get(column, [None] * height), *rows.get(column, [None] * added)]
            for column in columns
        }
    }


#: Filières of which little or nothing is known.
DEGENERATE: dict[str, dict[str, Any]] = {
    "no actor left": {"actors": {"name": [None]}},
    "one actor": {"actors": {"name": ["Seul"]}},
    "no chain": {
        "actors": {"name": ["A", "B"]},
        "cooperations": {"actor_id": ["A"], "to_actor_id": ["B"], "kind": ["projet commun"]},
    },
    "chain without actors": {
        "actors": {"name": [None]},
        "stages": {"name": ["Collecte", "Tri"]},
        "stage_links": {"stage_id": ["Collecte"], "to_stage_id": ["Tri"]},
    },
    "no flows": {
        "stages": {"name": ["Collecte", "Tri"]},
        "stage_links": {"stage_id": ["Collecte"], "to_stage_id": ["Tri"]},
        "actors": {"name": ["A", "B"], "status": ["actif", "fermé"]},
        "activities": {"actor_id": ["A"], "stage_id": ["Collecte"]},
    },
    "only closed": {"actors": {"name": ["A", "B"], "status": ["fermé", "fermé"]}},
    "every row set aside": {
        "actors": {"name": [None], "roles": ["acheteur"]},
        "activities": {"actor_id": ["Personne"], "stage_id": ["Rien"]},
        "flows": {"source": ["X"], "target": ["Y"]},
    },
    "only sources": {"actors": {"name": [None]}, "sources": {"name": ["Entretien"]}},
    "a name that is a formula": {"actors": {"name": ["=1+1"]}, "filiere": {"name": ["=2+2"]}},
}


def lenient(**tables: Any) -> Filiere:
    """Return a filière whose rows in error are set aside instead of refused."""
    return Filiere.from_tables(**tables, strict=False)
