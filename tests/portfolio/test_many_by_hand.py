"""Figures of small filières side by side, each worked out by hand: who sells, who works, who cooperates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio

NAN = float("nan")
CHARGES = ("wages", "taxes", "rent", "interest", "depreciation")
NOBODY = Filiere.from_tables(actors={"name": ["Relais"]})


def figures(name: str, *filieres: Filiere) -> dict[str, list[Any]]:
    """Return the columns of one figure of some filières, and last of all of one without anything."""
    p = Portfolio.from_filieres({f"f{place}": f for place, f in enumerate([*filieres, NOBODY])})
    return p.figures([name]).drop(columns=["filiere_code", "indicator_id"]).to_dict("list")


def assert_figures(found: dict[str, list[Any]], **expected: list[float]) -> None:
    """Assert columns of figures; of the one without anything nothing is known, and nothing is unknown."""
    for column, values in expected.items():
        none = 0 if column == "n_unknown" else NAN
        np.testing.assert_allclose(found[column], [*values, none], rtol=1e-12, err_msg=column)


# -- euros --------------------------------------------------------------------------------------------


def sawmill(**more: Any) -> Filiere:
    """Return a sawmill of the territory that buys 40 of wood and 20 of the rest, half of it here, and sells for 100."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Bois"], "territory_id": ["pays"]},
        "territories": {"territory_id": ["pays"], "commune_code": ["76384"]},
        "actors": {"name": ["Scierie"], "commune_code": ["76384"], "pole": ["enterprise"]},
        "flows": {"source": [None, "Scierie"], "target": ["Scierie", None], "amount_eur_per_year": [40, 100],
                  "quantity_t_per_year": [50, 45]},
        "costs": {"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [20], "local_share": [0.5]},
    }  # fmt: skip
    return Filiere.from_tables(**{**tables, **more})


@pytest.fixture(scope="module")
def mills() -> tuple[Filiere, Filiere, Filiere]:
    """A sawmill; one that sells to a workshop, which sells for 150 and buys for 10 more; one of unknown purchases."""
    pair = sawmill(
        actors={"name": ["Scierie", "Atelier"], "commune_code": ["76384", "27000"], "pole": ["enterprise", "ess"]},
        flows={"source": [None, "Scierie", "Atelier"], "target": ["Scierie", "Atelier", None],
               "amount_eur_per_year": [40, 100, 150], "quantity_t_per_year": [50, 45, None]},
        costs={"actor_id": ["Scierie", "Atelier"], "kind": ["purchases", "purchases"],
               "amount_eur_per_year": [20, 10], "local_share": [0.5, None]},
    )  # fmt: skip
    vague = sawmill(costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [None]})
    return sawmill(), pair, vague


def test_value_added(mills: tuple[Filiere, ...]) -> None:
    # alone: 100 − 40 − 20 = 40; with the workshop 40 + (150 − 100 − 10) = 80; purchases unknown: nothing
    found = figures("F1", *mills)
    assert_figures(found, value=[40, 80, NAN], low=[40, 80, NAN], n_unknown=[0, 0, 1], numerator=[NAN] * 3)
    # up to what others are paid: 40 + 60; 80 + (60 + 10), as the workshop buys from a known account
    assert_figures(figures("F2", *mills), low=[40, 80, NAN], high=[100, 150, NAN])


def test_who_captures_value(mills: tuple[Filiere, ...]) -> None:
    poorer = sawmill(
        actors={"name": ["Scierie", "Atelier"], "pole": ["enterprise", "ess"]},
        flows={"source": [None, "Scierie", "Atelier"], "target": ["Scierie", "Atelier", None],
               "amount_eur_per_year": [40, 100, 130]},
        costs={"actor_id": ["Scierie", "Atelier"], "kind": "purchases", "amount_eur_per_year": [20, 10]},
    )  # fmt: skip
    # one college alone: not shared; 40 and 40: the first of both; 40 of 40 + 20
    found = figures("F3", mills[0], mills[1], poorer)
    assert_figures(found, value=[NAN, 0.5, 2 / 3], numerator=[NAN, 40, 40], denominator=[NAN, 80, 60])


def test_territorial_integration(mills: tuple[Filiere, ...]) -> None:
    found = figures("E7", *mills)
    # direct 40 of 100, and 10 of 20 that are bought here; with the workshop, which is elsewhere: 40 of 150, and
    # 10 + the 10 of which nobody says where they are bought
    assert_figures(
        found,
        value=[0.4, 40 / 150, NAN],
        low=[0.4, 40 / 150, NAN],
        high=[0.5, 60 / 150, NAN],
        n_unknown=[0, 1, 1],
    )
    assert found["scope"] == ["territory"] * 3 + ["filiere"]


