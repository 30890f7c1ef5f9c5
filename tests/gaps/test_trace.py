"""What waits for a gap is the material that would pass there, not whatever stands upstream."""

from __future__ import annotations

import pandas as pd

from chaine_valeur import Filiere, gaps
from tests.gaps.example import holding, passing

#: paper and cotton are collected and sorted together; each has its own way to the insulation made of both
LINKS = [
    ("papier", "collecte", "papier"),
    ("coton", "collecte", "coton"),
    ("collecte", "tri", None),
    ("tri", "defibrage", "papier-trie"),
    ("tri", "effilochage", "coton-trie"),
    ("defibrage", "isolant", "fibre"),
    ("effilochage", "isolant", "fibre"),
]
RECIPES = [
    ("tri", "Papier", "in", "papier"),
    ("tri", "Papier", "out", "papier-trie"),
    ("tri", "Coton", "in", "coton"),
    ("tri", "Coton", "out", "coton-trie"),
    ("defibrage", None, "in", "papier-trie"),
    ("defibrage", None, "out", "fibre"),
    ("effilochage", None, "in", "coton-trie"),
    ("effilochage", None, "out", "fibre"),
]


def two_materials(
    *held: tuple[str, str], recipes: bool = True, flows: dict[str, pd.DataFrame] | None = None
) -> Filiere:
    names = ["papier", "coton", "collecte", "tri", "defibrage", "effilochage", "isolant"]
    kinds = ["resource", "resource", *["operation"] * 4, "market"]
    materials = ["papier", "coton", "papier-trie", "coton-trie", "fibre"]
    tables = {
        "stages": pd.DataFrame({"stage_id": names, "name": names, "kind": kinds}),
        "stage_links": pd.DataFrame(LINKS, columns=["stage_id", "to_stage_id", "material_id"]),
        "materials": pd.DataFrame({"material_id": materials, "name": materials}),
        "markets": pd.DataFrame(
            {"kind": "supply", "material_id": ["papier", "coton"], "level": "mobilized",
             "quantity_t_per_year": [400.0, 60.0]}
        ),
        **holding(*held),
        **(flows or {}),
    }  # fmt: skip
    if recipes:
        rows = pd.DataFrame(RECIPES, columns=["stage_id", "process", "side", "material_id"])
        tables["recipes"] = rows.assign(t_per_t=1.0)
    return Filiere.from_tables(**tables)


ALL_BUT_EFFILOCHAGE = [
    ("a", "papier"), ("b", "coton"), ("c", "collecte"), ("c", "tri"), ("d", "defibrage"), ("e", "isolant"),
]  # fmt: skip
WHOLE_FOR_PAPER = passing(
    ("a", "c"), ("b", "c"), ("c", "d"), ("d", "e"), source_stage=[None, None, "tri", None],
    target_stage=["collecte", "collecte", None, None],
)  # fmt: skip


def quantity(f: Filiere, kind: str, stage: str) -> float:
    found = gaps.find(f)
    rows = found[(found["kind"] == kind) & (found["stage_id"] == stage)]
    assert len(rows) == 1
    return float(rows["quantity"].iloc[0])


def test_recipes_lead_back_to_the_resource() -> None:
    # effilochage takes sorted cotton, which is made from cotton, which collecte passes unchanged
    f = two_materials(*ALL_BUT_EFFILOCHAGE, flows=WHOLE_FOR_PAPER)
    assert quantity(f, "missing_stage", "effilochage") == 60.0
    missing = [pair for pair in ALL_BUT_EFFILOCHAGE if pair[1] != "defibrage"]
    f = two_materials(*missing, ("g", "effilochage"), flows=passing(("a", "c"), target_stage="collecte"))
    assert quantity(f, "missing_stage", "defibrage") == 400.0


def test_without_recipes_nobody_knows_which_resource_it_is() -> None:
    f = two_materials(*ALL_BUT_EFFILOCHAGE, recipes=False, flows=WHOLE_FOR_PAPER)
    assert quantity(f, "missing_stage", "effilochage") == 460.0


def test_a_path_that_the_material_cannot_take_is_not_broken_for_it() -> None:
    f = two_materials(*ALL_BUT_EFFILOCHAGE, flows=WHOLE_FOR_PAPER)
    found = gaps.find(f, lang="en").set_index("stage_id")
    broken = found[found["kind"] == "broken_path"]
    # paper goes through defibrage, and is whole; cotton lacks effilochage
    assert list(broken.index) == ["coton"]
    assert "To be established: “effilochage”." in broken.loc["coton", "message"]
    assert broken.loc["coton", "quantity"] == 60.0
    assert gaps.path_completeness(f) == 0.5  # by stages alone, as A4 is defined


def test_demand_is_looked_for_downstream() -> None:
    # nothing upstream is known: the demand for what fibre becomes, two stages further
    steps = [("r", "o", "x"), ("o", "p", "y"), ("p", "m", "z")]
    names, materials = ["r", "o", "p", "m"], ["x", "y", "z", "w"]
    f = Filiere.from_tables(
        stages={"stage_id": names, "name": names, "kind": ["resource", "operation", "operation", "market"]},
        stage_links=pd.DataFrame(steps, columns=["stage_id", "to_stage_id", "material_id"]),
        materials={"material_id": materials, "name": materials},
        recipes={"stage_id": ["p", "p"], "side": ["in", "out"], "material_id": ["y", "z"]},
        markets={
            "kind": ["demand", "demand"],
            "material_id": ["z", "w"],
            "quantity_t_per_year": [30.0, 999.0],
        },
        **holding(("a", "r"), ("b", "p"), ("c", "m")),
    )
    assert quantity(f, "missing_stage", "o") == 30.0


def test_a_quantity_without_a_material_counts_where_it_is() -> None:
    f = two_materials(*ALL_BUT_EFFILOCHAGE, flows=WHOLE_FOR_PAPER)
    more = pd.DataFrame(
        {"kind": ["supply"], "stage_id": ["tri"], "level": ["mobilized"], "quantity_t_per_year": [7.0]}
    )
    assert quantity(f.with_table("markets", more), "missing_stage", "effilochage") == 7.0


def test_a_loop_is_followed_once() -> None:
    steps = pd.DataFrame({"stage_id": ["r", "o", "p", "p"], "to_stage_id": ["o", "p", "o", "m"]})
    names = ["r", "o", "p", "m"]
    f = Filiere.from_tables(
        stages={"stage_id": names, "name": names, "kind": ["resource", "operation", "operation", "market"]},
        stage_links=steps,
        **holding(("a", "r"), ("b", "o"), ("c", "p")),
    )
    found = gaps.find(f)
    assert found.loc[found["kind"] == "missing_stage", "stage_id"].tolist() == ["m"]
