"""A filière: its actors called otherwise, its rows in another order, a year, kinds or some actors of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.ties.layer import DIRECTED_KINDS
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.contract_results import plain, renamed, same, unordered
from tests.cooperation.contract_sources import (
    degenerate_filieres,
    named,
    rebuilt,
    rich,
    tables_of,
    with_actors,
    with_names,
)
from tests.cooperation.contracts import BY_NAME, CONTRACTS, Contract
from tests.cooperation.random_filiere import random_filiere

pytestmark = pytest.mark.long

EACH = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.name)
CHECKS = {check.__name__ for check in co.CHECKS}
#: What a seat, or a score, is: who rates whom is in the order of the two actors, whatever the kind.
OF_RATERS = {
    "survey_coverage", "trust_measure", "value_score_measure", "trust_by_pole", "value_by_pole",
    "trust_by_actor", "value_by_actor", "trust", "value_score",
}  # fmt: skip


@cache
def filieres() -> dict[str, Filiere]:
    """Return one in which everything is stated of somebody, and one drawn at random."""
    return {"rich": rich(), "random": random_filiere(1).f}


@cache
def called() -> tuple[Filiere, Filiere, dict[str, str]]:
    """Return a filière, the same under other identifiers in another order of letters, and these."""
    plain_ids = {name: f"actor{place:02}x" for place, name in enumerate(rich().actors.index)}
    others = {name: f"qq{99 - place}" for place, name in enumerate(plain_ids.values())}
    first = with_names(rich(), plain_ids)
    return first, with_names(first, others), others


@cache
def shuffled() -> Filiere:
    order = np.random.default_rng(2)
    tables = tables_of(rich())
    kept = {"filiere", "stages", "materials", "groups"}
    return rebuilt(
        {
            name: frame if name in kept else frame.iloc[order.permutation(len(frame))]
            for name, frame in tables.items()
        }
    )


@cache
def turned(name: str) -> Filiere:
    """Return a filière with the two ends of rows of an undirected kind exchanged."""
    tables = tables_of(filieres()[name])
    rows = tables["cooperations"]
    there = ~rows["kind"].isin(DIRECTED_KINDS).to_numpy(bool)
    ends = ["actor_id", "to_actor_id"]
    rows.loc[there, ends] = rows.loc[there, ends[::-1]].to_numpy()
    return rebuilt(tables)


def hub(contract: Contract, f: Filiere) -> Mapping[str, Any]:
    """Return the actor that a function would otherwise choose by the ties that it sees."""
    return {name: named(f, 1)[0] for name in ("actor", "hub") if name in contract.takes}


@EACH
def test_identifiers_change_nothing_but_names(contract: Contract) -> None:
    first, other, names = called()
    for options in contract.options(first):
        assert not same(renamed(contract(first, **options), names), contract(other, **options)), options


@pytest.mark.parametrize(
    "contract",
    [one for one in CONTRACTS if not (one.drawn or one.first_of_equals)],
    ids=lambda one: one.name,
)
def test_the_order_of_rows_of_tables_changes_that_of_results_only(contract: Contract) -> None:
    f = rich()
    more = hub(contract, f)
    if len(contract.names) > 1:  # who is named is in the order of the table
        more = dict(zip(contract.names, named(f, 2), strict=True))
    found = [unordered(contract(each, **more)) for each in (f, shuffled())]
    assert not same(*found, rtol=1e-6 if contract.name == "coreness" else 1e-9)


@pytest.mark.parametrize(
    "contract", [one for one in CONTRACTS if one.name not in OF_RATERS], ids=lambda one: one.name
)
def test_a_tie_without_direction_may_be_written_from_either_end(contract: Contract) -> None:
    for name, f in filieres().items():
        for options in contract.options(f):
            assert not same(contract(f, **options), contract(turned(name), **options)), (name, options)


@pytest.mark.parametrize("contract", [one for one in CONTRACTS if one.graph], ids=lambda one: one.name)
def test_a_filiere_as_a_graph_of_networkx_gives_the_same(contract: Contract) -> None:
    """Such a graph is read back: it takes the keywords of a filière."""
    for f in (rich(), degenerate_filieres()["all unknown"]):
        told = {**contract.always, **contract.on_filiere, **hub(contract, f)}
        results = []
        for source in (f, to_networkx(f)):
            beside: list[Any] = []
            if contract.strength:
                beside = [co.ties_of(source)]
            elif contract.measures is not None:
                beside = [contract.measures]
            elif len(contract.names) > 1:
                beside = named(f, 2)
            results.append(plain(contract.function(source, *beside, **told)))
        assert not same(*results)


@pytest.mark.parametrize(
    "contract",
    # the year of the conversion is that of the ties, of which another year's flows are asked
    [one for one in CONTRACTS if "year" in one.takes and not one.name.startswith("tie_conversion")],
    ids=lambda one: one.name,
)
def test_a_year_is_the_filiere_at_that_year(contract: Contract) -> None:
    for name, year in (("rich", 2015), ("rich", 2021), ("random", 2015)):
        f = filieres()[name]
        more = hub(contract, f.at(year))
        assert not same(contract(f.at(year), **more), contract(f, year=year, **more)), (name, year)


@cache
def of_kinds(name: str, kinds: frozenset[str]) -> Filiere:
    tables = tables_of(filieres()[name])
    rows = tables["cooperations"]
    return rebuilt({**tables, "cooperations": rows[rows["kind"].isin(list(kinds))]})


@pytest.mark.parametrize(
    "contract", [one for one in CONTRACTS if "kind" in one.takes], ids=lambda one: one.name
)
def test_some_kinds_are_the_filiere_of_their_rows(contract: Contract) -> None:
    for name, f in filieres().items():
        for kind in ("support", ["research", "support"]):
            part = of_kinds(name, frozenset([kind] if isinstance(kind, str) else kind))
            more = hub(contract, f)
            assert not same(contract(part, **more), contract(f, kind=kind, **more)), (name, kind)


@cache
def some_of(name: str, actors: frozenset[str]) -> Filiere:
    return with_actors(filieres()[name], actors)


@pytest.mark.parametrize(
    "contract",
    # kinds of which no row is left are rows of zeros there; the years are those of the flows of everyone
    [
        one
        for one in CONTRACTS
        if "actors" in one.takes and one.name != "density_table" and not one.name.startswith("tie_conversion")
    ],
    ids=lambda one: one.name,
)
def test_some_actors_are_the_filiere_of_these(contract: Contract) -> None:
    f = filieres()["random"]  # its flows bear no year: those that are left are of the same year
    nodes = list(co.ties_of(f).nodes)
    for some in (nodes[1:7][::-1], nodes[:2]):
        part = some_of("random", frozenset(some))
        more = hub(contract, part)
        if len(contract.names) > 1:
            found = plain(contract.function(f, *named(part, len(contract.names)), actors=some))
            assert not same(contract(part), found)
            continue
        for options in contract.options(f):
            found = contract(f, actors=some, **options, **more)
            assert not same(contract(part, **options, **more), found), (some, options)


def test_the_checks_speak_of_what_is_tried() -> None:
    """Most findings are there to be compared, on one filière or the other."""
    told = {check for check in CHECKS for f in filieres().values() if BY_NAME[check](f)}
    assert len(told) >= 6
