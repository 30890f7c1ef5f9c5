"""The two real filières against what is published: every figure of the fact sheet at its printed value.

« Facts » are those of the reference list (T: textiles, L: flax, P: territory); the fact sheet is that of the
programme « Entreprendre en coopérant ».
"""

from __future__ import annotations

import math

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis import cooperation, gaps, insertion
from chaine_valeur.filiere import Filiere
from chaine_valeur.provenance import provenance

COMMUNITY = {
    "expertise": {
        "ISPA", "Plastalliance", "CREPIM", "LGM²B",
        "Guy Durand", "Laboratoire Legrand", "PFT", "Mines d’Alès",
    },
    "elected": {"Communauté de communes Caux vallée de Seine"},
    "enterprise": {"GRANDDE", "Entreprises acheteuses (non nommées)"},
    None: {"ICIAD / Cotexi 276", "Relais Enfants / Cobanor Tritex"},
}  # fmt: skip


@pytest.fixture(scope="module")
def textiles() -> Filiere:
    return datasets.load("textiles_usages")


@pytest.fixture(scope="module")
def flax() -> Filiere:
    return datasets.load("lin_composite")


@pytest.fixture(scope="module", params=["textiles_usages", "lin_composite"])
def either(request: pytest.FixtureRequest) -> Filiere:
    return datasets.load(request.param)


def outputs_of(f: Filiere, stage: str) -> pd.Series:
    rows = f.recipes[(f.recipes["stage_id"] == stage) & (f.recipes["side"] == "out")]
    return rows.set_index("material_id")["t_per_t"]


# -- what both share: the programme ---------------------------------------------------------------------


def test_posts_of_the_programme(either: Filiere) -> None:
    """6 + 2 + 13 = 21 posts for about 30 expected: 0.70, at programme scope only."""
    rows = either.outcomes
    posts = rows[(rows["kind"] == "insertion_jobs") & (rows["scope"] == "programme")]
    assert (posts["unit"] == "post").all()
    assert sorted(posts["reached"].dropna()) == [2, 6, 13]
    assert posts["reached"].sum() == 21
    assert posts["target"].sum() == 30
    assert posts["reached"].sum() / posts["target"].sum() == pytest.approx(0.70)
    supervised = posts.loc[posts["supervision_included"].fillna(False), "reached"]
    assert supervised.tolist() == [13]


def test_no_filiere_claims_the_posts_of_the_programme(either: Filiere) -> None:
    rows = either.outcomes
    own = rows[(rows["scope"] != "programme") & (rows["kind"] == "insertion_jobs")]
    assert own["reached"].isna().all() and own["target"].isna().all()


def test_training_and_forum(either: Filiere) -> None:
    rows = either.outcomes.set_index("kind")
    assert rows.loc["training", ["reached", "unit", "scope"]].tolist() == [12, "person", "programme"]
    assert rows.loc["event", ["target", "unit", "scope"]].tolist() == [1, "event", "programme"]


def test_animation_grants(either: Filiere) -> None:
    """50 000 + 180 000 = 230 000 €; over 21 posts 10 952 € (10 952.38); 50 000 / 180 000 = 0.28."""
    rows = either.funding[either.funding["purpose"] == "animation"]
    assert (rows["scope"] == "programme").all()
    assert rows["amount_eur"].sum() == 230_000
    by_funder = rows.set_index("funder_id")["amount_eur"]
    assert by_funder["region-haute-normandie"] == 50_000
    assert by_funder["cc-caux-vallee-de-seine"] == 180_000
    assert round(rows["amount_eur"].sum() / 21) == 10_952
    assert round(by_funder["region-haute-normandie"] / by_funder["cc-caux-vallee-de-seine"], 2) == 0.28
    assert rows["hypothesis"].str.contains("total").all()  # the sheet does not say whether it is yearly


def test_the_indicators_give_the_printed_figures(either: Filiere) -> None:
    """70 % of the target, 10 952 € a post, 0.28 of leverage: of the programme; nothing of the filière."""
    assert insertion.target_reached(either) == pytest.approx(0.70)
    assert insertion.cost_per_post(either) == pytest.approx(10_952.38, abs=0.005)
    assert insertion.leverage(either) == pytest.approx(50 / 180)
    for scope in ("filiere", "structure"):
        assert math.isnan(insertion.target_reached(either, scope=scope))
        assert math.isnan(insertion.cost_per_post(either, scope=scope))