def test_net_margin() -> None:
    def whole(t: float | None) -> Filiere:
        kinds = ["purchases", *CHARGES]
        return sawmill(
            flows={"source": [None, "Scierie"], "target": ["Scierie", None], "amount_eur_per_year": [40, 100],
                   "quantity_t_per_year": [t, 45]},
            costs={"actor_id": ["Scierie"] * 6, "kind": kinds, "amount_eur_per_year": [20, 25, 0, 0, 0, 5]},
        )  # fmt: skip

    # 40 of value added, less 25 and 5: 10 € for 50 t; tonnes unknown: no margin, and one flow to ask for
    assert_figures(
        figures("F6", whole(50), whole(None), sawmill()),
        value=[0.2, NAN, NAN],
        numerator=[10, 10, NAN],
        denominator=[50, NAN, NAN],
        n_unknown=[0, 1, 1],
    )


def test_break_even() -> None:
    def sorter(fixed: float, variable: float | None) -> Filiere:
        return Filiere.from_tables(
            stages={"name": ["Tri"]},
            actors={"name": ["Trieuse"]},
            activities={"actor_id": ["Trieuse"], "stage_id": ["Tri"], "fixed_cost_eur_per_year": [fixed],
                        "variable_cost_eur_per_t": [variable]},
            flows={"source": [None, "Trieuse"], "target": ["Trieuse", None], "quantity_t_per_year": [100, 90],
                   "amount_eur_per_year": [0, 15_000]},
        )  # fmt: skip

    # 150 − 50 = 100 € a tonne: 80 t are enough, 200 t are not; without the variable cost it may be either
    assert_figures(
        figures("F5", sorter(8000, 50), sorter(20_000, 50), sorter(8000, None)),
        value=[1, 0, NAN],
        low=[1, 0, 0],
        high=[1, 0, 1],
        numerator=[1, 0, NAN],
        n_unknown=[0, 0, 1],
    )


def test_local_multiplier() -> None:
    def spinner(local_share: float | None) -> Filiere:
        return sawmill(
            flows={"source": ["Scierie"], "target": [None], "amount_eur_per_year": [100_000]},
            costs={"actor_id": ["Scierie"], "kind": ["wages"], "amount_eur_per_year": [60_000],
                   "local_share": [local_share]},
        )  # fmt: skip

    # half of the wages here: 30 000, of which the third round is all or nothing; none here: 1 exactly; unknown:
    # 60 000 here or none, and again
    found = figures("E4", spinner(0.5), spinner(0.0), spinner(None))
    assert_figures(
        found,
        value=[NAN, 1, NAN],
        low=[1.3, 1, 1],
        high=[1.6, 1, 2.2],
        denominator=[100_000] * 3,
        n_unknown=[0, 0, 1],
    )


# -- material -----------------------------------------------------------------------------------------


def chain(sent: float | None, *, capacity: float | None = 200.0, recipe: bool = True) -> Filiere:
    """Return 100 t collected, 80 of them sorted into 60 t of use and `sent` t of waste."""
    tables: dict[str, Any] = {
        "materials": {"name": ["usagé", "trié", "refus"], "kind": ["product", "product", "waste"]},
        "stages": {"name": ["Collecte", "Tri"]},
        "stage_links": {"stage_id": ["collecte"], "to_stage_id": ["tri"]},
        "recipes": {"stage_id": ["tri"] * 3, "side": ["in", "out", "out"], "material_id": ["usagé", "trié", "refus"],
                    "t_per_t": [1, 0.75, 0.25]},
        "actors": {"name": ["Ménages", "Relais", "Trieur", "Filature"]},
        "activities": {"actor_id": ["Relais", "Trieur"], "stage_id": ["collecte", "tri"],
                       "capacity_t_per_year": [capacity, 100]},
        "flows": {"source": ["Ménages", "Relais", "Trieur", "Trieur"], "target": ["Relais", "Trieur", "Filature", None],
                  "material_id": ["usagé", "usagé", "trié", "refus"], "quantity_t_per_year": [100, 80, 60, sent],
                  "uncertainty_share": [0.05, 0.0, 0.0, 0.0]},
    }  # fmt: skip
    if not recipe:
        tables.pop("recipes")
    return Filiere.from_tables(**tables)


def test_balances() -> None:
    # at the collection 20 t of 100 ± 5 are missing: 4 times the uncertainty; the sorting is exact, and five
    # tonnes too little of waste are beyond it; an unknown flow leaves it open
    assert_figures(
        figures("B1", chain(20), chain(15), chain(None)),
        value=[0.5, 0, 0],
        low=[0.5, 0, 0],
        high=[0.5, 0, 0.5],
        numerator=[1, 0, 0],
        denominator=[2, 2, 1],
        n_unknown=[0, 0, 1],
    )


