"""floweaver and OpenSankey: what counts comes back, each year, and nothing twice."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import io

from .making import same

EXAMPLES = ["exemple_complet", "lin_composite", "textiles_usages", "textiles_france_2020"]


@cache
def example(name):
    return cv.datasets.load(name)


@cache
def counted(name):
    """Return year → tonnes of the flows that the core counts, by identifier."""
    f = example(name)
    years = [int(year) for year in f.flows["year"].dropna().unique()]
    cores = {year: (f if len(years) == 1 else f.at(year)).network for year in years}
    return {year: pd.Series(core.flow_t, index=core.flow_ids).dropna() for year, core in cores.items()}


def of_year(f, year):
    """Return the flows of a year: those of it, and those of every year."""
    return f.flows[(f.flows["year"].isna() | (f.flows["year"] == year)).to_numpy(bool)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_floweaver_of_the_examples(name, tmp_path):
    f = example(name)
    again = io.read_floweaver(io.write_floweaver(f, tmp_path))
    same(f.actors, again.actors)
    same(f.materials, again.materials)
    kept = f.flows.loc[again.flows.index]
    same(kept.drop(columns="same_flow_as"), again.flows.drop(columns="same_flow_as"))
    # of each year, what is written is what the core counts
    for year, expected in counted(name).items():
        found = of_year(again, year)["quantity_t_per_year"]
        assert found.sort_index().to_dict() == expected.sort_index().to_dict()


@pytest.mark.parametrize("file", ["a.xlsx", "a.json"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_opensankey_of_the_examples(name, file, tmp_path):
    f = example(name)
    again = io.read_opensankey(io.write_opensankey(f, tmp_path / file))
    assert list(again.actors["name"]) == list(f.actors["name"])
    for column in ("actor_type", "roles", "pole", "structure_kind", "note"):
        pd.testing.assert_series_equal(
            again.actors[column].reset_index(drop=True), f.actors[column].reset_index(drop=True)
        )
    for year, expected in counted(name).items():
        assert of_year(again, year)["quantity_t_per_year"].sum() == pytest.approx(expected.sum())


@pytest.mark.parametrize("file", ["a.xlsx", "a.json"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_opensankey_gives_flows_back(file, lang, tmp_path):
    # identifiers as they are made of names, no two flows of one pair, year and material
    f = cv.Filiere.from_tables(
        actors={"name": ["Scierie", "Papeterie"], "roles": ["supplier;buyer", None], "pole": ["ess", None]},
        materials={"name": ["Bois", "Écorce"]},
        flows={
            "source": ["Scierie", "Scierie", "Scierie", None],
            "target": ["Papeterie", "Papeterie", "Papeterie", "Scierie"],
            "material_id": ["Bois", "Écorce", "Bois", "Bois"],
            "year": [2023, 2023, 2024, None],
            "quantity_t_per_year": [10.5, 2.0, None, 40.0],
            "uncertainty_share": [0.1, None, None, 0.25],
            "min_t_per_year": [None, 1.0, None, None],
            "max_t_per_year": [None, 4.0, None, None],
            "confidence": ["measured", "declared", None, "estimated"],
            "hypothesis": [None, "Dit au téléphone", None, None],
        },
    )
    again = io.read_opensankey(io.write_opensankey(f, tmp_path / file, lang=lang))
    for name in ("actors", "materials"):
        same(f.table(name), again.table(name))
    order = ["source", "target", "material_id", "year"]
    same(*(one.flows.sort_values(order).reset_index(drop=True) for one in (f, again)))
