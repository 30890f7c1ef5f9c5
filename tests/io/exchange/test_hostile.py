"""Files that would do harm, or are no files of these tools: refused with a sentence, in little time and memory."""

from __future__ import annotations

import time
import tracemalloc
import zipfile

import pytest

import chaine_valeur as cv
from chaine_valeur import io
from chaine_valeur.io.exchange import files, reading

ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE g [<!ENTITY e0 "aaaaaaaaaa">{ENTITIES}]>'
HOSTILE_XML = {
    "a bomb": (f"{BOMB}<g><graph><node id='&e9;'/></graph></g>", "entities"),
    "an external entity": (
        "<!DOCTYPE g [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><g><graph>&x;</graph></g>",
        "entities",
    ),
    "a parameter entity": (
        "<!DOCTYPE g [<!ENTITY % x SYSTEM 'http://exemple.invalid/x'> %x;]><g><graph/></g>",
        "entities",
    ),
    "an entity of elsewhere": (
        "<!DOCTYPE g SYSTEM 'http://exemple.invalid/g.dtd'><g><graph>&x;</graph></g>",
        "entities",
    ),
    "usual attributes": (
        "<!DOCTYPE g [<!ATTLIST node label CDATA 'xxxx'>]><g><graph><node/></graph></g>",
        "entities",
    ),
    "too deep": ("<g><graph>" + "<nodes><node id='a'>" * 50_000, "too deep"),
    "a text without end": (
        f"<g><graph><node id='a'><data key='k'>{'x' * 1_100_000}</data></node></graph></g>",
        "too long",
    ),
    "cut short": ("<g><graph><nodes><node id='a'", "well-formed"),
    "no graph": ("<html><body>404</body></html>", "there is no graph"),
    "blank": ("   ", "well-formed"),
    "zeros": ("\0\0\0\0", "well-formed"),
    "an unknown encoding": ("<?xml version='1.0' encoding='klingon'?><g><graph/></g>", "well-formed"),
}


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize("kind", HOSTILE_XML)
def test_xml_is_refused(kind, form, tmp_path):
    text, why = HOSTILE_XML[kind]
    path = tmp_path / f"a.{form}"
    path.write_text(text, encoding="utf-8")
    begun = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(cv.UnreadableFileError, match=why):
        getattr(io, f"read_{form}")(path, lang="en")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20e6
    assert time.perf_counter() - begun < 5
    with pytest.raises(cv.UnreadableFileError, match="«\xa0a"):
        getattr(io, f"read_{form}")(path)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_a_document_type_without_entities_does_no_harm(form, tmp_path):
    path = tmp_path / "a"
    path.write_text(
        '<!DOCTYPE g SYSTEM "http://exemple.invalid/g.dtd"><g><graph><node id="a"/></graph></g>',
        encoding="utf-8",
    )
    assert getattr(io, f"read_{form}")(path).actors.index.tolist() == ["a"]


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("latin-1", "iso-8859-1"),
        ("cp1252", "windows-1252"),
        ("cp1252", "utf-8"),
    ],
)
def test_any_encoding_even_one_that_is_not_what_it_says(encoding, said, form, tmp_path):
    head = f'<?xml version="1.0" encoding="{said}"?>' if said else ""
    label = 'label="Étoupe"' if form == "gexf" else ""
    text = f'{head}<g><key id="label"/><graph><node id="é" {label}><data key="label">Étoupe</data></node></graph></g>'
    path = tmp_path / "a"
    path.write_bytes(text.encode(encoding))
    assert getattr(io, f"read_{form}")(path).actors["name"].to_dict() == {"é": "Étoupe"}


HOSTILE_JSON = {
    "too deep": (b"[" * 1_000_000, "too deep"),
    "objects too deep": (b'{"elements":' * 100_000, "too deep"),
    "cut short": (b'{"nodes": {"a"', "no JSON"),
    "a number without end": (b'{"nodes": {"a": ' + b"9" * 6000 + b"}}", "no JSON"),
    "a number": (b"3", "is not read"),
    "a text": (b'"nodes"', "is not read"),
    "no text": (bytes(range(256)) * 4, "no text"),
}


