"""The part of the grammar of GEXF 1.3 that we write, as RELAX NG: what stands where, which values are allowed."""

from __future__ import annotations

from lxml import etree

GRAMMAR = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://gexf.net/1.3"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="gexf"><attribute name="version"><value>1.3</value></attribute>
  <optional><element name="meta"><interleave><optional><element name="creator"><text/></element></optional>
    <optional><element name="description"><text/></element></optional></interleave></element></optional>
  <element name="graph">
    <optional><attribute name="mode"><choice><value>static</value><value>dynamic</value>
      <value>slice</value></choice></attribute></optional>
    <optional><attribute name="defaultedgetype"><ref name="way"/></attribute></optional>
    <optional><attribute name="idtype"><choice><value>string</value><value>integer</value></choice></attribute></optional>
    <optional><attribute name="timeformat"><choice><value>integer</value><value>double</value><value>date</value>
      <value>dateTime</value></choice></attribute></optional>
    <optional><attribute name="timerepresentation"><choice><value>interval</value>
      <value>timestamp</value></choice></attribute></optional>
    <zeroOrMore><element name="attributes">
      <attribute name="class"><choice><value>node</value><value>edge</value></choice></attribute>
      <zeroOrMore><element name="attribute"><attribute name="id"/><attribute name="title"/>
        <attribute name="type"><choice><value>integer</value><value>long</value><value>double</value><value>float</value>
          <value>boolean</value><value>string</value><value>anyURI</value></choice></attribute></element></zeroOrMore>
    </element></zeroOrMore>
    <element name="nodes"><ref name="count"/><zeroOrMore><element name="node">
      <attribute name="id"/><optional><attribute name="label"/></optional><ref name="period"/><ref name="values"/>
    </element></zeroOrMore></element>
    <element name="edges"><ref name="count"/><zeroOrMore><element name="edge">
      <optional><attribute name="id"/></optional><attribute name="source"/><attribute name="target"/>
      <optional><attribute name="type"><ref name="way"/></attribute></optional>
      <optional><attribute name="label"/></optional><optional><attribute name="kind"/></optional>
      <optional><attribute name="weight"><data type="double"/></attribute></optional>
      <ref name="period"/><ref name="values"/>
    </element></zeroOrMore></element>
  </element></element></start>
<define name="way"><choice><value>directed</value><value>undirected</value><value>mutual</value></choice></define>
<define name="count"><optional><attribute name="count"><data type="nonNegativeInteger"/></attribute></optional></define>
<define name="period"><optional><attribute name="start"><ref name="time"/></attribute></optional>
  <optional><attribute name="end"><ref name="time"/></attribute></optional></define>
<define name="time"><choice><data type="date"/><data type="double"/></choice></define>
<define name="values"><optional><element name="attvalues"><zeroOrMore><element name="attvalue">
  <attribute name="for"/><attribute name="value"/></element></zeroOrMore></element></optional></define>
</grammar>
"""


def assert_gexf(path: object) -> etree._ElementTree:
    """Hold a file against the grammar, and the rules that a grammar cannot say; return it parsed."""
    tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
    grammar = etree.RelaxNG(etree.fromstring(GRAMMAR))
    assert grammar.validate(tree), grammar.error_log
    space = {"g": "http://gexf.net/1.3"}
    nodes = [node.get("id") for node in tree.iterfind(".//g:node", space)]
    edges = list(tree.iterfind(".//g:edge", space))
    assert len(nodes) == len(set(nodes))
    assert {edge.get(end) for edge in edges for end in ("source", "target")} <= set(nodes)
    ids = [edge.get("id") for edge in edges]
    assert len(ids) == len(set(ids))
    for kind in ("node", "edge"):
        declared = {
            one.get("id") for one in tree.iterfind(f".//g:attributes[@class='{kind}']/g:attribute", space)
        }
        used = {one.get("for") for one in tree.iterfind(f".//g:{kind}//g:attvalue", space)}
        assert used <= declared
    for one in [*tree.iterfind(".//g:node", space), *edges]:
        if one.get("start") and one.get("end"):
            assert one.get("start") <= one.get("end")
    return tree
