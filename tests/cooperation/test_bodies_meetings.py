"""Meetings by hand: who was invited, who came, who could have, and which poles were there."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies.meetings import meeting_table
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.bodies_hand import SAID, SEATS, bodies, said, seats, with_unknown_cells

COLUMNS = ["group_id", "met_on", "invited", "attended", "absent", "guests", "unknown", "listed", "enterprise",
           "elected", "ess", "without_pole", "covered"]  # fmt: skip


def test_by_hand() -> None:
    found = meeting_table(bodies())
    assert found.columns.tolist() == COLUMNS
    assert found["met_on"].dtype == "datetime64[us]" and found["covered"].dtype == "boolean"
    expected = [
        # Ancien, closed since, came as the ESS actor that it was; Labo, of unknown pole and without a row, may
        # have made up for the elected official
        ["gt", "2022-05-10", 4, 3, 1, 1, 1, True, 2, 0, 1, 0, pd.NA],
        # who came is not known; Filature, Relais and Labo sat there, Mairie not yet, Atelier no more
        ["gt", "2023-06-01", 0, 0, 0, 0, 3, False, 0, 0, 0, 0, pd.NA],
        # Filature was absent; Labo was there and may stand for an enterprise
        ["gt", "2024-02-01", 4, 3, 1, 0, 0, True, 0, 1, 1, 1, pd.NA],
        # Atelier came as a guest; of Filature and Labo nothing is known
        ["gt", "2024-09-01", 3, 3, 0, 1, 2, True, 1, 1, 1, 0, True],
        # Mairie sits there for two poles: counted for both, once in those who came
        ["copil", "2024-03-01", 2, 2, 0, 0, 0, True, 0, 1, 2, 0, False],
        ["forum", "2023-11-30", 0, 0, 0, 0, 0, False, 0, 0, 0, 0, pd.NA],
        ["dormant", "2021-04-01", 1, 1, 0, 0, 0, True, 0, 0, 1, 0, False],
    ]
    assert found["met_on"].dt.strftime("%Y-%m-%d").tolist() == [row[1] for row in expected]
    assert found.drop(columns="met_on").to_numpy(object).tolist() == [[row[0], *row[2:]] for row in expected]


def test_one_year() -> None:
    found = meeting_table(bodies(), year=2024)
    assert found["group_id"].tolist() == ["gt", "gt", "copil"]
    # Atelier, whose membership ended in 2022, stays a guest in 2024
    assert found["guests"].tolist() == [0, 1, 0]
    pd.testing.assert_frame_equal(found, meeting_table(bodies().at(2024)))
    # the club had not ended then
    assert meeting_table(bodies(), year=2019)["group_id"].tolist() == ["club"]


def test_kinds_and_poles() -> None:
    found = meeting_table(bodies(), kinds=["steering"], poles=("elected", "ess"))
    assert found[["group_id", "elected", "ess"]].to_numpy().tolist() == [["copil", 1, 2]]
    assert found["covered"].tolist() == [True]
    assert "enterprise" not in found


def test_the_same_day_twice_is_one_meeting() -> None:
    """An hour does not make a meeting; who is once told to be there and once not was there."""
    rows = [("GT", "2024-02-01 09:00", "Mairie", False), ("GT", "2024-02-01 14:00", "Mairie", True),
            ("GT", "2024-02-01 14:00", None, None)]  # fmt: skip
    found = meeting_table(bodies(meetings=said(rows)))
    assert found[["invited", "attended", "absent", "listed"]].to_numpy().tolist() == [[1, 1, 0, False]]


def test_a_cell_that_is_unknown() -> None:
    day = "2024-02-01"
    given = [("GT", day, "Mairie", True), ("GT", day, "Relais", True), ("GT", day, "Atelier", True)]
    row = meeting_table(with_unknown_cells(bodies(meetings=said(given)), [1, 2])).iloc[0]
    assert row[["invited", "attended", "absent", "guests"]].tolist() == [3, 1, 0, 0]
    # of the members, Filature, Relais and Labo; and Atelier, who is none
    assert row["unknown"] == 4
    # Relais and Filature may make up for what is missing
    assert row["covered"] is pd.NA


def completed(f: Filiere, poles: tuple[str, ...]) -> set[bool]:
    """Return whether the poles were there, at the only meeting, for each way in which the unknown may be."""
    members = {(row.actor_id, row.pole if isinstance(row.pole, str) else f.actors.at[row.actor_id, "pole"])
               for row in f.memberships.itertuples()}  # fmt: skip
    came = {row.actor_id: bool(row.attended) for row in f.meetings.itertuples()}
    sure = [(actor, pole) for actor, pole in members if came.get(actor)]
    may = sorted({actor for actor, _ in members} - set(came))
    answers = set()
    for there in product([False, True], repeat=len(may)):
        present = sure + [(actor, pole) for actor, pole in members
                          if actor in {one for one, is_there in zip(may, there, strict=True) if is_there}]  # fmt: skip
        unknown = [place for place, (_, pole) in enumerate(present) if pole != pole]
        for chosen in product([*poles, "other"], repeat=len(unknown)):
            filled = [pole for _, pole in present if pole == pole] + list(chosen)
            answers.add(set(poles) <= set(filled))
    return answers


@pytest.mark.parametrize("seed", range(25))
def test_covered_is_what_every_completion_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = 5
    names = [f"a{place}" for place in range(size)]
    poles = [None if rng.random() < 0.3 else str(rng.choice(["enterprise", "elected", "ess", "expertise"]))
             for _ in names]  # fmt: skip
    told = [name for name in names if rng.random() < 0.7] or names[:1]
    f = Filiere.from_tables(
        actors={"name": names, "pole": poles},
        groups={"name": ["G"]},
        memberships={"group_id": ["G"] * size, "actor_id": names},
        meetings={
            "group_id": ["G"] * len(told),
            "met_on": ["2024-01-01"] * len(told),
            "actor_id": told,
            "attended": [bool(rng.random() < 0.7) for _ in told],
        },
    )
    wanted = ("enterprise", "elected", "ess")[: 2 + seed % 2]
    answers = completed(f, wanted)
    covered = meeting_table(f, poles=wanted)["covered"].item()
    assert (covered is pd.NA and answers == {True, False}) or answers == {covered}


def test_membership_by_year() -> None:
    """A row per year; two seats of one actor with a gap; a seat that ends before it starts."""
    days = [f"{year}-06-01" for year in range(2018, 2025)]
    rows = [
        ("GT", "Filature", "enterprise", 2019, 2020),
        ("GT", "Filature", "expertise", 2022, None),
        ("GT", "Relais", "ess", 2020, 2021),
        ("GT", "Relais", "other", 2021, 2022),  # overlaps: one spell
        ("GT", "Labo", None, None, 2018),
    ]
    f = bodies(memberships=seats(rows), meetings=said([("GT", day, None, None) for day in days]))
    # 2018 Labo; 2019 Filature; 2020 and 2022 both; 2021 Relais; 2023 and 2024 Filature
    assert meeting_table(f)["unknown"].tolist() == [1, 1, 2, 1, 2, 1, 1]


def test_nothing() -> None:
    for source in (bodies(meetings=None), bodies(groups=None, memberships=None, meetings=None), nx.path_graph(2),
                   nx.Graph(), bodies(meetings=said([("Club", "2019-01-01", None, None)]))):  # fmt: skip
        found = meeting_table(source)
        assert found.columns.tolist() == COLUMNS and found.empty
        assert found["met_on"].dtype == "datetime64[us]" and found["covered"].dtype == "boolean"
    no_members = meeting_table(bodies(memberships=None))
    assert no_members["guests"].tolist() == no_members["attended"].tolist()
    pd.testing.assert_frame_equal(meeting_table(to_networkx(bodies())), meeting_table(bodies()))


def test_rows_in_another_order_say_the_same() -> None:
    shuffled = bodies(meetings=said(SAID[::-1]), memberships=seats(SEATS[::-1]))
    pd.testing.assert_frame_equal(meeting_table(shuffled), meeting_table(bodies()))
