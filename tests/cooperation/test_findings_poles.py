"""Poles that do not meet: absent told apart from unknown, and which pair to begin with."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.findings.poles import poles_apart
from chaine_valeur.analysis.findings import Finding
from tests.cooperation.hand import TABLES, by_hand
from tests.cooperation.random_filiere import random_filiere
from tests.gaps.counting import fresh, grown, steps

ENTERPRISES, ELECTED, ESS = ["E1", "E2", "E3", "E4"], ["L1", "L2", "L3"], ["S1", "S2"]


def filiere(ties: list[tuple[str, str]], *, asked: list[str] | None = None, **more: Any) -> Filiere:
    """Four enterprises, three elected officials, two ESS actors; everybody asked unless told otherwise."""
    names = [*ENTERPRISES, *ELECTED, *ESS]
    met = names if asked is None else asked
    return Filiere.from_tables(
        actors={
            "name": names,
            "pole": ["enterprise"] * 4 + ["elected"] * 3 + ["ess"] * 2,
            "surveyed_on": ["2024-01-01" if name in met else None for name in names],
        },
        cooperations={
            "actor_id": [one for one, _ in ties],
            "to_actor_id": [other for _, other in ties],
            **more,
        },
    )


def found_in(f: Filiere, **options: Any) -> list[Finding]:
    return list(poles_apart(f, **options))


#: enterprises and elected officials meet, so do elected officials and ESS actors; enterprises and ESS do not
MET = [("E1", "L1"), ("E2", "L1"), ("L1", "S1"), ("L2", "S2")]


def test_no_tie_between_two_poles_that_were_asked() -> None:
    (found,) = found_in(filiere(MET))
    assert (found.kind, found.severity) == ("poles_apart", "medium")
    # E1 and S1 share L1, and so do E2 and S1: the first in the table
    assert found.message == (
        "«\u00a0Entreprises\u00a0» et «\u00a0Économie sociale et solidaire\u00a0»\u00a0: 0 lien connu sur 8 "
        "paires d’acteurs documentées. Pour commencer\u00a0: E1 – S1. L1 travaille avec les deux et peut les "
        "présenter l’un à l’autre."
    )
    assert (found.actor_id, found.to_actor_id) == ("e1", "s1")
    assert found.n_unknown == 0
    # no row speaks of a pair of an enterprise and an ESS actor; those asked do
    assert found.rows == {"actors": ("e1", "e2", "e3", "e4", "s1", "s2")}
    assert math.isnan(found.hypothesis_share) or found.hypothesis_share == 0


def test_absence_told_by_rows_counts_and_is_what_it_rests_on() -> None:
    pairs = list(product(ENTERPRISES, ESS))
    denied = filiere(
        [*MET, *pairs],
        asked=[*ELECTED],
        state=["observed"] * len(MET) + ["absent"] * len(pairs),
        confidence=["declared"] * len(MET) + ["hypothesis"] * 2 + ["declared"] * 6,
    )
    (found,) = found_in(denied)
    assert found.severity == "medium" and "0 lien connu sur 8 paires" in found.message
    assert len(found.rows["cooperations"]) == 8 and "actors" not in found.rows
    assert found.hypothesis_share == pytest.approx(2 / 8)


def test_some_are_not_documented() -> None:
    # only S1 was asked: four of the eight pairs
    (found,) = found_in(filiere(MET, asked=["L1", "L2", "L3", "S1"]), lang="en")
    assert found.message == (
        "“Enterprises” and “Social and solidarity economy”: no known tie among 4 documented pairs of actors. To "
        "begin with: E1 – S1. L1 works with both and could introduce them to each other. 4 more pairs remain to "
        "be asked."
    )
    assert found.n_unknown == 4 and found.severity == "medium"


def test_what_nobody_asked_is_to_be_asked() -> None:
    (found,) = found_in(filiere(MET, asked=ELECTED), lang="en")
    # 21 of the 36 pairs are documented, none of enterprises and ESS
    assert found.message == (
        "“Enterprises” and “Social and solidarity economy”: 0 of the 8 pairs of actors documented, no known tie. "
        "To be met first: S1, S2 and E1."
    )
    assert (found.severity, found.n_unknown, found.actor_id) == ("low", 8, None)
    assert found.rows == {"actors": ("e1", "e2", "e3", "e4", "s1", "s2")}
    # nothing is known of anybody: one finding says so already
    assert found_in(filiere([], asked=[])) == []
    assert found_in(by_hand()) == []  # four pairs at most between two poles, with ties


def test_little_known_and_something_documented() -> None:
    # L3 alone was asked: 8 of 36 pairs documented, and its pairs with enterprises (4 of 12) and ESS (2 of 6)
    (found,) = found_in(filiere([], asked=["L3"]), lang="en")
    assert found.message.startswith("“Enterprises” and “Elected officials”: 4 of the 12 pairs")
    assert found.severity == "low"


def test_far_fewer_than_within() -> None:
    inside = [("E1", "E2"), ("E1", "E3"), ("E2", "E3"), ("E3", "E4"), ("L1", "L2"), ("L2", "L3")]
    f = filiere([*MET, *inside, ("E1", "S1")])
    # enterprises and elected: 2 of 12, against 6 of 6 + 3 within: 0.17 ≥ 0.25 × 0.67; enterprises and ESS: 1 of 8,
    # against 4 of 6 + 1: 0.125 < 0.25 × 0.57 = 0.143
    (found,) = found_in(f, lang="en")
    assert found.message.startswith(
        "“Enterprises” and “Social and solidarity economy”: 1 known tie among 8 documented pairs of actors, "
        "against 4 of 7 within these colleges. To begin with: "
    )
    assert found.severity == "low"
    assert (found.actor_id, found.to_actor_id) == ("e2", "s1")  # through E1 and L1
    assert "E1 and L1 work with both" in found.message
    assert found_in(f, threshold=0.2) == []
    assert len(found_in(f, threshold=0.26)) == 2


def test_few_pairs_say_nothing() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"], "pole": ["enterprise", "ess"], "surveyed_on": ["2024-01-01"] * 2}
    )
    assert found_in(f) == []
    (found,) = found_in(f, fewest=1)
    assert "0 lien connu sur 1 paire d’acteurs documentée. Pour commencer\u00a0: A – B." in found.message


def test_poles_beside_the_triptyque_are_of_low_priority() -> None:
    f = Filiere.from_tables(
        actors={
            "name": ["A", "B", "Labo", "École", "Divers", "Autre"],
            "pole": ["enterprise"] * 2 + ["expertise"] * 2 + ["other"] * 2,
            "surveyed_on": ["2024-01-01"] * 6,
        }
    )
    (found,) = found_in(f, lang="en")  # « other college » is none that could meet
    assert "“Enterprises” and “Expertise and training”" in found.message and found.severity == "low"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("seed", range(4))
def test_against_a_loop(seed: int, lang: str) -> None:
    rows = random_filiere(seed)
    pole = {str(row["actor_id"]): row["pole"] for row in rows.actors}
    found = found_in(rows.f, lang=lang, threshold=0.0, fewest=1, documented=0.0)
    wanted = 0
    names = ["enterprise", "elected", "ess", "expertise", "institution"]
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            pairs = {pair for pair in rows.every_pair() if {pole[who] for who in pair} == {one, other}}
            tied, absent, _ = rows.sort_out(pairs)
            wanted += tied == 0 and absent > 0
    assert len(found) == wanted
    for finding in found:
        assert finding.message.endswith(".") and "{" not in finding.message and " nan" not in finding.message
        assert finding.rows and all(finding.rows.values())
        for table, ids in finding.rows.items():
            assert set(ids) <= set(rows.f.table(table).index)


def test_it_does_not_loop_over_actors() -> None:
    small, large = grown(200), grown(1600)
    assert len(found_in(fresh(small))) == len(found_in(fresh(large))) > 0
    few, many = (
        steps(lambda f=f: found_in(fresh(f)), rooms=("analysis/cooperation",)) for f in (small, large)
    )
    assert few > 0 and many <= 1.02 * few


def test_names_are_told_as_they_are_written() -> None:
    name = "<b>{x}</b> %s =1+1"
    names = [name if one == "E1" else one for one in [*ENTERPRISES, *ELECTED, *ESS]]
    f = filiere(MET)
    told = f.with_table("actors", f.actors.assign(name=names))
    assert name in found_in(told)[0].message
    assert TABLES["actors"]["name"][0] == "Filature"
