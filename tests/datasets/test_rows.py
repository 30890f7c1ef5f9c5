"""What holds of every row of every example: where it comes from, how it is written, that it balances."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.filiere import Filiere
from chaine_valeur.parse import luhn_valid, siret_valid
from chaine_valeur.schema import table, tables
from chaine_valeur.vocabulary import labels

NAMES = datasets.available()
REAL = ["lin_composite", "textiles_usages"]
FIGURES = [name for name, home in tables().items() if home.has_provenance]


@pytest.fixture(scope="module")
def examples() -> dict[str, Filiere]:
    return {name: datasets.load(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("each", FIGURES)
def test_every_row_says_how_firm_it_is(examples: dict[str, Filiere], name: str, each: str) -> None:
    rows = examples[name].table(each)
    assert rows["confidence"].notna().all(), rows.index[rows["confidence"].isna()].tolist()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("each", FIGURES)
def test_every_row_has_a_source_or_a_hypothesis(examples: dict[str, Filiere], name: str, each: str) -> None:
    rows = examples[name].table(each)
    bare = rows["source_id"].isna() & rows["hypothesis"].isna()
    assert not bare.any(), rows.index[bare].tolist()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("each", FIGURES)
def test_what_is_supposed_is_said(examples: dict[str, Filiere], name: str, each: str) -> None:
    """A row marked estimate or hypothesis tells what was assumed."""
    rows = examples[name].table(each)
    soft = rows["confidence"].isin(["estimated", "hypothesis"])
    assert rows.loc[soft, "hypothesis"].notna().all(), rows.index[soft & rows["hypothesis"].isna()].tolist()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("each", ["flows", "markets", "recipes", "activities"])
def test_the_fact_sheet_gives_no_quantity(examples: dict[str, Filiere], name: str, each: str) -> None:
    """No tonnage, yield, price or job of a stage is declared or measured: the sheet publishes none."""
    rows = examples[name].table(each)
    numeric = [column.name for column in table(each) if column.is_numeric]
    firm = rows["confidence"].isin(["measured", "declared"])
    assert rows.loc[firm, numeric].isna().all(axis=None)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_dated_or_says_why_not(examples: dict[str, Filiere], name: str) -> None:
    sources = examples[name].sources
    assert sources["publisher"].notna().all()
    assert (sources["year"].notna() | sources["note"].notna()).all()
    assert sources["interested_party"].notna().all()


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_source_points_at_a_cell(examples: dict[str, Filiere], name: str) -> None:
    f = examples[name]
    for row in f.cell_sources.itertuples():
        home = f.table(str(row.table))
        assert row.row_id in home.index
        assert pd.notna(home.loc[row.row_id, row.column])


@pytest.mark.parametrize("name", NAMES)
def test_no_process_makes_more_than_it_takes(examples: dict[str, Filiere], name: str) -> None:
    recipes = examples[name].recipes
    if recipes.empty:  # the national figures are passages alone
        assert name == "textiles_france_2020"
        return
    sums = recipes.groupby(["stage_id", "actor_id", "process", "side"], dropna=False)["t_per_t"].sum()
    sides = sums.unstack("side")
    assert sides.notna().all(axis=None), "a process has inputs and outputs"
    assert (sides["in"] - 1).abs().max() < 1e-9  # per tonne of process level
    assert (sides["out"] <= sides["in"] + 1e-9).all()
    assert (sides["out"] > 0.7).all(), "more than 30 % of loss would be a typing error here"


@pytest.mark.parametrize("name", NAMES)
def test_no_stage_stands_alone(examples: dict[str, Filiere], name: str) -> None:
    f = examples[name]
    linked = set(f.stage_links["stage_id"]) | set(f.stage_links["to_stage_id"])
    assert linked == set(f.stages.index)
    kinds, ranks = f.stages["kind"], f.stages["rank"]
    for link in f.stage_links.itertuples():
        assert kinds[link.stage_id] != "market"
        assert kinds[link.to_stage_id] != "resource"
        if link.required:
            assert ranks[link.stage_id] < ranks[link.to_stage_id]


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_typeset_as_french_is(examples: dict[str, Filiere], name: str) -> None:
    f = examples[name]
    wrong = re.compile(r" [;:!?»]|« |'|\.\.\.|\d \d{3}(?!\d)")
    for each in f:
        for column in table(each):
            if column.type == "text" and column.name not in ("url", "column", "table"):
                for text in f.table(each)[column.name].dropna():
                    assert not wrong.search(text), f"{each}.{column.name}: {text}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leads_to_a_person(examples: dict[str, Filiere], name: str) -> None:
    """No address of a person, no telephone number; natural persons are one row, with nothing attached."""
    f = examples[name]
    text = "\n".join(f.table(each).to_csv() for each in f)
    assert not re.search(r"[\w.]+@[\w-]+\.\w", text)
    assert not re.search(r"(?<!\d)0\d([ .]?\d\d){4}(?!\d)", re.sub(r"000000\d{8}", "", text))
    persons = f.actors[f.actors["natural_person"]]
    attached = ["siret", "commune_code", "commune_name", "latitude", "longitude", "structure_kind", "part_of"]
    assert persons[attached].isna().all(axis=None)


def test_invented_numbers_are_valid_and_plainly_invented(examples: dict[str, Filiere]) -> None:
    known = {name: f.actors["siret"].dropna() for name, f in examples.items()}
    assert known["textiles_usages"].empty and known["lin_composite"].empty  # the sheet gives none
    invented = known["exemple_complet"]
    assert len(invented) == 3 and invented.is_unique
    for siret in invented:
        assert siret.startswith("000000") and siret_valid(siret) and luhn_valid(siret[:9])


@pytest.mark.parametrize("name", REAL)
def test_addresses_are_those_that_the_facts_give(examples: dict[str, Filiere], name: str) -> None:
    assert examples[name].sources["url"].dropna().tolist() == ["www.essenregion.org"]


@pytest.mark.parametrize("name", REAL)
def test_the_perimeter_has_dates(examples: dict[str, Filiere], name: str) -> None:
    """The 50 communes of today hold since 2017; the study perimeter is the same 50, of no year."""
    rows = examples[name].territories
    dated = rows[rows["territory_id"] == "200010700"]
    study = rows[rows["territory_id"] == "caux-vallee-de-seine"]
    assert len(dated) == len(study) == 50 and len(rows) == 100
    assert (dated["since"] == 2017).all() and study["since"].isna().all()
    assert sorted(dated["commune_code"]) == sorted(study["commune_code"])
    assert {"76384", "76518", "76002"} <= set(study["commune_code"])  # Lillebonne, Raffetot, a low code
    assert examples[name].territory_id == "caux-vallee-de-seine"


@pytest.mark.parametrize("name", NAMES)
def test_stored_values_stand_in_the_files(name: str) -> None:
    """The files hold codes (`measured`), not labels (« Mesuré »), so that they join with anything."""
    folder = datasets._folder(name)
    for each, home in tables().items():
        path = folder / f"{each}.csv"
        if not path.is_file():
            continue
        raw = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in home:
            if column.terms is not None and column.name in raw:
                cells = {part for cell in raw[column.name] for part in cell.split(";") if part}
                assert cells <= set(labels(column.vocabulary)), f"{each}.{column.name}"
