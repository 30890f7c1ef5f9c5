"""A second writing of the plan, by enumeration: every decision tried, money and flows by one small program each.

It shares nothing with the library: instances are plain records, of which the tables are only one reading. The chain is
R → A → B → M (stages r, s, t, m), 0.8 t of mid per tonne of raw at s, 0.9 t of fin per tonne of mid at t; R2 is a
second resource that nobody collects yet.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog

import chaine_valeur as cv

YIELD = {"s": 0.8, "t": 0.9}
STAGES = ["r", "s", "t", "m"]


@dataclass
class Instance:
    years: list[int]
    supply: dict[str, float]
    cap: dict[str, float]
    demand: float
    has_b: bool
    has_ra: bool
    ra_cap: float
    stage_min: dict[str, float]
    options: list[dict[str, Any]]
    links: list[tuple[int, int]]
    budgets: list[dict[str, Any]]
    commercial_cap: float
    ratio: float | None
    today_fte: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return self.years[0]


# -- the tables of an instance -----------------------------------------------------------------------------


def filiere_of(one: Instance) -> cv.Filiere:
    """Return an instance as tables."""
    held = (
        [("R", "r"), ("R2", "r"), ("A", "s"), ("M", "m")] + ([("B", "t")] if one.has_b else []) + [("P", "t")]
    )
    flows = [("A", "B", "mid", None, "active"), ("B", "M", "fin", None, "active")] if one.has_b else []
    if one.has_ra:
        flows.insert(0, ("R", "A", "raw", one.ra_cap if np.isfinite(one.ra_cap) else None, "active"))
    flows.append(("A", "P", "mid", None, "candidate"))
    tables: dict[str, Any] = {
        "stages": {"name": STAGES, "kind": ["resource", "operation", "operation", "market"], "rank": [1, 2, 3, 4],
                   "minimum_viable_t_per_year": [one.stage_min.get(s) for s in STAGES]},
        "materials": {"name": ["raw", "mid", "fin"]},
        "stage_links": {"stage_id": ["r", "s", "t"], "to_stage_id": ["s", "t", "m"],
                        "material_id": ["raw", "mid", "fin"]},
        "recipes": {"stage_id": ["s", "s", "t", "t"], "side": ["in", "out"] * 2,
                    "material_id": ["raw", "mid", "mid", "fin"], "t_per_t": [1, 0.8, 1, 0.9]},
        "actors": {"name": ["R", "R2", "A", "B", "M", "P"],
                   "structure_kind": [None, None, "ACI", "company", None, "EI"],
                   "status": ["active", "active", "active", "active", "active", "planned"]},
        "activities": {"actor_id": [a.lower() for a, _ in held], "stage_id": [s for _, s in held],
                       "capacity_t_per_year": [one.cap.get(a) for a, _ in held],
                       "supervision_fte": [one.today_fte.get(a, (None, None))[0] for a, _ in held],
                       "insertion_fte": [one.today_fte.get(a, (None, None))[1] for a, _ in held]},
        "flows": {"source": [f[0] for f in flows], "target": [f[1] for f in flows], "material_id": [f[2] for f in flows],
                  "capacity_t_per_year": [f[3] for f in flows], "status": [f[4] for f in flows]},
        "markets": {"actor_id": ["R", "R2", "M"], "material_id": ["raw", "raw", "fin"],
                    "kind": ["supply", "supply", "demand"],
                    "quantity_t_per_year": [one.supply["R"], one.supply["R2"], one.demand]},
        "options": [_row(o) for o in one.options],
    }  # fmt: skip
    if one.links:
        tables["option_links"] = [
            {"option_id": one.options[a]["id"], "needs_option_id": one.options[b]["id"]} for a, b in one.links
        ]
    if one.budgets:
        tables["budgets"] = [_budget(b) for b in one.budgets]
    return cv.Filiere.from_tables(**tables)


def _row(o: dict[str, Any]) -> dict[str, Any]:
    row = {"option_id": o["id"], "name": o["id"], "kind": o["kind"], "units_max": o["units"], "investment_eur": o["inv"],
           "running_cost_eur_per_year": o["run"], "purpose": o["purpose"], "insertion_fte": o["fte"],
           "supervision_fte": o["sup"], "post_aid_eur_per_year": o["aid"], "delay_years": o["delay"],
           "earliest_year": o["from"], "latest_year": o["to"], "alternative_group": o["group"],
           "mandatory": o["mandatory"], "receipts_eur_per_t": o["price"], "capacity_t_per_year": o["cap"],
           "minimum_viable_t_per_year": o["min"], "actor_id": o["actor"], "structure_kind": o["structure"],
           "stage_id": o["stage"], "to_actor_id": o["to_actor"], "to_stage_id": o["to_stage"],
           "material_id": o["material"]}  # fmt: skip
    return row


def _budget(b: dict[str, Any]) -> dict[str, Any]:
    return {"budget_id": b["id"], "name": b["id"], "amount_eur": b["amount"], "yearly_limit_eur_per_year": b["yearly"],
            "first_year": b["first"], "last_year": b["last"], "purposes": ";".join(b["purposes"]) or None,
            "option_id": b["option"], "largest_share": b["share"]}  # fmt: skip


# -- drawing instances -------------------------------------------------------------------------------------

_BLANK = {"actor": None, "structure": None, "stage": None, "to_actor": None, "to_stage": None, "material": None,
          "cap": None, "min": None, "price": None}  # fmt: skip


def drawn(seed: int, *, options: int, years: int, chain: bool = True) -> Instance:
    """Return an instance, always the same for a seed."""
    r = random.Random(seed)
    has_b, has_ra = r.random() < 0.7, r.random() < 0.8
    span = list(range(2025, 2025 + years))
    made: list[dict[str, Any]] = []
    places = ["new_s", "new_t", "wide_a", "way_r2", "way_ra", "planned", "posts", "posts", "other"] + (
        ["wide_b"] if has_b else []
    )
    for number in range(options):
        place = r.choice(places) if chain else r.choice(["posts", "posts", "other"])
        o: dict[str, Any] = dict(_BLANK) | {
            "id": f"o{number}", "kind": "posts" if place == "posts" else "other", "units": r.choice([1, 1, 1, 2]),
            "inv": 1000.0 * r.randint(0, 9), "run": 1000.0 * r.randint(0, 6),
            "purpose": r.choice(["operation", "training"]),
            "fte": r.choice([0, 0.5, 1, 2, 3]), "sup": r.choice([0, 0.2, 0.5]), "aid": r.choice([0, 0, 1500, 4000]),
            "delay": r.choice([0, 0, 1]), "from": None, "to": None, "group": r.choice([None, None, None, "g"]),
            "mandatory": r.random() < 0.06, "place": place,
        }  # fmt: skip
        if r.random() < 0.2:
            o["from"] = 2025 + r.randint(0, years - 1)
        if r.random() < 0.2:
            o["to"] = max(o["from"] or 0, 2025 + r.randint(0, years - 1))
        if place == "posts":
            o["actor"] = r.choice(["a", "b"])
        elif place != "other":
            o |= {
                "cap": r.choice([20, 50, None]),
                "min": r.choice([None, None, 10, 30]),
                "price": r.choice([None, 20, 60]),
            }
            if (
                place == "wide_a" and not has_ra
            ):  # what is brought from elsewhere has no limit: the plan leaves it aside
                o["cap"] = o["cap"] or 20
            o["kind"] = "passage" if place.startswith("way") else "activity"
            if place.startswith("new"):
                o |= {"stage": place[-1], "structure": r.choice(["ACI", "company"])}
            elif place.startswith("wide"):
                o |= {"stage": {"a": "s", "b": "t"}[place[-1]], "actor": place[-1]}
            elif place == "planned":
                o |= {"stage": "t", "actor": "p"}
            else:
                o |= {
                    "actor": "r2" if place == "way_r2" else "r",
                    "stage": "r",
                    "to_actor": "a",
                    "to_stage": "s",
                    "material": "raw",
                }
        made.append(o)
    links = [(a, b) for a in range(options) for b in range(a) if r.random() < 0.5 / options]
    budgets = [
        {"id": f"b{n}", "amount": 1000.0 * r.randint(2, 14), "yearly": r.choice([None, None, 4000.0, 7000.0]),
         "first": r.choice([None, 2025, 2026]), "last": r.choice([None, None, 2026]),
         "purposes": r.choice([[], [], ["investment"], ["operation", "training"]]),
         "option": r.choice([None] * 4 + [f"o{r.randrange(options)}"]), "share": r.choice([None, None, 0.5, 0.8])}
        for n in range(r.randint(1, 3))
    ]  # fmt: skip
    for b in budgets:
        if b["first"] and b["last"] and b["first"] > b["last"]:
            b["last"] = None
    return Instance(
        years=span, supply={"R": r.choice([60.0, 100.0]), "R2": 40.0},
        cap={"A": r.choice([40.0, 80.0]), "B": 50.0, "P": 30.0},
        demand=r.choice([30.0, 60.0, 200.0]), has_b=has_b, has_ra=has_ra, ra_cap=r.choice([np.inf, 30.0]),
        stage_min={"s": r.choice([None, 15.0])}, options=made, links=links, budgets=budgets,
        commercial_cap=r.choice([0.3, 0.5]), ratio=r.choice([None, None, 0.2]),
        today_fte={"A": r.choice([(1.0, 4.0), (0.2, 4.0), (None, None)])},
    )  # fmt: skip


# -- decisions ---------------------------------------------------------------------------------------------


def decisions(one: Instance) -> list[tuple[tuple[int, int] | None, ...]]:
    """Return every choice of (year, units) per option that years, alternatives and precedences allow."""
    each = []
    for o in one.options:
        years = [
            y
            for y in one.years
            if (o["from"] is None or y >= o["from"]) and (o["to"] is None or y <= o["to"])
        ]
        taken: list[tuple[int, int] | None] = [(y, u) for y in years for u in range(1, o["units"] + 1)]
        each.append(taken if o["mandatory"] else [None, *taken])
    return [c for c in itertools.product(*each) if _ordered(one, c)]


def _ordered(one: Instance, choice: Any) -> bool:
    groups = [o["group"] for o, c in zip(one.options, choice, strict=True) if c is not None and o["group"]]
    if len(groups) != len(set(groups)):
        return False
    for a, b in one.links:
        if choice[a] is None:
            continue
        if choice[b] is None or choice[b][0] > choice[a][0]:
            return False
        if choice[b][0] + one.options[b]["delay"] > choice[a][0] + one.options[a]["delay"]:
            return False  # in service after what waits for it
    return _supervised(one, choice)


def running(one: Instance, choice: Any, option: int, year: int) -> int:
    """Return the units of an option in operation in a year."""
    c = choice[option]
    return c[1] if c is not None and year >= c[0] + one.options[option]["delay"] else 0


def _payer(o: dict[str, Any]) -> str | None:
    kinds = {"a": "ACI", "b": "company", "p": "EI", None: o["structure"]}
    if kinds.get(o["actor"]) not in ("ACI", "EI"):
        return None
    return o["actor"] or o["id"]


def _supervised(one: Instance, choice: Any) -> bool:
    if one.ratio is None:
        return True
    for payer in {_payer(o) for o in one.options} - {None}:
        own = [k for k, o in enumerate(one.options) if _payer(o) == payer]
        sup, ins = one.today_fte.get(str(payer).upper(), (0.0, 0.0)) if payer == "a" else (0.0, 0.0)
        sup, ins = (0.0, 0.0) if sup is None else (sup, ins)
        for year in one.years:
            units = {k: running(one, choice, k, year) for k in own}
            if not any(units.values()):
                continue
            all_sup = sup + sum(one.options[k]["sup"] * u for k, u in units.items())
            all_ins = ins + sum(one.options[k]["fte"] * u for k, u in units.items())
            if all_sup < one.ratio * all_ins - 1e-9:
                return False
    return True


# -- money and flows of one decision -----------------------------------------------------------------------


def today(one: Instance) -> tuple[float, dict[str, float]]:
    """Return what is served today and what enters A, B and passes R → A then: one way only, in closed form."""
    if not one.has_b:
        return 0.0, {"a": 0.0, "b": 0.0, "ra": 0.0}
    brought = min(one.supply["R"], one.ra_cap) if one.has_ra else np.inf
    enters = min(brought, one.cap["A"], one.cap["B"] / 0.8, one.demand / 0.72)
    return enters * 0.72, {"a": enters, "b": enters * 0.8, "ra": enters if one.has_ra else 0.0}


class Lp:
    """Named variables, rows as dictionaries."""

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}
        self.rows: list[tuple[dict[Any, float], str, float]] = []

    def row(self, left: dict[Any, float], sign: str, right: float) -> None:
        for name in left:
            self.names.setdefault(name, len(self.names))
        self.rows.append((left, sign, right))

    def best(self, wish: dict[Any, float]) -> float | None:
        for name in wish:
            self.names.setdefault(name, len(self.names))
        size = len(self.names)
        if not size:
            return (
                0.0
                if all((right >= 0) if sign == "<" else right == 0 for _, sign, right in self.rows)
                else None
            )
        cost = np.zeros(size)
        for name, value in wish.items():
            cost[self.names[name]] -= value
        sides: dict[str, tuple[list[np.ndarray], list[float]]] = {"<": ([], []), "=": ([], [])}
        for left, sign, right in self.rows:
            line = np.zeros(size)
            for name, value in left.items():
                line[self.names[name]] += value
            sides[sign][0].append(line)
            sides[sign][1].append(right)
        arrays = {k: (np.array(m), np.array(b)) if m else (None, None) for k, (m, b) in sides.items()}
        done = linprog(
            cost, A_ub=arrays["<"][0], b_ub=arrays["<"][1], A_eq=arrays["="][0], b_eq=arrays["="][1]
        )
        return float(-done.fun) if done.status == 0 else None


def arcs_of(one: Instance) -> list[tuple[str, str]]:
    """Return who may pass something on to whom, options included; an option stands as its own name."""
    arcs = [("R", "A")] if one.has_ra else [("import", "A")]
    arcs += [("A", "B"), ("B", "M")] if one.has_b else []
    new_s = [o["id"] for o in one.options if o["place"] == "new_s"]
    new_t = [o["id"] for o in one.options if o["place"] == "new_t"]
    planned = any(o["place"] == "planned" for o in one.options)
    arcs += [(source, o) for o in new_s for source in ("R", "R2")]
    at_t = (["B"] if one.has_b else []) + new_t
    arcs += [(o, t) for o in new_s for t in at_t] + [("A", t) for t in new_t] + [(t, "M") for t in new_t]
    arcs += [("A", "P"), ("P", "M")] if planned else []
    arcs += [("R2", "A")] if any(o["place"] == "way_r2" for o in one.options) else []
    if not one.has_ra and any(o["place"] == "way_ra" for o in one.options):
        arcs.append(("R", "A"))
    return arcs


def program(
    one: Instance, choice: Any, *, money: bool = True
) -> tuple[Lp, dict[Any, float], dict[Any, float]]:
    """Return the program of one decision, what is served in it, and what budgets pay."""
    lp = Lp()
    served: dict[Any, float] = {}
    arcs, (_, used) = arcs_of(one), today(one)
    for year in one.years:
        _chain(lp, one, choice, year, arcs, used)
        served[("serve", year)] = 1.0
    paid: dict[Any, float] = {}
    if money:
        paid = _money(lp, one, choice)
    return lp, served, paid


def _chain(
    lp: Lp, one: Instance, choice: Any, year: int, arcs: list[tuple[str, str]], used: dict[str, float]
) -> None:
    def z(source: str, target: str) -> tuple[str, str, str, int]:
        return ("z", source, target, year)

    def enters(node: str) -> dict[Any, float]:
        return {z(s, t): 1.0 for s, t in arcs if t == node}

    def leaves(node: str) -> dict[Any, float]:
        return {z(s, t): 1.0 for s, t in arcs if s == node}

    units = [running(one, choice, k, year) for k in range(len(one.options))]
    for node in ("R", "R2"):
        lp.row(leaves(node), "<", one.supply[node])
    stage = {"A": "s", "B": "t", "P": "t"} | {
        o["id"]: o["place"][-1] for o in one.options if o["place"].startswith("new")
    }
    for node, at in stage.items():
        lp.row(leaves(node) | {k: -YIELD[at] for k in enters(node)}, "<", 0.0)
    lp.row({("serve", year): 1.0} | {k: -1.0 for k in enters("M")}, "<", 0.0)
    lp.row({("serve", year): 1.0}, "<", one.demand)
    # a blank capacity is that of no limit: nothing here can carry 10 000 t
    gain: dict[str, float] = {}
    for o, u in zip(one.options, units, strict=True):
        key = {"wide_a": "A", "wide_b": "B", "planned": "P", "way_r2": "way_r2", "way_ra": "way_ra"}.get(
            o["place"], o["id"]
        )
        gain[key] = gain.get(key, 0.0) + (1e4 if o["cap"] is None else o["cap"]) * u
    base = {"A": one.cap["A"], "B": one.cap["B"], "P": 0.0}
    for node in stage:
        lp.row(enters(node), "<", base.get(node, 0.0) + gain.get(node, 0.0))
    if ("R2", "A") in arcs:
        lp.row({z("R2", "A"): 1.0}, "<", gain.get("way_r2", 0.0))
    if ("R", "A") in arcs:
        lp.row(
            {z("R", "A"): 1.0}, "<", (one.ra_cap if one.has_ra else 0.0) + gain.get("way_ra", 0.0)
        ) if np.isfinite(one.ra_cap if one.has_ra else 0.0) else None
    shared: dict[str, list[int]] = {}
    for k, o in enumerate(one.options):
        if o["kind"] in ("activity", "passage"):
            key = o["id"] if o["place"].startswith("new") else o["place"]
            shared.setdefault(key, []).append(k)
    for key, own in shared.items():
        what = {"wide_a": enters("A"), "wide_b": enters("B"), "planned": enters("P"),
                "way_r2": {z("R2", "A"): 1.0}, "way_ra": {z("R", "A"): 1.0}}.get(key) or enters(key)  # fmt: skip
        before = {"wide_a": used["a"], "wide_b": used["b"], "way_ra": used["ra"]}.get(key, 0.0)
        for k in own:
            o = one.options[k]
            w = ("w", k, year)
            lp.row({w: 1.0}, "<", (1e4 if o["cap"] is None else o["cap"]) * units[k])
            if units[k]:
                lp.row({("w", j, year): 1.0 for j in own} | {n: -1.0 for n in what}, "<", -before)
                if o["min"] is not None:
                    lp.row({w: -1.0}, "<", -o["min"] * units[k])
                elif o["kind"] == "activity" and one.stage_min.get(o["stage"]):
                    lp.row({n: -1.0 for n in what}, "<", -one.stage_min[o["stage"]])


def _money(lp: Lp, one: Instance, choice: Any) -> dict[Any, float]:
    paid: dict[Any, float] = {}
    by_budget: dict[Any, dict[Any, float]] = {}
    for k, o in enumerate(one.options):
        if choice[k] is None:
            continue
        eligible: dict[Any, float] = {}
        for year in one.years:
            units = running(one, choice, k, year)
            costs = {"inv": o["inv"] * (choice[k][1] if choice[k][0] == year else 0), "run": o["run"] * units}
            for kind, cost in costs.items():
                if not cost:
                    continue
                left: dict[Any, float] = {}
                for b in one.budgets:
                    purpose = "investment" if kind == "inv" else o["purpose"]
                    if (b["purposes"] and purpose not in b["purposes"]) or b["option"] not in (None, o["id"]):
                        continue
                    if (b["first"] and year < b["first"]) or (b["last"] and year > b["last"]):
                        continue
                    name = ("pay", b["id"], k, kind, year)
                    left[name] = 1.0
                    paid[name] = 1.0
                    by_budget.setdefault(b["id"], {})[name] = 1.0
                    eligible[b["id"]] = eligible.get(b["id"], 0.0) + cost
                if kind == "run":
                    left |= {("aid", k, year): 1.0, ("rec", k, year): 1.0}
                    lp.row({("aid", k, year): 1.0}, "<", o["aid"] * units)
                    price = o["price"] or 0.0
                    lp.row({("rec", k, year): 1.0, ("w", k, year): -price}, "<", 0.0)
                    aci = o["structure"] == "ACI" or (o["actor"] == "a" and o["structure"] is None)
                    if aci:
                        lp.row({("rec", k, year): 1.0}, "<", one.commercial_cap * cost)
                lp.row(left, "=", cost)
        for b in one.budgets:
            if b["share"] is not None:
                mine = {n: 1.0 for n in by_budget.get(b["id"], {}) if n[2] == k}
                lp.row(mine, "<", b["share"] * eligible.get(b["id"], 0.0))
    for b in one.budgets:
        mine = by_budget.get(b["id"], {})
        lp.row(mine, "<", b["amount"])
        if b["yearly"] is not None:
            for year in one.years:
                lp.row({n: 1.0 for n in mine if n[4] == year}, "<", b["yearly"])
    return paid


# -- the best ----------------------------------------------------------------------------------------------


def gaps_closed(one: Instance, choice: Any) -> int:
    """Return gap-years: no actor at t, no passage from r to s."""
    closed = 0
    for year in one.years:
        on = [o for k, o in enumerate(one.options) if running(one, choice, k, year)]
        closed += (not one.has_b) and any(o["stage"] == "t" and o["kind"] == "activity" for o in on)
        closed += (not one.has_ra) and any(o["kind"] == "passage" for o in on)
    return closed


def _cannot_be_paid(one: Instance, choice: Any) -> bool:
    """Return whether costs go beyond all that could ever come: no program is needed to see it."""
    cost = aid = 0.0
    for k, o in enumerate(one.options):
        if choice[k] is None:
            continue
        years = sum(running(one, choice, k, year) for year in one.years)
        cost += o["inv"] * choice[k][1] + o["run"] * years
        aid += min(o["run"], o["aid"] + (o["price"] or 0.0) * (1e4 if o["cap"] is None else o["cap"])) * years
    return cost - aid > sum(b["amount"] for b in one.budgets) + 1e-6


def best(one: Instance, objective: str) -> tuple[float, float] | None:
    """Return the most that can be reached, and the least that budgets pay for it; ``None`` where nothing can be."""
    tried = []
    for choice in decisions(one):
        if _cannot_be_paid(one, choice):
            continue
        if objective == "insertion_fte":
            bound = sum(
                o["fte"] * running(one, choice, k, y) for k, o in enumerate(one.options) for y in one.years
            )
        elif objective == "closed_gaps":
            bound = float(gaps_closed(one, choice))
        else:
            lp, served, _ = program(one, choice, money=False)
            most = lp.best(served)
            if most is None:
                continue
            bound = most - today(one)[0] * len(one.years)
        tried.append((bound, choice))
    tried.sort(key=lambda pair: -pair[0])
    reached: float | None = None
    cheapest = np.inf
    for bound, choice in tried:
        if reached is not None and bound < reached - 1e-6:
            break
        lp, served, paid = program(one, choice)
        value = bound
        if objective == "served_t":
            most = lp.best(served)
            if most is None:
                continue
            value = most - today(one)[0] * len(one.years)
            if reached is not None and value < reached - 1e-6:
                continue
            lp.row({name: -1.0 for name in served}, "<", -(most - 1e-7))
        cost = lp.best({name: -1.0 for name in paid})
        if cost is None:
            continue
        if reached is None or value > reached + 1e-6:
            reached, cheapest = value, np.inf
        cheapest = min(cheapest, -cost)
    return None if reached is None else (reached, cheapest)


def searched(one: Instance) -> float | None:
    """Return the most FTE-years of an instance without a chain, by a search that leaves out only what cannot be best.

    Every decision is tried, save where even all that is left would not reach the best so far, or where budgets could
    not pay. It shares `program` with `best`, and nothing with the library.
    """
    money = sum(b["amount"] for b in one.budgets)
    each: list[list[tuple[float, float, tuple[int, int] | None]]] = []
    for k, o in enumerate(one.options):
        none = [None] * len(one.options)
        rows: list[tuple[float, float, tuple[int, int] | None]] = [] if o["mandatory"] else [(0.0, 0.0, None)]
        for year in one.years:
            if (o["from"] or year) <= year <= (o["to"] or year):
                for units in range(1, o["units"] + 1):
                    choice: list[Any] = [*none[:k], (year, units), *none[k + 1 :]]
                    on = sum(running(one, choice, k, y) for y in one.years)
                    need = o["inv"] * units + (o["run"] - min(o["run"], o["aid"])) * on
                    rows.append((o["fte"] * on, need, (year, units)))
        each.append(sorted(rows, key=lambda row: (-row[0], row[1])))
    if not all(each):
        return None
    order = sorted(range(len(each)), key=lambda k: -each[k][0][0])
    rest = [0.0]
    for k in reversed(order):
        rest.append(rest[-1] + each[k][0][0])
    rest.reverse()
    found: list[float] = []
    now: list[Any] = [None] * len(each)

    def go(depth: int, value: float, need: float) -> None:
        if need > money + 1e-6 or (found and value + rest[depth] <= found[-1] + 1e-9):
            return
        if depth == len(order):
            if _ordered(one, now) and program(one, now)[0].best({}) is not None:
                found.append(value)
            return
        k = order[depth]
        for gain, cost, decided in each[k]:
            now[k] = decided
            go(depth + 1, value + gain, need + cost)
        now[k] = None

    go(0, 0.0, 0.0)
    return found[-1] if found else None