@pytest.mark.parametrize("form", ["kumu", "opensankey"])
@pytest.mark.parametrize("kind", HOSTILE_JSON)
def test_json_is_refused(kind, form, tmp_path):
    content, why = HOSTILE_JSON[kind]
    path = tmp_path / "a.json"
    path.write_bytes(b" " + content if form == "kumu" and content[:1] not in b"{[" else content)
    if form == "kumu" and content[:1] not in b"{[":
        why = "is not read|no text|CSV"
    with pytest.raises(cv.UnreadableFileError, match=why):
        getattr(io, f"read_{form}")(path, lang="en")


def test_json_of_the_wrong_shape_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '{"nodes": {"a": 3, "b": {"name": null, "tags": 4, "dimensions": []}}, "links": [7, {"value": {}}],'
        '"dataTags": {"x": {"tags": [1]}, "y": 0}}',
        encoding="utf-8",
    )
    f = io.read_opensankey(path, strict=False)
    assert f.actors["name"].tolist() == ["b"]
    path.write_text(
        '{"elements": [1, {"label": {"a": 1}}, {"label": "A", "x": NaN, "x": 2}], "connections": {}}',
        encoding="utf-8",
    )
    f = io.read_kumu(path, strict=False)
    assert f.actors["name"].tolist() == ["A"]
    assert "twice_in_object" in set(f.problems["code"])


