"""Filières drawn at random, with all that may be unknown, ended, somewhere else, in a loop or told twice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import CooperationKind, Pole, Role

POLES = [pole.value for pole in Pole]
KINDS = [kind.value for kind in CooperationKind]
ROLES = [role.value for role in Role]
GROUPS = ["COPIL", "Atelier", "Forum", "Club"]


class Draws:
    """What a seed gives: some of several options, by columns."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def some(self, options: Sequence[Any], count: int) -> list[Any]:
        """Return `count` of some options, each as likely."""
        return [options[place] for place in self.random.integers(0, len(options), count)]

    def maybe(self, options: Sequence[Any], count: int, *, unknown: float = 0.3) -> list[Any]:
        """As `some`, and unknown now and then."""
        blank = self.random.random(count) < unknown
        return [None if gone else one for gone, one in zip(blank, self.some(options, count), strict=True)]

    def rarely(self) -> float:
        """Return how much of a column is unknown: nothing, little or much of it."""
        return float(self.some([0.0, 0.1, 0.5], 1)[0])

    def size(self, low: int, high: int) -> int:
        """Return a number of rows."""
        return int(self.random.integers(low, high))


def located(d: Draws, count: int) -> dict[str, list[Any]]:
    """Return coordinates, one of both lacking now and then."""
    unknown = d.some([0.0, 0.2, 0.6], 1)[0]
    return {
        axis: d.maybe([low, low + 0.25, low + 0.5], count, unknown=unknown)
        for axis, low in (("latitude", 49.0), ("longitude", 0.0))
    }


def told_besides(d: Draws, actors: list[str], stages: list[str], materials: list[str]) -> dict[str, Any]:
    """Return meetings, markets and costs; each is lacking now and then."""
    met, offers, spent = (d.size(0, most) * d.some([0, 1, 1], 1)[0] for most in (24, 9, 5))
    return {
        "meetings": {
            "group_id": d.some(GROUPS, met),
            "met_on": d.some(["2021-11-05", "2022-03-01", "2022-09-30", "2023-01-15"], met),
            "actor_id": d.maybe(actors, met, unknown=0.2),
            "attended": d.maybe([True, True, False], met, unknown=d.rarely()),
        },
        "markets": {
            "kind": d.some(["supply", "supply", "supply", "demand"], offers),
            "actor_id": d.maybe(actors, offers),
            "stage_id": d.maybe(stages or [None], offers),
            "material_id": d.maybe(materials, offers),
            "level": d.maybe(["raw", "mobilizable", "mobilized"], offers),
            "quantity_t_per_year": d.maybe([60.0, 20.0, 3.0, 0.0], offers),
            "natural_quantity_per_year": d.maybe([100.0], offers, unknown=0.5),
            "year": d.maybe([2021, 2022], offers, unknown=0.5),
        },
        "costs": {
            "actor_id": d.some(actors, spent),
            "kind": d.some(["purchases", "sales", "wages"], spent),
            "amount_eur_per_year": d.maybe([0.0, 900.0], spent),
            "year": d.maybe([2021, 2022], spent, unknown=0.4),
        },
    }


