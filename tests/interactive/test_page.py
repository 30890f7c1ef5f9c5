"""The page from neutral frames: what it holds, and that no name becomes more than text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import UnknownNameError, UnreadableFileError
from chaine_valeur.interactive import page as page_module
from chaine_valeur.interactive.page import page
from tests.interactive.neutral import HOSTILE, column, data_of, edge, frames, node


def small(**given: Any) -> str:
    nodes = [
        node("a", "Relais", roles=("supplier",), column_id="s1", details=(("Commune", "Bolbec"),)),
        node("b", "Filature", roles=("transformer", "buyer"), column_id="s2"),
        node("c", "Mairie", roles=("territorial",)),
        node("g", "COPIL", kind="group"),
    ]
    edges = [
        edge("a", "b", quantity_t_per_year=100.0, text="fibres, 100 t/an"),
        edge("a", "b", quantity_t_per_year=20.0, text="fils, 20 t/an", is_hypothesis=True, doubt="hypothèse"),
        edge("b", "c", layer="cooperation", relation="cooperation:support", directed=True),
        edge("c", "g", layer="group", relation="group", directed=False),
    ]
    columns = [column("s1", 0), column("s2", 1), column("s3", 2, missing=True, note="Maillon tenu")]
    roles = {"supplier": "Fournisseur", "transformer": "Transformateur", "funder": "Financeur",
             "buyer": "Acheteur", "territorial": "Acteur territorial"}  # fmt: skip
    return page(*frames(nodes, edges, columns), title="Textiles", roles=roles, **given)


class Tags(HTMLParser):
    """Every tag with its attributes, and what stands inside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def outside_scripts(html: str) -> str:
    return re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)


# -- what the page holds ------------------------------------------------------------------------------


def test_every_card_line_and_column_is_there() -> None:
    data = data_of(small())
    assert [each["label"] for each in data["nodes"]] == ["Relais", "Filature", "Mairie", "COPIL"]
    # the two flows from Relais to Filature are one line that stands for two rows
    lines = [
        (each["from"], each["to"], each["cv"]["layer"], len(each["cv"]["rows"])) for each in data["edges"]
    ]
    assert lines == [(1, 2, "flow", 2), (2, 3, "cooperation", 1), (3, 4, "group", 1)]
    assert [each["missing"] for each in data["columns"]] == [False, False, True]
    assert [each["cv"]["column"] for each in data["nodes"]] == ["s1", "s2", "", ""]


def test_parallel_flows_add_up_and_keep_their_rows() -> None:
    line = data_of(small())["edges"][0]["cv"]
    assert line["amount"] == "120\u00a0t"  # 100 + 20
    assert [row["text"] for row in line["rows"]] == ["fibres, 100 t/an", "fils, 20 t/an"]
    assert [row["doubt"] for row in line["rows"]] == ["", "hypothèse"]
    assert line["dashes"] is False  # one of the two rows is no hypothesis


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [([5.0], "5\u00a0t"), ([5.0, np.nan], "5\u00a0t + ?"), ([np.nan], "?"), ([0.0], "0\u00a0t")],
)
def test_unknown_is_said_and_is_not_zero(amounts: list[float], shown: str) -> None:
    flows = [edge("a", "b", quantity_t_per_year=amount) for amount in amounts]
    data = data_of(page(*frames([node("a"), node("b")], flows), title="x"))
    assert data["edges"][0]["cv"]["amount"] == shown


def test_a_line_is_dashed_when_all_its_rows_are_hypotheses() -> None:
    flows = [edge("a", "b", is_hypothesis=True), edge("b", "a", is_hypothesis=True), edge("b", "a")]
    data = data_of(page(*frames([node("a"), node("b")], flows), title="x"))
    assert [bool(each["cv"]["dashes"]) for each in data["edges"]] == [True, False]


