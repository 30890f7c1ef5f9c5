"""Figures of a redacted diagnostic: what may not be read moves no ribbon, mark or word; what may be read is there.

Two filières that differ in what is hidden only give the same pictures, byte for byte: no width, place, order or
colour tells a secret. The whole diagnostic of the two is the referee: there, each figure differs.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from chaine_valeur import Filiere
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.figures import (
    draw_map,
    draw_network,
    draw_sankey,
    map_alt_text,
    map_data,
    network_alt_text,
    network_data,
    sankey_alt_text,
    sankey_data,
    save,
)
from chaine_valeur.redaction import redact
from tests.figures.builders import written
from tests.redaction.builders import Hidden, guarded_filiere

pytestmark = pytest.mark.long

ONE = Hidden()
#: Another weaver, of another commune, with twenty times as many tonnes.
OTHER = Hidden(tonnes=26333.75, posts=3.25, euros=1377.0, name="Filature Ombelle", siret="44306184100047",
               commune="76384", words="Ombelle cherche un repreneur", column="ne pas rappeler")  # fmt: skip
CENTRES = {
    "territory_id": ["T", "T"], "commune_code": ["76384", "76114"], "commune_name": ["Lillebonne", "Bolbec"],
    "latitude": [49.52, 49.57], "longitude": [0.54, 0.47],
}  # fmt: skip
FIGURES: dict[str, tuple[Any, Any, Any]] = {
    "sankey": (sankey_data, draw_sankey, sankey_alt_text),
    "role": (lambda f, **more: sankey_data(f, by="role", **more), draw_sankey, sankey_alt_text),
    "network": (network_data, draw_network, network_alt_text),
    "map": (map_data, lambda data, **more: draw_map(data, flows=True, **more), map_alt_text),
    "jobs map": (lambda f, **more: map_data(f, value="jobs_fte", **more), draw_map, map_alt_text),
}


def whole(hidden: Hidden) -> Filiere:
    """All that is known, with centres of communes."""
    return guarded_filiere(hidden, territories=CENTRES)


def told(hidden: Hidden, audience: str) -> Filiere:
    """What an audience may read of it; hidden rows do not depend on checks and indicators."""
    return redact(diagnose(whole(hidden), checks=(), indicators=()), audience).filiere


@pytest.fixture(scope="module")
def public() -> tuple[Filiere, Filiere]:
    return told(ONE, "public"), told(OTHER, "public")


@pytest.fixture(scope="module")
def everything() -> tuple[Filiere, Filiere]:
    return whole(ONE), whole(OTHER)


@pytest.fixture(scope="module")
def drawn(public: tuple[Filiere, Filiere]) -> dict[str, Axes]:
    return {name: draw(make(public[0])) for name, (make, draw, _) in FIGURES.items() if name != "role"}


def frames_of(data: Any) -> dict[str, Any]:
    """All that a figure is drawn from, by name."""
    return {each.name: getattr(data, each.name) for each in fields(data)}


def same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    return bool(one == other)


@pytest.mark.parametrize("name", FIGURES)
def test_frames_and_words_do_not_depend_on_what_is_hidden(name: str, public: tuple[Filiere, Filiere]) -> None:
    make, _, tell = FIGURES[name]
    one, other = (frames_of(make(f)) for f in public)
    assert one.keys() == other.keys()
    for part, value in one.items():
        assert same(value, other[part]), part
    assert tell(make(public[0])) == tell(make(public[1]))


@pytest.mark.parametrize("name", FIGURES)
def test_the_referee_of_the_whole_does_tell_them_apart(
    name: str, everything: tuple[Filiere, Filiere]
) -> None:
    make, _, tell = FIGURES[name]
    one, other = (make(f) for f in everything)
    first, second = frames_of(one), frames_of(other)
    assert not all(same(value, second[part]) for part, value in first.items())
    assert tell(one) != tell(other) or name == "role"


@pytest.mark.parametrize("name", ["sankey", "network", "map"])
def test_pictures_are_the_same_to_the_byte(
    name: str, public: tuple[Filiere, Filiere], drawn: dict[str, Axes], tmp_path: Path
) -> None:
    make, draw, _ = FIGURES[name]
    svg = []
    for number, ax in enumerate((drawn[name], draw(make(public[1])))):
        save(ax.figure, tmp_path / f"{number}")
        svg.append((tmp_path / f"{number}.svg").read_bytes())
    assert svg[0] == svg[1]
    text = svg[0].decode()
    # digits are coordinates there; the title and the identifiers of shapes are words
    for secret in (ONE.name, OTHER.name, "vaucanson", "ombelle", ONE.words, ONE.column):
        assert secret not in text, secret


@pytest.mark.parametrize("name", ["sankey", "network", "map", "jobs map"])
def test_no_text_of_a_picture_holds_a_secret(name: str, drawn: dict[str, Axes]) -> None:
    said = " ".join(written(drawn[name]))
    for secret in ONE.spellings:
        assert secret not in said, secret


def test_hidden_ribbons_are_lines_of_unknown_tonnage(
    public: tuple[Filiere, Filiere], drawn: dict[str, Axes]
) -> None:
    data = sankey_data(public[0])
    rows = data.ribbons[data.ribbons["kind"] == "flow"].set_index(["source", "target"])
    # ménages → Collecte SA may be read, and Relais → Atelier; what the weaver gets and gives may not
    assert rows.loc[("gisement", "collecte"), "quantity_t_per_year"] == 100.0
    assert rows.loc[("collecte", "vente"), "quantity_t_per_year"] == 20.0
    for ends in (("collecte", "tissage"), ("tissage", "vente")):
        assert np.isnan(rows.loc[ends, "quantity_t_per_year"]) and rows.loc[ends, "n_unknown"] == 1
    numbers = data.ribbons.index[data.ribbons["quantity_t_per_year"].isna()]
    patches: dict[str, Any] = {str(each.get_gid()): each for each in drawn["sankey"].patches}
    for number in numbers:
        line = patches[f"ribbon-{number + 1}"]
        assert line.get_facecolor()[3] == 0.0 and line.get_linestyle() not in ("-", "solid")
    assert "2 flux de quantité inconnue" in " ".join(written(drawn["sankey"]))


def test_a_hidden_tonnage_opens_no_difference_and_no_missing_stage(
    public: tuple[Filiere, Filiere], everything: tuple[Filiere, Filiere]
) -> None:
    redacted, known = sankey_data(public[0]), sankey_data(everything[0])
    # on the whole: of the weaver t come in and t / 2 leave
    assert known.ribbons["kind"].eq("difference").any()
    assert not redacted.ribbons["kind"].eq("difference").any()
    assert redacted.nodes["state"].tolist() == known.nodes["state"].tolist()
    assert redacted.nodes["node_id"].tolist() == known.nodes["node_id"].tolist()


def test_what_may_not_be_known_of_an_actor_is_not_on_the_map(
    public: tuple[Filiere, Filiere], drawn: dict[str, Axes]
) -> None:
    data = map_data(public[0])
    weaver = data.actors[~data.actors["is_on_map"]]
    assert len(weaver) == 1 and weaver["label"].str.contains("1").all()
    assert weaver[["latitude", "longitude", "value"]].isna().all(axis=None)
    # the flows of the weaver lead off the map, whatever they are
    assert data.n_flows_without_place == 2 and len(data.flows) == 2
    lines = sorted(drawn["map"].texts, key=lambda text: text.get_position()[1])
    said = " ".join(text.get_text() for text in lines)
    assert "1 acteur dont le lieu n’est pas connu (Acteur confidentiel 1)" in said


def test_the_size_of_who_may_be_known_says_only_what_may_be_read(public: tuple[Filiere, Filiere]) -> None:
    data = map_data(public[0])
    values = dict(zip(data.actors["label"], data.actors["value"], strict=True))
    # Collecte SA sent t to the weaver: of it 100 t are told, which it got; Atelier got 20 t and t / 2
    assert (values["Collecte SA"], values["Atelier"], values["Relais"]) == (100.0, 20.0, 20.0)


def test_a_hidden_tie_is_not_drawn_and_not_told_to_be_none(
    public: tuple[Filiere, Filiere], everything: tuple[Filiere, Filiere]
) -> None:
    redacted, known = network_data(public[0]), network_data(everything[0])
    assert len(redacted.nodes) == len(known.nodes)
    labels = redacted.nodes["label"].tolist()
    assert "Acteur confidentiel 1" in labels and ONE.name not in labels
    assert len(redacted.ties) <= len(known.ties)
    assert redacted.possible == known.possible


def test_the_team_sees_everything(everything: tuple[Filiere, Filiere]) -> None:
    team = told(ONE, "internal")
    for name in ("sankey", "network", "map"):
        make, _, _ = FIGURES[name]
        internal = frames_of(make(team))
        for part, value in frames_of(make(everything[0])).items():
            assert same(value, internal[part]), (name, part)


def test_partners_see_the_width_of_what_is_marked_for_them() -> None:
    f = whole(ONE)
    rows = f.flows.assign(confidentiality=[None, "partners", None, None])
    marked = diagnose(f.with_table("flows", rows), checks=(), indicators=())
    found = {}
    for audience in ("public", "partners"):
        ribbons = sankey_data(redact(marked, audience).filiere).ribbons.set_index(["source", "target"])
        found[audience] = ribbons.loc[("collecte", "tissage"), "quantity_t_per_year"]
    assert np.isnan(found["public"]) and found["partners"] == ONE.tonnes
