"""Each number of the filière of `hand`, derived beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.filiere import Filiere

ASKED = ("mairie", "relais")


def row(frame: pd.DataFrame, **where: object) -> pd.Series:
    for name, value in where.items():
        frame = frame[frame[name].isna() if value is None else frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_density(hand: Filiere) -> None:
    measure = co.density_measure(hand, lang="en")
    assert co.density(hand) == measure.value == pytest.approx(6 / 21)
    assert measure.low == pytest.approx(6 / 21)
    assert measure.high == pytest.approx((6 + 7) / 21)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (6, 21, 7)
    assert measure.note == "14 of the 21 pairs of actors documented"


def test_the_rows_that_a_density_rests_on(hand: Filiere) -> None:
    measure = co.density_measure(hand)
    # c11 is with a diffuse actor, c12 has ended; absences count, they document a pair
    assert measure.rows == {"cooperations": tuple(f"c{number}" for number in range(1, 11)), "actors": ASKED}
    assert measure.hypothesis_share == pytest.approx(1 / 12)  # c1


def test_density_directed(hand: Filiere) -> None:
    # every shared tie goes both ways: 4 of them (Filature–Mairie, Filature–Relais, Atelier–Mairie,
    # Agglo–Ressourcerie) make 8 arcs, support two more, funding one: 11 of 7 × 6
    assert co.density(hand, directed=True) == pytest.approx(11 / 42)


def test_density_of_one_kind(hand: Filiere) -> None:
    assert co.density(hand, kind="joint_project") == pytest.approx(2 / 21)
    assert co.density(hand, kind=["joint_project", "information"]) == pytest.approx(3 / 21)
    # nobody documented the funding of anyone but those who were asked, and the one row
    measure = co.density_measure(hand, kind="funding")
    assert (measure.numerator, measure.n_unknown) == (1, 21 - 11 - 1)
    assert measure.rows == {"cooperations": ("c6",), "actors": ASKED}


def test_density_table(hand: Filiere) -> None:
    table = co.density_table(hand, lang="en")
    assert table.index.tolist() == ["all", "information", "joint_project", "research", "support", "funding"]
    assert table.index.name == "kind"
    assert table["label"].tolist()[:2] == ["All kinds", "Information exchange"]
    assert table["ties"].tolist() == [6, 2, 2, 1, 1, 1]
    # 11 pairs have somebody who was asked; beside these, rows speak of Agglo–Ressourcerie (joint project),
    # Agglo–Atelier (funding) and, of any kind, Filature–Atelier
    assert table["documented"].tolist() == [14, 11, 12, 11, 11, 12]
    assert (table["possible"] == 21).all()
    np.testing.assert_allclose(table["density"], table["ties"] / 21)
    np.testing.assert_allclose(table["density_documented"], table["ties"] / table["documented"])
    np.testing.assert_allclose(table["high"], (table["ties"] + 21 - table["documented"]) / 21)


POLES = {  # ties, possible, documented
    ("enterprise", "enterprise"): (0, 1, 1),  # Filature and Atelier: a row says no
    ("enterprise", "elected"): (3, 4, 3),  # Filature and Agglo unknown
    ("enterprise", "ess"): (1, 4, 2),  # Ressourcerie unknown with both
    ("enterprise", "expertise"): (0, 2, 0),
    ("elected", "elected"): (0, 1, 1),
    ("elected", "ess"): (2, 4, 4),
    ("elected", "expertise"): (0, 2, 1),  # Mairie was asked, Agglo was not
    ("ess", "ess"): (0, 1, 1),
    ("ess", "expertise"): (0, 2, 1),
    ("expertise", "expertise"): (0, 0, 0),
}


def test_blocks_by_pole(hand: Filiere) -> None:
    blocks = co.block_density(hand, by="pole", lang="fr")
    counts = blocks[["ties", "possible", "documented"]].itertuples(index=False, name=None)
    found = dict(zip(zip(blocks["group"], blocks["to_group"], strict=True), counts, strict=True))
    assert found == POLES
    assert list(found) == list(POLES)
    assert blocks["group_label"].unique().tolist() == [
        "Entreprises", "Élus", "Économie sociale et solidaire", "Expertise et formation",
    ]  # fmt: skip
    unknown = row(blocks, group="enterprise", to_group="expertise")
    assert np.isnan(unknown["density"]) and (unknown["low"], unknown["high"]) == (0, 1)
    none = row(blocks, group="elected", to_group="elected")
    assert (none["density"], none["low"], none["high"]) == (0, 0, 0)
    alone = row(blocks, group="expertise", to_group="expertise")
    assert alone[["density", "low", "high"]].isna().all()
    partly = row(blocks, group="enterprise", to_group="ess")
    assert (partly["density"], partly["low"], partly["high"]) == (0.25, 0.25, 0.75)


def test_blocks_by_role_take_the_first_role(hand: Filiere) -> None:
    blocks = co.block_density(hand)
    # Agglo (territorial;animator) and Ressourcerie (supplier;insertion) count once
    assert blocks["possible"].sum() == 21
    assert blocks["ties"].sum() == 6
    assert set(blocks["group"]) == {"supplier", "transformer", "insertion", "buyer", "expert", "territorial"}
    assert row(blocks, group="territorial", to_group="territorial")["possible"] == 1


def test_blocks_by_stage_keep_those_without_one_apart(hand: Filiere) -> None:
    blocks = co.block_density(hand, by="stage", lang="fr")
    assert blocks["group_label"].unique().tolist() == ["collecte", "filature", "vente", "Non renseigné"]
    without = row(blocks, group=None, to_group=None)  # Mairie, Agglo, Labo
    assert (without["ties"], without["possible"]) == (0, 3)
    assert row(blocks, group="collecte", to_group=None)["ties"] == 2  # Relais–Mairie, Ressourcerie–Agglo


def test_blocks_by_commune_and_by_column(hand: Filiere) -> None:
    blocks = co.block_density(hand, by="commune", lang="en")
    # Lillebonne: Filature, Atelier; Bolbec: Mairie, Relais; Caen (known by name alone): Agglo
    assert blocks["group_label"].unique().tolist() == ["Lillebonne", "Bolbec", "Caen", "Not stated"]
    assert row(blocks, group="76384", to_group="76114")["ties"] == 3
    by_code = co.block_density(hand, by="commune_code")
    assert row(by_code, group="76384", to_group="76114")["ties"] == 3
    labels = co.block_density(hand, by="status", lang="fr")["group_label"]
    assert labels.tolist() == ["En activité"]


def test_blocks_directed(hand: Filiere) -> None:
    blocks = co.block_density(hand, by="pole", directed=True)
    assert len(blocks) == 16
    assert blocks["possible"].sum() == 42
    assert blocks["ties"].sum() == 11
    assert row(blocks, group="elected", to_group="enterprise")["ties"] == 3
    assert row(blocks, group="enterprise", to_group="elected")["ties"] == 2  # funding is not returned


def test_enterprises_and_ess(hand: Filiere) -> None:
    measure = co.cross_pole_measure(hand)
    assert (measure.value, measure.low, measure.high) == (0.25, 0.25, 0.75)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (1, 4, 2)
    assert measure.rows == {"cooperations": ("c4",), "actors": ("relais",)}


def test_centralization(hand: Filiere) -> None:
    # degrees: Filature 2, Atelier 2, Mairie 3, Agglo 2, Relais 2, Ressourcerie 1, Labo 0; 7·3 − 12 = 9
    assert co.centralization(hand) == pytest.approx(9 / 30)
    measure = co.centralization_measure(hand)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (9, 30, 7)
    # undocumented pairs: Filature 3, Atelier 2, Agglo 2, Ressourcerie 3, Labo 4. With all three Filature
    # has 5 ties of 9: 7·5 − 18 = 17. Relais, asked, stays one below three: at least 1
    assert measure.low == pytest.approx(1 / 30)
    assert measure.high == pytest.approx(17 / 30)


def test_centralization_in_and_out(hand: Filiere) -> None:
    # out: Filature 2, Atelier 1, Mairie 3, Agglo 2, Relais 2, Ressourcerie 1, Labo 0; 7·3 − 11 = 10 over 36
    assert co.centralization(hand, mode="out") == pytest.approx(10 / 36)
    # in: Filature 2, Atelier 2, Mairie 3, Agglo 1, Relais 2, Ressourcerie 1, Labo 0
    assert co.centralization(hand, mode="in") == pytest.approx(10 / 36)


def test_reciprocity_looks_at_directed_kinds(hand: Filiere) -> None:
    # support Mairie ⇄ Relais, funding Agglo → Atelier: 2 of 3 arcs, 1 of 2 pairs
    assert co.reciprocity(hand) == pytest.approx(2 / 3)
    assert co.reciprocity(hand, by="dyad") == pytest.approx(1 / 2)
    measure = co.reciprocity_measure(hand, lang="en")
    # 42 directions; 20 among the five who were not asked, one of which a row speaks of
    assert measure.n_unknown == 19
    # at worst nine more pairs go one way; at best all ten that may come back do
    assert measure.low == pytest.approx(2 / (2 + 1 + 9))
    assert measure.high == 1
    assert measure.note == "pairs tied both ways: 1, one way only: 1"
    assert measure.rows == {"cooperations": ("c2", "c3", "c6", "c9"), "actors": ASKED}
    assert co.reciprocity(hand, kind="support") == 1
    assert np.isnan(co.reciprocity(hand, kind="information"))


def test_triptyque_closure(hand: Filiere) -> None:
    # of 2·2·2 trios: Filature–Mairie–Relais closed; Atelier–Mairie–Relais and Atelier–Agglo–Ressourcerie
    # with two ties; all others with one
    assert co.triptyque_closure(hand) == pytest.approx(1 / 8)
    assert co.triptyque_closure(hand, by="connected") == pytest.approx(1 / 3)
    measure = co.triptyque_closure_measure(hand, lang="en")
    # Filature–Agglo–Ressourcerie and Atelier–Agglo–Ressourcerie have no pair that is known to be untied
    assert [measure.low, measure.high] == pytest.approx([1 / 8, 3 / 8])
    # Filature–Agglo, Filature–Ressourcerie, Atelier–Ressourcerie
    assert measure.n_unknown == 3
    assert measure.note == "1 closed triptyque among 3 in which at least two ties are known"
    assert measure.rows["cooperations"] == ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c10")
    assert measure.rows["actors"] == ASKED
    connected = co.triptyque_closure_measure(hand, by="connected")
    assert np.isnan(connected.low) and np.isnan(connected.high)


def test_missing_pairs(hand: Filiere) -> None:
    pairs = co.missing_pairs(hand)
    assert pairs.to_dict("records") == [
        {"actor_id": "atelier", "to_actor_id": "relais", "pole": "enterprise", "to_pole": "ess",
         "closes": 1, "documented": True},
        {"actor_id": "atelier", "to_actor_id": "ressourcerie", "pole": "enterprise", "to_pole": "ess",
         "closes": 1, "documented": False},
    ]  # fmt: skip
    assert len(co.missing_pairs(hand, limit=1)) == 1


def test_groups(hand: Filiere) -> None:
    table = co.group_table(hand)
    assert table.index.tolist() == ["gt", "copil", "forum", "ca", "vide"]
    assert table["members"].tolist() == [4, 3, 3, 3, 0]  # the closed actor does not sit
    assert table["enterprise"].tolist() == [1, 0, 1, 1, 0]  # Relais sits at the forum for the enterprises
    assert table["elected"].tolist() == [1, 2, 1, 1, 0]
    assert table["ess"].tolist() == [1, 0, 0, 0, 0]
    assert table["without_pole"].tolist() == [0, 1, 0, 1, 0]
    # COPIL lacks two poles and has one member without; CA lacks one and has one
    assert table["covered"].tolist() == [True, False, False, pd.NA, pd.NA]


def test_triptyque_coverage(hand: Filiere) -> None:
    assert co.triptyque_coverage(hand) == pytest.approx(1 / 3)
    measure = co.triptyque_coverage_measure(hand, lang="en")
    assert [measure.low, measure.high] == pytest.approx([1 / 5, 3 / 5])
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (1, 3, 2)
    assert measure.note == "2 groups whose composition is not known enough"
    assert len(measure.rows["groups"]) == 5
    assert len(measure.rows["memberships"]) == 13
    assert co.triptyque_coverage(hand, kinds=["working_group"]) == 1
    assert co.triptyque_coverage(hand, kinds=["steering", "working_group"]) == 0.5


def test_diversity(hand: Filiere) -> None:
    table = co.diversity(hand)
    assert table["seats"].tolist() == [4, 3, 3, 3, 0]
    # four poles once each; two seats of one pole; three poles once each; two poles once each
    np.testing.assert_allclose(table["blau"], [3 / 4, 0, 2 / 3, 1 / 2, np.nan])
    np.testing.assert_allclose(table["iqv"], np.array([3 / 4, 0, 2 / 3, 1 / 2, np.nan]) / (5 / 6))
    # COPIL: the third seat elected too, or another pole (2, 1); CA: (2, 1) or (1, 1, 1)
    np.testing.assert_allclose(table["blau_low"], [3 / 4, 0, 2 / 3, 4 / 9, np.nan])
    np.testing.assert_allclose(table["blau_high"], [3 / 4, 4 / 9, 2 / 3, 2 / 3, np.nan])
    np.testing.assert_allclose(table["iqv_high"], table["blau_high"] / (5 / 6))
    measure = co.diversity_measure(hand, lang="en")
    assert measure.value == pytest.approx((0.9 + 0 + 0.8 + 0.6) / 4)
    assert measure.low <= measure.value <= measure.high
    assert (measure.n_unknown, measure.note) == (2, "mean of 4 groups")


EXPECTED = [  # reason, group, from, to, actors, pairs, tied, absent, unknown, tonnes
    ("group", "gt", None, None, 4, 6, 3, 2, 1, None),  # Filature and Labo unknown: their tie has ended
    ("group", "copil", None, None, 2, 1, 0, 1, 0, None),  # households are no partner
    ("group", "forum", None, None, 3, 3, 1, 2, 0, None),
    ("group", "ca", None, None, 2, 1, 1, 0, 0, None),
    ("group", "vide", None, None, 0, 0, 0, 0, 0, None),
    ("passage", None, "collecte", "filature", 3, 2, 1, 0, 1, 12),  # Relais cooperates, Ressourcerie may
    ("passage", None, "filature", "vente", 2, 1, 0, 1, 0, 35),  # two flows between the same two
]


def test_expected_ties(hand: Filiere) -> None:
    frame = co.expected_ties(hand)
    assert [tuple(None if pd.isna(cell) else cell for cell in cells)
            for cells in frame.itertuples(index=False, name=None)] == EXPECTED  # fmt: skip
    assert (frame["tied"] + frame["absent"] + frame["unknown"] == frame["pairs"]).all()


def test_expected_ties_of_one_kind(hand: Filiere) -> None:
    frame = co.expected_ties(hand, kind="support")
    assert frame["tied"].tolist() == [1, 0, 1, 0, 0, 0, 0]


def test_in_a_year(hand: Filiere) -> None:
    # in 2014 Labo and Filature still worked together
    assert co.density(hand, year=2014) == pytest.approx(7 / 21)
    assert co.density_table(hand, year=2014).loc["research", "ties"] == 2
    assert co.block_density(hand, by="pole", year=2014)["ties"].sum() == 7
    assert co.expected_ties(hand, year=2014).loc[0, "tied"] == 4


def test_seats_and_groups_that_have_ended(hand: Filiere) -> None:
    ended = hand.with_table("memberships", hand.memberships.assign(until=2020))
    assert co.group_table(ended)["members"].tolist() == [0] * 5
    over = hand.with_table("groups", hand.groups.assign(until=[None, 2020, None, None, 2021]))
    assert co.group_table(over).index.tolist() == ["gt", "forum", "ca"]
    assert co.expected_ties(over)["group_id"].dropna().tolist() == ["gt", "forum", "ca"]


def test_a_member_for_two_poles_is_one_member_and_two_seats(hand: Filiere) -> None:
    f = hand.with_rows("memberships", [{"group_id": "gt", "actor_id": "relais", "pole": "enterprise"}])
    assert co.group_table(f).loc["gt", ["members", "enterprise", "ess"]].tolist() == [4, 2, 1]
    assert co.diversity(f).loc["gt", "seats"] == 5
    # said once without a pole and once with the pole that the actor has anyway
    same = hand.with_rows("memberships", [{"group_id": "gt", "actor_id": "relais", "pole": "ess"}])
    assert co.diversity(same).loc["gt", "seats"] == 4