def test_the_width_of_a_flow_grows_with_the_root_of_its_tonnage() -> None:
    flows = [edge("a", "b", quantity_t_per_year=q) for q in (100.0,)]
    flows += [edge("b", "c", quantity_t_per_year=25.0), edge("c", "a")]
    data = data_of(page(*frames([node("a"), node("b"), node("c")], flows), title="x"))
    whole, quarter, unknown = (each["cv"]["width"] for each in data["edges"])
    assert whole - unknown == pytest.approx(2 * (quarter - unknown))  # √(25 / 100) = 1/2
    assert unknown > 0


def test_an_undirected_tie_told_from_both_sides_is_one_line() -> None:
    both = [
        edge("a", "b", layer="cooperation", relation="k", directed=False),
        edge("b", "a", layer="cooperation", relation="k", directed=False),
        edge("b", "a", layer="cooperation", relation="other", directed=True),
    ]
    data = data_of(page(*frames([node("a"), node("b")], both), title="x"))
    assert [(each["from"], each["to"], len(each["cv"]["rows"])) for each in data["edges"]] == [
        (1, 2, 2),
        (2, 1, 1),
    ]
    # drawn beside one another, not on top
    assert len({each["cv"]["smooth"]["roundness"] for each in data["edges"]}) == 2


def test_ends_of_lines_tell_the_layers_apart_without_colour() -> None:
    data = data_of(small())
    flow, cooperation, group = (each["cv"]["ends"] for each in data["edges"])
    assert set(flow) == {"to"}
    assert cooperation["from"]["type"] == "circle"
    assert group == {}


def test_roles_keep_the_sign_of_their_place_and_count_their_holders() -> None:
    roles = data_of(small())["roles"]
    assert [(each["code"], each["label"], each["sign"], each["count"]) for each in roles] == [
        ("supplier", "Fournisseur", 0, 1),
        ("transformer", "Transformateur", 1, 1),
        ("buyer", "Acheteur", 3, 1),  # 2 is the financer's, whom nobody is: not shown, not given away
        ("territorial", "Acteur territorial", 4, 1),
    ]


def test_a_role_that_nobody_declared_still_shows() -> None:
    data = data_of(page(*frames([node("a", roles=("odd",))]), title="x", roles={"supplier": "Fournisseur"}))
    assert [(each["code"], each["sign"]) for each in data["roles"]] == [("odd", 1)]


def test_relations_are_counted_flows_first_groups_last() -> None:
    relations = data_of(small())["relations"]
    assert [(each["code"], each["count"]) for each in relations] == [
        ("flow", 2),
        ("cooperation:support", 1),
        ("group", 1),
    ]


def test_an_actor_with_several_cards_is_one_subject() -> None:
    cards = [node("a", column_id="s1"), node("a2", actor_id="a", column_id="s2"), node("a", kind="group")]
    cards[2]["node_id"] = "group a"
    data = data_of(page(*frames(cards, [], [column("s1", 0), column("s2", 1)]), title="x"))
    assert [each["cv"]["subject"] for each in data["nodes"]] == [0, 0, 1]


def test_the_legend_speaks_of_what_occurs_and_of_nothing_else() -> None:
    signs = [entry["sign"] for entry in data_of(small())["key"]]
    assert signs == ["missing"]
    cards = [node("a", is_insertion=True), node("b", is_doubtful=True)]
    flows = [
        edge("a", "b", quantity_t_per_year=1.0, is_hypothesis=True),
        edge("b", "a", quantity_t_per_year=2.0),
    ]
    signs = [entry["sign"] for entry in data_of(page(*frames(cards, flows), title="x"))["key"]]
    assert signs == ["insertion", "doubtful", "hypothesis", "width"]


def test_amounts_are_written_at_first_only_on_a_map_that_has_room() -> None:
    few = frames([node("a"), node("b")], [edge("a", "b", quantity_t_per_year=1.0)])
    assert data_of(page(*few, title="x"))["quantities"] is True
    names = [node(str(i)) for i in range(60)]
    many = [edge(str(i), str(i + 1), quantity_t_per_year=1.0) for i in range(59)]
    data = data_of(page(*frames(names, many), title="x"))
    assert (data["quantities"], data["has_amounts"]) == (False, True)
    assert data_of(page(*frames([node("a")]), title="x"))["has_amounts"] is False


