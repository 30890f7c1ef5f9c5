/* Puts the parts together: vis-network as the canvas (no physics, fixed places), mouse and keyboard. */
"use strict";
const Page = (() => {
  const started = performance.now();
  const { data, state, text } = Model;
  const $ = (id) => document.getElementById(id);
  const container = $("map");
  const LARGE = 1500; // lines from which following the mouse, or drawing while dragging, would lag
  const many = data.edges.length > LARGE;
  let moved = false; // once the reader has moved the view, a resize leaves it alone
  const keys = new Map();

  // styled from the start: to restyle thousands of lines after the first drawing would double the wait
  const nodeItems = new vis.DataSet(data.nodes.map(({ id, x, y, label }) => ({ id, x, y, label })));
  const edgeItems = new vis.DataSet(data.edges.map((edge) => {
    const { style, key } = Draw.line(edge, many);
    keys.set(edge.id, key);
    // the heads of bent lines are drawn here: those of vis-network pull the end of a thick line off its curve
    return { ...style, from: edge.from, to: edge.to, dashes: edge.cv.dashes, smooth: many ? false : edge.cv.smooth,
      arrows: Draw.isBent(edge) && !many ? {} : edge.cv.ends };
  }));

  function paint({ ctx, id, x, y }) {
    return {
      drawNode: () => Draw.card(ctx, Model.nodes.get(id), x, y),
      nodeDimensions: { width: data.card.width, height: data.card.height },
    };
  }

  const network = new vis.Network(container, { nodes: nodeItems, edges: edgeItems }, {
    autoResize: false,
    physics: { enabled: false },
    layout: { improvedLayout: false, randomSeed: 1 },
    nodes: { shape: "custom", ctxRenderer: paint, chosen: false, fixed: true },
    edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false,
      arrows: { to: { scaleFactor: 0.75 } } },
    interaction: { dragNodes: false, hover: !many, hideEdgesOnDrag: many, hideEdgesOnZoom: many, keyboard: false,
      selectConnectedEdges: false, hoverConnectedEdges: false, tooltipDelay: 1e9 },
  });
  // one stop of the keyboard for the map, not one more for the frame inside it
  container.firstElementChild.tabIndex = -1;

  function refresh() {
    const shown = Model.view();
    Draw.setView(shown);
    const hiddenNodes = data.nodes.map((node) => ({ id: node.id, hidden: shown.hidden.has(node.id) }))
      .filter((item) => Boolean(nodeItems.get(item.id).hidden) !== item.hidden);
    if (hiddenNodes.length) nodeItems.update(hiddenNodes);
    const changed = [];
    for (const edge of data.edges) {
      const { style, key } = Draw.line(edge, many);
      if (keys.get(edge.id) === key) continue;
      keys.set(edge.id, key);
      changed.push(style);
    }
    if (changed.length) edgeItems.update(changed);
    Panel.update(shown);
    network.redraw();
  }

  /** Shows everything, from the top of the view rather than floating in its middle. */
  function fit() {
    const { x0, y0, x1, y1 } = data.bounds;
    const above = data.columns.length ? 26 : 10; // from afar headers reach over the top of the map
    const width = Math.max(50, container.clientWidth - 28);
    const height = Math.max(50, container.clientHeight - above - 10);
    const scale = Math.min(width / (x1 - x0 + data.card.gap), height / (y1 - y0), 1.5);
    const spare = Math.max(0, height - (y1 - y0) * scale);
    const y = y0 + (container.clientHeight / 2 - above - Math.min(spare / 3, 30)) / scale;
    network.moveTo({ position: { x: (x0 + x1) / 2, y }, scale });
    moved = false;
  }

  function zoom(factor) {
    moved = true;
    network.moveTo({ scale: Math.min(4, Math.max(0.03, network.getScale() * factor)) });
  }

  /** Brings a card into the part of the view that neither the headers nor the details cover. */
  function reveal(node) {
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    const right = container.clientWidth - (container.clientWidth > 700 ? $("details").offsetWidth : 0);
    const scale = Math.max(network.getScale(), 0.55);
    const inside = at.x > 80 && at.x < right - 80 && at.y > 90 && at.y < container.clientHeight - 60;
    if (inside && scale === network.getScale()) return;
    moved = true;
    network.moveTo({ position: { x: node.x, y: node.y }, scale, offset: { x: (right - container.clientWidth) / 2, y: 20 } });
  }

  function select(what, { takeFocus = false } = {}) {
    state.selected = what;
    document.documentElement.dataset.selected = what ? what.kind : "";
    const hadFocus = $("details").contains(document.activeElement);
    Panel.showDetails(takeFocus || (hadFocus && what));
    refresh();
    if (what && what.kind === "subject") reveal(Model.cardsOf.get(what.id)[0]);
    else if (!what && hadFocus) container.focus();
  }

  /** The nearest card in a direction, so that the arrows walk over the map. */
  function step(dx, dy) {
    const shown = Model.view();
    const cards = data.nodes.filter((node) => !shown.hidden.has(node.id));
    const current = state.selected && state.selected.kind === "subject" && Model.cardsOf.get(state.selected.id)[0];
    if (!current || !cards.includes(current)) return cards[0];
    let best = null;
    let least = Infinity;
    for (const card of cards) {
      const along = (card.x - current.x) * dx + (card.y - current.y) * dy;
      const aside = Math.abs((card.x - current.x) * dy) + Math.abs((card.y - current.y) * dx);
      const cost = along + 2.5 * aside;
      if (along > 1 && cost < least && card.cv.subject !== current.cv.subject) { best = card; least = cost; }
    }
    return best;
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow) {
      const next = step(...arrow);
      if (next) select({ kind: "subject", id: next.cv.subject });
    } else if (event.key === "Enter" && state.selected) select(state.selected, { takeFocus: true });
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  }

  function readHash() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    if (wanted.has("q")) {
      state.query = wanted.get("q");
      $("query").value = state.query;
    }
    const card = data.nodes.find((node) => node.cv.actor === wanted.get("actor"));
    if (card) select({ kind: "subject", id: card.cv.subject });
    else refresh();
  }

  network.on("beforeDrawing", (ctx) => {
    Draw.setScale(network.getScale());
    Draw.ground(ctx);
  });
  network.on("afterDrawing", (ctx) => {
    if (!many) Draw.heads(ctx);
    if (network.getScale() > 0.42) Draw.amounts(ctx, state.quantities);
    Panel.placeHeads((at) => network.canvasToDOM(at), network.getScale());
    if (document.documentElement.dataset.ready) return;
    document.documentElement.dataset.ready = String(Math.round(performance.now() - started));
  });
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) select({ kind: "subject", id: Model.nodes.get(nodes[0]).cv.subject });
    else if (edges.length) select({ kind: "edge", id: edges[0] });
    else if (state.selected) select(null);
  });
  for (const kind of ["dragEnd", "zoom"]) network.on(kind, () => { moved = true; });
  const pointer = (on) => () => { container.style.cursor = on ? "pointer" : ""; };
  for (const kind of ["hoverNode", "hoverEdge"]) network.on(kind, pointer(true));
  for (const kind of ["blurNode", "blurEdge"]) network.on(kind, pointer(false));
  // vis-network would rescale the view by itself and show it so for one frame, edges cut off: what nobody has
  // moved is fitted anew before anything is drawn
  new ResizeObserver(() => {
    network.setSize("100%", "100%");
    if (!moved) fit();
    network.redraw();
  }).observe(container);

  container.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.selected) select(null);
  });
  $("zoom-in").addEventListener("click", () => zoom(1.25));
  $("zoom-out").addEventListener("click", () => zoom(0.8));
  $("fit").addEventListener("click", fit);
  function fold(folded) {
    document.body.classList.toggle("folded", folded);
    $("fold").setAttribute("aria-expanded", String(!folded));
    $("fold").textContent = folded ? text.show_panel : text.hide_panel;
  }
  $("fold").addEventListener("click", () => fold(!document.body.classList.contains("folded")));
  if (innerWidth <= 900) fold(true); // as the style sheet: the map comes first
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    Draw.readColours();
    refresh();
  });
  addEventListener("hashchange", readHash);

  Panel.start({ change: refresh, select });
  readHash();
  if (!moved) fit();

  // where a point of the map stands in its frame: for those who drive the page
  return { toView: (at) => network.canvasToDOM(at) };
})();