def test_files_larger_than_can_be_held(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", dict.fromkeys(files.MOST_BYTES, 100))
    for name, read in (
        ("a.gexf", io.read_gexf),
        ("a.graphml", io.read_graphml),
        ("a.json", io.read_kumu),
        ("b.json", io.read_opensankey),
        ("flows.csv", io.read_floweaver),
    ):
        (tmp_path / name).write_text("x" * 101, encoding="utf-8")
        with pytest.raises(cv.UnreadableFileError, match="read at most"):
            read(tmp_path / name, lang="en")


def test_a_workbook_that_unpacks_to_more_than_can_be_held(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    assert path.stat().st_size < 10_000
    monkeypatch.setitem(files.MOST_BYTES, "xlsx", 1_000_000)
    for read in (io.read_kumu, io.read_opensankey):
        with pytest.raises(cv.UnreadableFileError, match="read at most"):
            read(path, lang="en")


def test_too_many_attributes(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 5)
    declared = "".join(f'<attribute id="{n}" title="t{n}" type="string"/>' for n in range(3))
    values = "".join(f'<attvalue for="{n}" value="x"/>' for n in range(3))
    path = tmp_path / "a.gexf"
    path.write_text(
        f'<gexf><graph><attributes class="node">{declared}</attributes><nodes><node id="a"><attvalues>{values}'
        '</attvalues></node><node id="b"/></nodes></graph></gexf>',
        encoding="utf-8",
    )
    with pytest.raises(cv.UnreadableFileError, match="different attributes"):
        io.read_gexf(path, lang="en")


@pytest.mark.parametrize("form", ["gexf", "graphml", "kumu", "opensankey", "floweaver"])
def test_no_such_file_a_folder_an_empty_one(form, tmp_path):
    read = getattr(io, f"read_{form}")
    for path in (tmp_path / "absent.gexf", tmp_path / "no" / "absent.json", tmp_path):
        with pytest.raises(cv.UnreadableFileError):
            read(path)
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(cv.UnreadableFileError):
        read(tmp_path / "a.csv")


def test_attributes_named_like_ours_are_not_believed(tmp_path):
    path = tmp_path / "a.gexf"
    path.write_text(
        '<gexf><graph><attributes class="node"><attribute id="0" title="table" type="string"/>'
        '<attribute id="1" title="identifier" type="string"/>'
        '<attribute id="2" title="status" type="string"/></attributes>'
        '<nodes><node id="a"><attvalues><attvalue for="0" value="sources"/><attvalue for="1" value="x"/>'
        '<attvalue for="2" value="ok"/></attvalues></node></nodes></graph></gexf>',
        encoding="utf-8",
    )
    f = io.read_gexf(path)
    # a table that has no nodes; a state that is none of the list: both are columns of the user's own
    assert f.actors.index.tolist() == ["a"]
    assert f.actors.loc["a", ["table", "identifier", "status", "status_"]].tolist() == [
        "sources",
        "x",
        "active",
        "ok",
    ]


def many_defaults(form, keys, nodes):
    """Return a small file in which every node has the usual value of every key."""
    if form == "graphml":
        declared = "".join(
            f'<key id="k{n}" for="node" attr.name="t{n}"><default>x</default></key>' for n in range(keys)
        )
        return f"<graphml>{declared}<graph>" + '<node id="{}"/>' * nodes + "</graph></graphml>"
    declared = "".join(
        f'<attribute id="{n}" title="t{n}" type="string"><default>x</default></attribute>'
        for n in range(keys)
    )
    body = '<node id="{}"/>' * nodes
    return (
        f'<gexf><graph><attributes class="node">{declared}</attributes><nodes>{body}</nodes></graph></gexf>'
    )


def refused_at_once(read, path):
    begun = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(cv.UnreadableFileError, match="different attributes"):
        read(path, lang="en")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60e6
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_usual_values_of_many_attributes_are_not_unfolded(form, tmp_path):
    text = many_defaults(form, 1_000, 20_000).format(*range(20_000))
    (tmp_path / "a").write_text(text, encoding="utf-8")  # 20 million cells
    refused_at_once(getattr(io, f"read_{form}"), tmp_path / "a")


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_usual_values_of_some_attributes_are_there(form, tmp_path):
    (tmp_path / "a").write_text(many_defaults(form, 30, 50).format(*range(50)), encoding="utf-8")
    f = getattr(io, f"read_{form}")(tmp_path / "a")
    assert (f.actors[[f"t{n}" for n in range(30)]] == "x").all(axis=None)


def test_elements_that_have_an_attribute_each_of_their_own(tmp_path):
    size = 4_000  # 16 million cells
    nodes = "".join(f'<node id="{n}"><data key="k{n}">x</data></node>' for n in range(size))
    (tmp_path / "a.graphml").write_text(f"<graphml><graph>{nodes}</graph></graphml>", encoding="utf-8")
    refused_at_once(io.read_graphml, tmp_path / "a.graphml")
    elements = ",".join(f'{{"label": "{n}", "k{n}": "x"}}' for n in range(size))
    (tmp_path / "a.json").write_text(f"[{elements}]", encoding="utf-8")
    refused_at_once(io.read_kumu, tmp_path / "a.json")
    head = ",".join(["source,target,value", *(f"k{n}" for n in range(size))])
    (tmp_path / "flows.csv").write_text(head + "\na,b,1" * size, encoding="utf-8")
    refused_at_once(io.read_floweaver, tmp_path / "flows.csv")


def test_many_headers_of_one_name_take_no_longer_than_others(tmp_path):
    (tmp_path / "a.csv").write_text("Label" + ",note" * 30_000 + "\nA" + ",x" * 30_000, encoding="utf-8")
    begun = time.perf_counter()
    names = list(files.columns_of(files.table_of(tmp_path / "a.csv", lang="fr")))
    assert names[-1] == "note (30000)"
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("form", ["floweaver", "kumu"])
def test_a_cell_without_end(form, tmp_path):
    head = "source,target,value,note" if form == "floweaver" else "Label,Type,Tags,note"
    text = f'{head}\na,b,1,"deux\nlignes"\na,b,1,"{"x" * 140_000}\na,b,1,y\n'
    (tmp_path / "flows.csv").write_text(text, encoding="utf-8")
    # the quote opens on the third row, which begins on the fourth line
    with pytest.raises(cv.UnreadableFileError, match=r"flows\.csv.*on line 4 .*131,072 characters"):
        getattr(io, f"read_{form}")(tmp_path / "flows.csv", lang="en")
