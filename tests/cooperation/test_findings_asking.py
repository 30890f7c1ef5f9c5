"""Whom to ask first: those whose answer would document most pairs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.survey import asking
from chaine_valeur.analysis.cooperation.survey.asking import whom_to_ask
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import layers, unknown_pairs
from tests.gaps.counting import fresh, grown, steps

COLUMNS = ["documents", "cross_pole", "cumulative"]


def test_by_hand(hand: Filiere) -> None:
    """Undocumented: F–G, F–C, F–L, A–C, A–L, G–L, C–L (F, A enterprises; G elected; C ESS; L expertise)."""
    found = whom_to_ask(hand)
    assert found.columns.tolist() == COLUMNS and found.index.name == "actor_id"
    # between two poles of the triptyque: F–G, F–C, A–C. Filature and Ressourcerie have two of them and three
    # pairs in all, Filature comes first in the table; then Atelier and Ressourcerie A–C and a pair with Labo;
    # then Labo has the two that are left
    assert found.index.tolist() == ["filature", "atelier", "labo"]
    assert found["documents"].tolist() == [3, 2, 2]
    assert found["cross_pole"].tolist() == [2, 1, 0]
    assert found["cumulative"].tolist() == [17 / 21, 19 / 21, 1.0]
    assert whom_to_ask(hand, limit=1).equals(found.head(1))
    assert whom_to_ask(hand, limit=0).empty


def test_pairs_between_two_poles_come_first() -> None:
    # four enterprises that nobody asked among themselves, one ESS actor that all but D are known not to work with
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C", "D", "Relais"], "pole": ["enterprise"] * 4 + ["ess"]},
        cooperations={"actor_id": ["A", "B", "C"], "to_actor_id": ["Relais"] * 3, "state": ["absent"] * 3},
    )
    found = whom_to_ask(f, limit=2)
    # D and Relais have the only pair between two poles; D documents three more
    assert found.index.tolist() == ["d", "a"]
    assert found["documents"].tolist() == [4, 2] and found["cross_pole"].tolist() == [1, 0]
    assert found["cumulative"].tolist() == [7 / 10, 9 / 10]
    assert whom_to_ask(f, actors=["a", "b", "relais"])["documents"].tolist() == [1]


def test_unknown_poles_are_no_poles() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B", "C"], "pole": [None, "ess", None]})
    assert whom_to_ask(f)["cross_pole"].tolist() == [0, 0]
    assert whom_to_ask(f)["cumulative"].tolist() == [2 / 3, 1.0]


def test_nobody_left_to_ask(hand: Filiere) -> None:
    for source in (nx.complete_graph(3), nx.Graph(), Filiere.from_tables(actors={"name": ["A"]}),
                   hand.with_table("actors", hand.actors.assign(surveyed_on="2022-01-01"))):  # fmt: skip
        found = whom_to_ask(source)
        assert found.empty and found.columns.tolist() == COLUMNS
        assert found.dtypes.astype(str).tolist() == ["int64", "int64", "float64"]


def test_bad_arguments(hand: Filiere) -> None:
    with pytest.raises(ArgumentError, match="limit=-1"):
        whom_to_ask(hand, limit=-1)
    with pytest.raises(UnknownNameError, match="nobody"):
        whom_to_ask(hand, actors=["nobody"])


def test_by_kind_and_year(hand: Filiere) -> None:
    # of research rows speak of Atelier – Mairie alone (Labo – Filature has ended): ten pairs of unasked actors
    assert whom_to_ask(hand, kind="research", limit=None)["documents"].tolist() == [4, 3, 2, 1]
    # in 2010 Labo and Filature cooperated
    assert whom_to_ask(hand, year=2010)["documents"].sum() == 6


@given(layers(directed=False, most=6), st.lists(st.integers(-1, 2), min_size=6, max_size=6))
@settings(max_examples=40)
def test_each_adds_what_it_says(ties: Ties, codes: list[int]) -> None:
    unasked = np.flatnonzero(~ties.asked)
    pole = np.array(codes[: ties.size], dtype=np.int32)
    chosen, documents, cross = asking._greedy(asking._spoken(ties, unasked), pole[unasked], None)
    left = set(unknown_pairs(ties))
    for place, gain, across in zip(unasked[chosen].tolist(), documents, cross, strict=True):

        def adds(node: int) -> tuple[int, int]:
            mine = [pair for pair in left if node in pair]  # noqa: B023
            return sum(-1 < pole[a] != pole[b] > -1 for a, b in mine), len(mine)

        assert adds(place) == (across, gain) == max(adds(node) for node in unasked)
        left -= {pair for pair in left if place in pair}
    assert not left


def test_it_does_not_loop_over_actors() -> None:
    few, many = (steps(lambda f=f: whom_to_ask(fresh(f), limit=5), rooms=("analysis/cooperation",))
                 for f in (grown(200), grown(1600)))  # fmt: skip
    assert few > 0 and many <= 1.02 * few


def test_what_is_found_names_them(hand: Filiere) -> None:
    (found,) = co.cooperation_unknown(hand, lang="en", documented=0.75)
    assert found.message.endswith("To begin with: Filature, Atelier and Labo (7 more pairs documented).")
    assert pd.Index(whom_to_ask(hand, limit=3).index).isin(found.rows["actors"]).all()
    (found,) = co.cooperation_unknown(hand, documented=0.75)
    assert found.message.endswith(
        "Pour commencer\u00a0: Filature, Atelier et Labo (7 paires de plus documentées)."
    )