def test_the_chain_breaks_where_nobody_stands(either: Filiere) -> None:
    """No path to the market is complete; whether the groups hold the triptyque is not known."""
    assert gaps.path_completeness(either) == 0
    assert math.isnan(cooperation.density(either))
    assert math.isnan(cooperation.triptyque_coverage(either))


def test_unknown_amounts_are_blank_and_not_zero(either: Filiere) -> None:
    rows = either.funding.set_index("funder_id").loc[["ddtefp", "conseils-generaux"]]
    assert rows["amount_eur"].isna().all()
    assert (rows["purpose"] == "post_aid").all()
    assert rows["beneficiary_id"].isna().all()


def test_unknown_ties_stay_unknown(either: Filiere) -> None:
    assert either.cooperations.empty
    assert either.meetings.empty
    assert either.actors["surveyed_on"].isna().all()


def test_the_territorial_actor(either: Filiere) -> None:
    epci = either.actors.loc["cc-caux-vallee-de-seine"]
    assert epci["commune_code"] == "76384" and epci["since"] == 2008  # Lillebonne; fact P1
    assert bool(either.is_local()["cc-caux-vallee-de-seine"])
    assert (either.groups["referent_id"] == "cc-caux-vallee-de-seine").all()


def test_programme_rows_are_the_same_in_both(textiles: Filiere, flax: Filiere) -> None:
    """One identifier and one content, so that a portfolio counts each once."""
    assert textiles.funding.equals(flax.funding)
    mine = textiles.outcomes[textiles.outcomes["scope"] == "programme"]
    assert mine.equals(flax.outcomes[flax.outcomes["scope"] == "programme"])
    shared = textiles.actors.index.intersection(flax.actors.index)
    assert len(shared) == 5
    assert textiles.actors.loc[shared].equals(flax.actors.loc[shared])


# -- used textiles --------------------------------------------------------------------------------------


def test_the_published_community(textiles: Filiere) -> None:
    members = textiles.memberships
    assert set(members["group_id"]) == {"communaute-textiles"}
    named = members.assign(name=members["actor_id"].map(textiles.actors["name"]))
    for pole, names in COMMUNITY.items():
        of_pole = named["pole"].isna() if pole is None else named["pole"] == pole
        assert set(named.loc[of_pole, "name"]) == names
    assert len(members) == 13


def test_nothing_is_attached_to_the_person(textiles: Filiere) -> None:
    person = textiles.actors.loc["guy-durand"]
    assert bool(person["natural_person"])
    assert person["roles"] == "expert"
    known = set(person.dropna().index)
    assert known == {"name", "actor_type", "roles", "status", "natural_person", "source_id", "confidence"}
    assert int(textiles.actors["natural_person"].sum()) == 1


def test_no_tonnage_is_given_to_a_named_operator(textiles: Filiere) -> None:
    named = {"iciad-cotexi-276", "relais-enfants-cobanor-tritex", "grandde", "aci-textile"}
    assert named <= set(textiles.actors.index)
    assert not named & (set(textiles.flows["source"]) | set(textiles.flows["target"]))
    theirs = textiles.markets[textiles.markets["actor_id"].isin(named)]
    assert theirs["quantity_t_per_year"].isna().all()
    activities = textiles.activities[textiles.activities["actor_id"].isin(named)]
    assert (activities["confidence"] == "hypothesis").all()


def test_the_deposit_at_its_three_levels(textiles: Filiere) -> None:
    """Each from its factors: T19 (67 200 inhabitants × 11 and 1.6 kg), T7 39 %, T8 56.5 %, T16 19 %."""
    rows = textiles.markets[textiles.markets["kind"] == "supply"]
    found = rows.set_index(["material_id", "level"])["quantity_t_per_year"]
    raw, collected = 67_200 * 11 / 1000, 67_200 * 1.6 / 1000
    assert (int(raw), int(collected)) == (739, 107)
    synthetic = (1 - 0.565) * 0.19  # not re-used × polyester = 0.08265
    assert found["textiles-usages", "raw"] == int(raw)
    assert found["textiles-usages", "mobilized"] == int(collected)
    assert found["synthetiques-non-reemployables", "mobilizable"] == round(raw * 0.39 * synthetic)  # 23.8
    assert found["synthetiques-non-reemployables", "mobilized"] == round(collected * synthetic)  # 8.9
    assert len(found) == 4
    assert rows["source_id"].notna().all() and rows["hypothesis"].notna().all()
    soft = rows.set_index("material_id")["confidence"]
    assert set(soft["textiles-usages"]) == {"estimated"}
    assert set(soft["synthetiques-non-reemployables"]) == {"hypothesis"}


