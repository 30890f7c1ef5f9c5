"""A cell that was written and cannot be read claims nothing: neither a tie, nor that somebody came."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import cooperation as co
from chaine_valeur.io.csv import read_csv, write_csv
from chaine_valeur.io.graph import from_networkx, to_networkx
from chaine_valeur.io.workbook import read_workbook, write_workbook

NAMES = ["Filature", "Mairie", "Relais"]


@pytest.fixture(scope="module")
def f() -> Filiere:
    """Filature and Mairie « on verra »: unreadable; Mairie and Relais blank, which is observed."""
    return Filiere.from_tables(
        filiere={"name": ["x"], "reference_year": [2024]},
        actors={"name": NAMES, "pole": ["enterprise", "elected", "ess"]},
        cooperations={
            "actor_id": ["Filature", "Mairie"],
            "to_actor_id": ["Mairie", "Relais"],
            "kind": ["support", "support"],
            "state": ["on verra", None],
            "since": [2023, 2023],
            "intensity": ["contract", "contract"],
        },
        groups={"name": ["GT"]},
        memberships={"group_id": ["GT"] * 3, "actor_id": NAMES},
        meetings={
            "group_id": ["GT"] * 3,
            "met_on": ["2024-03-12"] * 3,
            "actor_id": NAMES,
            "attended": ["peut-être", None, "non"],
        },
        strict=False,
    )


def test_the_cells_are_told_and_stay_unknown(f: Filiere) -> None:
    assert f.unknown_cells == {"cooperations": 1, "meetings": 1}
    codes = f.problems.set_index("table")["code"]
    assert codes["cooperations"] == "unknown_term"
    assert codes["meetings"] == "not_yes_or_no"
    assert f.cooperations["state"].isna().tolist() == [True, False]
    assert f.cooperations["state"].tolist()[1] == "observed"  # a blank takes the default
    assert f.meetings["attended"].isna().tolist() == [True, False, False]


def test_no_tie_is_claimed_and_none_denied(f: Filiere) -> None:
    ties = co.ties_of(f)
    assert [(ties.nodes[a], ties.nodes[b]) for a, b in zip(ties.a, ties.b, strict=True)] == [
        ("mairie", "relais")
    ]
    assert len(ties.absent_a) == 0
    # of the other two pairs nothing is known: nobody was asked
    measure = co.density_measure(f)
    assert (measure.value, measure.low, measure.high, measure.n_unknown) == pytest.approx(
        (1 / 3, 1 / 3, 1, 2)
    )
    assert len(measure.rows["cooperations"]) == 1
    assert co.mean_tie_strength(f) == 4.0


def test_the_years_do_not_count_it_either(f: Filiere) -> None:
    history = co.tie_history(f).set_index("year")
    assert history.loc[2024, "ties"] == 1
    assert history.loc[2024, "undocumented"] == 2


def test_who_came_is_unknown_not_present(f: Filiere) -> None:
    row = co.meeting_table(f).iloc[0]
    assert (row["invited"], row["attended"], row["absent"], row["unknown"]) == (3, 1, 1, 1)
    share = co.attendance(f).set_index("actor_id")
    assert share.loc["mairie", "share"] == 1 and share.loc["relais", "share"] == 0
    assert pd.isna(share.loc["filature", "share"])
    assert (share.loc["filature", "low"], share.loc["filature", "high"]) == (0, 1)


def test_the_graph_carries_the_doubt(f: Filiere) -> None:
    graph = to_networkx(f)
    assert isinstance(graph, nx.MultiDiGraph)
    assert co.density(graph) == pytest.approx(co.density(f))
    assert co.attendance(graph).equals(co.attendance(f))


@pytest.mark.parametrize("word", ["?", "inconnu", "nsp"])
def test_an_unknown_that_is_said_is_no_claim_and_no_mistake(word: str) -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        cooperations={"actor_id": ["A"], "to_actor_id": ["B"], "state": [word]},
        strict=False,
    )
    assert f.cooperations["state"].isna().all()
    assert "unknown_term" not in set(f.problems["code"])
    assert len(co.ties_of(f).a) == 0


def test_each_form_keeps_the_doubt(f: Filiere, tmp_path: Path) -> None:
    write_csv(f, tmp_path / "csv")
    forms = [
        read_workbook(write_workbook(f, tmp_path / "f.xlsx"), strict=False),
        read_workbook(write_workbook(f, tmp_path / "e.xlsx", lang="en"), strict=False),
        read_csv(tmp_path / "csv", strict=False),
        from_networkx(to_networkx(f)),
        f.with_rows("cooperations", {"actor_id": ["relais"], "to_actor_id": ["filature"]}).without_rows(
            "cooperations", "cooperation-3"
        ),
    ]
    for again in forms:
        assert again.cooperations["state"].isna().tolist() == [True, False]
        assert again.meetings["attended"].tolist()[1:] == [True, False]
        assert again.meetings["attended"].isna().tolist() == [True, False, False]
