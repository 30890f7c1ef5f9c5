"""The invented example shows everything: every table and column, every term that matters, every finding."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur import datasets, diagnose
from chaine_valeur.analysis import cooperation, gaps, insertion
from chaine_valeur.analysis.findings import findings_frame
from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import tables
from chaine_valeur.vocabulary import FindingKind, labels


@pytest.fixture(scope="module")
def f() -> Filiere:
    return datasets.load("exemple_complet")


@pytest.fixture(scope="module")
def now(f: Filiere) -> Filiere:
    return f.at(2024)


@pytest.mark.parametrize("name", list(tables()))
def test_every_table_has_rows_and_every_column_is_filled_somewhere(f: Filiere, name: str) -> None:
    rows = f.table(name)
    assert len(rows)
    spoken = {"source_id", "confidence", "hypothesis", "confidentiality", "note"}
    blank = [column for column in rows if column not in spoken and rows[column].isna().all()]
    assert blank == []


def test_it_says_that_it_is_invented_in_every_source(f: Filiere) -> None:
    assert f.sources["name"].str.endswith("(inventé)").all()
    assert f.sources["publisher"].str.endswith("(inventé)").all()
    assert f.sources["note"].str.contains("inventée").all()
    assert f.sources["url"].dropna().str.startswith("https://exemple.invalid/").all()
    assert "inventé" in f.name
    assert f.table("filiere")["note"].str.contains("inventé").all()


def test_it_has_the_size_of_a_usual_filiere(f: Filiere) -> None:
    assert 24 <= len(f.actors) <= 30
    assert f.years == [2023, 2024]


@pytest.mark.parametrize(
    ("table", "column", "vocabulary"),
    [
        ("actors", "actor_type", "actor_type"),
        ("actors", "status", "status"),
        ("actors", "pole", "pole"),
        ("stages", "kind", "stage_kind"),
        ("stages", "expected_scale", "expected_scale"),
        ("materials", "kind", "material_kind"),
        ("recipes", "side", "side"),
        ("markets", "kind", "market_kind"),
        ("markets", "level", "market_level"),
        ("constraints", "relation", "constraint_relation"),
        ("cooperations", "kind", "cooperation_kind"),
        ("cooperations", "state", "cooperation_state"),
        ("cooperations", "intensity", "intensity"),
        ("groups", "kind", "group_kind"),
        ("funding", "purpose", "funding_purpose"),
        ("funding", "state", "funding_state"),
        ("funding", "scope", "scope"),
        ("outcomes", "kind", "outcome_kind"),
        ("outcomes", "unit", "outcome_unit"),
        ("outcomes", "scope", "scope"),
        ("observations", "kind", "observation_kind"),
        ("flows", "confidence", "confidence"),
    ],
)
def test_every_term_is_used(f: Filiere, table: str, column: str, vocabulary: str) -> None:
    assert set(f.table(table)[column].dropna()) == set(labels(vocabulary))


def test_every_role_is_held(f: Filiere) -> None:
    assert {role for cell in f.actors["roles"] for role in cell.split(";")} == set(labels("role"))


def test_insertion_structures_of_several_kinds(f: Filiere) -> None:
    assert {"ACI", "EI", "ETTI"} <= set(f.actors["structure_kind"])


def test_rows_of_every_audience(f: Filiere) -> None:
    said = {audience for name in f if "confidentiality" in f.table(name)
            for audience in f.table(name)["confidentiality"].dropna()}  # fmt: skip
    assert said == set(labels("confidentiality")) - {"public"}  # public is what a blank means


def test_one_flow_declared_twice(f: Filiere, now: Filiere) -> None:
    twice = f.flows[f.flows["same_flow_as"].notna()]
    assert twice["same_flow_as"].tolist() == ["papier-papeterie"]
    assert f.flows.loc[["papier-papeterie", *twice.index], "quantity_t_per_year"].tolist() == [180, 172]
    # the weighed one counts, and only one of them
    counted = now.network.flow_ids
    assert "papier-papeterie-recu" in counted and "papier-papeterie" not in counted


def test_flows_from_and_to_the_outside(f: Filiere) -> None:
    assert f.flows["source"].isna().any() and f.flows["target"].isna().any()
    assert (f.flows["amount_eur_per_year"] < 0).sum() == 1
    shares = f.flows[f.flows["share"].notna()]
    assert shares["quantity_t_per_year"].isna().all() and len(shares) == 1


GAPS = {
    "missing_stage": {"stage_id": "effilochage"},
    "stage_outside_only": {"stage_id": "ensachage"},
    "missing_passage": {"stage_id": "defibrage", "to_stage_id": "fabrication"},
    "broken_path": {"stage_id": "gisement-coton", "to_stage_id": "pose"},
    "dead_end": {"actor_id": "tri-val"},
    "orphan": {"actor_id": "atelier-duvet"},
    "unconnected_actor": {"actor_id": "cartonnages-martelle"},
    "unused_resource": {"material_id": "papier-usage"},
    "single_actor_stage": {"stage_id": "defibrage"},
}
COOPERATION = {
    "cooperation_unknown": {},
    "central_actor": {"actor_id": "cc-val-de-brume"},
    "open_triptyque": {},
    "group_without_pole": {"group_id": "gt-ouate"},
    "group_poles_unknown": {"group_id": "cotech"},
    "group_members_unknown": {"group_id": "gt-pose"},
    "group_without_referent": {"group_id": "gt-pose"},
    "expected_ties_group": {"group_id": "copil"},
    "expected_ties_passage": {"stage_id": "ensachage", "to_stage_id": "pose"},
    "poles_apart": {},
    "group_on_paper": {"group_id": "cotech"},
}
INSERTION = {"target_missed": {}, "agreement_underused": {"actor_id": "la-boucle-verte"}}
#: What one example cannot show at once: meetings of some groups are recorded, and those who cooperate at stages
#: that follow each other exchange material.
NOT_HERE = {"meetings_unknown", "ties_to_convert"}


@pytest.mark.parametrize("kind", GAPS)
def test_every_kind_of_gap_is_found_where_the_readme_says(f: Filiere, kind: str) -> None:
    assert_found(gaps.find(f), kind, GAPS[kind])


def test_no_kind_of_gap_is_left_out(f: Filiere) -> None:
    """A kind added to `gaps` wants an instance in the example."""
    assert set(gaps.find(f)["kind"]) == set(GAPS)
    assert len(GAPS) == len(gaps.CHECKS)


@pytest.fixture(scope="module")
def diagnosed(f: Filiere) -> pd.DataFrame:
    return diagnose(f).findings


@pytest.mark.parametrize(
    "kind", [kind for kind in FindingKind if kind.family != "run" and kind.value not in NOT_HERE]
)
def test_every_kind_of_the_vocabulary_is_found(diagnosed: pd.DataFrame, kind: FindingKind) -> None:
    """All but the check that crashes, which says nothing of a filière and must not happen here."""
    assert kind.value in set(diagnosed["kind"])


def test_no_kind_is_found_that_the_vocabulary_does_not_know(diagnosed: pd.DataFrame) -> None:
    assert set(diagnosed["kind"]) <= set(labels("finding_kind"))
    assert FindingKind.CHECK_FAILED.value not in set(diagnosed["kind"])


def test_the_lists_of_this_page_are_the_vocabulary() -> None:
    families = {"gaps": GAPS, "cooperation": COOPERATION, "insertion": INSERTION}
    for family, listed in families.items():
        assert {kind.value for kind in FindingKind if kind.family == family} - NOT_HERE == set(listed)


def test_cooperation_is_little_known_and_centred_at_once(f: Filiere, diagnosed: pd.DataFrame) -> None:
    """Who was met tells a star; most were not met, so both are said, and neither firmly.

    25 partners, 300 pairs; 6 were met, and no row speaks of two of the 19 others: 19 · 18 / 2 = 171 unknown.
    Of the 25 ties, 16 have the inter-municipal body: Σ (16 − d) = 25 · 16 − 2 · 25 = 350, over 24 · 23.
    """
    ties = f.network.ties()
    assert (ties.size, int(ties.asked.sum()), len(ties.a)) == (25, 6, 25)
    assert cooperation.centralization(f) == pytest.approx(350 / (24 * 23))
    rows = diagnosed.set_index("kind")
    for kind in ("cooperation_unknown", "central_actor"):
        assert rows.loc[kind, "severity"] == "low"
        assert rows.loc[kind, "n_unknown"] == 171
    assert "129 des 300 paires" in rows.loc["cooperation_unknown", "message"]
    assert "16 des 25 liens connus" in rows.loc["central_actor", "message"]


def test_the_readme_tells_the_same_numbers(root: Path) -> None:
    readme = (root / "datasets" / "exemple_complet" / "README.md").read_text(encoding="utf-8")
    for figures in ("129 des 300 paires", "16 des 25 liens connus", "3 triptyques fermés sur 29"):
        assert figures in readme


@pytest.mark.parametrize("kind", COOPERATION)
def test_every_kind_of_finding_on_cooperation(f: Filiere, kind: str) -> None:
    found = findings_frame(finding for check in cooperation.CHECKS for finding in check(f))
    assert_found(found, kind, COOPERATION[kind])


def test_the_missed_target_is_found(f: Filiere) -> None:
    """12.5 FTE of 18 in 2024: 5.5 to be found."""
    found = findings_frame(finding for check in insertion.CHECKS for finding in check(f))
    missed = found[found["kind"] == "target_missed"]
    assert missed["message"].str.contains(r"12,5\sETP.*5,5\sETP").sum() == 1
    assert insertion.target_reached(f, scope="filiere", unit="fte") == pytest.approx(12.5 / 18)


def test_the_agreed_posts_to_fill_are_found(f: Filiere) -> None:
    """12 900 h / 1 820 = 7.09 FTE of 8 in 2024; the others are at 1 850 / 1 820 of 1 and 5 120 / 1 505 of 3.5."""
    found = findings_frame(finding for check in insertion.CHECKS for finding in check(f))
    assert_found(found, "agreement_underused", INSERTION["agreement_underused"])
    to_fill = found[found["kind"] == "agreement_underused"]
    assert to_fill["quantity"].tolist() == pytest.approx([8 - 12_900 / 1820])
    assert insertion.agreement_use(f) == pytest.approx((12_900 / 1820 + 1850 / 1820 + 5120 / 1505) / 12.5)


@pytest.mark.parametrize(
    ("kind", "actor"),
    [("dead_end", "tri-val"), ("orphan", "atelier-duvet"), ("unconnected_actor", "cartonnages-martelle")],
)
def test_what_is_said_of_an_actor_is_said_of_one_only(f: Filiere, kind: str, actor: str) -> None:
    found = gaps.find(f)
    assert found.loc[found["kind"] == kind, "actor_id"].tolist() == [actor]


def test_quantities_of_the_findings(f: Filiere) -> None:
    """Dead end: 60 t from Brume Collecte; outside: 158 + 15; unused: 305 + 120 offered, 210 + 95 taken."""
    found = gaps.find(f)
    quantity = found.drop_duplicates("kind").set_index("kind")["quantity"]
    assert quantity["dead_end"] == 60
    assert quantity["stage_outside_only"] == 158 + 15
    assert quantity["unused_resource"] == 305 + 120 - 210 - 95
    assert quantity["orphan"] == 15


def assert_found(found: pd.DataFrame, kind: str, where: dict[str, str]) -> None:
    rows = found[found["kind"] == kind]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows), found[["kind", "message"]].to_string()


def test_each_actor_balances_where_all_is_known(f: Filiere) -> None:
    """Isolouate: 150 + 20 in, 158 + 12 out; Condi-Ouest: 158 + 15 in, 70 + 98 + 5 out."""
    flows = f.flows[(f.flows["year"] == 2024) & (f.flows["status"] == "active")]
    for actor, tonnes in (("isolouate", 170), ("condi-ouest", 173)):
        assert flows.loc[flows["target"] == actor, "quantity_t_per_year"].sum() == tonnes
        assert flows.loc[flows["source"] == actor, "quantity_t_per_year"].sum() == tonnes


def test_constraints_hold_on_the_declared_flows(f: Filiere) -> None:
    quantity = f.flows["quantity_t_per_year"]
    for _, terms in f.constraints.groupby("constraint_id"):
        total = (terms["coefficient"] * terms["flow_id"].map(quantity)).sum()
        right = terms["right_side_t_per_year"].iloc[0]
        assert terms["right_side_t_per_year"].nunique() == terms["relation"].nunique() == 1
        relation = terms["relation"].iloc[0]
        assert {"equal": total == right, "at_most": total <= right, "at_least": total >= right}[relation]


def test_several_outputs_and_several_inputs(f: Filiere) -> None:
    sides = f.recipes.groupby(["stage_id", "process", "side"], dropna=False).size()
    assert sides["tri", "Tri du coton", "out"] == 3
    assert sides["fabrication", "Ouate mixte", "in"] == 3
    assert f.recipes["actor_id"].dropna().unique().tolist() == ["papeterie-du-vieux-bac"]


def test_a_loop_and_an_alternative_are_declared(f: Filiere) -> None:
    ranks = f.stages["rank"]
    back = f.stage_links[f.stage_links["stage_id"].map(ranks) > f.stage_links["to_stage_id"].map(ranks)]
    assert back.index.tolist() == ["chutes-defibrage"] and not back["required"].any()
    assert f.stages.index[f.stages["alternative_group"] == "collecte"].tolist() == [
        "apport-volontaire",
        "porte-a-porte",
    ]


def test_a_perimeter_that_changes(f: Filiere, now: Filiere) -> None:
    own = f.territories["territory_id"] == "val-de-brume"
    assert int(own.sum()) == 12
    gone = f.territories[own & (f.territories["until"] < 2024)]
    come = f.territories[own & (f.territories["since"] > 2014)]
    assert gone["commune_code"].tolist() == ["76518"] and come["commune_code"].tolist() == ["76751"]
    codes = now.territories.loc[now.territories["territory_id"] == "val-de-brume", "commune_code"]
    assert "76518" not in set(codes) and "76751" in set(codes) and len(codes) == 11


def test_a_wider_territory_takes_the_outsider_in(f: Filiere) -> None:
    assert not bool(f.is_local()["condi-ouest"])
    assert bool(f.within("bassin-de-brume").is_local()["condi-ouest"])


def test_meetings_with_present_absent_and_unknown(f: Filiere) -> None:
    known = f.meetings["actor_id"].notna()
    assert set(f.meetings.loc[known, "attended"]) == {True, False}
    assert (~known).sum() == 1
    came = f.meetings.loc[known, ["group_id", "actor_id"]].itertuples(index=False, name=None)
    assert set(came) <= set(f.memberships[["group_id", "actor_id"]].itertuples(index=False, name=None))


def test_the_target_is_missed(f: Filiere) -> None:
    row = f.outcomes.loc["filiere-etp"]
    assert (row["reached"], row["target"], row["unit"]) == (12.5, 18, "fte")
    # 2 at the drop-off + 4.5 sorting + 1 in the shop + 1.5 door to door + 3.5 laying = 12.5
    of_year = f.activities[f.activities["year"] == 2024]
    assert of_year["insertion_fte"].sum() == row["reached"]
