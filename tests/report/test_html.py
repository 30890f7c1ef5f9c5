"""The page: it holds everything, asks nobody, and can be read with the ears and with the keyboard."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from xml.etree import ElementTree

import pytest

from chaine_valeur.report.small_images import image_url
from tests.report.conftest import Written
from tests.report.readers import Page, page_of

#: Attributes by which a page loads something.
LOADING = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest")


@pytest.fixture
def page(report: Written) -> Page:
    return page_of(report.html)


def test_it_is_one_document_in_the_language_of_the_report(report: Written, page: Page) -> None:
    assert page.declarations == ["DOCTYPE html"]
    (root,) = page.of("html")
    assert root.attributes["lang"] == report.diagnosis.lang == report.content.lang
    for tag in ("head", "body", "title", "main", "nav", "footer"):
        assert len(page.of(tag)) == 1, tag
    assert page.of("title")[0].text == page.of("h1")[0].text == " ".join(report.content.title.split())
    assert page.elements[2].attributes == {"charset": "utf-8"}


def test_it_loads_nothing(page: Page) -> None:
    for element in page.elements:
        for name in LOADING:
            address = element.attributes.get(name, "data:")
            assert address.startswith("data:"), (element.tag, name, address[:80])
    # nothing but our script, which is in the page, and the frame of the map can run or load
    (script,) = page.of("script")
    assert script.attributes == {}
    assert page.of("link", "object", "embed", "base", "form", "video", "audio", "source") == []
    for frame in page.of("iframe"):
        assert "src" not in frame.attributes
        assert frame.attributes["sandbox"] == "allow-scripts"
    assert not any(name.startswith("on") for element in page.elements for name in element.attributes)


def test_its_styles_load_nothing_either(page: Page) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page.source, re.DOTALL)
    assert "url(" not in style and "@import" not in style
    assert "prefers-color-scheme" in style and "@media print" in style
    for element in page.elements:
        assert "url(" not in element.attributes.get("style", "")


def test_its_policy_lets_only_the_map_and_our_script_run(page: Page) -> None:
    (policy,) = [
        one.attributes["content"] for one in page.of("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    rules = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert rules["default-src"] == ["'none'"]
    assert rules["img-src"] == ["data:"]
    assert rules["form-action"] == rules["base-uri"] == ["'none'"]
    # each script of the map is named by its hash, so is ours, which is the same in every report; and no other
    codes = re.findall(r"<script([^>]*)>(.*?)</script>", page.map_html(), re.DOTALL)
    live = [code for attributes, code in codes if "application/json" not in attributes]
    ours = (
        resources.files("chaine_valeur.report").joinpath("templates", "report.js").read_text(encoding="utf-8")
    )
    assert page.source.count(f"<script>{ours}</script>\n</body>") == 1
    live.append(ours)
    digests = {base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in live}
    assert live
    assert set(rules["script-src"]) == {f"'sha256-{digest}'" for digest in digests}
    # the policy stands before anything that it governs
    tags = [element.tag for element in page.elements]
    places = [at for at, one in enumerate(page.elements) if one.attributes.get("http-equiv")]
    assert places[0] < tags.index("style")


def test_ids_are_unique_and_every_inner_link_leads_somewhere(page: Page) -> None:
    assert len(set(page.ids)) == len(page.ids)
    targets = [one.attributes["href"] for one in page.of("a")]
    inner = [target[1:] for target in targets if target.startswith("#")]
    assert len(inner) > 20
    assert set(inner) <= set(page.ids)
    for element in page.elements:
        labelled = element.attributes.get("aria-labelledby")
        assert labelled is None or labelled in page.ids
    # the others lead out of the page, by hand only
    for one in page.of("a"):
        if not one.attributes["href"].startswith("#"):
            assert one.attributes["href"].startswith(("http://", "https://"))
            assert one.attributes["rel"] == "noreferrer noopener"
        assert one.text or one.attributes.get("aria-label")


def test_no_address_and_no_id_is_empty(page: Page) -> None:
    for element in page.elements:
        for name in ("id", "href", "aria-label", "title"):
            assert element.attributes.get(name, "x") not in ("", "#"), (element.tag, element.attributes)


def test_headings_go_down_by_one_level(page: Page) -> None:
    levels = [int(one.tag[1]) for one in page.of("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert all(one.text for one in page.of("h1", "h2", "h3"))


def test_its_contents_lead_to_each_section(report: Written, page: Page) -> None:
    shown = [one.attributes["id"] for one in page.of("section")]
    assert shown == [section.anchor for section in report.content.sections]
    titles = [one.text for one in page.of("h2")]
    assert titles == [" ".join(section.title.split()) for section in report.content.sections]
    linked = [one.attributes["href"][1:] for one in page.of("a")]
    assert set(shown) <= set(linked)
    assert page.of("a")[0].attributes["href"] == "#main"


def test_each_picture_has_a_text_and_is_whole(report: Written, page: Page) -> None:
    pictures = page.of("img")
    assert len(pictures) == len(report.content.pictures) == len(page.of("figcaption"))
    for shown, made in zip(pictures, report.content.pictures, strict=True):
        assert shown.attributes["alt"] == made.alt
        assert len(made.alt) > 20
        assert shown.attributes["src"] == image_url(svg=made.svg, png=made.png)
        head, data = shown.attributes["src"].split(",", 1)
        drawn = base64.b64decode(data)
        if head == "data:image/png;base64":
            assert drawn.startswith(b"\x89PNG")
            continue
        assert head == "data:image/svg+xml;base64"
        assert ElementTree.fromstring(drawn).tag.endswith("svg")
        assert b"<script" not in drawn and b"http-equiv" not in drawn


def test_each_table_has_a_caption_heads_and_rows_of_one_width(page: Page) -> None:
    tables = re.findall(r"<table>.*?</table>", page.source, re.DOTALL)
    assert len(tables) > 5
    for text in tables:
        table = Page(text)
        assert len(table.of("caption")) == 1 and table.of("caption")[0].text
        heads = [one for one in table.of("th") if one.attributes.get("scope") == "col"]
        assert heads and all(head.text for head in heads)
        rows = re.findall(r"<tr[^>]*>.*?</tr>", text, re.DOTALL)[1:]
        assert {len(Page(row).of("td", "th")) for row in rows} <= {len(heads)}


def test_a_card_leads_to_its_rows_and_back(page: Page) -> None:
    cards = page.marked("li", "card")
    assert len(cards) >= 9
    for card in cards:
        anchor = card.attributes["id"].removeprefix("card-")
        assert anchor in page.ids
    backs = [one.attributes["href"][1:] for one in page.marked("a", "back")]
    assert backs == [card.attributes["id"] for card in cards]


def test_the_example_cites_its_sources_by_address(example: Written) -> None:
    page = page_of(example.html)
    told = example.diagnosis.filiere.sources["url"].dropna().tolist()
    out = [one.attributes["href"] for one in page.of("a") if not one.attributes["href"].startswith("#")]
    assert set(out) == set(told)


def test_same_diagnostic_same_bytes(example: Written) -> None:
    from chaine_valeur.report import html_text

    # what the file holds was made of a content of its own: see `written`
    assert html_text(example.content) == example.html.read_text(encoding="utf-8")
