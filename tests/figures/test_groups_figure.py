"""Actors by groups as drawn: what stands in which cell, what is not known told apart from none, languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.figures import GroupsData, draw_groups, groups_data, groups_figure, save
from chaine_valeur.figures._groups_signs import POLE_COLOURS, pole_colour
from chaine_valeur.figures._sheet import Heads, glued
from chaine_valeur.vocabulary import Pole

NB = "\u00a0"
LONG = [
    "Communauté de communes du Pays de Caux et de la Vallée de Seine",
    "Association intermédiaire Emploi et Solidarité en Pays d’Auge",
    "Direction régionale de l’économie, de l’emploi, du travail et des solidarités",
    "Mairie de Saint-Pierre-de-Varengeville",
    "Régie de quartier",
]


def small(**changes: Any) -> Filiere:
    """Three groups: the COPIL met twice, the forum once (list lost), the working group is announced only.

    COPIL: Filature came to both, Mairie to the first and nobody knows for the second, Relais to none (it sits
    for expertise, not for its own pole). Labo was invited and does not sit. Forum: Filature; Ancien of unknown
    pole. Isolé sits nowhere.
    """
    tables: dict[str, Any] = {
        "actors": {
            "name": ["Filature", "Mairie", "Relais", "Labo", "Ancien", "Isolé"],
            "pole": ["enterprise", "elected", "ess", "expertise", None, "ess"],
        },
        "groups": {
            "name": ["Forum", "GT « Pose »", "COPIL"],
            "kind": ["forum", "working_group", "steering"],
        },
        "memberships": {
            "group_id": ["COPIL", "COPIL", "COPIL", "Forum", "Forum"],
            "actor_id": ["Filature", "Mairie", "Relais", "Filature", "Ancien"],
            "pole": [None, None, "expertise", None, None],
        },
        "meetings": {
            "group_id": ["COPIL"] * 6 + ["Forum"],
            "met_on": ["2024-01-10"] * 4 + ["2024-06-10"] * 2 + ["2024-03-03"],
            "actor_id": ["Filature", "Mairie", "Relais", "Labo", "Filature", "Relais", None],
            "attended": [True, True, False, True, True, False, None],
        },
    }
    return Filiere.from_tables(**(tables | changes))


def crowd(actors: int, groups: int, seed: int = 4) -> Filiere:
    """As many actors, with long names, as asked for; half the seats taken."""
    random = np.random.default_rng(seed)
    names = [f"{LONG[place % len(LONG)]} n°{NB}{place}" for place in range(actors)]
    poles = random.choice([pole.value for pole in Pole], actors)
    bodies = [f"Groupe de travail « Thème numéro {place} »" for place in range(groups)]
    seats = [(body, name) for name in names for body in bodies if random.random() < 0.5]
    return Filiere.from_tables(
        actors={"name": names, "pole": list(poles)},
        groups={"name": bodies},
        memberships={"group_id": [body for body, _ in seats], "actor_id": [name for _, name in seats]},
        meetings={
            "group_id": [body for body, _ in seats[::2]],
            "met_on": ["2024-03-12"] * len(seats[::2]),
            "actor_id": [name for _, name in seats[::2]],
            "attended": [bool(random.random() < 0.5) for _ in seats[::2]],
        },
    )


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def where(ax: Axes, text: str, nth: int = 0) -> tuple[float, float]:
    found = [each.get_position() for each in ax.texts if each.get_text() == text]
    return float(found[nth][0]), float(found[nth][1])


def marks(ax: Axes, gid: str) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]


def middle(patch: Rectangle) -> tuple[float, float]:
    return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2


def cell(ax: Axes, actor: str, group: str) -> dict[str, Rectangle]:
    """The marks in the row of an actor and the column of a group, by what they are."""
    y, x = where(ax, actor)[1], where(ax, group)[0]
    found = {}
    for gid in ("seat", "guest", "attended", "unknown", "no-meeting"):
        for patch in marks(ax, gid):
            if abs(middle(patch)[1] - y) < 5 and abs(middle(patch)[0] - x) < 40:
                found[gid] = patch
    return found


@pytest.fixture(scope="module")
def ax() -> Axes:
    return groups_figure(small())


# -- rows and columns -----------------------------------------------------------------------------------


def test_columns_stand_by_kind_and_rows_by_pole(ax: Axes) -> None:
    # COPIL, working group, forum: the order of the vocabulary, not that of the table
    assert where(ax, "COPIL")[0] < where(ax, f"GT «{NB}Pose{NB}»")[0] < where(ax, "Forum")[0]
    heights = [where(ax, name)[1] for name in ("Filature", "Mairie", "Relais", "Labo", "Ancien")]
    assert heights == sorted(heights)
    headings = [
        "Entreprises",
        "Élus",
        "Économie sociale et solidaire",
        "Expertise et formation",
        "Collège inconnu",
    ]
    tops = [where(ax, heading)[1] for heading in headings]
    assert all(top < row for top, row in zip(tops, heights, strict=True))
    assert tops == sorted(tops)
    assert "Isolé" not in words(ax)


def test_a_strip_has_the_colour_of_the_pole(ax: Axes) -> None:
    strips = {round(middle(patch)[1], 1): patch.get_facecolor() for patch in marks(ax, "pole")}
    assert len(strips) == 5
    row = min(strips, key=lambda y: abs(y - where(ax, "Mairie")[1]))
    assert strips[row] == Rectangle((0, 0), 1, 1, facecolor=POLE_COLOURS["elected"]).get_facecolor()


def test_every_pole_has_a_colour_of_its_own() -> None:
    assert list(POLE_COLOURS) == [pole.value for pole in Pole]
    colours = {pole_colour(pole) for pole in (*POLE_COLOURS, None)}
    assert len(colours) == len(Pole) + 1


# -- a seat ---------------------------------------------------------------------------------------------


def test_a_bar_is_as_full_as_the_actor_came(ax: Axes) -> None:
    both = cell(ax, "Filature", "COPIL")
    assert set(both) == {"seat", "attended"}
    assert both["attended"].get_width() == pytest.approx(both["seat"].get_width())
    none = cell(ax, "Relais", "COPIL")
    assert set(none) == {"seat"}  # known never to have come: an empty bar, and « 0/2 »
    half = cell(ax, "Mairie", "COPIL")
    assert half["attended"].get_width() == pytest.approx(half["seat"].get_width() / 2)
    assert half["unknown"].get_width() == pytest.approx(half["seat"].get_width() / 2)
    assert half["unknown"].get_x() == pytest.approx(half["attended"].get_x() + half["attended"].get_width())


def test_what_is_not_known_is_hatched(ax: Axes) -> None:
    forum = cell(ax, "Filature", "Forum")
    assert set(forum) == {"seat", "unknown"}
    assert forum["unknown"].get_width() == pytest.approx(forum["seat"].get_width())
    box = forum["unknown"]
    inside = [
        segments
        for each in ax.collections
        if isinstance(each, LineCollection) and len(segments := np.array(each.get_segments()))
        and segments[:, :, 0].min() >= box.get_x() - 0.01
        and segments[:, :, 0].max() <= box.get_x() + box.get_width() + 0.01
        and segments[:, :, 1].min() >= box.get_y() - 0.01
        and segments[:, :, 1].max() <= box.get_y() + box.get_height() + 0.01
    ]  # fmt: skip
    assert len(inside) == 1


def test_figures_stand_beside_the_bars(ax: Axes) -> None:
    beside = {
        text.get_text()
        for text in ax.texts
        if abs(text.get_position()[1] - where(ax, "Relais")[1]) < 2 and text.get_text() != "Relais"
    }
    assert beside == {"0/2*"}  # sits for expertise, its own pole is the ESS
    assert {"2/2", "1/2\u202f?", "?"} <= set(words(ax))


def test_no_meeting_is_a_hollow_bar() -> None:
    found = cell(groups_figure(small(meetings=None)), "Filature", "COPIL")
    assert set(found) == {"no-meeting"}
    assert found["no-meeting"].get_linestyle() != "-"
    assert found["no-meeting"].get_facecolor()[:3] == (1.0, 1.0, 1.0)


def test_one_who_came_without_a_seat_has_a_lower_bar(ax: Axes) -> None:
    guest = cell(ax, "Labo", "COPIL")
    assert set(guest) == {"guest", "attended"}
    assert guest["guest"].get_height() < cell(ax, "Filature", "COPIL")["seat"].get_height()


def test_a_seat_has_the_colour_of_the_pole_it_is_for(ax: Axes) -> None:
    full = cell(ax, "Filature", "COPIL")["attended"].get_facecolor()
    assert full == Rectangle((0, 0), 1, 1, facecolor=POLE_COLOURS["enterprise"]).get_facecolor()
    pale = np.array(cell(ax, "Relais", "COPIL")["seat"].get_facecolor()[:3])
    purple = np.array(Rectangle((0, 0), 1, 1, facecolor=POLE_COLOURS["expertise"]).get_facecolor()[:3])
    assert np.argsort(pale).tolist() == np.argsort(purple).tolist()  # a tint of it
    assert (pale > purple).all()


def test_two_seats_for_two_poles_share_a_cell() -> None:
    f = small(
        memberships={
            "group_id": ["COPIL", "COPIL"],
            "actor_id": ["Filature"] * 2,
            "pole": ["enterprise", "ess"],
        }
    )
    ax = groups_figure(f)
    bars = [each for each in marks(ax, "seat") if abs(middle(each)[1] - where(ax, "Filature")[1]) < 8]
    assert len(bars) == 2
    top, below = sorted(bars, key=lambda each: each.get_y())
    assert top.get_y() + top.get_height() <= below.get_y()
    assert top.get_facecolor() != below.get_facecolor()
    assert "2/2*" in words(ax)


# -- below the columns ----------------------------------------------------------------------------------


def below(ax: Axes, group: str, label: str) -> list[str]:
    """What stands in the column of a group, at the height of a label on the left."""
    x, y = where(ax, group)[0], where(ax, label)[1]
    return [
        text.get_text()
        for text in ax.texts
        if abs(text.get_position()[0] - x) < 2 and abs(text.get_position()[1] - y) < 2
    ]


@pytest.mark.parametrize(
    ("group", "members", "meetings"),
    [("COPIL", "3", "2"), ("Forum", "2", "1"), (f"GT «{NB}Pose{NB}»", "?", "0")],
)
def test_members_and_meetings_stand_below(ax: Axes, group: str, members: str, meetings: str) -> None:
    assert below(ax, group, "Membres") == [members]
    assert below(ax, group, "Réunions connues") == [meetings]


def test_the_triptyque_tells_what_is_missing_from_what_is_unknown(ax: Axes) -> None:
    def states(group: str) -> list[str]:
        x, y = where(ax, group)[0], where(ax, "Triptyque")[1]
        found = [
            (middle(patch)[0], state)
            for state in ("present", "missing", "unknown")
            for patch in marks(ax, f"triptyque-{state}")
            if abs(middle(patch)[0] - x) < 15 and abs(middle(patch)[1] - y) < 3
        ]
        return [state for _, state in sorted(found)]

    # enterprise, elected, ESS; Relais sits for expertise
    assert states("COPIL") == ["present", "present", "missing"]
    # Ancien, of unknown pole, may stand for one of the two that lack, not for both
    assert states("Forum") == ["present", "missing", "missing"]
    assert states(f"GT «{NB}Pose{NB}»") == ["unknown"] * 3
    said = [text for text in words(ax) if text in ("complet", "incomplet", "indéterminé")]
    assert said == ["incomplet", "indéterminé", "incomplet"]


def test_a_group_of_nobody_known_is_hatched_and_says_so(ax: Axes) -> None:
    (column,) = marks(ax, "nobody-known")
    assert middle(column)[0] == pytest.approx(where(ax, f"GT «{NB}Pose{NB}»")[0])
    upright = [text for text in ax.texts if text.get_rotation() == 90]
    assert [text.get_text() for text in upright] == ["aucun membre connu"]


def test_who_sits_nowhere_is_counted(ax: Axes) -> None:
    # Isolé and Labo, who was only invited
    assert "2 autres acteurs ne siègent dans aucun groupe connu." in words(ax)


def test_the_legend_has_only_the_signs_that_are_used(ax: Axes) -> None:
    said = words(ax)
    assert {
        "présence non connue",
        "venu ou convié sans siéger",
        "siège pour un autre collège que le sien",
    } <= set(said)
    assert "aucune réunion connue" not in said
    assert "Institutions et financeurs" not in said
    plain = words(groups_figure(small(meetings=None)))
    assert "aucune réunion connue" in plain
    assert "présence non connue" not in plain


# -- sizes, languages, files ----------------------------------------------------------------------------


@pytest.mark.parametrize(("actors", "groups"), [(5, 3), (20, 8), (40, 8), (12, 20)])
def test_everything_is_legible_and_on_the_page(actors: int, groups: int) -> None:
    ax = groups_figure(crowd(actors, groups), title="Qui siège où")
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6
    assert isinstance(ax.figure, Figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    width, bottom = ax.get_xlim()[1], ax.get_ylim()[0]
    for text in ax.texts:
        box = text.get_window_extent(renderer).transformed(ax.transData.inverted())
        assert box.x0 >= -1 and box.x1 <= width + 1
        assert min(box.y0, box.y1) >= -1 and max(box.y0, box.y1) <= bottom + 1
    states = ("present", "missing", "unknown")
    assert sum(len(marks(ax, f"triptyque-{state}")) for state in states) >= 3 * groups
    for gid in ("seat", "no-meeting"):
        for patch in marks(ax, gid):
            assert patch.get_x() > 0 and patch.get_x() + patch.get_width() <= width


def test_no_two_names_of_rows_run_into_each_other() -> None:
    ax = groups_figure(crowd(30, 4))
    assert isinstance(ax.figure, Figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    left = min(patch.get_x() for patch in marks(ax, "pole"))
    names = [
        text.get_window_extent(renderer)
        for text in ax.texts
        if text.get_horizontalalignment() == "right" and text.get_position()[0] <= left
    ]
    assert len(names) >= 28  # and three below the columns
    order = sorted(names, key=lambda box: -box.y1)
    assert all(here.y0 >= there.y1 - 1.5 for here, there in zip(order[:-1], order[1:], strict=True))


def test_the_most_seated_are_shown_and_the_others_counted() -> None:
    ax = groups_figure(small(), most=2)
    assert {"Filature", "Mairie"} <= set(words(ax))
    assert not {"Relais", "Ancien", "Labo"} & set(words(ax))
    assert any(text.startswith("3 autres acteurs ne sont pas montrés.") for text in words(ax))
    # what stands below the columns counts everybody
    assert below(ax, "COPIL", "Membres") == ["3"]


def test_english() -> None:
    said = words(groups_figure(small(), lang="en", title="$x$"))
    assert {"$x$", "Members", "Recorded meetings", "incomplete", "Enterprises", "no known member"} <= set(
        said
    )
    assert "2 other actors sit in no known group." in said
    french = words(groups_figure(small()))
    names = {
        "Filature",
        "Mairie",
        "Relais",
        "Labo",
        "Ancien",
        "COPIL",
        "Forum",
        f"GT «{NB}Pose{NB}»",
        "Triptyque",
    }
    figures = {text for text in french if not any(c.isalpha() for c in text)}
    assert not (set(said) & set(french)) - names - figures
    with pytest.raises(UnknownNameError):
        groups_figure(small(), lang="de")
    with pytest.raises(UnknownNameError):
        draw_groups(groups_data(small()), lang="de")


def test_axes_that_are_given_are_filled() -> None:
    figure = Figure(figsize=(7, 9))
    ax = figure.add_subplot()
    assert groups_figure(small(), ax=ax) is ax
    assert not ax.axison
    assert not any(text.get_parse_math() for text in ax.texts)
    FigureCanvasAgg(figure).draw()
    tall = ax.get_ylim()[0]
    assert where(ax, "Triptyque")[1] > 0.5 * tall  # rows share the height
    low = Figure(figsize=(7, 1)).add_subplot()
    draw_groups(groups_data(small()), ax=low)
    assert low.get_ylim()[0] > 72  # drawn smaller rather than cut


def test_a_year_and_kinds_can_be_asked_for() -> None:
    f = small(
        memberships={
            "group_id": ["COPIL", "COPIL"],
            "actor_id": ["Filature", "Mairie"],
            "since": [2020, 2025],
        }
    )
    ax = groups_figure(f, year=2024)
    assert below(ax, "COPIL", "Membres") == ["1"]
    assert set(cell(ax, "Mairie", "COPIL")) == {"guest", "attended"}  # came before it sat there
    assert below(groups_figure(f), "COPIL", "Membres") == ["2"]
    assert "Forum" not in words(groups_figure(f, kinds=["steering"]))


def test_no_group_says_so() -> None:
    ax = groups_figure(Filiere.from_tables(actors={"name": ["A"]}))
    assert words(ax)[0].replace("\n", " ").startswith("Aucun groupe n’est décrit")
    assert not ax.patches


def test_groups_without_anybody_are_drawn() -> None:
    ax = groups_figure(small(memberships=None, meetings=None))
    assert {"COPIL", "Forum"} <= set(words(ax))
    assert not marks(ax, "seat")
    assert below(ax, "COPIL", "Membres") == ["?"]


def test_the_frames_are_not_changed() -> None:
    data = groups_data(small())
    before = [frame.copy() for frame in (data.seats, data.groups, data.actors)]
    draw_groups(data)
    for frame, old in zip((data.seats, data.groups, data.actors), before, strict=True):
        pd.testing.assert_frame_equal(frame, old)


def test_the_same_filiere_gives_the_same_file(tmp_path: Path) -> None:
    first, second = (save(groups_figure(small()), tmp_path / name)[1].read_bytes() for name in "ab")
    assert first == second


def test_heads_are_upright_where_columns_are_narrow() -> None:
    assert not Heads.of(["Comité de pilotage"], 60.0, size=7.5).upright
    narrow = Heads.of(["Groupe de travail « Collecte et tri »"] * 3, 13.0, size=7.5)
    assert narrow.upright
    assert len(narrow.words[0].lines) == 1 and narrow.height > 88  # one line has more room
    assert not narrow.words[0].lines[0].endswith("…")
    assert Heads.of([], 60.0, size=7.5).height == 0
    assert glued("GT « Pose »") == f"GT «{NB}Pose{NB}»"


def test_frames_of_other_poles_are_drawn_in_grey() -> None:
    data = groups_data(small())
    seats = data.seats.assign(pole="syndicat")
    actors = data.actors.assign(pole="syndicat")
    ax = draw_groups(GroupsData(seats, data.groups, actors, data.poles))
    assert words(ax).count("syndicat") == 2  # the heading and the legend
