"""Who is there, where, with what money and what was heard: told once more in plain Python, and told once only."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.report.actors import actors_section
from chaine_valeur.report.barriers import barriers_section, observations_grid
from chaine_valeur.report.blocks import Grid, Section
from chaine_valeur.report.funding import funding_section
from chaine_valeur.report.funding_after import after_blocks
from chaine_valeur.report.plan_money import euros_cell
from chaine_valeur.report.territory import territory_section
from tests.report.builders import grid, paragraphs
from tests.report.readers import plain

NAMES = ["A", "B", "C", "D", "E"]
CODES = {"76001": "Un", "76002": "Deux", "76003": "Trois", "75056": "Loin"}


def made(**tables: Any) -> Filiere:
    return Filiere.from_tables(**{"actors": {"name": NAMES}, "stages": {"name": ["Tri"]}, **tables})


def told(f: Filiere, lang: str = "en") -> Diagnosis:
    return diagnose(f, lang=lang, checks=[], indicators=[])


def captions(section: Section) -> list[str]:
    return [block.caption for block in section.blocks if isinstance(block, Grid)]


# -- actors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # nobody can cooperate: no table of colleges with a head and no row
        ({"actor_type": ["diffuse"] * 5, "roles": ["supplier"] * 5}, ["Actors by stage", "Actors by role"]),
        ({"status": ["closed"] * 5}, ["Actors by stage"]),
        ({}, ["Actors by stage", "Actors by role", "Actors by college"]),
    ],
)
def test_no_table_is_a_head_alone(columns: dict[str, Any], expected: list[str]) -> None:
    section = actors_section(told(made(actors={"name": NAMES} | columns)))
    assert captions(section) == expected
    assert all(block.rows for block in section.blocks if isinstance(block, Grid))


@pytest.mark.parametrize("name", ["textiles_france_2020", "lin_composite"])
def test_the_examples_have_no_table_without_rows(name: str) -> None:
    section = actors_section(told(datasets.load(name), "fr"))
    assert all(block.rows for block in section.blocks if isinstance(block, Grid))
    assert ("Acteurs par collège" in captions(section)) is (name == "lin_composite")
    # twelve diffuse groups, none of which can cooperate: « 0 peut » is no French
    assert ("aucun ne peut coopérer" in paragraphs(section)[0]) is (name == "textiles_france_2020")


ROLES = ["supplier", "transformer", "buyer"]


@given(
    st.lists(st.lists(st.sampled_from(ROLES), max_size=3, unique=True), min_size=5, max_size=5),
    st.lists(st.sampled_from([None, "closed", "planned"]), min_size=5, max_size=5),
)
@settings(max_examples=8)
def test_roles_are_those_of_a_plain_loop(roles: list[list[str]], status: list[str | None]) -> None:
    f = made(actors={"name": NAMES, "roles": [";".join(one) or None for one in roles], "status": status})
    section = actors_section(told(f))
    expected = []
    for role in ROLES:
        mine = [
            n for n, held, state in zip(NAMES, roles, status, strict=True) if role in held and state is None
        ]
        expected += [(role, mine)] if mine else []
    silent = [n for n, held, state in zip(NAMES, roles, status, strict=True) if not held and state is None]
    expected += [("", silent)] if silent else []
    if not expected:
        assert "Actors by role" not in captions(section)
        return
    rows = grid(section, "Actors by role")
    assert [row[1] for row in rows] == [str(len(mine)) for _, mine in expected]
    assert [row[2].replace(" and ", ", ").split(", ") for row in rows] == [mine for _, mine in expected]
    assert (rows[-1][0] == "Not given") is bool(silent)


def test_who_is_where_is_told_in_one_section() -> None:
    f = datasets.load("exemple_complet")
    actors, places = actors_section(told(f)), territory_section(told(f))
    assert places is not None
    assert "outside" not in paragraphs(actors)[0] and "unknown" not in paragraphs(actors)[0]
    active = f.network.active
    counts = [str(int(((f.network.local == code) & active).sum())) for code in (1, 0, -1)]
    (own,) = [row for block in places.blocks if isinstance(block, Grid) and "Territories" in block.caption
              for row in block.rows if row[2].text == "that of the filière"]  # fmt: skip
    assert [cell.text for cell in own][-3:] == counts
    # without any territory there is no such section, and the actors say why nothing local is told
    nowhere = made()
    assert territory_section(told(nowhere)) is None
    assert paragraphs(actors_section(told(nowhere)))[0].endswith(
        "No territory is given: what is local cannot be told."
    )
    # where a territory stands that is not its own, the section on the territory says so, and nobody else
    other = made(territories={"territory_id": ["x"], "commune_code": ["76001"]})
    places = territory_section(told(other))
    assert places is not None and "cannot be told" in paragraphs(places)[0]
    assert "cannot be told" not in paragraphs(actors_section(told(other)))[0]


def test_a_territory_of_which_no_commune_is_of_the_year_still_tells_who_is_where() -> None:
    f = made(
        filiere={"name": ["L"], "territory_id": ["val"]},
        territories={"territory_id": ["val"], "commune_code": ["76001"], "since": [2010], "until": [2012]},
        actors={"name": NAMES, "commune_code": ["76001", None, None, None, None]},
    ).at(2020)
    places = territory_section(told(f))
    assert places is not None
    (table,) = [
        block for block in places.blocks if isinstance(block, Grid) and "Territories" in block.caption
    ]
    active = f.network.active
    counts = [str(int(((f.network.local == code) & active).sum())) for code in (1, 0, -1)]
    assert [cell.text for cell in table.rows[0]][-3:] == counts
    assert sum(map(int, counts)) == len(NAMES)


# -- communes -------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from([*CODES, None]), min_size=5, max_size=5),
    st.lists(st.sampled_from([None, "ACI", "company"]), min_size=5, max_size=5),
)
@settings(max_examples=8)
def test_communes_are_those_of_a_plain_loop(codes: list[str | None], kinds: list[str | None]) -> None:
    mine = list(CODES)[:3]
    f = made(
        filiere={"name": ["L"], "territory_id": ["val"]},
        territories={
            "territory_id": ["val"] * 3,
            "commune_code": mine,
            "commune_name": [CODES[one] for one in mine],
        },
        actors={"name": NAMES, "commune_code": codes, "structure_kind": kinds},
        activities={"actor_id": ["A", "B"], "stage_id": ["Tri", "Tri"]},
    )
    section = territory_section(told(f))
    assert section is not None
    counts = {code: codes.count(code) for code in mine if code in codes}
    if not counts:
        assert "Actors by commune of the territory" not in captions(section)
        return
    rows = grid(section, "Actors by commune of the territory")
    shown = sorted(counts, key=lambda code: -counts[code])
    assert [row[:2] for row in rows[: len(shown)]] == [[CODES[code], str(counts[code])] for code in shown]
    for code, row in zip(shown, rows, strict=False):
        insertion = sum(at == code and kind == "ACI" for at, kind in zip(codes, kinds, strict=True))
        assert row[2] == str(insertion)
        held = any(at == code for at in codes[:2])
        assert row[3] == ("Tri" if held else "")
    rest = len(mine) - len(shown)
    assert len(rows) == len(shown) + (rest > 0)
    if rest:
        assert rows[-1] == [f"{rest} other commune" + "s" * (rest > 1), "0", "0", ""]


@pytest.mark.parametrize(
    ("year", "said", "unsaid"),
    [
        # Deux joins in 2015, Trois in 2020; Quatre is there up to 2018
        (2012, [], ["joined", "left"]),
        (2016, ["1 commune joined it (2015)."], ["2020", "left"]),
        (2018, ["1 commune joined it (2015)."], ["left"]),  # 2018 is its last year: it is still there
        (2019, ["1 commune joined it (2015).", "1 commune left it (last year: 2018)."], ["2020"]),
        (2024, ["2 communes joined it (2015 and 2020).", "1 commune left it (last year: 2018)."], []),
    ],
)
def test_changes_are_told_up_to_the_year_of_the_report(year: int, said: list[str], unsaid: list[str]) -> None:
    f = made(
        filiere={"name": ["L"], "territory_id": ["val"], "reference_year": [year]},
        territories={
            "territory_id": ["val"] * 4,
            "commune_code": ["76001", "76002", "76003", "76004"],
            "since": [2010, 2015, 2020, 2010],
            "until": [None, None, None, 2018],
        },
    )
    section = territory_section(told(f))
    assert section is not None
    text = paragraphs(section)[0]
    assert all(one in text for one in said) and not any(one in text for one in unsaid)
    communes = {2012: 2, 2016: 3, 2018: 3, 2019: 2, 2024: 3}[year]
    assert f"{communes} communes in {year}" in text


# -- money ----------------------------------------------------------------------------------------------

AMOUNT = st.one_of(st.none(), st.integers(0, 90_000))
LINE = st.tuples(
    st.sampled_from(["A", "B", None]), st.sampled_from(["study", "animation", None]),
    st.sampled_from(["paid", "granted", "requested", None]), AMOUNT,
)  # fmt: skip


def in_words(known: list[int], unknown: int) -> str:
    """Return the cell of a sum: empty without a row, « unknown » without an amount, « ≥ » where one is missing."""
    if not known and not unknown:
        return ""
    return "unknown" if not known else ("≥ " if unknown else "") + f"{sum(known):,}"


@given(st.lists(LINE, min_size=1, max_size=6))
@settings(max_examples=10)
def test_totals_of_resources_and_expenses_are_those_of_a_plain_loop(lines: list[tuple[Any, ...]]) -> None:
    funder, purpose, state, amount = (list(column) for column in zip(*lines, strict=True))
    f = made(funding={"scope": ["filiere"] * len(lines), "funder_id": funder, "purpose": purpose, "state": state,
                      "amount_eur": amount})  # fmt: skip
    section = funding_section(told(f))
    assert section is not None
    (table,) = [
        b for b in section.blocks if isinstance(b, Grid) and b.caption.startswith("Funding by funder")
    ]
    heads: dict[str, list[str | None]] = {
        "Paid (€)": ["paid"],
        "Granted (€)": ["granted"],
        "State not stated (€)": [None],
        "Granted or paid (€)": ["paid", "granted", None],
        "Only requested (€)": ["requested"],
    }
    labels = [column.label for column in table.columns]
    last = {
        label: plain(cell.text).replace("\u202f", " ")
        for label, cell in zip(labels, table.rows[-1], strict=True)
    }
    for head, states in heads.items():
        mine = [value for value, one in zip(amount, state, strict=True) if one in states]
        known = [value for value in mine if value is not None]
        assert last.get(head, "") == in_words(known, len(mine) - len(known))
    bars = {(a, b) for a, b, *_ in lines}
    several = len({b for _, b in bars}) > 1
    assert len(table.rows) == len(bars) + (len(bars) > 1) + (len({b for _, b in bars}) + 1 if several else 0)
    if several:  # both totals are of the same money
        first = next(row for row in table.rows if row[0].text == "Total resources")
        assert [cell.text for cell in first[1:]] == [cell.text for cell in table.rows[-1][1:]]


@pytest.mark.parametrize(
    ("amount", "shown"), [(0.5, "1"), (1.5, "2"), (2.5, "3"), (2_499.49, "2,499"), (0.0, "0")]
)
def test_euros_are_rounded_half_up(amount: float, shown: str) -> None:
    f = made(funding={"scope": ["filiere"], "funder_id": ["A"], "purpose": ["study"], "state": ["paid"],
                      "amount_eur": [amount]})  # fmt: skip
    section = funding_section(told(f))
    assert section is not None
    (table,) = [
        b for b in section.blocks if isinstance(b, Grid) and b.caption.startswith("Funding by funder")
    ]
    assert shown in [cell.text for cell in table.rows[0]]
    assert paragraphs(section)[0] == f"This filière: {shown} € granted or paid."
    assert euros_cell(amount, "en") == shown


@pytest.mark.parametrize(
    ("reached", "shown"),
    [(3, ""), (4, ""), (5, "5 persons"), (0, "0 person"), (None, "")],
)
def test_few_persons_are_not_told_beside_the_money(reached: int | None, shown: str) -> None:
    f = made(
        funding={
            "scope": ["filiere"],
            "funder_id": ["A"],
            "state": ["paid"],
            "until": [2024],
            "amount_eur": [10],
        },
        outcomes={
            "scope": ["filiere"],
            "unit": ["person"],
            "reached": [reached],
            "target": [9],
            "year": [2024],
        },
    )
    (table,) = [block for block in after_blocks(f, "en") if isinstance(block, Grid)]
    text = " ".join(plain(cell.text) for cell in table.rows[0])
    assert shown in text
    assert reached not in (3, 4) or f"{reached} person" not in text


# -- what was heard -------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Tri", "Filature", None]), st.sampled_from(["brake", "lever", None]),
            st.sampled_from([None, "declared", "hypothesis"]), st.sampled_from([None, "selon une source"]),
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
@settings(max_examples=10)
def test_what_was_heard_is_counted_and_ordered_as_a_plain_loop_does(rows: list[tuple[Any, ...]]) -> None:
    stage, kind, confidence, hypothesis = (list(column) for column in zip(*rows, strict=True))
    f = made(
        stages={"name": ["Filature", "Tri"], "rank": [2, 1]},
        observations={"text": [f"t{n}" for n in range(len(rows))], "stage_id": stage, "kind": kind,
                      "confidence": confidence, "hypothesis": hypothesis},
    )  # fmt: skip
    section = barriers_section(told(f))
    assert section is not None
    order = sorted(
        range(len(rows)),
        key=lambda n: (["Tri", "Filature", None].index(stage[n]), ["brake", "lever", None].index(kind[n]), n),
    )
    table = observations_grid(f, "en")
    labels = [column.label for column in table.columns]
    (place,) = [
        at for at, label in enumerate(labels) if all(row[at].text.startswith("t") for row in table.rows)
    ]
    assert [row[place].text for row in table.rows] == [f"t{n}" for n in order]
    lead = paragraphs(section)[0]
    brakes, levers = kind.count("brake"), kind.count("lever")
    assert (
        f"{brakes} obstacle{'s' * (brakes != 1)}" in lead and f"{levers} lever{'s' * (levers != 1)}" in lead
    )
    # a hypothesis is one that is called so, or whose text is given and nothing on how sure it is
    guesses = sum(c == "hypothesis" or (c is None and h is not None)
                  for c, h in zip(confidence, hypothesis, strict=True))  # fmt: skip
    assert ("hypothes" in lead) is (guesses > 0)
    assert not guesses or f"{guesses} of them" in lead
    marked = (
        sum(row[-1].text.startswith("Hypothesis") for row in table.rows) if labels[-1] == "Confidence" else 0
    )
    assert marked == guesses or labels[-1] != "Confidence"


def test_a_filiere_of_nothing_but_names_says_what_is_missing() -> None:
    f = Filiere.from_tables(actors=pd.DataFrame({"name": ["Relais"]}))
    d = told(f, "fr")
    assert funding_section(d) is None and barriers_section(d) is None and territory_section(d) is None
    assert after_blocks(f, "fr") == []
    assert captions(actors_section(d)) == ["Acteurs par rôle", "Acteurs par collège"]
