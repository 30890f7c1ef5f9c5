"""What several filières have in common: actors by SIRET or name and place, groups, programme rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.portfolio.identity import actor_identity
from chaine_valeur.portfolio.shared import programme_rows, shared_actors, shared_groups
from tests.portfolio.several import Several

SIRETS = ["90000000000019", "90000000100025", "90000000200031"]


def of_actors(*rows: dict[str, Any], **tables: Any) -> Filiere:
    columns = {name for row in rows for name in row}
    actors = {name: [row.get(name) for row in rows] for name in sorted(columns)}
    return Filiere.from_tables(actors=actors, **tables)


def partition(filieres: dict[str, Filiere], level: str = "same") -> list[set[str]]:
    """The actors that are one, as « code/actor »."""
    portfolio = Several(filieres)
    number = getattr(actor_identity(portfolio), level)
    rows = portfolio.table("actors")
    names = rows["filiere_code"].astype("str") + "/" + rows["actor_id"]
    return [set(part) for _, part in names.groupby(number) if len(part) > 1]


BOIS = of_actors(
    {"name": "Le Relais", "siret": SIRETS[0], "commune_code": "76384"},
    {"name": "Ressourcerie", "commune_code": "76384"},
    {"name": "Menuiserie"},
)


@pytest.mark.parametrize(
    ("other", "same", "loose"),
    [
        # one SIRET, two names: one actor
        ({"name": "Relais 76", "siret": SIRETS[0]}, {"bois/le-relais", "lin/relais-76"}, None),
        # the name in its commune bears one SIRET only: it is that one, by hypothesis
        ({"name": "LE RELAIS", "commune_code": "76384"}, {"bois/le-relais", "lin/le-relais"}, None),
        ({"name": "ressourcerie", "commune_code": "76384"}, {"bois/ressourcerie", "lin/ressourcerie"}, None),
        # another commune, another establishment: not the same
        ({"name": "Ressourcerie", "commune_code": "76114"}, set(), set()),
        # the commune is not known: it may be the same
        ({"name": "Ressourcerie"}, set(), {"bois/ressourcerie", "lin/ressourcerie"}),
        ({"name": "Menuiserie"}, set(), {"bois/menuiserie", "lin/menuiserie"}),
        # two SIRETs are two establishments, whatever they are called
        ({"name": "Le Relais", "siret": SIRETS[1], "commune_code": "76384"}, set(), set()),
    ],
)
def test_two_actors_are_the_same(other: dict[str, Any], same: set[str], loose: set[str] | None) -> None:
    filieres = {"bois": BOIS, "lin": of_actors(other)}
    assert partition(filieres) == ([same] if same else [])
    may_be = same if loose is None else loose
    assert partition(filieres, "loose") == ([may_be] if may_be else [])


def test_a_commune_may_be_given_by_its_name_or_its_code() -> None:
    both = {"name": "Atelier", "commune_code": "76384", "commune_name": "Lillebonne"}
    named = of_actors({"name": "Atelier", "commune_name": "LILLEBONNE"})
    coded = of_actors({"name": "atelier", "commune_code": "76384"})
    found = partition({"a": of_actors(both), "b": named, "c": coded})
    assert found == [{"a/atelier", "b/atelier", "c/atelier"}]


def test_a_name_that_bears_two_sirets_stands_for_neither() -> None:
    place = {"name": "Emmaüs", "commune_code": "76384"}
    filieres = {
        "a": of_actors(place | {"siret": SIRETS[0]}),
        "b": of_actors(place | {"siret": SIRETS[1]}),
        "c": of_actors(place),
        "d": of_actors(place),
    }
    assert partition(filieres) == [{"c/emmaus", "d/emmaus"}]


def test_two_rows_of_one_filiere_are_never_one_actor() -> None:
    twice = of_actors({"name": "Tri", "siret": SIRETS[0]}, {"name": "Vente", "siret": SIRETS[0]})
    assert partition({"a": twice}) == []
    # the first of one is the first of the other, the second the second
    assert partition({"a": twice, "b": twice}) == [{"a/tri", "b/tri"}, {"a/vente", "b/vente"}]


def test_diffuse_actors_are_those_of_their_territory() -> None:
    def households(territory: str) -> Filiere:
        return of_actors(
            {"name": "Ménages", "actor_type": "diffuse"},
            filiere={"name": ["F"], "territory_id": [territory]},
            territories={"territory_id": [territory], "commune_code": ["76384"]},
        )

    found = partition({"a": households("val"), "b": households("val"), "c": households("mont")})
    assert found == [{"a/menages", "b/menages"}]


def test_shared_actors_say_by_what_and_where() -> None:
    lin = of_actors(
        {"name": "Relais 76", "siret": SIRETS[0], "structure_kind": "EI", "pole": "ess"},
        {"name": "Ressourcerie", "commune_code": "76384", "structure_kind": "ACI"},
    )
    laine = of_actors({"name": "Le relais", "commune_code": "76384", "structure_kind": "ACI"})
    found = shared_actors(Several({"bois": BOIS, "lin": lin, "laine": laine}))
    assert found["name"].tolist() == ["Le Relais", "Ressourcerie"]
    assert found["by"].tolist() == ["siret;name_commune", "name_commune"]
    assert found["is_hypothesis"].tolist() == [True, True]
    assert found["n_filieres"].tolist() == [3, 2]
    assert found["codes"].tolist() == ["bois;lin;laine", "bois;lin"]
    assert found["actor_ids"].tolist() == ["le-relais;relais-76;le-relais", "ressourcerie;ressourcerie"]
    assert found["siret"].tolist()[0] == SIRETS[0]
    assert found["siret"].isna().tolist() == [False, True]
    # what is said twice, differently, is not dropped
    assert found["conflicts"].tolist() == ["structure_kind: EI (lin), ACI (laine)", ""]
    assert found.index.equals(pd.RangeIndex(2))
    assert str(found["is_hypothesis"].dtype) == "bool"


def test_years_of_one_filiere_share_nothing_unless_asked() -> None:
    f = datasets.load("exemple_complet")
    years = Several({"a": f.at(2023), "b": f.at(2024)})
    assert shared_actors(years).empty
    assert list(shared_actors(years).columns)[:3] == ["name", "siret", "commune_code"]
    named = (f.at(2024).actors["commune_code"].notna() | (f.at(2024).actors["actor_type"] == "diffuse")).sum()
    # same name, same commune, in both years: all that are placed in 2024 (nobody is younger than 2024 here)
    assert len(shared_actors(years, all_years=True)) == named


# -- groups ----------------------------------------------------------------------------------------------


def body(name: str, *, members: list[str], referent: str | None = None, territory: str = "val") -> Filiere:
    people = ["Mairie", "Relais", "Atelier", "Scierie"]
    return of_actors(
        *({"name": one, "commune_code": "76384"} for one in people),
        filiere={"name": [f"F {name} {members}"], "territory_id": [territory]},
        territories={"territory_id": [territory], "commune_code": ["76384"]},
        groups={"name": [name], "kind": ["COPIL"], "referent_id": [referent]},
        memberships={"group_id": [name] * len(members), "actor_id": members},
    )


@pytest.mark.parametrize(
    ("one", "two", "by"),
    [
        # nothing known against it: a hypothesis
        (body("COPIL", members=[]), body("Copil", members=[]), "name"),
        (body("COPIL", members=["Relais"]), body("Copil", members=[]), "name"),
        (body("COPIL", members=["Relais", "Atelier"]), body("COPIL", members=["Relais"]), "name_members"),
        (body("COPIL", members=[], referent="Mairie"), body("COPIL", members=["Relais"], referent="Mairie"),
         "name_referent"),
        # no member in common, other referents, another territory, another name: two bodies
        (body("COPIL", members=["Relais"]), body("COPIL", members=["Scierie"]), None),
        (body("COPIL", members=[], referent="Mairie"), body("COPIL", members=[], referent="Relais"), None),
        (body("COPIL", members=["Relais"]), body("COPIL", members=["Relais"], territory="mont"), None),
        (body("COPIL", members=["Relais"]), body("COTECH", members=["Relais"]), None),
    ],
)  # fmt: skip
def test_two_groups_are_one_body(one: Filiere, two: Filiere, by: str | None) -> None:
    found = shared_groups(Several({"a": one, "b": two}))
    assert found["by"].tolist() == ([] if by is None else [by])
    assert found["is_hypothesis"].tolist() == ([] if by is None else [by == "name"])
    assert found["codes"].tolist() == ([] if by is None else ["a;b"])


# -- programmes -------------------------------------------------------------------------------------------


def funded(
    amount: float | None, *, programme: str | None = "ESS 2020", reached: float = 21.0, **row: Any
) -> Filiere:
    return of_actors(
        {"name": "Région"},
        {"name": "Relais"},
        filiere={"name": [f"F {amount} {reached}"], "programme": [programme], "territory_id": ["val"]},
        territories={"territory_id": ["val"], "name": ["Le Val"], "commune_code": ["76384"]},
        funding={"scope": ["programme"], "funder_id": ["Région"], "purpose": ["animation"], "state": ["granted"],
                 "amount_eur": [amount], **row},
        outcomes={"scope": ["programme"], "unit": ["post"], "target": [30.0], "reached": [reached]},
    )  # fmt: skip


def test_a_programme_row_is_told_once_with_both_of_two_amounts() -> None:
    found = programme_rows(Several({"bois": funded(50_000), "lin": funded(50_000, reached=26)}))
    told = found.set_index(["table", "column"])
    assert len(found) == 3
    assert told.loc[("funding", "amount_eur"), "value"] == 50_000
    assert told["codes"].tolist() == ["bois;lin"] * 3
    assert told["by"].tolist() == ["programme"] * 3
    # 21 posts in one workbook and 26 in the other: the first is taken, both are told
    reached = told.loc[("outcomes", "reached")]
    assert (reached["value"], reached["low"], reached["high"]) == (21.0, 21.0, 26.0)
    assert reached["conflicts"] == "21 (bois), 26 (lin)"
    assert told["is_conflict"].tolist() == [False, False, True]
    assert told["unit"].tolist() == ["EUR", "post", "post"]


def test_the_firmest_amount_is_taken_and_the_unknown_one_completed() -> None:
    soft, firm = funded(40_000, confidence=["hypothesis"]), funded(50_000, confidence=["measured"])
    found = programme_rows(Several({"bois": soft, "lin": firm, "laine": funded(None)}))
    row = found[found["table"] == "funding"].iloc[0]
    assert (row["value"], row["low"], row["high"]) == (50_000, 40_000, 50_000)
    assert (row["n_filieres"], row["n_unknown"]) == (3, 1)
    assert row["conflicts"] == "40000 (bois), 50000 (lin)"


def test_without_a_programme_the_territory_stands_for_it() -> None:
    found = programme_rows(Several({"a": funded(1.0, programme=None), "b": funded(1.0, programme=None)}))
    assert found["by"].unique().tolist() == ["territory"]
    assert found["is_hypothesis"].all()
    assert found["programme"].unique().tolist() == ["Le Val"]
    two = programme_rows(Several({"a": funded(1.0, programme="X"), "b": funded(1.0, programme="Y")}))
    assert two["n_filieres"].eq(1).all()
    assert len(two) == 6


def test_two_rows_alike_of_one_filiere_are_two() -> None:
    def twice(*amounts: float) -> Filiere:
        count = len(amounts)
        return of_actors(
            {"name": "Région"},
            filiere={"name": [f"F {amounts}"], "programme": ["P"]},
            funding={"scope": ["programme"] * count, "funder_id": ["Région"] * count, "amount_eur": amounts},
        )

    # written in another order they are the same two
    found = programme_rows(Several({"a": twice(10, 20), "b": twice(20, 10)}))
    assert sorted(found["value"]) == [10.0, 20.0]
    assert not found["is_conflict"].any()


def test_the_published_programme_is_told_once() -> None:
    """Textiles and flax of one programme: 230 000 € of animation and 21 posts out of 30, in both workbooks."""
    names = ["textiles_usages", "lin_composite"]
    filieres = {name: datasets.load(name) for name in names}
    found = programme_rows(Several(filieres))
    assert found["codes"].unique().tolist() == ["textiles_usages;lin_composite"]
    money = found[(found["item"] == "animation") & (found["column"] == "amount_eur")]
    assert sorted(money["value"]) == [50_000, 180_000]
    posts = found[(found["item"] == "insertion_jobs") & (found["column"] == "reached")]
    assert posts["value"].sum() == 21
    assert np.isnan(found.loc[found["item"] == "post_aid", "value"]).all()


def test_nothing_in_common_keeps_the_columns() -> None:
    for filieres in ({}, {"a": of_actors({"name": "Seul"})}):
        portfolio = Several(filieres)
        for function in (shared_actors, shared_groups, programme_rows):
            found = function(portfolio)
            assert found.empty
            assert "codes" in found
            assert str(found.dtypes["is_hypothesis"]) == "bool"
