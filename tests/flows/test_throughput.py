"""Throughput on processes worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.flows.carrying.result import served_t, throughput
from tests.flows.carrying import CLOSE, MARKET, OPERATION, RESOURCE, chain

STAGES = {"fibre": RESOURCE, "polymere": RESOURCE, "atelier": OPERATION, "vente": MARKET}
ACTORS = {"F": "fibre", "P": "polymere", "A": "atelier", "V": "vente"}
MIX = [("atelier", "in", "fibre", 0.3), ("atelier", "in", "poly", 0.7), ("atelier", "out", "panneau", 0.9)]
FLOWS = [("F", "A", "fibre"), ("P", "A", "poly"), ("A", "V", "panneau")]
SERVED = [
    "actor_id", "stage_id", "material_id", "level", "demand_t_per_year", "served_t_per_year", "unmet_share",
    "market_id",
]  # fmt: skip


def composite(fibre: float | None = 12, poly: float | None = 100, most: float | None = 50) -> Filiere:
    capacity = {} if most is None else {"A": most}
    return chain(
        STAGES, ACTORS, FLOWS, capacity=capacity, recipes=MIX,
        supplies=[("F", "fibre", fibre), ("P", "poly", poly)], demands=[("V", "panneau", 60)],
    )  # fmt: skip


def sorter(*demands: tuple[str, str, float]) -> Filiere:
    """A tonne sorted gives 0.6 reuse, 0.3 fibre, 0.1 waste; 100 t to sort."""
    return chain(
        {"gisement": RESOURCE, "tri": OPERATION, "boutique": MARKET, "filature": MARKET},
        {"M": "gisement", "T": "tri", "B": "boutique", "L": "filature"},
        [("M", "T", "usage"), ("T", "B", "reemploi"), ("T", "L", "fibre")],
        recipes=[("tri", "in", "usage", 1), ("tri", "out", "reemploi", 0.6), ("tri", "out", "fibre", 0.3),
                 ("tri", "out", "refus", 0.1)],
        supplies=[("M", "usage", 100)],
        demands=list(demands),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fibre", "poly", "most", "expected"),
    [
        (12, 100, 50, 36),  # 12 / 0.3 = 40 t of level, × 0.9
        (20, 100, 50, 45),  # the fibre would do for 66.7 t, the workshop takes 50, × 0.9
        (20, 28, 50, 36),  # 28 / 0.7 = 40
        (20, 100, None, 60),  # 66.7 × 0.9 = 60, all that is asked
        (None, 100, None, 60),  # without a limit on the fibre: the demand
        (0, 100, 50, 0),  # nothing without fibre
        (12, 100, 0, 0),
    ],
)
def test_several_inputs_in_proportion(
    fibre: float | None, poly: float, most: float | None, expected: float
) -> None:
    found = throughput(composite(fibre, poly, most))
    assert found.status == "solved"
    assert found.served_t_per_year == pytest.approx(expected, **CLOSE)


def test_the_tables_of_a_composite() -> None:
    found = throughput(composite())
    assert list(found.served) == SERVED
    row = found.served.iloc[0]
    assert row[["actor_id", "stage_id", "material_id", "market_id"]].to_list() == [
        "v",
        "vente",
        "panneau",
        "m2",
    ]
    assert row["demand_t_per_year"] == 60
    assert row["served_t_per_year"] == pytest.approx(36)
    assert row["unmet_share"] == pytest.approx(0.4)  # 1 − 36 / 60
    # 40 t of level take 12 t of fibre, 28 t of polymer, make 36 t
    assert found.flows.to_dict() == pytest.approx({"f0": 12, "f1": 28, "f2": 36})
    assert (found.flows.index.name, found.flows.name) == ("flow_id", "t_per_year")
    assert list(found.processes) == ["actor_id", "stage_id", "process", "level_t_per_year"]
    assert found.processes.values.tolist() == [["a", "atelier", "", pytest.approx(40)]]
    assert found.unlimited.empty and found.aside.empty and found.path.empty
    assert found.reason == ""


def test_several_outputs() -> None:
    # 100 t give 60 of reuse and 30 of fibre, of which 20 are asked: 60 + 20
    found = throughput(sorter(("B", "reemploi", 90), ("L", "fibre", 20)))
    assert found.served_t_per_year == pytest.approx(80, **CLOSE)
    by = found.served.set_index("actor_id")
    assert by["served_t_per_year"].to_dict() == pytest.approx({"b": 60, "l": 20})
    assert by["unmet_share"].to_dict() == pytest.approx({"b": 1 / 3, "l": 0})


def test_what_is_left_over_is_no_obstacle() -> None:
    # only the fibre is asked: 30 t, though the 60 t of reuse made with it go nowhere
    assert served_t(sorter(("L", "fibre", 50))) == pytest.approx(30, **CLOSE)


def test_a_loop_of_offcuts() -> None:
    """A mill makes 0.9 paper and 0.1 offcuts of a tonne of fibre; offcuts are made into fibre again.

    Fibre = 90 t of old paper + 0.1 × fibre → 100 t → 90 t of paper: with the loop, matter is kept.
    """
    stages = {"gisement": RESOURCE, "preparation": OPERATION, "moulin": OPERATION, "vente": MARKET}
    recipes = [
        ("preparation", "in", "vieux", 1, "papier"), ("preparation", "out", "fibre", 1, "papier"),
        ("preparation", "in", "chutes", 1, "chutes"), ("preparation", "out", "fibre", 1, "chutes"),
        ("moulin", "in", "fibre", 1), ("moulin", "out", "papier", 0.9), ("moulin", "out", "chutes", 0.1),
    ]  # fmt: skip
    flows = [("G", "R", "vieux"), ("R", "M", "fibre"), ("M", "V", "papier"), ("M", "R", "chutes")]
    actors = {"G": "gisement", "R": "preparation", "M": "moulin", "V": "vente"}
    limits = {"supplies": [("G", "vieux", 90)], "demands": [("V", "papier", 1000)]}
    found = throughput(chain(stages, actors, flows, recipes=recipes, **limits))
    assert found.served_t_per_year == pytest.approx(90, **CLOSE)
    assert found.flows.to_dict() == pytest.approx({"f0": 90, "f1": 100, "f2": 90, "f3": 10})
    by_process = found.processes.set_index("process")["level_t_per_year"]
    assert by_process.to_dict() == pytest.approx({"papier": 90, "chutes": 10, "": 100})
    # without the way back: 90 t of fibre, 81 t of paper
    straight = chain(stages, actors, flows[:3], recipes=recipes, **limits)
    assert served_t(straight) == pytest.approx(81, **CLOSE)


def test_a_recipe_that_creates_matter_is_left_out() -> None:
    wrong = [("atelier", "in", "fibre", 1), ("atelier", "out", "panneau", 1.2)]
    f = chain(STAGES, ACTORS, [FLOWS[0], FLOWS[2]], recipes=wrong, supplies=[("F", "fibre", 10)],
              demands=[("V", "panneau", 60)])  # fmt: skip
    found = throughput(f)
    aside = found.aside[found.aside["kind"] == "creating"]
    assert len(aside) == 2
    assert set(aside["recipe_id"]) == set(f.recipes.index)
    # as of an activity without a recipe, nothing says that more leaves than enters
    assert found.served_t_per_year == pytest.approx(10, **CLOSE)


def test_materials_share_a_capacity() -> None:
    stages = {"gisement": RESOURCE, "quai": OPERATION, "vente": MARKET}
    flows = [("G", "Q", "a"), ("G", "Q", "b"), ("Q", "V", "a"), ("Q", "V", "b")]
    f = chain(stages, {"G": "gisement", "Q": "quai", "V": "vente"}, flows, capacity={"Q": 10},
              demands=[("V", "a", 8), ("V", "b", 8)])  # fmt: skip
    assert served_t(f) == pytest.approx(10, **CLOSE)  # of 16 asked
    assert served_t(f, materials=["a"]) == pytest.approx(8, **CLOSE)
    assert served_t(f, materials="b") == pytest.approx(8, **CLOSE)
    # one material is not served as another: of b alone, nothing that is a
    only = chain(stages, {"G": "gisement", "Q": "quai", "V": "vente"}, flows, supplies=[("G", "a", 5), ("G", "b", 2)],
                 demands=[("V", "a", 1), ("V", "b", 8)])  # fmt: skip
    assert served_t(only) == pytest.approx(3, **CLOSE)


def test_disconnected_parts_add_up() -> None:
    stages = {"gisement": RESOURCE, "vente": MARKET}
    actors = {"G": "gisement", "H": "gisement", "V": "vente", "W": "vente", "seul": "vente"}
    f = chain(
        stages, actors, [("G", "V", "a", 3), ("H", "W", "a", 4)], demands=[("V", "a", 9), ("W", "a", 1)]
    )
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(4, **CLOSE)  # min(3, 9) + min(4, 1)
    assert found.served["served_t_per_year"].to_list() == pytest.approx([3, 1])


def test_parallel_flows_and_a_way_back_to_the_sender() -> None:
    stages = {"gisement": RESOURCE, "quai": OPERATION, "vente": MARKET}
    actors = {"G": "gisement", "Q": "quai", "R": "quai", "V": "vente"}
    flows = [("G", "Q", "a", 3), ("G", "Q", "a", 4), ("Q", "R", "a"), ("R", "Q", "a"), ("R", "V", "a")]
    found = throughput(chain(stages, actors, flows, demands=[("V", "a", 100)]))
    assert found.served_t_per_year == pytest.approx(7, **CLOSE)
    assert found.flows.to_dict() == pytest.approx({"f0": 3, "f1": 4, "f2": 7, "f3": 0, "f4": 7}, abs=1e-6)


def test_the_capacity_of_one_whom_no_flow_reaches() -> None:
    # nothing recorded brings fibre or polymer: taken without limit, up to what may enter, 20 t × 0.9
    f = chain(STAGES, ACTORS, [FLOWS[2]], recipes=MIX, capacity={"A": 20}, demands=[("V", "panneau", 60)])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(18, **CLOSE)
    assert found.unlimited["kind"].to_list() == ["input", "input"]
    assert found.unlimited["t_per_year"].to_list() == pytest.approx([6, 14])  # 20 × 0.3, 20 × 0.7
    # with the fibre brought by a flow, what enters unseen still counts in the capacity
    half = chain(STAGES, ACTORS, [FLOWS[0], FLOWS[2]], recipes=MIX, capacity={"A": 20}, supplies=[("F", "fibre", 50)],
                 demands=[("V", "panneau", 60)])  # fmt: skip
    assert served_t(half) == pytest.approx(18, **CLOSE)


def test_a_process_whose_inputs_nobody_states() -> None:
    # whatever enters is taken: 10 t of two materials, half of it comes out
    f = chain(STAGES, ACTORS, FLOWS, recipes=[("atelier", "out", "panneau", 0.5)],
              supplies=[("F", "fibre", 4), ("P", "poly", 6)], demands=[("V", "panneau", 60)])  # fmt: skip
    assert served_t(f) == pytest.approx(5, **CLOSE)


@pytest.mark.parametrize(
    ("recipes", "expected"),
    [
        # the output is not known: at most all that is taken
        ([("atelier", "in", "fibre", 1), ("atelier", "out", "panneau", None)], 10),
        # … less what is known to be made of it otherwise
        (
            [
                ("atelier", "in", "fibre", 1),
                ("atelier", "out", "panneau", None),
                ("atelier", "out", "refus", 0.4),
            ],
            6,
        ),
        # the input is not known: at least what comes out
        ([("atelier", "in", "fibre", None), ("atelier", "out", "panneau", 0.9)], 10),
    ],
)
def test_an_unknown_coefficient_keeps_matter(recipes: list, expected: float) -> None:
    f = chain(STAGES, ACTORS, [FLOWS[0], FLOWS[2]], recipes=recipes, supplies=[("F", "fibre", 10)],
              demands=[("V", "panneau", 60)])  # fmt: skip
    assert served_t(f) == pytest.approx(expected, **CLOSE)


def test_what_an_actor_passes_on_inside() -> None:
    # T sorts and spins, and declares no flow between the two: 20 t in, 0.8 sorted, 0.5 yarn each
    f = chain(
        {"gisement": RESOURCE, "tri": OPERATION, "filature": OPERATION, "vente": MARKET},
        {"G": "gisement", "T": ("tri", "filature"), "V": "vente"},
        [("G", "T", "brut", None, "gisement", "tri"), ("T", "V", "fil", None, "filature", "vente")],
        recipes=[("tri", "in", "brut", 1), ("tri", "out", "trie", 0.8), ("filature", "in", "trie", 1),
                 ("filature", "out", "fil", 0.5)],
        supplies=[("G", "brut", 20)], demands=[("V", "fil", 100)],
        stage_links=pd.DataFrame({"stage_id": ["tri"], "to_stage_id": ["filature"]}),
    )  # fmt: skip
    assert served_t(f) == pytest.approx(8, **CLOSE)


def test_a_market_that_sends_back_another_material() -> None:
    # V buys a and sends empty sacks back: sacks are no a, and need a source of their own
    f = chain({"gisement": RESOURCE, "vente": MARKET}, {"G": "gisement", "V": "vente"},
              [("G", "V", "a"), ("G", "V", "b"), ("V", "G", "sacs")], supplies=[("G", "a", 5), ("G", "b", 9)],
              demands=[("V", "a", 100), ("V", "b", 3)])  # fmt: skip
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(8, **CLOSE)
    assert found.served["served_t_per_year"].to_list() == pytest.approx([5, 3])


# -- nothing, zero, unlimited ---------------------------------------------------------------------------


def test_zero_demand_is_served_entirely() -> None:
    found = throughput(chain(STAGES, ACTORS, FLOWS, recipes=MIX, demands=[("V", "panneau", 0)]))
    assert (found.status, found.served_t_per_year) == ("solved", 0)
    assert found.served["unmet_share"].isna().all()  # of nothing asked


@pytest.mark.parametrize(
    "f",
    [Filiere.from_tables(actors={"name": []}), Filiere.from_tables(actors={"name": ["A"]}),
     Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": [], "target": []})],
    ids=["nobody", "one", "no flow"],
)  # fmt: skip
def test_without_a_flow_it_is_not_known(f: Filiere) -> None:
    found = throughput(f)
    assert (found.status, found.reason) == ("nothing", "no_flow")
    assert math.isnan(found.served_t_per_year)
    assert list(found.served) == SERVED and found.served.empty
    assert found.served["served_t_per_year"].dtype == float
    assert found.flows.empty and found.processes.empty
    assert found.notes(lang="en") == ["No flow is stated: what the chain can carry is not known."]


def test_nobody_asks() -> None:
    f = chain({"tri": OPERATION}, {"A": "tri", "B": "tri"}, [("A", "B", "a")])
    found = throughput(f)
    assert (found.status, found.reason) == ("nothing", "no_buyer")
    assert math.isnan(found.served_t_per_year)


def test_no_path_leads_to_the_buyer() -> None:
    # the polymer is asked and only panels arrive; nothing makes polymer
    f = chain(STAGES, ACTORS, FLOWS, recipes=MIX, demands=[("V", "poly", 5)])
    found = throughput(f)
    assert (found.status, found.reason, found.served_t_per_year) == ("nothing", "no_path", 0)
    assert found.served["unmet_share"].to_list() == [1]
    assert found.aside["kind"].to_list() == ["no_passage"]
    # a loop without a source carries nothing either
    loop = chain({"tri": OPERATION, "vente": MARKET}, {"A": "tri", "B": "tri", "V": "vente"},
                 [("A", "B", "a"), ("B", "A", "a"), ("B", "V", "a")], demands=[("V", "a", 5)])  # fmt: skip
    assert throughput(loop).reason == "no_path"


def test_a_path_without_limit_is_told() -> None:
    found = throughput(chain(STAGES, ACTORS, FLOWS, recipes=MIX))  # no supply, no demand, no capacity
    assert found.status == "unlimited"
    assert math.isnan(found.served_t_per_year)
    assert found.path["actor_id"].to_list()[-2:] == ["a", "v"]
    assert found.path["stage_id"].iloc[0] in ("fibre", "polymere")
    assert set(found.unlimited["kind"]) == {"supply", "market"}
    assert found.unlimited["used"].all() and found.unlimited["t_per_year"].isna().all()
    # a limit on either input is one on the panels
    limited = chain(STAGES, ACTORS, FLOWS, recipes=MIX, supplies=[("F", "fibre", 3)])
    assert served_t(limited) == pytest.approx(9, **CLOSE)  # 3 / 0.3 × 0.9


def test_exemple_complet_by_hand() -> None:
    # Isolouate 240 t × 0.93 = 223.2 t, Atelier Duvet 40 t × 0.93 = 37.2 t, of 400 + 220 + 70 t asked
    found = throughput(datasets.load("exemple_complet").at(2024))
    assert found.served_t_per_year == pytest.approx(260.4, **CLOSE)
    assert found.served["demand_t_per_year"].sum() == 690
    # the 70 t under contract first, then what is verified
    assert found.served.set_index("level")["served_t_per_year"].to_dict() == pytest.approx(
        {"contracted": 70, "verified": 190.4, "expressed": 0}, abs=1e-6
    )
    told = found.notes(lang="fr")
    assert told[0].replace("\u00a0", " ") == "La chaîne peut servir 260 t/an, sur 690 t/an demandées."


def test_nothing_is_changed_and_the_result_is_the_reader_s_own() -> None:
    f = composite()
    before = {name: f.table(name).copy() for name in ("flows", "markets", "activities", "recipes")}
    first = throughput(f)
    first.served.loc[0, "served_t_per_year"] = -1
    first.flows.iloc[0] = -1
    again = throughput(f)
    assert again.served["served_t_per_year"].to_list() == pytest.approx([36])
    assert again.flows.iloc[0] == pytest.approx(12)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)


def test_flows_that_name_no_material() -> None:
    # nothing says what passes: what enters T may leave it, and serve whoever asks
    f = chain({"gisement": RESOURCE, "tri": OPERATION, "vente": MARKET}, {"G": "gisement", "T": "tri", "V": "vente"},
              [("G", "T", None), ("T", "V", None)], supplies=[("G", "a", 6)], demands=[("V", "b", 10)])  # fmt: skip
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(6, **CLOSE)
    assert found.unlimited.empty


def test_an_actor_whose_flows_name_no_stage_is_one_whole() -> None:
    # T collects and sorts; its flows do not say at which stage they end: 7 + 5 t may enter it
    stages = {"gisement": RESOURCE, "collecte": OPERATION, "tri": OPERATION, "vente": MARKET}
    f = chain(stages, {"G": "gisement", "T": ("collecte", "tri"), "V": "vente"}, [("G", "T", "a"), ("T", "V", "b")],
              activities={"actor_id": ["G", "T", "T", "V"], "stage_id": ["gisement", "collecte", "tri", "vente"],
                          "capacity_t_per_year": [None, 7, 5, None]}, demands=[("V", "b", 100)])  # fmt: skip
    assert served_t(f) == pytest.approx(12, **CLOSE)


def test_an_idle_process_is_told() -> None:
    # of the two mixes of the workshop, one asks for flax that nobody brings
    other = [("atelier", "in", "lin", 1, "lin"), ("atelier", "out", "panneau", 1, "lin")]
    f = chain(STAGES, ACTORS, FLOWS, recipes=[(*row, "mixte") for row in MIX] + other,
              supplies=[("F", "fibre", 3), ("P", "poly", 70)], demands=[("V", "panneau", 60)])  # fmt: skip
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(9, **CLOSE)
    assert found.aside[["kind", "actor_id", "process"]].values.tolist() == [["idle", "a", "lin"]]
    assert "nothing brings one of its inputs: lin (A)" in found.notes(lang="en")[-1]


def test_only_the_year_asked_for() -> None:
    f = chain({"gisement": RESOURCE, "vente": MARKET}, {"G": "gisement", "V": "vente"}, [("G", "V", "a")])
    flow = {"flow_id": ["x", "y"], "source": "g", "target": "v", "material_id": "a", "year": [2023, 2024],
            "capacity_t_per_year": [3, 8]}  # fmt: skip
    asked = {"market_id": ["p", "q"], "actor_id": "v", "material_id": "a", "kind": "demand", "year": [2023, 2024],
             "quantity_t_per_year": [2, 5]}  # fmt: skip
    f = f.with_table("flows", pd.DataFrame(flow).set_index("flow_id"))
    f = f.with_table("markets", pd.DataFrame(asked).set_index("market_id"))
    assert served_t(f.at(2023)) == pytest.approx(2, **CLOSE)
    assert served_t(f.at(2024)) == pytest.approx(5, **CLOSE)
    assert served_t(f) == pytest.approx(5, **CLOSE)  # the latest
