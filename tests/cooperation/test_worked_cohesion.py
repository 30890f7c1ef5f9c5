"""The worked example, cohesion: n = 8, 28 pairs, 9 tied, 10 unknown (see `worked`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

from chaine_valeur.analysis.cooperation.cohesion import centralization as central
from chaine_valeur.analysis.cooperation.cohesion import (
    components,
    connectedness,
    densities,
    paths,
    reciprocity,
    transitivity,
    valued,
)
from chaine_valeur.analysis.cooperation.cohesion.table import cohesion_table
from tests.cooperation.worked import IDS, completions, digraph, filiere, graph


def said(measure: Any) -> tuple[float, float, float]:
    return measure.value, measure.low, measure.high


def test_density_and_average_degree() -> None:
    # 9 of 28 pairs, 19 if the ten unknown are tied; each tie has two ends: 18/8, 38/8
    found = densities.density_measure(filiere())
    assert said(found) == pytest.approx((9 / 28, 9 / 28, 19 / 28))
    assert (found.numerator, found.denominator, found.n_unknown) == (9, 28, 10)
    assert said(densities.average_degree_measure(filiere())) == pytest.approx((9 / 4, 9 / 4, 19 / 4))
    # 16 arcs of 56; unknown: both directions of ten pairs, and what C might give M
    found = densities.density_measure(filiere(), directed=True)
    assert said(found) == pytest.approx((16 / 56, 16 / 56, 37 / 56))
    assert found.n_unknown == 21
    assert densities.average_degree(filiere(), directed=True) == 2
    # among the actors of the upper row only T–M is not tied, and it is known
    assert said(densities.density_measure(filiere(), actors=["tissage", "agglo", "mairie"])) == pytest.approx(
        (2 / 3,) * 3
    )
    for drawn, value, degree in ((graph(), 9 / 28, 9 / 4), (digraph(), 2 / 7, 2)):
        assert said(densities.density_measure(drawn)) == pytest.approx((value,) * 3)
        assert densities.average_degree(drawn) == degree


@pytest.mark.parametrize(
    ("year", "ties", "possible", "unknown"),
    [
        (2021, 7, 21, 6),  # without C: AF AR AM TA FB MR FX; of 10 pairs of F T M B X known: FB FX TM MX
        (2022, 8, 28, 9),  # AF AR AM TA FB FT MC FX; of 15 pairs known: FB FT MC FX TM MX
        (2023, 9, 28, 10),  # FB has ended, so that its row documents it no more
    ],
)
def test_density_by_year(year: int, ties: int, possible: int, unknown: int) -> None:
    found = densities.density_measure(filiere(), year=year)
    assert said(found) == pytest.approx((ties / possible, ties / possible, (ties + unknown) / possible))


def test_density_by_kind() -> None:
    table = densities.density_table(filiere(), lang="en")
    # 13 pairs with A or R are documented for each kind; FT (shared means), FX (research) and MC (support) besides
    expected = {
        "all": (9, 18),
        "information": (2, 13),  # AF TA
        "joint_project": (1, 13),  # AM
        "shared_means": (1, 14),  # FT
        "research": (1, 14),  # FX
        "training": (1, 13),  # RC
        "support": (2, 14),  # AF MC
        "funding": (1, 13),  # AR
        "referral": (1, 13),  # RA
        "contracting": (1, 13),  # FR
    }
    assert list(table.index) == list(expected)
    assert table.index.name == "kind"
    assert list(table.columns) == [
        "label", "ties", "possible", "documented", "density", "density_documented", "low", "high",
    ]  # fmt: skip
    for kind, (ties, documented) in expected.items():
        row = table.loc[kind]
        assert (row["ties"], row["possible"], row["documented"]) == (ties, 28, documented), kind
        assert list(row[["density", "density_documented", "low", "high"]]) == pytest.approx(
            [ties / 28, ties / documented, ties / 28, (ties + 28 - documented) / 28]
        )
        if kind != "all":
            assert densities.density(filiere(), kind=kind) == row["density"]


def test_centralization_of_degrees() -> None:
    # degrees F 4 T 2 A 4 M 2 R 3 C 2 B 0 X 1: Σ (4 − d) = 32 − 18 = 14, over 7 · 6
    # high: F tied to all (M, C and B have one more): 56 − 24 = 32; low: all rise to 4 but R, who was asked: 1
    found = central.centralization_measure(filiere())
    assert said(found) == pytest.approx((14 / 42, 1 / 42, 32 / 42))
    reached = [central.centralization(each) for each in completions()]
    assert found.low <= min(reached) < max(reached) == pytest.approx(found.high)
    # in: F 3 T 2 A 4 M 1 R 3 C 2 B 0 X 1; out: F 4 T 2 A 4 M 2 R 2 C 1 B 0 X 1; both 32 − 16 over 7²
    # may arrive: F 3 T 3 M 3 C 4 B 5 X 3. low: all at 4 but R; high: F at 6, 48 − 19
    assert said(central.centralization_measure(filiere(), mode="in")) == pytest.approx(
        (16 / 49, 1 / 49, 29 / 49)
    )
    # may leave: F 3 T 3 M 2 C 5 B 5 X 3. low: all at 4 but R at 2; high: F at 7, 56 − 19
    assert said(central.centralization_measure(filiere(), mode="out")) == pytest.approx(
        (16 / 49, 2 / 49, 37 / 49)
    )
    # only A→F, A→R, M→C: at most 1 arrives, 8 − 3; at most 2 leave (A), 16 − 3
    given = ["support", "funding"]
    assert central.centralization(filiere(), mode="in", kind=given) == pytest.approx(5 / 49)
    assert central.centralization(filiere(), mode="out", kind=given) == pytest.approx(13 / 49)
    assert central.centralization(graph()) == pytest.approx(1 / 3)
    assert central.centralization(digraph(), mode="in") == pytest.approx(16 / 49)


def test_centralization_along_paths() -> None:
    # B reaches nobody; without B, Σ d: F 8 T 11 A 8 M 11 R 9 C 12 X 13, closeness 6/Σ d
    # Σ (6/8 − c) = 21/4 − (3/2 + 12/11 + 2/3 + 1/2 + 6/13) = 1769/1716; in a star of 7, 6 · 5/11
    found = central.centralization_measure(filiere(), mode="closeness", lang="en")
    assert all(math.isnan(each) for each in said(found))
    assert found.note
    linked = [one for one in IDS if one != "boutique"]
    for source in (filiere(), graph()):
        value = central.centralization(source, mode="closeness", actors=linked)
        assert value == pytest.approx(1769 / 1716 * 11 / 30)
    # betweenness (derived in test_worked_positions): 35/6 of F highest, 15 in all: 8 · 35/6 − 15 = 95/3
    # over 7² · 6/2 = 147
    assert central.centralization(filiere(), mode="betweenness") == pytest.approx(95 / 3 / 147)


@pytest.mark.parametrize(
    ("measure", "value", "low", "high"),
    [
        (components.number_of_components_measure, 2, 1, 2),  # all, and B
        (components.largest_component_measure, 7, 7, 8),
        (components.component_ratio_measure, 1 / 7, 0, 1 / 7),
        (connectedness.connectedness_measure, 21 / 28, 21 / 28, 1),  # 7 · 6/2 pairs
        (connectedness.fragmentation_measure, 7 / 28, 0, 7 / 28),
    ],
)
@pytest.mark.parametrize("directed", [False, True])
def test_parts(measure: Callable[..., Any], value: float, low: float, high: float, directed: bool) -> None:
    # with directions as well: F→R→A→F, A→M→C→R, and T and X both ways
    assert said(measure(filiere(), directed=directed)) == pytest.approx((value, low, high))
    assert said(measure(digraph() if directed else graph())) == pytest.approx((value,) * 3)


def test_components() -> None:
    found = components.components(filiere())
    assert list(found.index) == IDS
    assert (found.name, found.index.name) == ("component", "actor_id")
    assert list(found) == [1, 1, 1, 1, 1, 1, 2, 1]


def test_distances() -> None:
    # pairs of the seven: 9 at one tie, 9 at two (FM FC TR TX TM AX AC MR RX), 3 at three (TC MX CX): Σ d = 36
    found = {
        "average": paths.average_distance_measure(filiere()),
        "diameter": paths.diameter_measure(filiere()),
        "compactness": paths.compactness_measure(filiere()),
    }
    assert found["average"].value == pytest.approx(36 / 21)
    assert found["diameter"].value == 3
    assert found["compactness"].value == pytest.approx((9 + 9 / 2 + 3 / 3) / 28)
    near = [nx.global_efficiency(each) for each in completions()]
    assert (found["compactness"].low, found["compactness"].high) == pytest.approx((min(near), max(near)))
    far = [paths.diameter(each) for each in completions()]
    mean = [paths.average_distance(each) for each in completions()]
    for name, reached in (("diameter", far), ("average", mean)):
        assert found[name].low <= min(reached)
        assert math.isnan(found[name].high)  # one tie may link B to the far end
    # along arcs: 16 at one, 17 at two, 8 at three (M T R C→F M T, X…), 1 at four (C→R→A→F→X): Σ d = 78 over 42
    for source in (digraph(), filiere()):
        assert paths.average_distance(source, directed=True) == pytest.approx(78 / 42)
        assert paths.diameter(source, directed=True) == 4
        assert paths.compactness(source, directed=True) == pytest.approx((16 + 17 / 2 + 8 / 3 + 1 / 4) / 56)


def test_transitivity() -> None:
    # Σ d (d − 1)/2 = 6 + 1 + 6 + 1 + 3 + 1 = 18 paths of two ties; triangles FTA and FAR close 3 each
    found = transitivity.transitivity_measure(filiere())
    assert found.value == pytest.approx(6 / 18)
    reached = [nx.transitivity(each) for each in completions()]
    assert found.low <= min(reached) < max(reached) <= found.high
    assert transitivity.transitivity(graph()) == pytest.approx(1 / 3)
    # paths i→j→k by j: F 3 · 4 − 3 = 9, T 2, A 16 − 4 = 12, M 1, R 3 · 2 − 2 = 4, C 1, X 0: 29
    # closed: by F AR AT TA, by T AF FA, by A FR FT TF, by R FA: 9
    for source in (digraph(), filiere()):
        assert transitivity.transitivity(source, directed=True) == pytest.approx(9 / 29)


def test_direction() -> None:
    # of the kinds with a direction: A→F, A→R, R→A, F→R, M→C. AR both ways, three pairs one way
    # unknown for these kinds: what C gives M, and both directions of the 14 other pairs without A and R
    share = reciprocity.dyad_share_measure
    assert said(share(filiere(), state="mutual")) == pytest.approx((1 / 28, 1 / 28, 16 / 28))
    assert said(share(filiere(), state="asymmetric")) == pytest.approx((3 / 28, 2 / 28, 17 / 28))
    assert said(share(filiere(), state="null")) == pytest.approx((24 / 28, 10 / 28, 24 / 28))
    # low: the 14 pairs one way; high: they and MC both ways
    assert said(reciprocity.reciprocity_measure(filiere())) == pytest.approx((2 / 5, 2 / 19, 32 / 34))
    assert said(reciprocity.reciprocity_measure(filiere(), by="dyad")) == pytest.approx(
        (1 / 4, 1 / 18, 16 / 18)
    )
    # in the drawing 7 pairs go both ways, FR and MC do not
    assert reciprocity.reciprocity(digraph()) == pytest.approx(14 / 16)
    assert reciprocity.reciprocity(digraph(), by="dyad") == pytest.approx(7 / 9)
    assert reciprocity.dyad_share(digraph(), state="null") == pytest.approx(19 / 28)


def test_strengths() -> None:
    # FT 3 FA 3 FR 4 FX 1 TA 1 AM 3 AR 4 RC 2 = 21; MC not stated: from 1 to 4, as the ten unknown
    assert said(valued.valued_density_measure(filiere())) == pytest.approx((22 / 28, 22 / 28, 65 / 28))
    assert said(valued.valued_average_degree_measure(filiere())) == pytest.approx((44 / 8, 44 / 8, 130 / 8))
    # low: MC and all unknown ones tied at 1; high: at 4
    assert said(valued.mean_tie_strength_measure(filiere())) == pytest.approx((21 / 8, 32 / 19, 65 / 19))
    # a graph has no scale: MC counts for nothing
    assert valued.valued_density(graph()) == pytest.approx(21 / 28)
    assert valued.mean_tie_strength(graph()) == pytest.approx(21 / 8)


def test_table() -> None:
    table = cohesion_table(filiere(), lang="en")
    assert table.index.name == "figure"
    assert list(table.columns) == ["label", "value", "low", "high", "n_unknown", "note"]
    expected = {
        "ties": 9, "density": 9 / 28, "average_degree": 9 / 4, "degree_centralization": 1 / 3,
        "in_centralization": 16 / 49, "out_centralization": 16 / 49, "components": 2, "largest_component": 7,
        "component_ratio": 1 / 7, "connectedness": 3 / 4, "fragmentation": 1 / 4, "transitivity": 1 / 3,
        "average_distance": 12 / 7, "diameter": 3, "compactness": 29 / 56, "mutuals": 1 / 28,
        "asymmetrics": 3 / 28, "nulls": 24 / 28, "arc_reciprocity": 2 / 5, "dyad_reciprocity": 1 / 4,
    }  # fmt: skip
    assert list(table.index) == list(expected)
    assert dict(table["value"]) == pytest.approx(expected)
    assert (table.loc["ties", "low"], table.loc["ties", "high"]) == (9, 19)