def test_an_empty_map_is_a_page_too() -> None:
    data = data_of(page(*frames([]), title="Rien"))
    assert (data["nodes"], data["edges"], data["columns"]) == ([], [], [])
    assert all(np.isfinite(value) for value in data["bounds"].values())


def test_a_card_without_a_name_does_not_show_its_key() -> None:
    nodes, edges, columns = frames([node("secret-key")])
    nodes["label"] = ""
    assert data_of(page(nodes, edges, columns, title="x"))["nodes"][0]["label"] == "—"


def test_numpy_values_and_odd_identifiers_are_accepted() -> None:
    nodes, edges, columns = frames([node("été œuf"), node("b")], [edge("été œuf", "b")])
    nodes["is_insertion"] = np.array([True, False])
    edges["quantity_t_per_year"] = np.array([3.5])
    data = data_of(page(nodes, edges, columns, title="x"))
    assert data["nodes"][0]["cv"]["insertion"] is True
    assert data["nodes"][0]["cv"]["actor"] == "été œuf"


def test_the_frames_are_left_as_they_were() -> None:
    given = frames([node("a", column_id="s"), node("b")], [edge("b", "a")], [column("s", 0)])
    before = [frame.copy() for frame in given]
    page(*given, title="x")
    for frame, old in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(frame, old)


def test_the_same_frames_give_the_same_page() -> None:
    assert small() == small()


def test_words_are_in_the_language_asked_for() -> None:
    french, english = small(), small(lang="en")
    assert '<html lang="fr">' in french and '<html lang="en">' in english
    assert "Rechercher" in french and "Rechercher" not in english
    assert data_of(french)["text"].keys() == data_of(english)["text"].keys()
    same = [key for key, word in data_of(french)["text"].items() if data_of(english)["text"][key] == word]
    assert set(same) <= {"from_to", "relations"}
    with pytest.raises(UnknownNameError, match="de"):
        small(lang="de")


# -- safety -------------------------------------------------------------------------------------------


def hostile(name: str) -> str:
    cards = [
        node(name, name, roles=(name,), badge=name, column_id=name, details=((name, name),)),
        node("b", name, kind="group"),
    ]
    ties = [edge(name, "b", relation=name, relation_label=name, text=name, doubt=name)]
    columns = [column(name, 0, label=name, note=name, missing=True, details=((name, name),))]
    return page(*frames(cards, ties, columns), title=name, subtitle=name, roles={name: name})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    plain, bad = Tags(hostile("plain")).tags, Tags(hostile(name)).tags
    assert [tag for tag, _ in plain] == [tag for tag, _ in bad]
    assert [set(attrs) for _, attrs in plain] == [set(attrs) for _, attrs in bad]
    data = data_of(hostile(name))
    assert data["nodes"][0]["label"] == name
    assert data["nodes"][0]["cv"]["details"] == [[name, name]]
    assert data["edges"][0]["cv"]["rows"] == [{"text": name, "doubt": name}]
    assert data["columns"][0]["label"] == data["columns"][0]["note"] == name


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_read_as_written_in_the_heading(name: str) -> None:
    head = re.search(r"<h1><bdi>(.*?)</bdi></h1>", hostile(name), flags=re.DOTALL)
    assert head and unescape(head[1]) == name


