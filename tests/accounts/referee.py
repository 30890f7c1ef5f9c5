"""A slow and plain reading of the accounts, row by row, and small filières of every shape to hold it against."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=12)
Tables = dict[str, pd.DataFrame]
NAN = math.nan
CHARGES = ("purchases", "wages", "taxes", "rent", "interest", "depreciation")
KINDS = (*CHARGES, "sales", "subsidy")
EURO = st.sampled_from([0.0, 10.0, 250.0, None])


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """One stage an actor, flows with holes, amounts of both signs, parallel and inner flows, costs of all kinds."""
    stages = ["s0", "s1", "s2"]
    actors = [f"a{number}" for number in range(draw(st.integers(1, 5)))]
    of = lambda *values: st.sampled_from(values)  # noqa: E731 (short for what follows)
    every = lambda strategy, names: [draw(strategy) for _ in names]  # noqa: E731
    end = st.sampled_from([*actors, None])
    moves = draw(st.lists(st.tuples(end, end).filter(lambda ends: ends != (None, None)), max_size=7))
    items = draw(
        st.lists(st.tuples(st.sampled_from(actors), st.sampled_from(KINDS)), max_size=14, unique=True)
    )
    prices = draw(
        st.lists(
            st.tuples(st.sampled_from(actors), of("m", "n"), of("supply", "demand")), max_size=4, unique=True
        )
    )
    holders = [name for name in actors if draw(st.integers(0, 3))]
    return {
        "stages": pd.DataFrame(
            {"stage_id": stages, "name": stages, "kind": every(of("operation", "resource", "market"), stages)}
        ),
        "materials": pd.DataFrame({"material_id": ["m", "n"], "name": ["M", "N"]}),
        "actors": pd.DataFrame(
            {
                "actor_id": actors,
                "name": actors,
                "actor_type": every(of("organisation", "organisation", "network", "diffuse", "outside"), actors),
                "structure_kind": every(of("ACI", "company", None), actors),
                "pole": every(of("ess", "enterprise", None), actors),
            }
        ),
        "activities": pd.DataFrame(
            {
                "actor_id": holders,
                "stage_id": every(st.sampled_from(stages), holders),
                "jobs_fte": every(of(0.0, 2.0, None), holders),
                "fixed_cost_eur_per_year": every(EURO, holders),
                "variable_cost_eur_per_t": every(of(0.0, 1.0, None), holders),
            }
        ),
        "markets": pd.DataFrame(prices, columns=["actor_id", "material_id", "kind"]).assign(
            price_eur_per_t=every(of(-5.0, 20.0, None), prices)
        ),
        "flows": pd.DataFrame(moves, columns=["source", "target"]).assign(
            material_id=every(of("m", "n", None), moves),
            quantity_t_per_year=every(of(0.0, 3.0, 40.0, None), moves),
            amount_eur_per_year=every(of(-30.0, 0.0, 100.0, 500.0, None), moves),
        ),
        "costs": pd.DataFrame(items, columns=["actor_id", "kind"]).assign(
            amount_eur_per_year=every(EURO, items), amount_eur_per_t=every(of(None, 2.0), items)
        ),
    }  # fmt: skip


def filiere(made: Tables) -> Filiere:
    # several parallel flows of one material ask which is meant: a warning of the reader, not our subject
    return Filiere.from_tables(strict=False, **made)


class Referee:
    """Accounts actor by actor, with plain loops over rows."""

    def __init__(self, made: Tables) -> None:
        rows = {name: frame.astype(object).where(frame.notna(), None) for name, frame in made.items()}
        self.rows: dict[str, list[dict[Any, Any]]] = {
            name: frame.to_dict("records") for name, frame in rows.items()
        }
        self.actors = {row["actor_id"]: row for row in self.rows["actors"]}
        self.kinds = {row["stage_id"]: row["kind"] for row in self.rows["stages"]}
        self.held = {row["actor_id"]: row for row in self.rows["activities"]}

    def value(self, flow: dict[Any, Any]) -> float:
        if flow["amount_eur_per_year"] is not None:
            return float(flow["amount_eur_per_year"])
        tonnes = flow["quantity_t_per_year"]
        for end, kind in ((flow["target"], "demand"), (flow["source"], "supply")):
            for market in self.rows["markets"]:
                same = (market["actor_id"], market["material_id"], market["kind"]) == (
                    end, flow["material_id"], kind)  # fmt: skip
                if (
                    same
                    and flow["material_id"]
                    and market["price_eur_per_t"] is not None
                    and tonnes is not None
                ):
                    return float(tonnes * market["price_eur_per_t"])
        return 0.0 if tonnes == 0 else NAN

    def far(self, actor: str | None) -> bool:
        return actor is None or self.actors[actor]["actor_type"] == "outside"

    def entering(self, actor: str) -> float:
        found = [row["quantity_t_per_year"] for row in self.flows(actor) if row["target"] == actor]
        return NAN if not found or None in found else float(sum(found))

    def flows(self, actor: str) -> list[dict[Any, Any]]:
        return [
            row
            for row in self.rows["flows"]
            if row["source"] != row["target"] and actor in (row["source"], row["target"])
        ]

    def item(self, actor: str, kind: str) -> float | None:
        """Return the amount of an item, NaN if unknown, None where it is not stated."""
        for row in self.rows["costs"]:
            if (row["actor_id"], row["kind"]) == (actor, kind):
                if row["amount_eur_per_year"] is not None:
                    return float(row["amount_eur_per_year"])
                if row["amount_eur_per_t"] is not None:
                    return float(row["amount_eur_per_t"] * self.entering(actor))
                return NAN
        return None

    def has_account(self, actor: str) -> bool:
        if self.actors[actor]["actor_type"] in ("diffuse", "outside"):
            return False
        activity = self.held.get(actor)
        if any(row["actor_id"] == actor for row in self.rows["costs"]):
            return True
        if activity:
            stated = ("fixed_cost_eur_per_year", "variable_cost_eur_per_t")
            described = any(activity[name] is not None for name in stated)
            return described or self.kinds[activity["stage_id"]] == "operation"
        ends = self.flows(actor)
        return any(row["source"] == actor for row in ends) and any(row["target"] == actor for row in ends)

    def account(self, actor: str) -> dict[str, float]:
        lines = ("sales_in_filiere", "sales_outside", "purchases_in_filiere", "purchases_outside")
        sums = dict.fromkeys(lines, 0.0)
        sold = received = False
        for flow in self.flows(actor):
            value = self.value(flow)
            seller = flow["target"] if value < 0 else flow["source"]
            other = flow["source"] if flow["target"] == actor else flow["target"]
            side = "sales" if seller == actor else "purchases"
            sums[f"{side}_{'outside' if self.far(other) else 'in_filiere'}"] += abs(value)
            sold |= seller == actor
            received |= flow["target"] == actor
        paid = sums["purchases_in_filiere"] + sums["purchases_outside"]
        items = {kind: self.item(actor, kind) for kind in KINDS}
        known = {kind: NAN if (stated := items[kind]) is None else stated for kind in CHARGES}
        sales, subsidy = items["sales"], items["subsidy"]
        aided = self.actors[actor]["structure_kind"] == "ACI"
        sums["sales_outside"] += 0.0 if sales is None else sales
        sums["purchases_outside"] += known["purchases"]
        output = sums["sales_in_filiere"] + sums["sales_outside"] if sold or sales is not None else NAN
        kind = self.kinds[self.held[actor]["stage_id"]] if actor in self.held else None
        fed = received or kind != "operation"
        bought = sums["purchases_in_filiere"] + sums["purchases_outside"] if fed else NAN
        aid = (NAN if aided else 0.0) if subsidy is None else subsidy
        added = output - bought
        surplus = added + aid - known["wages"] - known["taxes"]
        detailed = surplus - known["rent"] - known["interest"] - known["depreciation"]
        lump = self.lump(actor)
        whole = not any(math.isnan(value) for value in known.values())
        return {
            **sums, "output": output, "intermediate_consumption": bought, "value_added": added,
            "subsidies": aid, "gross_operating_surplus": surplus, "undivided_costs": lump,
            **{name: known[name] for name in ("wages", "taxes", "rent", "interest", "depreciation")},
            "net_result": detailed if whole else output + aid - (paid if fed else NAN) - lump,
        }  # fmt: skip

    def lump(self, actor: str) -> float:
        activity = self.held.get(actor)
        if not activity or activity["fixed_cost_eur_per_year"] is None:
            return NAN
        entering, variable = self.entering(actor), activity["variable_cost_eur_per_t"]
        moving = 0.0 if entering == 0 else NAN if variable is None else variable * entering
        return float(activity["fixed_cost_eur_per_year"] + moving)


def same(first: float, second: float) -> bool:
    return (math.isnan(first) and math.isnan(second)) or math.isclose(first, second, abs_tol=1e-9)
