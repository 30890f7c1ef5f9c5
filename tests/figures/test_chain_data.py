"""From a filière to the frames of the figure: what is drawn, where, and from which rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.figures import ChainData, chain_alt_text, chain_data
from tests.figures.builders import filiere


def flows(**columns: list[Any]) -> dict[str, Any]:
    return {"flows": columns}


def ribbon(data: ChainData, source: str | None, target: str | None) -> pd.Series:
    rows = data.ribbons
    at_source = rows["source_box"].isna() if source is None else rows["source_box"].eq(source)
    at_target = rows["target_box"].isna() if target is None else rows["target_box"].eq(target)
    found = rows[at_source & at_target]
    assert len(found) == 1
    return found.iloc[0]


def states(f: Filiere) -> dict[str, str]:
    return chain_data(f).stages.set_index("stage_id")["state"].to_dict()


# -------------------------------------------------------------------------------------------- frames


def test_the_frames_of_a_small_filiere() -> None:
    data = chain_data(filiere())
    assert data.stages["stage_id"].tolist() == ["collecte", "tri", "effilochage", "debouche"]
    assert data.stages["label"].tolist() == ["Collecte", "Tri", "Effilochage", "Débouché"]
    assert data.stages["column"].tolist() == [0, 1, 2, 3]
    assert data.stages["state"].tolist() == ["present", "present", "missing", "present"]
    assert data.stages["n_actors"].tolist() == [1, 2, 0, 1]
    assert data.boxes["box_id"].tolist() == ["relais@collecte", "nord@tri", "aci@tri", "acheteur@debouche"]
    assert data.boxes["column"].tolist() == [0, 1, 1, 3]
    assert data.boxes["role"].tolist() == ["supplier", "transformer", "insertion", "buyer"]
    assert data.boxes["is_siae"].tolist() == [False, False, True, False]
    assert data.others["actor_id"].tolist() == ["epci"]


def test_throughput_is_the_larger_side() -> None:
    data = chain_data(filiere())
    # relais gives 100 + 40; nord gets 100 and gives 60; aci gets 40 and gives an unknown; acheteur gets 60
    assert data.boxes["quantity_t_per_year"].tolist() == [140.0, 100.0, 40.0, 60.0]
    assert data.boxes["n_unknown"].tolist() == [0, 0, 0, 0]
    assert data.boxes["has_flow"].all()


def test_each_ribbon_keeps_its_rows() -> None:
    data = chain_data(filiere())
    assert sorted(data.ribbons["flow_ids"]) == [("f1",), ("f2",), ("f3",), ("f4",)]
    third = ribbon(data, "nord@tri", "acheteur@debouche")
    assert third["material"] == "Fibre"
    assert third["quantity_t_per_year"] == 60.0
    assert third["is_hypothesis"]
    assert third["passes"] == ("effilochage",)
    leaving = ribbon(data, "aci@tri", None)
    assert np.isnan(leaving["quantity_t_per_year"])
    assert (leaving["n_rows"], leaving["n_unknown"]) == (1, 1)


def test_ribbons_follow_the_order_of_the_materials() -> None:
    assert chain_data(filiere()).ribbons["material_id"].tolist() == ["textile", "textile", "fibre", "fibre"]


def test_flows_of_one_material_between_two_boxes_add_up() -> None:
    data = chain_data(
        filiere(
            **flows(
                flow_id=["a", "b", "c"],
                source=["relais"] * 3,
                target=["nord"] * 3,
                material_id=["textile"] * 3,
                quantity_t_per_year=[10.0, 5.0, None],
            )
        )
    )
    only = ribbon(data, "relais@collecte", "nord@tri")
    assert only["quantity_t_per_year"] == 15.0
    assert (only["n_rows"], only["n_unknown"]) == (3, 1)
    assert only["flow_ids"] == ("a", "b", "c")
    box = data.boxes.set_index("box_id").loc["nord@tri"]
    assert (box["quantity_t_per_year"], box["n_unknown"]) == (15.0, 1)


def test_a_hypothesis_never_hides_in_what_was_measured() -> None:
    data = chain_data(
        filiere(
            **flows(
                source=["relais", "relais"],
                target=["nord", "nord"],
                material_id=["textile", "textile"],
                quantity_t_per_year=[10.0, 5.0],
                confidence=["measured", "hypothesis"],
            )
        )
    )
    told = data.ribbons.sort_values("is_hypothesis")
    assert told["quantity_t_per_year"].tolist() == [10.0, 5.0]


def test_two_declarations_of_one_flow_count_once() -> None:
    data = chain_data(
        filiere(
            **flows(
                flow_id=["said", "weighed"],
                source=["relais", "relais"],
                target=["nord", "nord"],
                material_id=["textile", "textile"],
                quantity_t_per_year=[90.0, 100.0],
                confidence=["declared", "measured"],
                same_flow_as=["weighed", None],
            )
        )
    )
    only = ribbon(data, "relais@collecte", "nord@tri")
    assert only["quantity_t_per_year"] == 100.0
    assert only["flow_ids"] == ("weighed",)


def test_a_material_that_is_not_stated_is_said_so() -> None:
    columns: dict[str, list[Any]] = {"source": ["relais"], "target": ["nord"], "quantity_t_per_year": [1.0]}
    assert chain_data(filiere(**flows(**columns))).ribbons["material"].tolist() == ["matière non précisée"]
    in_english = chain_data(filiere(**flows(**columns)), lang="en").ribbons["material"].tolist()
    assert in_english == ["material not stated"]


# ------------------------------------------------------------------------------------------- project


def test_what_is_planned_is_kept_apart() -> None:
    data = chain_data(
        filiere(
            **flows(
                flow_id=["now", "soon", "maybe", "gone"],
                source=["relais"] * 4,
                target=["nord"] * 4,
                material_id=["textile"] * 4,
                quantity_t_per_year=[10.0, 5.0, 3.0, 99.0],
                status=["active", "planned", "candidate", "closed"],
            )
        )
    )
    told = data.ribbons.set_index("status")["flow_ids"].to_dict()
    assert told == {"active": ("now",), "planned": ("soon",), "candidate": ("maybe",)}
    # what passes now is the throughput, not what is hoped for
    assert data.boxes.set_index("box_id").loc["nord@tri", "quantity_t_per_year"] == 10.0


def test_a_plan_that_repeats_a_flow_that_counts_is_not_drawn_twice() -> None:
    data = chain_data(
        filiere(
            **flows(
                flow_id=["now", "again"],
                source=["relais", "relais"],
                target=["nord", "nord"],
                quantity_t_per_year=[10.0, 12.0],
                status=["active", "planned"],
                same_flow_as=[None, "now"],
            )
        )
    )
    assert data.ribbons["flow_ids"].tolist() == [("now",)]


def test_a_flow_of_an_actor_in_project_is_in_project() -> None:
    f = filiere()
    actors = f.actors.reset_index()
    actors.loc[actors["actor_id"].eq("nord"), "status"] = "planned"
    data = chain_data(f.with_table("actors", actors))
    assert ribbon(data, "relais@collecte", "nord@tri")["status"] == "planned"
    box = data.boxes.set_index("box_id").loc["nord@tri"]
    assert box["status"] == "planned"
    assert box["quantity_t_per_year"] == 100.0  # nothing passes yet: what is planned is shown
    assert data.stages.set_index("stage_id").loc["tri", "n_actors"] == 1


def test_what_is_closed_is_not_drawn() -> None:
    f = filiere(**flows(source=["relais"], target=["ancien"], quantity_t_per_year=[7.0]))
    data = chain_data(f)
    assert data.ribbons.empty
    assert "ancien" not in set(data.boxes["actor_id"]) | set(data.others["actor_id"])


def test_an_actor_supposed_at_a_stage_is_a_hypothesis() -> None:
    f = filiere()
    activities = f.activities.reset_index(drop=True)
    activities.loc[activities["actor_id"].eq("nord"), "confidence"] = "hypothesis"
    boxes = chain_data(f.with_table("activities", activities)).boxes.set_index("actor_id")
    assert boxes["is_hypothesis"].to_dict() == {
        "relais": False,
        "nord": True,
        "aci": False,
        "acheteur": False,
    }


# ------------------------------------------------------------------------------------------- outside


def test_an_import_and_an_export_have_a_blank_end() -> None:
    data = chain_data(
        filiere(**flows(source=[None, "nord"], target=["nord", None], quantity_t_per_year=[3.0, 4.0]))
    )
    assert ribbon(data, None, "nord@tri")["quantity_t_per_year"] == 3.0
    assert ribbon(data, "nord@tri", None)["quantity_t_per_year"] == 4.0


def test_an_outside_that_names_its_stage_is_drawn_there() -> None:
    data = chain_data(
        filiere(
            **flows(source=["nord"], target=[None], target_stage=["effilochage"], quantity_t_per_year=[4.0])
        )
    )
    out = data.boxes[data.boxes["actor_id"].eq("")]
    assert out["label"].tolist() == ["Hors du territoire"]
    assert out["stage_id"].tolist() == ["effilochage"]
    assert out["is_outside"].all()
    assert ribbon(data, "nord@tri", "@effilochage")["quantity_t_per_year"] == 4.0
    # expected here, and served from outside only
    assert data.stages.set_index("stage_id").loc["effilochage", "state"] == "outside"
    assert data.stages["n_actors"].tolist() == [1, 2, 0, 1]


def test_an_actor_elsewhere_is_outside() -> None:
    f = filiere()
    actors = f.actors.reset_index()
    actors.loc[actors["actor_id"].eq("acheteur"), "actor_type"] = "outside"
    data = chain_data(f.with_table("actors", actors))
    assert data.boxes.set_index("actor_id")["is_outside"].to_dict()["acheteur"]
    assert states(f.with_table("actors", actors))["debouche"] == "outside"


# -------------------------------------------------------------------------------------------- stages


def stages_with(**changes: dict[str, Any]) -> Filiere:
    f = filiere()
    stages = f.stages.reset_index()
    for stage, values in changes.items():
        for column, value in values.items():
            stages.loc[stages["stage_id"].eq(stage), column] = value
    return f.with_table("stages", stages)


def test_states_of_a_stage_that_nobody_holds() -> None:
    assert states(filiere())["effilochage"] == "missing"
    assert states(stages_with(effilochage={"expected_scale": "regional"}))["effilochage"] == "regional"
    assert states(stages_with(effilochage={"required": False}))["effilochage"] == "optional"
    assert states(stages_with(effilochage={"expected_scale": "any"}))["effilochage"] == "anywhere"
    both = {"alternative_group": "valorisation"}
    assert states(stages_with(effilochage=both, tri=both))["effilochage"] == "covered"


def test_a_stage_of_indifferent_scale_is_not_told_to_be_regional() -> None:
    """« Moulage de pièces » of the shipped example: the data say that the scale does not matter."""
    data = chain_data(datasets.load("lin_composite"))
    state = data.stages.set_index("label")["state"]
    assert state["Moulage de pièces"] == "anywhere"
    assert state["Préparation des étoupes"] == "regional"
    text = chain_alt_text(data)
    assert "Moulage de pièces\u00a0: Aucun acteur connu, échelle indifférente." in text
    assert "Préparation des étoupes\u00a0: Attendu à l’échelle régionale." in text


def test_missing_stages_are_those_of_the_gaps() -> None:
    """The figure and the findings must not contradict each other."""
    from chaine_valeur.analysis.gaps._chain_checks import missing_stages, outside_stages

    cases = [
        filiere(),
        stages_with(effilochage={"expected_scale": "regional"}),
        stages_with(effilochage={"expected_scale": "any"}),
        filiere(**flows(source=["nord"], target=[None], target_stage=["effilochage"])),
    ]
    for f in cases:
        drawn = chain_data(f).stages.set_index("state")["stage_id"]
        told = {finding.stage_id for finding in missing_stages(f)}
        assert set(drawn.loc[drawn.index == "missing"]) == told
        told = {finding.stage_id for finding in outside_stages(f)}
        assert set(drawn.loc[drawn.index == "outside"]) == told


def test_stages_of_equal_rank_share_a_column() -> None:
    data = chain_data(stages_with(effilochage={"rank": 2}, debouche={"rank": 3}))
    assert data.stages.set_index("stage_id")["column"].to_dict() == {
        "collecte": 0,
        "tri": 1,
        "effilochage": 1,
        "debouche": 2,
    }


def test_a_stage_without_rank_stands_after_the_one_above_it() -> None:
    f = stages_with(tri={"rank": pd.NA}, effilochage={"rank": pd.NA})
    assert chain_data(f).stages["stage_id"].tolist() == ["collecte", "tri", "effilochage", "debouche"]
    assert chain_data(f).stages["column"].tolist() == [0, 1, 2, 3]
    none = stages_with(**{name: {"rank": pd.NA} for name in ("collecte", "tri", "effilochage", "debouche")})
    assert chain_data(none).stages["column"].tolist() == [0, 1, 2, 3]


def test_ribbons_pass_the_missing_stage_only_if_the_expected_chain_leads_there() -> None:
    links = {"stage_id": ["collecte", "tri", "tri"], "to_stage_id": ["tri", "effilochage", "debouche"]}
    data = chain_data(filiere(stage_links=links))
    assert ribbon(data, "nord@tri", "acheteur@debouche")["passes"] == ()
    # where nothing is expected, whatever is between is passed
    data = chain_data(filiere(stage_links=None))
    assert ribbon(data, "nord@tri", "acheteur@debouche")["passes"] == ("effilochage",)


def test_an_actor_of_two_stages_has_two_boxes_and_a_ribbon_within() -> None:
    activities = {
        "actor_id": ["relais", "relais", "nord", "acheteur"],
        "stage_id": ["collecte", "tri", "tri", "debouche"],
    }
    table = {"source": ["nord"], "target": ["acheteur"], "quantity_t_per_year": [60.0]}
    data = chain_data(filiere(activities=activities, flows=table))
    assert data.boxes["box_id"].tolist()[:2] == ["relais@collecte", "relais@tri"]
    inside = ribbon(data, "relais@collecte", "relais@tri")
    assert inside["status"] == "internal"
    assert inside["n_rows"] == 0
    assert inside["flow_ids"] == ()
    # nothing is declared of it: it is no flow
    assert not data.boxes.set_index("box_id").loc["relais@collecte", "has_flow"]


def test_a_declared_flow_within_an_actor_is_drawn_once() -> None:
    activities = {"actor_id": ["relais", "relais"], "stage_id": ["collecte", "tri"]}
    table = {
        "source": ["relais"],
        "source_stage": ["collecte"],
        "target": ["relais"],
        "target_stage": ["tri"],
        "quantity_t_per_year": [12.0],
    }
    data = chain_data(filiere(activities=activities, flows=table))
    assert ribbon(data, "relais@collecte", "relais@tri")["status"] == "active"


def test_actors_without_a_stage_that_exchange_stand_apart() -> None:
    table = {"source": ["epci", "nord"], "target": ["nord", "epci"], "quantity_t_per_year": [1.0, 2.0]}
    data = chain_data(filiere(flows=table))
    last = data.stages.iloc[-1]
    assert last["label"] == "Maillon non précisé"
    assert data.boxes[data.boxes["actor_id"].eq("epci")]["stage_id"].tolist() == [last["stage_id"]]
    gives = {"source": ["epci"], "target": ["nord"], "quantity_t_per_year": [1.0]}
    data = chain_data(filiere(flows=gives))
    assert data.stages.iloc[0]["label"] == "Maillon non précisé"
    assert data.boxes.iloc[0]["actor_id"] == "epci"
    assert data.others.empty


def test_an_undecided_stage_is_the_main_one() -> None:
    """An actor of two stages between which no expected passage decides: the picture takes the first."""
    activities = {"actor_id": ["relais", "nord", "nord"], "stage_id": ["collecte", "tri", "debouche"]}
    table = {"source": ["relais"], "target": ["nord"], "quantity_t_per_year": [5.0]}
    frames = {"stage_links": None, "activities": activities, "flows": table}
    f = filiere(**(frames | {"flows": None}))
    loose = Filiere.from_tables(
        strict=False, **{name: f.table(name) for name in f}, flows=pd.DataFrame(table)
    )
    data = chain_data(loose)
    assert ribbon(data, "relais@collecte", "nord@tri")["quantity_t_per_year"] == 5.0


# ------------------------------------------------------------------------------------ years and rest


def yearly() -> Filiere:
    return filiere(
        **flows(
            source=["relais"] * 3,
            target=["nord"] * 3,
            material_id=["textile"] * 3,
            quantity_t_per_year=[10.0, 20.0, 3.0],
            year=[2022, 2023, None],
            flow_id=["old", "new", "always"],
        )
    )


def test_quantities_of_two_years_are_never_added() -> None:
    data = chain_data(yearly())
    # the latest year, and what holds every year: 20 + 3
    assert data.ribbons["quantity_t_per_year"].tolist() == [23.0]
    assert (data.year, data.several_years) == (2023, True)
    data = chain_data(yearly(), year=2022)
    assert data.ribbons["quantity_t_per_year"].tolist() == [13.0]
    assert (data.year, data.several_years) == (2022, False)
    assert chain_data(yearly().at(2022)).ribbons.equals(data.ribbons)


def test_rows_set_aside_are_counted() -> None:
    f = filiere()
    broken = f.flows.reset_index()
    broken.loc[0, "target"] = "personne"
    loose = Filiere.from_tables(
        strict=False, **{name: f.table(name) for name in f if name != "flows"}, flows=broken
    )
    assert chain_data(loose).n_set_aside == 1
    assert chain_data(f).n_set_aside == 0


@pytest.mark.parametrize("tables", [("actors",), ("actors", "stages"), ("actors", "flows")])
def test_tables_that_are_missing_leave_empty_frames_of_the_same_shape(tables: tuple[str, ...]) -> None:
    whole, f = filiere(), filiere()
    bare = Filiere.from_tables(
        strict=False,
        **{
            name: f.table(name).drop(columns=["target_stage", "source_stage", "material_id"], errors="ignore")
            for name in tables
        },
    )
    data, full = chain_data(bare), chain_data(whole)
    for name in ("stages", "boxes", "ribbons", "others"):
        assert list(getattr(data, name)) == list(getattr(full, name))
        assert getattr(data, name).dtypes.equals(getattr(full, name).dtypes)


def test_no_actor_at_all() -> None:
    data = chain_data(Filiere.from_tables(actors=pd.DataFrame({"name": []})))
    assert data.boxes.empty
    assert data.ribbons.empty
    assert data.others.empty


def test_renaming_actors_renames_boxes_and_changes_nothing_else() -> None:
    f = filiere()
    names = {actor: f"x-{actor}" for actor in f.actors.index}
    renamed = {name: f.table(name).reset_index() for name in f}
    for name, columns in {
        "actors": ["actor_id"],
        "activities": ["actor_id"],
        "flows": ["source", "target"],
    }.items():
        for column in columns:
            renamed[name][column] = renamed[name][column].map(names)
    before, after = chain_data(f), chain_data(Filiere.from_tables(**renamed))
    assert after.boxes["box_id"].tolist() == [f"x-{box}" for box in before.boxes["box_id"]]
    same = ["quantity_t_per_year", "column", "role", "has_flow"]
    assert after.boxes[same].equals(before.boxes[same])
    assert after.ribbons["flow_ids"].tolist() == before.ribbons["flow_ids"].tolist()


def test_the_filiere_is_not_changed() -> None:
    f = filiere()
    before = {name: f.table(name).copy() for name in f}
    chain_data(f)
    assert all(f.table(name).equals(frame) for name, frame in before.items())


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        chain_data(filiere(), lang="de")
