/* What is on the map and what of it is shown: data, filters, search, selection. No drawing, no DOM. */
"use strict";
const Model = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = data.text;

  /** Fills the {fields} of a sentence of the catalogue. */
  function say(message, values) {
    return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** Lower case without accents or apostrophe variants: what two spellings of one name share. */
  function fold(string) {
    return string.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[’‘ʼ`]/g, "'").replace(/[\u00a0\u202f]/g, " ");
  }

  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const edges = new Map(data.edges.map((edge) => [edge.id, edge]));
  const edgesOf = new Map(data.nodes.map((node) => [node.id, []]));
  for (const edge of data.edges) {
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  }
  // one actor may stand in several columns: its cards share a subject
  const cardsOf = new Map();
  for (const node of data.nodes) {
    node.cv.folded = fold([node.label, ...node.cv.details.map((pair) => pair[1])].join(" "));
    if (!cardsOf.has(node.cv.subject)) cardsOf.set(node.cv.subject, []);
    cardsOf.get(node.cv.subject).push(node);
  }
  const subjects = [...cardsOf.keys()];
  const actors = subjects.filter((subject) => cardsOf.get(subject)[0].cv.kind === "actor");

  const known = new Set(data.relations.map((relation) => relation.code));
  const state = {
    query: "",
    roles: new Set(data.roles.map((role) => role.code)),
    relations: new Set(known),
    quantities: data.quantities,
    selected: null, // {kind: "subject" | "edge" | "column", id}
  };

  function matches(subject) {
    const words = fold(state.query).split(/\s+/).filter(Boolean);
    return words.every((word) => cardsOf.get(subject).some((card) => card.cv.folded.includes(word)));
  }

  function kept(subject) {
    const card = cardsOf.get(subject)[0];
    // a group of which no member is known has no line to be filtered by
    if (card.cv.kind === "group") return state.relations.has("group") || !known.has("group");
    if (card.cv.kind === "outside") return state.relations.has("flow");
    // an actor whose role is unknown cannot be filtered by role
    return card.cv.roles.length === 0 || card.cv.roles.some((role) => state.roles.has(role));
  }

  /** The sets that the drawing and the lists follow: hidden and faded cards and lines, listed actors. */
  function view() {
    const hidden = new Set();
    const faded = new Set();
    const fadedEdges = new Set();
    const hiddenEdges = new Set();
    const searching = state.query.trim() !== "";
    const found = new Set(searching ? subjects.filter(matches) : subjects);
    for (const node of data.nodes) {
      if (!kept(node.cv.subject)) hidden.add(node.id);
      else if (!found.has(node.cv.subject)) faded.add(node.id);
    }
    for (const edge of data.edges) {
      const out = !state.relations.has(edge.cv.relation) || hidden.has(edge.from) || hidden.has(edge.to);
      if (out) hiddenEdges.add(edge.id);
      else if (faded.has(edge.from) && faded.has(edge.to)) fadedEdges.add(edge.id);
    }
    const chosen = state.selected && focus(hiddenEdges);
    if (chosen && chosen.nodes.size) { // a missing stage has nobody: all the rest stays readable
      for (const node of data.nodes) if (!chosen.nodes.has(node.id)) faded.add(node.id);
      for (const node of chosen.nodes) faded.delete(node);
      for (const edge of data.edges) if (!chosen.edges.has(edge.id)) fadedEdges.add(edge.id);
      for (const edge of chosen.edges) fadedEdges.delete(edge);
    }
    const listed = actors.filter((subject) => kept(subject) && found.has(subject));
    return { hidden, faded, hiddenEdges, fadedEdges, listed, chosen };
  }

  /** The selected thing with what it is tied to by the lines that are shown. */
  function focus(hiddenEdges) {
    const { kind, id } = state.selected;
    const near = { nodes: new Set(), edges: new Set(), core: new Set() };
    if (kind === "edge") {
      const edge = edges.get(id);
      near.edges.add(id);
      for (const end of [edge.from, edge.to]) { near.nodes.add(end); near.core.add(end); }
      return near;
    }
    const own = kind === "subject" ? cardsOf.get(id) : data.nodes.filter((node) => node.cv.column === id);
    for (const card of own) {
      near.nodes.add(card.id);
      if (kind === "subject") near.core.add(card.id);
      for (const edge of edgesOf.get(card.id)) {
        if (hiddenEdges.has(edge.id)) continue;
        near.edges.add(edge.id);
        near.nodes.add(edge.from);
        near.nodes.add(edge.to);
      }
    }
    return near;
  }

  return { data, text, say, fold, nodes, edges, edgesOf, cardsOf, actors, state, view };
})();