@given(st.text(max_size=40).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
@settings(max_examples=25)
def test_any_text_comes_back_from_the_data_block(name: str) -> None:
    data = data_of(page(*frames([node("a", name or "x")]), title=name))
    assert data["nodes"][0]["label"] == (name or "x")


def test_the_data_block_is_ascii_without_markup() -> None:
    block = re.search(r'id="data">(.*?)</script>', hostile("</script>é\u2028<&>"), flags=re.DOTALL)
    assert block and block[1].isascii()
    assert not set(block[1]) & set("<>&")


def test_nothing_is_asked_of_any_network() -> None:
    html = small()
    for tag, attrs in Tags(html).tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "a", "source"}
        assert not {"src", "href", "srcset", "action", "data", "poster"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
    assert not re.search(r"https?:|//", outside_scripts(html))
    assert not re.search(r"@import|url\(", page_module._asset("map.css"))
    policy = next(attrs["content"] for _, attrs in Tags(html).tags if "http-equiv" in attrs)
    assert policy is not None and "default-src 'none'" in policy
    assert "connect-src" not in policy and "http" not in policy


def test_our_scripts_write_text_only_and_call_nobody() -> None:
    ours = "".join(page_module._asset(name) for name in page_module.SCRIPTS)
    markup = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "DOMParser", "eval(", "Function(")
    callers = ("fetch(", "XMLHttp", "WebSocket", "sendBeacon", "import(", "postMessage", "localStorage")
    assert [word for word in (*markup, *callers, "</") if word in ours] == []
    # the only addresses are names of namespaces
    assert set(re.findall(r"https?://[^\"']*", ours)) == {"http://www.w3.org/2000/svg"}


def test_vis_network_is_inlined_with_its_notice_and_no_pointer_to_elsewhere() -> None:
    script = str(page_module._vis())
    assert "@license" in script[:1500] and "MIT License" in script[:1500]
    assert "sourceMappingURL" not in script
    assert "</script" not in script.lower() and "<!--" not in script
    assert script in small()


def test_a_pyvis_without_vis_network_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    page_module._vis.cache_clear()
    try:
        with pytest.raises(UnreadableFileError, match="reinstall pyvis"):
            page_module._vis()
    finally:
        page_module._vis.cache_clear()


def test_the_newest_copy_is_taken_and_made_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version, body in (("9.0.4", "old"), ("10.0.0", "x='</SCRIPT><!--'\n//# sourceMappingURL=v.map")):
        folder = tmp_path / "lib" / f"vis-{version}"
        folder.mkdir(parents=True)
        (folder / "vis-network.min.js").write_text(body, encoding="utf-8")
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    page_module._vis.cache_clear()
    try:
        assert str(page_module._vis()) == "x='<\\/SCRIPT><\\!--'\n"
    finally:
        page_module._vis.cache_clear()


# -- the style sheet ----------------------------------------------------------------------------------


def schemes() -> dict[str, dict[str, str]]:
    css = page_module._asset("map.css")
    blocks = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]
    assert len(found) == 2
    return {"light": found[0], "dark": found[1]}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2: 21 between black and white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the usual example


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrasts_are_high_in_both_schemes(scheme: str) -> None:
    colours = schemes()[scheme]
    assert colours.keys() == schemes()["light"].keys()
    for ground in ("paper", "ground", "card", "column"):
        assert contrast(colours["ink"], colours[ground]) >= 12
        assert contrast(colours["quiet"], colours[ground]) >= 4.5
        assert contrast(colours["missing"], colours["missing-ground"]) >= 4.5
        for sign in (f"role-{at}" for at in range(8)):
            assert contrast(colours[sign], colours[ground]) >= 4.5, (sign, ground)
        for line in ("flow", "cooperation", "group"):
            assert contrast(colours[line], colours[ground]) >= 3, (line, ground)
    assert contrast(colours["accent"], colours["accent-ink"]) >= 7
    assert contrast(colours["ink"], colours["mark"]) >= 4.5


def test_every_sign_of_a_role_is_a_shape_of_its_own() -> None:
    style = page_module._asset("map_style.js")
    block = re.search(r"const SIGNS = \[(.*?)\];", style, flags=re.DOTALL)
    assert block
    signs = re.findall(r'"(M[^"]+)"', block[1])
    assert len(signs) == len(set(signs)) >= 8
