"""Who is in the territory of its filière, of several filières at once: codes, names, both, years, unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.filiere import Filiere
from chaine_valeur.network.local import local_of_many, shared_texts
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.perimeter import local_codes
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.spellings import Texts

IN, OUT, UNKNOWN = 1, 0, -1


def filiere(actors: Mapping[str, Any], *, year: int | None = None, territory: str | None = "caux") -> Filiere:
    """A filière of « caux », which is Yvetot, Doudeville until 2020, and Fauville since 2022; « bray » is Gournay."""
    size = max((len(cells) for cells in actors.values()), default=0)
    return Filiere.from_tables(
        filiere={"name": ["F"], "territory_id": [territory], "reference_year": [year]},
        territories={
            "territory_id": ["caux", "caux", "caux", "bray"],
            "commune_code": ["76758", "76219", "76258", "76312"],
            "commune_name": ["Yvetot", "Doudeville", "Fauville-en-Caux", "Gournay-en-Bray"],
            "since": [None, None, 2022, None],
            "until": [None, 2020, None, None],
        },
        actors={"name": [f"a{place}" for place in range(size)], **actors},
    )


#: name → filière, who is local in it
CASES: dict[str, tuple[Filiere, list[int]]] = {
    # the code decides, whatever the name says: in, in, elsewhere, elsewhere in spite of « Yvetot »
    "codes": (
        filiere({"commune_code": ["76758", "76219", "76312", "14118"], "commune_name": [None, None, None, "Yvetot"]}),
        [IN, IN, OUT, OUT],
    ),
    # without a code a name is looked at, without accents or capitals; every row of the territory has one
    "names": (
        filiere({"commune_name": ["YVETOT", "fauville en caux", "Caen", None]}),
        [IN, IN, OUT, UNKNOWN],
    ),
    # a code of elsewhere stands against « in_territory »; it is asked only where nothing else is known
    "said": (
        filiere({"commune_code": ["14118", None, None, None], "commune_name": [None, "Yvetot", None, None],
                 "in_territory": [True, False, True, False]}),
        [OUT, IN, IN, OUT],
    ),
    # an actor outside is not local, whatever its commune or the cell says
    "outside": (
        filiere({"commune_code": ["76758", None, "76758"], "actor_type": ["outside", "outside", "network"],
                 "in_territory": [True, True, None]}),
        [OUT, OUT, IN],
    ),
    # Doudeville left after 2020, Fauville came in 2022, Yvetot has always been there
    "2019": (filiere({"commune_code": ["76758", "76219", "76258"]}, year=2019), [IN, IN, OUT]),
    "2020": (filiere({"commune_code": ["76758", "76219", "76258"]}, year=2020), [IN, IN, OUT]),
    "2021": (filiere({"commune_code": ["76758", "76219", "76258"]}, year=2021), [IN, OUT, OUT]),
    "2022": (filiere({"commune_code": ["76758", "76219", "76258"]}, year=2022), [IN, OUT, IN]),
    "no year": (filiere({"commune_code": ["76758", "76219", "76258"]}), [IN, IN, IN]),
    # the year that is asked for goes before the one that the filière describes
    "asked": (filiere({"commune_code": ["76758", "76219", "76258"]}, year=2022).at(2019), [IN, IN, OUT]),
    # names of communes that left are no longer those of the territory either
    "names of 2023": (filiere({"commune_name": ["Doudeville", "Fauville-en-Caux"]}, year=2023), [OUT, IN]),
    # the same communes seen from another territory
    "bray": (filiere({"commune_code": ["76758", "76312"]}, territory="bray"), [OUT, IN]),
    # no territory: nothing is known, not even what the cell says; the outside stays outside
    "unbounded": (
        filiere({"commune_code": ["76758", None, None], "in_territory": [None, True, None],
                 "actor_type": [None, None, "outside"]}, territory=None),
        [UNKNOWN, UNKNOWN, OUT],
    ),
    "nobody": (filiere({"commune_code": []}), []),
}  # fmt: skip


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres({name: f for name, (f, _) in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_alone(name: str) -> None:
    f, expected = CASES[name]
    assert f.is_local().astype("Int8").fillna(-1).tolist() == expected
    assert f.network.local.tolist() == expected


def test_all_at_once(p: Portfolio) -> None:
    found = p.core.local
    assert found.dtype == np.int8
    offsets = p.offsets("actors")
    for place, (name, (_, expected)) in enumerate(CASES.items()):
        assert found[offsets[place] : offsets[place + 1]].tolist() == expected, name


def test_a_territory_does_not_reach_into_the_next_filiere() -> None:
    """One name of a territory, other communes: each filière has its own."""
    one = filiere({"commune_code": ["76758", "14118"], "commune_name": [None, "Bolbec"]})
    other = Filiere.from_tables(
        filiere={"name": ["G"], "territory_id": ["caux"]},
        territories={"territory_id": ["caux"], "commune_code": ["14118"], "commune_name": ["Caen"]},
        actors={"name": ["a", "b", "c"], "commune_code": ["76758", "14118", None],
                "commune_name": [None, None, "Yvetot"]},
    )  # fmt: skip
    for filieres, expected in (({"x": one, "y": other}, [IN, OUT, OUT, IN, OUT]),
                               ({"y": other, "x": one}, [OUT, IN, OUT, IN, OUT])):  # fmt: skip
        assert Portfolio.from_filieres(filieres).core.local.tolist() == expected


def test_a_perimeter_of_other_years_is_taken_whole() -> None:
    """No commune stands in 1990: better all of them than none."""
    f = Filiere.from_tables(
        filiere={"name": ["F"], "territory_id": ["t"], "reference_year": [1990]},
        territories={"territory_id": ["t", "t"], "commune_code": ["76758", "76219"], "since": [2000, 2010],
                     "until": [2009, None]},
        actors={"name": ["a", "b", "c"], "commune_code": ["76758", "76219", "14118"]},
    )  # fmt: skip
    p = Portfolio.from_filieres({"1990": f, "2005": f.at(2005), "2010": f.at(2010)})
    assert p.core.local.tolist() == [IN, IN, OUT, IN, OUT, OUT, OUT, IN, OUT]


# -- tables that no file could give -------------------------------------------------------------------


class Given:
    """Tables of several filières as they are given: rows of each filière, one list after the other."""

    def __init__(self, rows: Mapping[str, list[list[dict[str, Any]]]], *, asked: list[int]) -> None:
        self.n_filieres = len(asked)
        self.asked_years = np.array(asked, dtype=np.int32)
        self.rows = rows

    def column(self, name: str, column: str) -> pd.Series:
        cells = [row.get(column) for of_one in self.rows[name] for row in of_one]
        if column in ("since", "until", "reference_year"):
            return pd.Series(cells, dtype="Int64")
        return pd.Series(cells, dtype="boolean" if column == "in_territory" else "str")

    def texts(self, name: str, column: str) -> Texts:
        return Texts.of(self.column(name, column))

    def offsets(self, name: str) -> np.ndarray:
        return np.cumsum([0, *map(len, self.rows[name])])

    def codes(self, name: str, column: str) -> np.ndarray:
        raise NotImplementedError

    def local(self) -> np.ndarray:
        return local_of_many(self)


def of(code: str | None = None, name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"commune_code": code, "commune_name": name, **more}


#: communes of the territory, actors, who is local
UNCODED: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], list[int]]] = {
    # a commune without a code is known by its name even of an actor that has a code, and one with a code is not
    "one without a code": (
        [of("1", "Aa"), of(None, "Bb")],
        [of("9", "bb"), of("9", "aa"), of(None, "aa"), of("1"), of("9"), of(None, "Cc")],
        # the code 9 may be that of Bb: unknown without a name; « Cc » is none of the two names
        [IN, OUT, IN, IN, UNKNOWN, OUT],
    ),
    # a commune without a name leaves open whether a name is hers
    "one without a name": (
        [of("1", None), of("2", "Bb")],
        [of(None, "Bb"), of(None, "Cc"), of("1", "Zz"), of("3", "Bb")],
        [IN, UNKNOWN, IN, OUT],
    ),
    # nothing is known of the commune: nobody is known to be elsewhere
    "one without either": (
        [of()],
        [of("1", "Aa"), of(), of("1", in_territory=False)],
        [UNKNOWN, UNKNOWN, OUT],
    ),
    # a territory without a commune holds nobody: whoever says where it is, is elsewhere
    "empty": ([], [of("1"), of(None, "Aa"), of()], [OUT, OUT, UNKNOWN]),
}


def given(names: list[str]) -> Given:
    communes = [[{"territory_id": "t", **row} for row in UNCODED[name][0]] for name in names]
    return Given(
        {
            "filiere": [[{"territory_id": "t"}] for _ in names],
            "territories": [[*rows, of("99", "Elsewhere", territory_id="u")] for rows in communes],
            "actors": [UNCODED[name][1] for name in names],
        },
        asked=[NO_YEAR] * len(names),
    )


@pytest.mark.parametrize("name", UNCODED)
def test_communes_of_which_little_is_known(name: str) -> None:
    tables = given([name])
    assert local_of_many(tables).tolist() == UNCODED[name][2]
    frames = {
        part: pd.DataFrame({column: tables.column(part, column) for column in columns})
        for part, columns in (
            ("territories", ["territory_id", "commune_code", "commune_name"]),
            ("actors", ["commune_code", "commune_name", "in_territory", "actor_type"]),
        )
    }
    rows = frames["territories"][frames["territories"]["territory_id"] == "t"]
    plain = local_codes(frames["actors"], rows)
    said = tables.column("actors", "in_territory").to_numpy(np.int8, na_value=-1)
    assert np.where(plain < 0, said, plain).tolist() == UNCODED[name][2]


def test_they_stand_side_by_side() -> None:
    names = list(UNCODED)
    for order in (names, names[::-1]):
        assert local_of_many(given(order)).tolist() == [cell for name in order for cell in UNCODED[name][2]]


def test_years_that_are_asked_for_and_years_that_are_said() -> None:
    rows = [[of("1", territory_id="t", since=2000, until=2009), of("2", territory_id="t", since=2010)]] * 3
    tables = Given(
        {
            # the first row that says a year, and the first that names a territory, are those that count
            "filiere": [
                [
                    {"territory_id": None},
                    {"territory_id": "t", "reference_year": 2005},
                    {"territory_id": "u"},
                ],
                [{"territory_id": "t", "reference_year": 2005}, {"reference_year": 2015}],
                [{"territory_id": "t", "reference_year": 2005}],
            ],
            "territories": rows,
            "actors": [[of("1"), of("2")]] * 3,
        },
        asked=[NO_YEAR, NO_YEAR, 2012],
    )
    assert tables.local().tolist() == [IN, OUT, IN, OUT, OUT, IN]


def test_texts_that_both_tables_hold() -> None:
    tables = given(["one without a code"])
    numbers, theirs, size = shared_texts(tables, "commune_name", np.array([1, 0]), folded=True)
    # « bb aa aa . . Cc » of the actors; Bb and Aa of the two rows
    assert numbers.tolist() == [0, 1, 1, -1, -1, 2]
    assert theirs.tolist() == [0, 1]
    assert size > max(numbers)
    exact, others, _ = shared_texts(tables, "commune_name", np.array([1, 0]))
    assert not set(exact.tolist()) & set(others.tolist())  # « bb » is not « Bb »