def test_utilization() -> None:
    # 80 of 100 at the sorting, 100 of 200 or 100 of 50 at the collection
    assert_figures(
        figures("B7", chain(20), chain(20, capacity=50.0), chain(20, capacity=None)),
        value=[0.8, 2, 0.8],
        numerator=[80, 100, 80],
        denominator=[100, 50, 100],
        n_unknown=[0, 0, 0],
    )


def test_recovery() -> None:
    # 60 t of use of the 80 that are sorted; nobody sorts where no recipe says it
    assert_figures(
        figures("B12", chain(20), chain(20, recipe=False), chain(None)),
        value=[0.75, NAN, 0.75],
        numerator=[60, NAN, 60],
        denominator=[80, NAN, 80],
        n_unknown=[0, 0, 0],
    )


def test_unmet_demand() -> None:
    def asked(t: float | None, *, of: tuple[float, ...] = (80.0,), flows: bool = True) -> Filiere:
        n = len(of)
        tables: dict[str, Any] = {
            "materials": {"name": ["ouate"]},
            "stages": {"name": ["Fabrication", "Pose"], "kind": ["operation", "market"]},
            "actors": {"name": ["Usine", "Artisan", "Autre"]},
            "activities": {"actor_id": ["Usine", "Artisan", "Autre"], "stage_id": ["fabrication", "pose", "pose"]},
            "markets": {"actor_id": ["Artisan", "Autre"][:n], "material_id": ["ouate"] * n, "kind": ["demand"] * n,
                        "quantity_t_per_year": list(of)},
            "flows": {"source": ["Usine"], "target": ["Artisan"], "material_id": ["ouate"], "quantity_t_per_year": [t]},
        }  # fmt: skip
        if not flows:
            tables.pop("flows")
        return Filiere.from_tables(**tables)

    # 60 of 80 are served; nothing of the other 20; the whole of 60 by 80, and not more; unknown: all or nothing
    assert_figures(
        figures(
            "A7", asked(60), asked(60, of=(80, 20)), asked(80, of=(60,)), asked(None), asked(60, flows=False)
        ),
        value=[0.25, 0.4, 0, NAN, NAN],
        low=[0.25, 0.4, 0, 0, 0],
        high=[0.25, 0.4, 0, 1, 1],
        numerator=[20, 40, 0, NAN, NAN],
        denominator=[80, 100, 60, 80, 80],
        n_unknown=[0, 0, 0, 1, 0],
    )


def test_a_demand_without_a_place_is_of_its_own_filiere() -> None:
    """Where neither an actor nor a stage is stated, all markets of the filière are meant, and those of no other."""

    def anywhere(served: float) -> Filiere:
        return Filiere.from_tables(
            materials={"name": ["ouate"]},
            stages={"name": ["Fabrication", "Pose"], "kind": ["operation", "market"]},
            actors={"name": ["Usine", "Artisan"]},
            activities={"actor_id": ["Usine", "Artisan"], "stage_id": ["fabrication", "pose"]},
            markets={"material_id": ["ouate"], "kind": ["demand"], "quantity_t_per_year": [100.0]},
            flows={"source": ["Usine"], "target": ["Artisan"], "material_id": ["ouate"],
                   "quantity_t_per_year": [served]},
        )  # fmt: skip

    assert_figures(figures("A7", anywhere(30), anywhere(90)), value=[0.7, 0.1], numerator=[70, 10])


def linked(*flows: tuple[str | None, str | None]) -> Filiere:
    names = ["Ménages", "Tri A", "Tri B", "Usine"]
    return Filiere.from_tables(
        stages={"name": ["Gisement", "Tri", "Usine"], "kind": ["resource", "operation", "market"]},
        actors={"name": names},
        activities={"actor_id": names, "stage_id": ["Gisement", "Tri", "Tri", "Usine"]},
        flows={"source": [start for start, _ in flows], "target": [end for _, end in flows]},
    )


def test_plan_b() -> None:
    both = [("Ménages", "Tri A"), ("Tri A", "Usine"), ("Ménages", "Tri B"), ("Tri B", "Usine")]
    # by A and by B; by A alone; by A and directly; from A to B to the mill and nothing else; not linked at all
    ways = [both, both[:2], [*both[:2], ("Ménages", "Usine")],
            [("Ménages", "Tri A"), ("Tri A", "Tri B"), ("Tri B", "Usine")], both[:1]]  # fmt: skip
    assert_figures(
        figures("C3", *(linked(*way) for way in ways)),
        value=[1, 0, 1, 0, NAN],
        numerator=[1, 0, 1, 0, NAN],
        denominator=[1, 1, 1, 1, NAN],
    )