def test_the_readme_tells_the_same_levels(textiles: Filiere) -> None:
    text = (datasets._folder("textiles_usages") / "README.md").read_text(encoding="utf-8")
    supply = textiles.markets[textiles.markets["kind"] == "supply"]
    for quantity in supply["quantity_t_per_year"]:
        assert f"| {quantity:.0f} |" in text
    assert "Personne ne doit dimensionner une unité de polymère" in text


def test_the_sorting_recipe_is_that_of_2020(textiles: Filiere) -> None:
    """T8: 56.5 % re-used; 33.3 + 9.1 + 0.7 the rest but 0.4 eliminated, which is the loss."""
    outputs = outputs_of(textiles, "tri")
    assert outputs["textiles-reemployables"] == 0.565
    assert outputs["synthetiques-non-reemployables"] == pytest.approx(0.435 * 0.19, abs=0.0005)
    assert outputs["non-reemployables"] == pytest.approx(0.333 + 0.091 + 0.007 - 0.083, abs=1e-9)
    assert 1 - outputs.sum() == pytest.approx(0.004, abs=1e-9)


def test_flows_share_out_what_is_collected(textiles: Filiere) -> None:
    flows = textiles.flows["quantity_t_per_year"]
    assert flows["collecte-2009"] == flows["reemploi-2009"] + flows["autres-2009"] == 107
    assert flows["reemploi-2009"] == round(107 * 0.565)  # 60.5 → 60
    assert textiles.flows["confidence"].isin(["estimated", "hypothesis"]).all()


def test_expected_chain_of_textiles(textiles: Filiere) -> None:
    required = textiles.stages[textiles.stages["required"]].sort_values("rank")
    assert required.index.tolist() == [
        "gisement", "collecte", "tri", "preparation", "granulation", "marche-polymere",
    ]  # fmt: skip
    scales = required["expected_scale"]
    assert scales[scales == "regional"].index.tolist() == ["tri", "preparation", "granulation"]
    held = set(textiles.activities["stage_id"])
    assert {"preparation", "granulation"}.isdisjoint(held)
    assert textiles.stages["minimum_viable_t_per_year"].isna().all()  # no source gives one


def test_the_raw_deposit_is_never_told_as_waiting_for_the_polymer(textiles: Filiere) -> None:
    """What a finding puts at stake for the polymer is the synthetic part (9 t), not the 107 or 739 t."""
    found = gaps.find(textiles)
    at_stake = found[
        found["kind"].isin(["missing_stage", "missing_passage", "broken_path", "unused_resource"])
    ]
    assert len(at_stake)
    assert set(at_stake["quantity"].dropna()) == {9}
    assert not found["message"].str.contains("739").any()


def test_the_worksite_created(textiles: Filiere) -> None:
    rows = textiles.outcomes[textiles.outcomes["actor_id"] == "aci-textile"].set_index("kind")
    assert rows.loc["structures", ["scope", "reached", "unit"]].tolist() == ["filiere", 1, "structure"]
    assert rows.loc["insertion_jobs", "scope"] == "structure"
    assert textiles.actors.loc["aci-textile", "structure_kind"] == "ACI"


def test_interested_parties_are_marked(textiles: Filiere) -> None:
    interested = textiles.sources.index[textiles.sources["interested_party"]]
    assert interested.tolist() == ["actu-env-2011"]  # T5, T6: a study paid by an operator


# -- flax -----------------------------------------------------------------------------------------------


def test_no_actor_of_flax_is_named(flax: Filiere) -> None:
    """Diffuse, outside or a mere place; the only organisations are the programme's and three sites."""
    chain = flax.actors[flax.actors["roles"].isin(["supplier", "transformer", "buyer"])]
    organisations = chain.index[chain["actor_type"] == "organisation"]
    assert organisations.tolist() == ["teillage-raffetot", "teillage-baons", "teillage-goderville"]
    assert flax.actors.loc[organisations, "name"].str.startswith("Site de teillage de ").all()
    assert flax.memberships.empty


