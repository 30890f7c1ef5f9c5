"""The chains that are drawn have the properties on which the measurements rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from benchmarks.generator import AWAY, HOME, LAYERS, LINKS, MISSING, STAGES, Chain, layered_chain


@pytest.fixture(scope="module")
def chain() -> Chain:
    return layered_chain(6_000)


@pytest.fixture(scope="module")
def ends(chain: Chain) -> pd.DataFrame:
    """Layer and commune of both ends of each flow."""
    actors = chain.tables["actors"].set_index("name")["commune_code"]
    layers = chain.tables["activities"].set_index("actor_id")["stage_id"].map(LAYERS.index)
    flows = chain.tables["flows"]
    return pd.DataFrame(
        {
            "from": layers[flows["source"]].to_numpy(),
            "to": layers[flows["target"]].to_numpy(),
            "near": actors[flows["source"]].to_numpy() == actors[flows["target"]].to_numpy(),
        }
    )


def test_eight_layers_and_six_roles(chain: Chain) -> None:
    assert len(LAYERS) == 8
    assert chain.tables["activities"]["stage_id"].nunique() == 8
    assert chain.tables["actors"]["roles"].nunique() == 6
    assert chain.rows == sum(len(table) for table in chain.tables.values())


def test_about_five_flows_and_five_cooperations_each(chain: Chain) -> None:
    actors, flows, ties = (len(chain.tables[name]) for name in ("actors", "flows", "cooperations"))
    assert actors == 6_000
    assert 4.8 <= flows / actors <= 5  # a few are drawn twice
    assert 4.9 <= ties / actors <= 5  # a few with oneself
    assert not chain.tables["flows"].duplicated(["source", "target"]).any()
    assert (chain.tables["flows"]["source"] != chain.tables["flows"]["target"]).all()
    assert (chain.tables["cooperations"]["actor_id"] != chain.tables["cooperations"]["to_actor_id"]).all()


def test_flows_go_to_the_next_layer_and_one_in_fifty_back(ends: pd.DataFrame) -> None:
    step = ends["to"] - ends["from"]
    assert set(step) == {1, -1}
    assert (step < 0).mean() == pytest.approx(0.02 * 6 / 7, abs=0.005)  # none goes back from the first layer


def test_half_of_the_ties_stay_in_a_territory(chain: Chain, ends: pd.DataFrame) -> None:
    # half are drawn in the territory, and of those drawn anywhere one in four (places) happens to be; layer « matière »
    # is not in the home place: a few there cannot stay
    assert 0.5 <= ends["near"].mean() <= 0.5 + 0.5 / 4 + 0.02
    place = chain.tables["actors"].set_index("name")["commune_code"]
    ties = chain.tables["cooperations"]
    near = (place[ties["actor_id"]].to_numpy() == place[ties["to_actor_id"]].to_numpy()).mean()
    assert 0.5 <= near <= 0.5 + 0.5 / 4 + 0.02


def test_tonnages_are_log_normal(chain: Chain) -> None:
    logs = np.log(chain.tables["flows"]["quantity_t_per_year"])
    assert logs.mean() == pytest.approx(3, abs=0.05)
    assert logs.std() == pytest.approx(1.2, abs=0.05)
    assert logs.skew() == pytest.approx(0, abs=0.1)


def test_there_are_gaps_of_every_kind(chain: Chain, ends: pd.DataFrame) -> None:
    held = set(chain.tables["activities"]["stage_id"])
    assert set(STAGES) - held == {MISSING}
    made = {(LAYERS[a], LAYERS[b]) for a, b in zip(ends["from"], ends["to"], strict=True)}
    assert set(LINKS) - made == {("tri", "fabrication"), ("tri", MISSING), (MISSING, "fabrication")}
    home = set(chain.tables["territories"]["commune_code"])
    place = chain.tables["actors"]["commune_code"].isin(home)
    stage = chain.tables["activities"]["stage_id"]
    assert set(LAYERS) - set(stage[place.to_numpy()]) == {LAYERS[AWAY]}
    f = cv.Filiere.from_tables(**chain.tables)
    assert f.territory_id == HOME
    found = cv.diagnose(f, indicators=["A6"], checks=[]).indicators
    orphans = found.loc[found["indicator_id"] == "A6", "value"].item()
    assert 0.01 <= orphans / 6_000 <= 0.1


def test_the_same_seed_gives_the_same_chain() -> None:
    one, again, other = layered_chain(40, seed=7), layered_chain(40, seed=7), layered_chain(40, seed=8)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    assert not one.tables["flows"].equals(other.tables["flows"])


@pytest.mark.parametrize("actors", [1, 2, 5])
def test_the_smallest_chains_are_valid(actors: int) -> None:
    f = cv.Filiere.from_tables(**layered_chain(actors).tables)
    assert len(f.actors) == actors
    assert f.problems.query("severity == 'error'").empty