@cache
def drawn(seed: int, *, whole: bool = False) -> Filiere:
    """Return the filière of a seed; every fifth has no territory, every seventh no flows, every eleventh one actor.

    With `whole`, what `told_besides` gives too, and more ties.
    """
    d = Draws(seed)
    actors = [f"a{place}" for place in range(1 if seed % 11 == 0 else d.size(2, 14))]
    stages = [f"s{place}" for place in range(d.size(0, 6))]
    materials = ["lin", "étoupe"]
    n, m = len(actors), len(stages)
    links, ties = d.size(0, m + 1), d.size(1, 5 * n) + (4 * n if whole else 0)
    held = d.size(1, 1 + n) if seed % 3 == 1 else d.size(n, 2 * n + 1)
    flows = d.size(n, 4 * n) if seed % 3 else d.size(4 * n, 8 * n)
    tables: dict[str, Any] = {
        "actors": {
            "name": actors,
            "roles": d.maybe([*ROLES, "supplier;buyer"], n),
            "pole": d.maybe([*["enterprise", "ess", "elected"] * (3 + seed % 4), *POLES], n, unknown=0.15),
            "structure_kind": d.maybe(["ACI", "EI", "EA", "company"], n),
            "status": d.some(["active"] * 14 + ["closed", "planned"], n),
            "actor_type": d.some(["organisation"] * 6 + ["network", "diffuse", "outside"], n),
            "commune_code": d.maybe(["76001", "76002", "76003"], n),
            "commune_name": d.maybe(["Yvetot", "YVETOT", "Doudeville"], n),
            "in_territory": d.maybe([True, False], n, unknown=0.7),
            "surveyed_on": d.maybe(["2022-05-01"], n, unknown=0.6),
            **located(Draws(1000 + seed), n),
        },
        "materials": {"name": materials, "unit": ["t", "balle"], "t_per_unit": [None, 0.25]},
        "groups": {"name": GROUPS, "until": d.maybe([2020, 2023], 4, unknown=0.7)},
        "memberships": {
            "group_id": d.some(GROUPS, 3 * n),
            "actor_id": d.some(actors, 3 * n),
            "pole": d.maybe(POLES, 3 * n, unknown=0.7),
            "since": d.maybe([2020, 2022], 3 * n, unknown=0.6),
            "until": d.maybe([2021, 2022, 2023], 3 * n, unknown=0.8),
        },
    }
    if m:
        tables["stages"] = {
            "name": stages,
            "rank": d.maybe(range(1, 6), m, unknown=0.2),
            "kind": ["resource", *d.some(["resource", "operation", "operation", "market"], m - 1)][: m - 1]
            + ["market"],
            "required": d.maybe([True, True, False], m),
            "alternative_group": d.maybe(["Four", "four", "presse"], m, unknown=0.6),
            "expected_scale": d.maybe(["local", "local", "regional"], m),
        }
        tables["activities"] = {
            "actor_id": d.some(actors, held),
            "stage_id": d.some(stages, held),
            "year": d.maybe([2021, 2022], held, unknown=0.6),
            "capacity_t_per_year": d.maybe([10.0, 25.0, 0.0], held),
        }
        more = Draws(2000 + seed)
        for column in ("jobs_fte", "insertion_fte", "supervision_fte", "fixed_cost_eur_per_year"):
            tables["activities"][column] = more.maybe([0.0, 1.5, 4.0, 12.0], held, unknown=more.rarely())
        tables["stage_links"] = {
            "stage_id": [*stages[:-1], *d.some(stages, links)],
            "to_stage_id": [*stages[1:], *d.some(stages, links)],
            "material_id": d.maybe(materials, links + m - 1, unknown=0.6),
            "required": d.maybe([True, True, False], links + m - 1),
        }
    if seed % 5:
        tables["filiere"] = {
            "name": ["F"],
            "territory_id": ["caux"],
            "reference_year": d.maybe([2021, 2022], 1),
        }
        tables["territories"] = {
            "territory_id": ["caux", "caux", "bray"],
            "commune_code": ["76001", *d.maybe(["76002"], 1), "76003"],
            "commune_name": [*d.maybe(["Yvetot"], 1), "Doudeville", "Forges"],
            "since": d.maybe([2015, 2022], 3, unknown=0.6),
        }
        tables["territories"] |= located(Draws(3000 + seed), 3)
    if seed % 7:
        tables["flows"] = {
            "flow_id": [f"f{place}" for place in range(flows)],
            "source": d.maybe(actors[:3] if seed % 4 == 2 else actors, flows, unknown=0.1),
            "target": d.maybe(actors[:3] if seed % 4 == 2 else actors, flows, unknown=0.1),
            "source_stage": d.maybe(stages or [None], flows, unknown=0.8),
            "target_stage": d.maybe(stages or [None], flows, unknown=0.8),
            "material_id": d.maybe(materials, flows, unknown=0.5),
            "quantity_t_per_year": d.maybe([1.0, 2.5, 40.0, 0.0], flows),
            "natural_quantity_per_year": d.maybe([8.0, 400.0], flows, unknown=0.7),
            "year": d.maybe([2021, 2022], flows, unknown=0.5),
            "status": d.some(["active"] * 5 + ["planned"], flows),
            "confidence": d.maybe(["measured", "declared", "estimated"], flows),
            "same_flow_as": d.maybe([f"f{place}" for place in range(flows)] or [None], flows, unknown=0.92),
        }
        more = Draws(4000 + seed)
        amounts = more.maybe([100.0, 2500.0, 40.0, 0.0, -30.0], flows, unknown=more.rarely())
        tables["flows"]["amount_eur_per_year"] = amounts
        if seed % 3 == 0 or seed % 4 == 2:  # of half of them, all tonnes are known
            tables["flows"]["quantity_t_per_year"] = more.some([1.0, 2.5, 40.0, 7.0], flows)
    if whole:
        tables |= told_besides(Draws(5000 + seed), actors, stages, materials)
    if seed % 4 == 3:  # some triptyques at least
        tables["actors"]["pole"][:6] = ["enterprise", "ess", "elected", "ess", "elected", "enterprise"][:n]
    tables["cooperations"] = {
        "actor_id": d.some(actors[:6], ties),
        "to_actor_id": d.some(actors[:6], ties),
        "kind": d.maybe([*["support"] * 6, *KINDS], ties, unknown=0.1),
        "state": d.some(["observed"] * (4 if whole else 2) + ["absent"], ties),
        "until": d.maybe([2020, 2022, 2023], ties, unknown=0.6),
        "since": Draws(6000 + seed).maybe([2018, 2020, 2021, 2022], ties, unknown=0.2),
    }
    return made(tables)


