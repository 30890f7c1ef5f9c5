"""The filière computed by hand: each number derived beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization, centralization_measure
from chaine_valeur.analysis.cooperation.cohesion.components import (
    component_ratio_measure,
    components,
    largest_component_measure,
    number_of_components_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.connectedness import (
    connectedness_measure,
    fragmentation_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.densities import (
    average_degree_measure,
    density,
    density_measure,
    density_table,
)
from chaine_valeur.analysis.cooperation.cohesion.paths import (
    average_distance_measure,
    compactness_measure,
    diameter_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import (
    dyad_share,
    dyad_share_measure,
    reciprocity,
    reciprocity_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.table import cohesion_table
from chaine_valeur.analysis.cooperation.cohesion.transitivity import transitivity_measure
from chaine_valeur.analysis.cooperation.cohesion.valued import (
    mean_tie_strength_measure,
    valued_average_degree_measure,
    valued_density_measure,
)
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.filiere import Filiere
from tests.cooperation.hand import TABLES, by_hand

# Partners F(ilature) A(telier) M(airie) G (agglo) R(elais) S (ressourcerie) L(abo): 21 pairs. M and R were asked.
# Ties F–M, M–R, F–R, A–M, G–A, G–S. F–A and R–L are absent. Of the 10 pairs among F, A, G, S, L, rows speak of
# G–A, G–S and F–A: 7 are unknown (F–G, F–S, F–L, A–S, A–L, G–L, S–L).
LINKED = ["filature", "atelier", "mairie", "agglo", "relais", "ressourcerie"]
TRIO = ["filature", "mairie", "relais"]


def told(measure: Measure) -> tuple[float, float, float]:
    return measure.value, measure.low, measure.high


def test_average_degree(hand: Filiere) -> None:
    # 12 ends of ties over 7 actors; all 7 unknown pairs tied: 26
    assert told(average_degree_measure(hand)) == pytest.approx((12 / 7, 12 / 7, 26 / 7))
    assert average_degree_measure(hand).n_unknown == 7


def test_components(hand: Filiere) -> None:
    found = components(hand)
    assert found.to_dict() == {**dict.fromkeys(LINKED, 1), "labo": 2}
    assert found.index.tolist() == [*LINKED, "labo"]
    # the laboratory may be tied to Filature, Atelier, Agglo, Ressourcerie
    assert told(number_of_components_measure(hand)) == (2, 1, 2)
    assert told(largest_component_measure(hand)) == (6, 6, 7)
    assert told(component_ratio_measure(hand)) == pytest.approx((1 / 6, 0, 1 / 6))
    # 6 × 5 of the 42 ordered pairs
    assert told(connectedness_measure(hand)) == pytest.approx((30 / 42, 30 / 42, 1))
    assert told(fragmentation_measure(hand)) == pytest.approx((12 / 42, 0, 12 / 42))
    assert fragmentation_measure(hand).numerator == 12


def test_distances(hand: Filiere) -> None:
    # at one step the 6 ties; at two F–A, R–A, M–G, A–S; at three F–G, R–G, M–S; at four F–S, R–S: 31 over 15
    average = average_distance_measure(hand)
    assert average.value == pytest.approx(31 / 15)
    assert (average.numerator, average.denominator) == (62, 30)
    # with all 13 pairs tied that may be, the 2 others of the 15 linked ones at two steps: 17/15; L may be far
    assert average.low == pytest.approx(17 / 15)
    assert np.isnan(average.high)
    longest = diameter_measure(hand)
    assert (longest.value, longest.low) == (4, 2) and np.isnan(longest.high)
    # 6 + 4/2 + 3/3 + 2/4 over 21; at most 13 tied and the 8 others at two steps
    assert told(compactness_measure(hand)) == pytest.approx((9.5 / 21, 9.5 / 21, 17 / 21))


def test_distances_among_those_who_are_linked(hand: Filiere) -> None:
    # F–G, F–S, A–S unknown: 9 of 15 pairs may be tied, the others are at two steps or more; no tie is lost
    average = average_distance_measure(hand, actors=LINKED)
    assert told(average) == pytest.approx((31 / 15, 21 / 15, 31 / 15))
    assert told(diameter_measure(hand, actors=LINKED)) == (4, 2, 4)
    # of the trio everything is known
    assert told(average_distance_measure(hand, actors=TRIO)) == (1, 1, 1)


def test_transitivity(hand: Filiere) -> None:
    measure = transitivity_measure(hand)
    # degrees F 2, A 2, M 3, G 2, R 2, S 1: 1 + 1 + 3 + 1 + 1 = 7 triples, 3 of them in the triangle F–M–R
    assert (measure.numerator, measure.denominator) == (3, 7)
    # with all tied, degrees F 5, A 4, M 3, G 4, R 2, S 4, L 4: 10 + 6 + 3 + 6 + 1 + 6 + 6 = 38 triples, of which
    # 8 join two who are known to be tied (over F–M 1, M–R 1, F–R 1, G–A 2, G–S 3): 30 may be open
    assert measure.low == pytest.approx(3 / 33)
    # F–M–A, R–M–A and M–A–G are known to be open; at most the triangles F–M–R and 4 in each of F, G, S, L and
    # A, G, S, L (G–S–L in both): 8, thrice
    assert measure.high == pytest.approx(24 / 27)


def test_centralisation_along_paths(hand: Filiere) -> None:
    # M stands between {F, R} and {A, G, S} 6 times, A between {F, R, M} and {G, S} 6 times, G between the four
    # and S 4 times, the others never. To the highest lack F, R, S, L 6 each and G 2: 26 over 6² × 5 / 2
    measure = centralization_measure(hand, mode="betweenness")
    assert measure.value == pytest.approx(26 / 90)
    assert (measure.numerator, measure.denominator) == (26, 90)
    assert np.isnan([measure.low, measure.high]).all()
    assert measure.n_unknown == 7
    # in their direction only G → A goes one way, nothing leads back: M stands between {F, R} and A in both
    # orders and from {G, S} to {F, R}, 8 times, A from {G, S} to {F, R, M} 6, G from S to the four 4
    along = centralization_measure(hand, mode="betweenness", directed=True)
    assert (along.numerator, along.denominator) == (4 * 8 + 2 + 4, 6**2 * 5)
    linked = centralization_measure(hand, mode="closeness", actors=LINKED)
    # Σ d: F 11, A 8, M 8, G 10, R 11, S 14
    lacking = sum(5 / 8 - 5 / far for far in (11, 8, 8, 10, 11, 14))
    assert linked.value == pytest.approx(lacking / (5 * 4 / 9))
    alone = centralization_measure(hand, mode="closeness", lang="en")
    assert np.isnan([alone.value, alone.low, alone.high]).all()
    assert alone.note == "not all actors are linked: closeness has no meaning between parts"


def test_a_subset_of_actors(hand: Filiere) -> None:
    measure = density_measure(hand, actors=["mairie", "relais"])
    assert told(measure) == (1, 1, 1)
    assert measure.rows == {"cooperations": ("c2", "c3"), "actors": ("mairie", "relais")}
    assert density(hand, actors=iter_once("agglo", "labo", "atelier")) == pytest.approx(1 / 3)
    table = density_table(hand, actors=TRIO, lang="en")
    assert table.loc["all", ["ties", "possible", "documented"]].tolist() == [3, 3, 3]
    # the degrees of G, A, S among the three are 2, 1, 1; A–S is unknown
    assert centralization(hand, actors=["agglo", "atelier", "ressourcerie"]) == 1
    assert centralization_measure(hand, actors=["agglo", "atelier", "ressourcerie"]).low == 0
    assert reciprocity(hand, actors=["mairie", "relais"]) == 1
    assert reciprocity_measure(hand, actors=["mairie", "relais"]).rows == {
        "cooperations": ("c2", "c3"),
        "actors": ("mairie", "relais"),
    }


def iter_once(*names: str) -> list[str]:
    return [*names, "menages"]  # who are no partners do not count anyway


def test_several_kinds(hand: Filiere) -> None:
    # support and funding: M ⇄ R and G → A; with funding and research only the latter
    assert reciprocity(hand, kind=["support", "funding"]) == pytest.approx(2 / 3)
    assert reciprocity(hand, kind=("funding", "research")) == 0
    assert np.isnan(reciprocity(hand, kind=["research", "information"]))
    measure = reciprocity_measure(hand, kind=["funding", "research"], lang="en")
    assert measure.rows["cooperations"] == ("c6",)
    assert centralization(hand, kind=["joint_project", "funding"]) == centralization_of_star_of_two()
    assert average_degree_measure(hand, kind=["research", "funding"]).value == pytest.approx(4 / 7)
    with pytest.raises(KeyError, match="supporting"):
        reciprocity(hand, kind=["supporting", "funding"])


def centralization_of_star_of_two() -> float:
    # ties F–M, G–S, G–A: degrees G 2, F, M, S, A 1, R and L 0: 5 × 1 … 4 × 1 + 2 × 2 = 8 over 6 × 5
    return 8 / 30


def test_dyads(hand: Filiere) -> None:
    # support, funding, referral, contracting: M ⇄ R, G → A
    assert dyad_share(hand) == pytest.approx(1 / 21)
    assert dyad_share(hand, state="asymmetric") == pytest.approx(1 / 21)
    assert dyad_share(hand, state="null") == pytest.approx(19 / 21)
    # of the 10 pairs among the five who were not asked, 9 are open both ways, and A → G
    assert told(dyad_share_measure(hand)) == pytest.approx((1 / 21, 1 / 21, 11 / 21))
    assert told(dyad_share_measure(hand, state="asymmetric")) == pytest.approx((1 / 21, 0, 10 / 21))
    assert told(dyad_share_measure(hand, state="null")) == pytest.approx((19 / 21, 10 / 21, 19 / 21))
    assert dyad_share_measure(hand).n_unknown == 19


def with_intensity() -> Filiere:
    said = ["contract", "agreement", None, None, "information", None, "joint_action", *[None] * 5]
    cooperations: dict[str, Any] = {**TABLES["cooperations"], "intensity": said}
    return by_hand(cooperations=cooperations)


def test_valued() -> None:
    f = with_intensity()
    # F–M 4, M–R 3, A–M 1, G–S 2 are stated: 10; F–R and G–A are not; 7 pairs unknown
    # at least 10 + 2 × 1; at most 10 + 9 × 4
    density_ = valued_density_measure(f)
    assert told(density_) == pytest.approx((12 / 21, 12 / 21, 46 / 21))
    assert density_.n_unknown == 9
    assert told(valued_average_degree_measure(f)) == pytest.approx((24 / 7, 24 / 7, 92 / 7))
    # 13 ties in all, the 9 others at 1 or at 4
    strength = mean_tie_strength_measure(f, lang="en")
    assert told(strength) == pytest.approx((10 / 4, 19 / 13, 46 / 13))
    assert strength.note == "strength stated of 4 of the 6 ties"
    assert strength.rows["cooperations"] == density_measure(f).rows["cooperations"]
    # among M, F, R nothing is undocumented: 7 and the one unstated
    trio = valued_density_measure(f, actors=TRIO)
    assert told(trio) == pytest.approx((8 / 3, 8 / 3, 11 / 3))


def test_valued_where_no_intensity_is_stated(hand: Filiere) -> None:
    measure = valued_density_measure(hand, lang="en")
    assert np.isnan(measure.value)
    assert (measure.low, measure.high) == pytest.approx((6 / 21, 52 / 21))
    assert measure.note == "strength stated of 0 of the 6 ties"
    assert np.isnan(mean_tie_strength_measure(hand).value)
    assert told(mean_tie_strength_measure(hand))[1:] == (1, 4)


def test_the_page(hand: Filiere) -> None:
    table = cohesion_table(hand, lang="en")
    assert table.loc["ties", ["value", "low", "high"]].tolist() == [6, 6, 13]
    assert table.loc["ties", "n_unknown"] == 7
    assert table.loc["density", "note"] == "14 of the 21 pairs of actors documented"
    assert table.loc["connectedness", "value"] == connectedness_measure(hand).value
    assert table.loc["arc_reciprocity", "value"] == reciprocity(hand)
    assert table.loc["mutuals", "high"] == dyad_share_measure(hand).high
    assert table.loc["in_centralization", "value"] == centralization(hand, mode="in")
    french = cohesion_table(hand)
    assert french.index.equals(table.index)
    assert (french["label"] != table["label"]).sum() > 15
    assert french.loc["components", "label"] == "Composantes"
    earlier = cohesion_table(hand, year=2014)  # the laboratory and the mill still worked together
    assert earlier.loc["components", "value"] == 1


def test_nobody_was_asked(silent: Filiere) -> None:
    table = cohesion_table(silent, lang="en")
    assert table["value"].isna().all()
    assert (table["note"] != "").all()
    assert table.loc["components", ["low", "high"]].tolist() == [1, 7]
    assert table.loc["connectedness", ["low", "high"]].tolist() == [0, 1]
    assert table.loc["transitivity", ["low", "high"]].tolist() == [0, 1]
    assert table.loc["density", ["low", "high"]].tolist() == [0, 1]
