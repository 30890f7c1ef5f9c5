"""An actor of which no flow is recorded is not accused of standing alone: what is to be asked is said."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets, gaps
from tests.gaps.example import chain, holding, passing

FRENCH = {
    "both": "À demander\u00a0: ce qui y arrive et ce qui en part.",
    "in": "À demander\u00a0: ce qui y arrive.",
}
ENGLISH = {"both": "To be asked: what reaches it and what leaves it.", "in": "To be asked: what reaches it."}


def three(**more: object) -> Filiere:
    """r → o → m: a at r feeds b at o; c and d hold o and m and nobody described what they exchange."""
    own = holding(("a", "r"), ("b", "o"), ("c", "o"), ("d", "m"))
    tables = {**own, **passing(("a", "b"), ("b", None), quantity_t_per_year=5.0), **more}
    return chain([("r", "o"), ("o", "m")], **tables)  # type: ignore[arg-type]


def orphans_of(f: Filiere, lang: str = "en", **thresholds: int) -> pd.DataFrame:
    found = gaps.find(f, lang=lang, **thresholds)
    return found[found["kind"] == "orphan"].set_index("actor_id")


def test_what_is_to_be_asked_depends_on_where_the_actor_stands() -> None:
    found = orphans_of(three())
    assert sorted(found.index) == ["c", "d"]
    assert found.loc["c", "message"] == f"Flows not stated: c (stage “o”). {ENGLISH['both']}"
    # d stands at the market: nothing has to leave it
    assert found.loc["d", "message"] == f"Flows not stated: d (stage “m”). {ENGLISH['in']}"


def test_in_french() -> None:
    said = orphans_of(three(), "fr")["message"]
    assert said["c"] == f"Flux non renseignés\u00a0: c (maillon «\u00a0o\u00a0»). {FRENCH['both']}"
    assert said["d"].endswith(FRENCH["in"])


def test_one_that_ships_and_is_not_supplied_is_told_as_such() -> None:
    shipped = passing(("a", "b"), ("b", None), ("c", "d"), quantity_t_per_year=5.0)
    found = orphans_of(three(**shipped))
    assert found.index.tolist() == ["c"]
    assert (
        found.loc["c", "message"] == "Step without a recorded supply: c (stage “o”). 5\u00a0t/year leave it."
    )
    assert found.loc["c", "quantity"] == 5.0


def test_a_flow_between_two_stages_of_its_own_is_a_flow_that_was_stated() -> None:
    own = holding(("a", "r"), ("b", "o"), ("b", "p"), ("c", "m"))
    inside = passing(("a", None), ("b", "b"), source_stage=[None, "o"], target_stage=[None, "p"],
                     quantity_t_per_year=5.0)  # fmt: skip
    f = chain([("r", "o"), ("o", "p"), ("p", "m")], **own, **inside)
    said = orphans_of(f)["message"]
    assert said["b"].startswith("Step without a recorded supply: b")
    assert said["c"].startswith("Flows not stated: c")


def test_what_it_could_take_is_still_at_stake() -> None:
    rows = holding(("a", "r"), ("b", "o"), ("c", "o"), ("d", "m"))["activities"]
    rows = rows.assign(capacity_t_per_year=[None, None, 40.0, None], insertion_fte=[None, None, 2.0, None])
    found = orphans_of(three(activities=rows)).loc["c"]
    assert (found["quantity"], found["jobs_at_stake_fte"]) == (40.0, 2.0)
    assert found["message"] == (
        f"Flows not stated: c (stage “o”). {ENGLISH['both']} It could take 40\u00a0t/year. "
        "2 insertion FTE depend on it."
    )


def test_its_flows_count_as_unknown() -> None:
    found = orphans_of(three())
    # one actor of which the flows are unknown, one activity without its insertion jobs
    assert found["n_unknown"].tolist() == [2, 2]
    assert found["severity"].tolist() == ["low", "low"]


@pytest.mark.parametrize("silent", [3, 6])
def test_those_who_ship_and_those_who_are_silent_are_never_one_finding(silent: int) -> None:
    """Six actors of one stage ship without being supplied, others of the same stage say nothing."""
    shipping = [f"s{number}" for number in range(6)]
    quiet = [f"q{number}" for number in range(silent)]
    own = holding(("a", "r"), *((name, "o") for name in [*shipping, *quiet]), ("d", "m"))
    f = chain([("r", "o"), ("o", "m")], **own, **passing(*((name, "d") for name in shipping)))
    found = gaps.find(f, lang="en").query("kind == 'orphan'")
    told = found["message"].tolist()
    assert sum(said == "Step without a recorded supply: stage “o”, 6 actors." for said in told) == 1
    if silent > 5:  # too many to be named
        assert f"Flows not stated: stage “o”, 6 actors. {ENGLISH['both']}" in told
        assert len(told) == 2
    else:
        assert sum(said.startswith("Flows not stated: q") for said in told) == silent
    assert found["finding_id"].is_unique


def test_it_is_told_apart_from_one_that_nothing_ties_to_the_chain() -> None:
    """With groups described, c sits in one and d in none: d is to be tied to the filière, c to be asked."""
    tables = {
        "groups": pd.DataFrame({"group_id": ["g"], "name": ["G"]}),
        "memberships": pd.DataFrame({"group_id": ["g"], "actor_id": ["c"]}),
    }
    found = gaps.find(three(**tables), lang="en")
    assert orphans_of(three(**tables)).index.tolist() == ["c"]
    assert found.query("kind == 'unconnected_actor'")["actor_id"].tolist() == ["d"]


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite"])
def test_no_published_actor_is_told_to_stand_alone(name: str) -> None:
    """The fact sheet gives no individual flow: of whoever it names, flows are not stated."""
    f = datasets.load(name)
    said = orphans_of(f, "fr")["message"]
    assert len(said) and said.str.startswith("Flux non renseignés\u00a0:").all()
    assert not gaps.find(f)["message"].str.contains("isol|sans approvisionnement").any()