@cache
def drawn_insertion(seed: int) -> Filiere:
    """Return the filière of a seed with agreements, money and results; a table is lacking now and then."""
    d = Draws(seed)
    actors = [f"a{place}" for place in range(d.size(1, 6))]

    def table(columns: dict[str, tuple[Sequence[Any], float]]) -> dict[str, Any]:
        count = d.some([0, 4, 8, 12, 20], 1)[0]
        return {
            column: d.maybe(options, count, unknown=unknown) for column, (options, unknown) in columns.items()
        }

    dates = ["2021-02-10", "2021-11-05", "2022-03-01", "2022-09-30", "2023-01-15"]
    scopes = [["programme", "filiere"], ["filiere", "structure"]][seed % 2]
    tables: dict[str, Any] = {
        "actors": {
            "name": actors,
            "roles": d.maybe(["territorial", "funder"], len(actors), unknown=0.1),
            "structure_kind": d.maybe(["ACI", "EI", "ETTI", "EA", "association"], len(actors)),
            "status": d.some(["active"] * 6 + ["closed"], len(actors)),
        },
        "agreements": table({
            "actor_id": (actors, 0.0),
            "kind": (["ACI", "EI", "EI", "AI", "EA", "association"], 0.3),
            "in_prison": ([True, False, False], 0.5),
            "starts_on": (dates, 0.5),
            "ends_on": (dates[2:], 0.5),
            "year": ([2013, 2021, 2022] if seed % 4 else [2013], 0.5),
            "agreed_fte": ([2.0, 5.0, 8.0], d.rarely()),
            "hours_worked": ([1820.0, 9100.0, 3010.0, 0.0], d.rarely()),
            "hours_per_fte": ([1607.0], 0.7),
            "aid_eur_per_fte": ([19_000.0, 21_000.0], d.rarely()),
        }),
        "funding": table({
            "scope": (scopes, d.rarely()),
            "purpose": (["animation"] * 4 + ["investment"], d.rarely()),
            "state": (["granted", "paid", "requested"], 0.2),
            "funder_id": (actors, 0.1),
            "amount_eur": ([10_000.0, 25_000.0, 7_300.0, 1_100.0, 0.0], d.rarely()),
        }),
        "outcomes": table({
            "scope": (scopes, 0.1),
            "unit": (["post", "post", "fte", "person", "structure"], 0.1),
            "kind": (["insertion_jobs", "insertion_jobs", "training"], 0.5),
            "target": ([10.0, 30.0, 0.0], d.rarely()),
            "reached": ([4.0, 7.0, 21.0, 0.0], d.rarely()),
            "year": ([2021, 2022], 0.5),
        }),
    }  # fmt: skip
    _leaving(Draws(7000 + seed), tables)
    return made(tables)


def _leaving(d: Draws, tables: dict[str, Any]) -> None:
    """Add exits to agreements, few or many, and shares of exits to results."""
    count = len(tables["agreements"]["actor_id"])
    most = d.some([2, 20, 20], 1)[0]
    unknown = d.rarely()
    tables["agreements"] |= {
        "exits": d.maybe([0, most, 2 * most], count, unknown=unknown / 2),
        "lasting_exits": d.maybe([0, most // 4, most // 2], count, unknown=unknown),
        "transition_exits": d.maybe([0, most // 3, most], count, unknown=unknown),
        "positive_exits": d.maybe([0, most // 4], count, unknown=unknown),
    }
    told = d.size(0, 4)
    shares: dict[str, list[Any]] = {
        "scope": d.maybe(["programme", "filiere", "structure"], told, unknown=0.1),
        "unit": ["share"] * told,
        "kind": d.some(["positive_exits", "lasting_exits"], told),
        "target": d.maybe([0.6, 0.25], told),
        "reached": d.maybe([0.4, 0.75, 0.55, 0.8], told),
        "year": d.maybe([2021, 2022], told),
    }
    tables["outcomes"] = {name: [*cells, *shares[name]] for name, cells in tables["outcomes"].items()}


def made(tables: dict[str, Any]) -> Filiere:
    """Return the filière of some tables, those without rows left out."""
    kept = {name: table for name, table in tables.items() if table and all(table.values())}
    return Filiere.from_tables(strict=False, **kept)