def test_a_second_way_may_turn_back_along_the_first() -> None:
    """The shortest way takes A1 and B2: only by giving that passage up do two ways remain."""
    names = ["Ménages", "A1", "A2", "B1", "B2", "Usine"]
    stages = ["Gisement", "Tri", "Tri", "Tri", "Tri", "Usine"]
    pairs = [("Ménages", "A1"), ("A1", "B2"), ("B2", "Usine"), ("Ménages", "A2"), ("A2", "B2"),
             ("A1", "B1"), ("B1", "Usine")]  # fmt: skip
    f = Filiere.from_tables(
        stages={"name": ["Gisement", "Tri", "Usine"], "kind": ["resource", "operation", "market"]},
        actors={"name": names},
        activities={"actor_id": names, "stage_id": stages},
        flows={"source": [start for start, _ in pairs], "target": [end for _, end in pairs]},
    )
    assert_figures(figures("C3", f), value=[1])


# -- people -------------------------------------------------------------------------------------------


def exits(**columns: Any) -> Filiere:
    return Filiere.from_tables(
        actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
        agreements={"actor_id": ["Chantier"], "year": [2024], **columns},
    )


def test_exits() -> None:
    told = exits(exits=[10], lasting_exits=[2], transition_exits=[3], positive_exits=[1])
    few = exits(exits=[4], lasting_exits=[2], transition_exits=[1], positive_exits=[1])
    silent = exits(exits=[10], lasting_exits=[2])
    stated = Filiere.from_tables(
        actors={"name": ["Chantier"]},
        outcomes={"scope": ["structure"], "kind": ["lasting_exits"], "unit": ["share"], "reached": [0.2]},
    )
    found = figures("G7", told, few, silent, stated)
    # 2 of 10; four people are too few to be shown; a share that results state has no terms
    assert_figures(found, value=[0.2, NAN, 0.2, 0.2], numerator=[2, NAN, 2, NAN], n_unknown=[0, 0, 0, 0])
    assert found["scope"] == ["filiere"] * 3 + ["structure", "filiere"]
    found = figures("G6", told, few, silent, stated)
    # 2 + 3 + 1 of 10; where the parts are not all given, it is one agreement to ask for
    assert_figures(found, value=[0.6, NAN, NAN, NAN], denominator=[10, NAN, NAN, NAN], n_unknown=[0, 0, 1, 0])


def cooperating(pairs: list[tuple[str, str]], *, asked: bool = True, **columns: Any) -> Filiere:
    names = ["Agglo", "Relais", "Filature", "Mairie"]
    return Filiere.from_tables(
        actors={"name": names, "roles": ["animator", None, None, None], "pole": ["elected", "ess", "elected", "ess"],
                "surveyed_on": ["2024-01-01" if asked else None] * 4},
        cooperations={"actor_id": [a for a, _ in pairs], "to_actor_id": [b for _, b in pairs], **columns},
    )  # fmt: skip


STAR = [("Agglo", "Relais"), ("Agglo", "Filature"), ("Agglo", "Mairie")]
RING = [("Agglo", "Relais"), ("Relais", "Filature"), ("Filature", "Mairie"), ("Mairie", "Agglo")]


def test_mediation_held_by_one() -> None:
    # a line, each of another college than its neighbours: two pairs, each linked by another one; a star: all by one
    line = RING[:3]
    assert_figures(
        figures("D9", cooperating(line), cooperating(STAR), cooperating(line, asked=False)),
        value=[0.5, 1, 0.5],
        low=[0.5, 1, NAN],
        denominator=[2, 3, 2],
        n_unknown=[0, 0, 3],
    )


def test_what_remains_without_the_animation() -> None:
    # 6 pairs reach each other; without the centre of a star none, without one of a ring the 3 others
    assert_figures(
        figures("D17", cooperating(STAR), cooperating(RING), cooperating(STAR, asked=False)),
        value=[0, 0.5, 0],
        low=[0, 0.5, 0],
        high=[0, 0.5, 0.5],  # nobody asked the others: they may all cooperate
        numerator=[0, 3, 0],
        denominator=[6, 6, 6],
        n_unknown=[0, 0, 3],
    )


def test_cooperation_that_became_exchange() -> None:
    def trading(years: list[int | None]) -> Filiere:
        ties = cooperating(RING[:3], since=[2019, 2019, 2021])
        flows = {
            "source": ["Agglo", "Filature", "Mairie"],
            "target": ["Relais", "Relais", "Agglo"],
            "year": years,
        }
        return ties.with_rows("flows", {"flow_id": ["f1", "f2", "f3"], "status": "active", **flows})

    # ties of 2020: Agglo–Relais and Relais–Filature; both trade in 2021, one of them does through a flow of no year;
    # flows of one year only tell nothing of what became of a tie
    assert_figures(
        figures("D15", trading([2021, 2020, 2020]), trading([2021, None, 2020]), trading([2021, 2021, 2021])),
        value=[0.5, 1, NAN],
        numerator=[1, 2, NAN],
        denominator=[2, 2, NAN],
        n_unknown=[0, 1, 0],
    )