def test_local_sites_are_told_from_the_neighbours(flax: Filiere) -> None:
    local = flax.is_local()
    assert bool(local["teillage-raffetot"])
    assert not bool(local["teillage-baons"]) and not bool(local["teillage-goderville"])


def test_the_balance_of_2008(flax: Filiere) -> None:
    """L1: 36 700 ha × 8 t; L8: 1.5 and 0.65 t for 6.5 t of straw; L9: 3 t of shives for 7 t."""
    rows = flax.markets.set_index("material_id")["quantity_t_per_year"].dropna()
    straw = 36_700 * 8
    assert rows["pailles-de-lin"] == straw == 293_600
    assert rows["fibre-longue"] == pytest.approx(straw * 1.5 / 6.5, rel=0.002)  # 67 754, printed 67 700
    assert rows["etoupes"] == pytest.approx(straw * 0.65 / 6.5, rel=0.002)  # 29 360, printed 29 400
    assert rows["anas"] == pytest.approx(straw * 3 / 7, rel=0.002)  # 125 829, printed 126 000
    assert len(rows) == 4
    outputs = outputs_of(flax, "teillage")
    assert outputs["fibre-longue"] == pytest.approx(1.5 / 6.5, abs=0.0005)
    assert outputs["etoupes"] == 0.1
    assert 0.17 <= 1 - outputs.sum() <= 0.24  # L11


def test_only_tow_is_offered_to_the_composite(flax: Filiere) -> None:
    rows = flax.markets[flax.markets["level"].isin(["mobilizable", "mobilized"])]
    assert set(rows["material_id"]) == {"etoupes"}
    assert rows.set_index("level")["quantity_t_per_year"].isna().to_dict() == {
        "mobilizable": False,
        "mobilized": True,
    }


def test_the_local_deposit_is_unknown(flax: Filiere) -> None:
    row = flax.markets.loc["pailles-territoire"]
    assert row[["actor_id", "quantity_t_per_year"]].isna().all()
    regional = flax.markets.loc[flax.markets["quantity_t_per_year"].notna(), "note"]
    assert regional.str.startswith("Périmètre\u00a0: Haute-Normandie").all()


def test_the_composite_takes_two_inputs(flax: Filiere) -> None:
    inputs = flax.recipes.query("stage_id == 'compoundage' and side == 'in'")
    assert set(inputs["material_id"]) == {"etoupes-preparees", "polymere-vierge"}
    assert inputs["t_per_t"].sum() == pytest.approx(1.0)
    assert (inputs["confidence"] == "hypothesis").all()
    assert flax.stages.loc["polymere-vierge", "kind"] == "resource"


def test_exports_and_known_passages(flax: Filiere) -> None:
    flows = flax.flows
    export = flows[flows["target"].isna()]
    assert export["quantity_t_per_year"].tolist() == [54_200]  # L1: 80 % of 67 700 = 54 160
    assert flows.loc[["anas-panneaux-2008", "etoupes-panneaux-2008"], "quantity_t_per_year"].isna().all()


def test_garment_posts_stay_out_of_the_composite(flax: Filiere) -> None:
    assert flax.outcomes.loc["postes-lin-textile", "scope"] == "programme"
    assert (flax.outcomes["scope"] == "programme").all()


def test_households_are_of_the_territory_and_the_rest_is_unknown(textiles: Filiere) -> None:
    """Of three stages expected locally the deposit is held here; who collects and who buys is not placed."""
    local = textiles.is_local()
    assert bool(local["menages"])
    assert local[["collecteurs-trieurs", "grandde", "entreprises-acheteuses"]].isna().all()
    measure = next(one for one in gaps.INDICATORS if one.indicator_id == "A1").measure(textiles)
    assert (measure.numerator, measure.low, measure.high) == (1.0, pytest.approx(1 / 3), 1.0)
    assert "de 1 à 3 sur 3" in measure.note
    # a convention, and it says so
    said = provenance(textiles, "actors", column="commune_code").loc["menages"]
    assert said["confidence"] == "hypothesis" and "convention" in said["hypothesis"]
    # no published actor was given a place
    named = ["iciad-cotexi-276", "relais-enfants-cobanor-tritex", "ispa", "crepim", "mines-d-ales"]
    assert textiles.actors.loc[named, "commune_code"].isna().all()
