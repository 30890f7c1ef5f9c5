/* Everything around the map: search, filters that are also the legend, list of actors, details.
   Text reaches the page through textContent only. */
"use strict";
const Panel = (() => {
  const { data, text, say } = Model;
  const SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);
  let onChange = () => {};
  let onSelect = () => {};
  const plural = new Intl.PluralRules(data.lang);
  let headings = [];

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.map((child) => (child instanceof Node ? child : document.createTextNode(child))));
    return made;
  }

  function drawing(...shapes) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "sample");
    svg.setAttribute("viewBox", "0 0 30 20");
    svg.setAttribute("aria-hidden", "true");
    for (const [tag, attributes] of shapes) {
      const shape = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) {
        // through the style, so that the colour variables follow light and dark
        if (name === "fill" || name === "stroke") shape.style[name] = value;
        else shape.setAttribute(name, value);
      }
      svg.append(shape);
    }
    return svg;
  }

  function roleSample(role) {
    const place = { d: Style.SIGNS[role.sign % Style.SIGNS.length], transform: "translate(15 10) scale(8)" };
    return drawing(["path", { ...place, fill: `var(--role-${role.sign % 8})` }]);
  }

  const stroke = (colour, width, more) => ({ fill: "none", stroke: `var(--${colour})`, "stroke-width": width, ...more });

  function relationSample(layer, directed) {
    if (layer === "flow") {
      return drawing(["path", stroke("flow", 3.5, { d: "M1,10H21" })],
        ["path", { d: "M19,4L29,10L19,16Z", fill: "var(--flow)" }]);
    }
    if (layer === "same") return drawing(["path", { ...stroke("group", 6, { d: "M1,10H29" }), opacity: 0.45 }]);
    if (layer === "group") return drawing(["path", stroke("group", 2, { d: "M1,10H29", "stroke-dasharray": "2 4" })]);
    const end = directed ? ["path", { d: "M21,5L29,10L21,15Z", fill: "var(--cooperation)" }]
      : ["circle", { cx: 26, cy: 10, r: 3.2, fill: "var(--cooperation)" }];
    return drawing(["path", stroke("cooperation", 1.8, { d: "M4,10H26" })],
      ["circle", { cx: 4, cy: 10, r: 3.2, fill: "var(--cooperation)" }], end);
  }

  /** A filter that is a line of the legend at the same time. */
  function choice(sample, label, count, kept, code) {
    const check = el("input", { type: "checkbox", checked: true, "data-code": code, onchange: () => {
      if (check.checked) kept.add(code);
      else kept.delete(code);
      onChange();
    } });
    return el("li", {}, el("label", { class: "choice" }, check, sample, el("span", {}, label),
      el("span", { class: "number" }, String(count))));
  }

  function fillLegend() {
    $("roles").append(...data.roles.map((role) =>
      choice(roleSample(role), role.label, role.count, Model.state.roles, role.code)));
    $("relations").append(...data.relations.map((relation) =>
      choice(relationSample(relation.layer, relation.directed), relation.label, relation.count,
        Model.state.relations, relation.code)));
    $("relations-block").hidden = data.relations.length === 0;
    $("roles").parentElement.hidden = data.roles.length === 0;
    const samples = {
      shared: drawing(["rect", stroke("ink", 1.4, { x: 7, y: 1, width: 21, height: 12, rx: 3 })],
        ["rect", { ...stroke("ink", 1.4, { x: 2, y: 6, width: 21, height: 12, rx: 3 }), fill: "var(--card)" }]),
      insertion: drawing(["rect", stroke("ink", 3, { x: 2, y: 2, width: 26, height: 16, rx: 3 })],
        ["rect", stroke("ink", 1, { x: 5.5, y: 5.5, width: 19, height: 9, rx: 1 })]),
      doubtful: drawing(["rect", stroke("ink", 1.6, { x: 1, y: 2, width: 28, height: 16, rx: 3, "stroke-dasharray": "5 3" })]),
      hypothesis: drawing(["path", stroke("ink", 2.5, { d: "M0,10H30", "stroke-dasharray": "7 4" })]),
      missing: drawing(["path", stroke("missing", 1.2, { d: "M2,18L16,2M9,18L23,2M16,18L28,4M2,10L9,2" })],
        ["rect", stroke("missing", 1.6, { x: 1, y: 1.5, width: 28, height: 17, "stroke-dasharray": "5 3" })]),
      width: drawing(["path", { d: "M1,9H29V11H1Z", fill: "var(--flow)" }], ["path", { d: "M1,16L29,13V20L1,17Z", fill: "var(--flow)" }]),
    };
    $("key").append(...data.key.map((entry) =>
      el("li", { class: "choice" }, samples[entry.sign], el("span", {}, entry.label))));
    $("key-block").hidden = data.key.length === 0;
    $("labels-choice").hidden = !data.has_amounts;
    $("quantities").checked = Model.state.quantities;
    $("quantities").addEventListener("change", (event) => {
      Model.state.quantities = event.target.checked;
      onChange();
    });
  }

  const entries = new Map();

  function fillActors() {
    for (const subject of Model.actors) {
      const button = el("button", { type: "button", onclick: () => onSelect({ kind: "subject", id: subject }) },
        el("bdi", {}, Model.cardsOf.get(subject)[0].label));
      entries.set(subject, { button, item: el("li", {}, button) });
      $("actors").append(entries.get(subject).item);
    }
    $("actors").addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const shown = [...$("actors").querySelectorAll("li:not([hidden]) button")];
      const next = shown[shown.indexOf(document.activeElement) + step];
      if (next) next.focus();
    });
  }

  function fillHeads() {
    const pen = document.createElement("canvas").getContext("2d");
    const held = new Set(data.nodes.map((node) => node.cv.column));
    headings = data.columns.map((column) => {
      const head = el("button", { type: "button", title: [column.label, column.note].filter(Boolean).join(" — "),
        class: column.missing ? "missing" : "", onclick: () => onSelect({ kind: "column", id: column.id }) },
      el("span", { class: "name" }, el("bdi", {}, column.label)));
      // the note of an empty stage stands in its empty room, drawn there; here for those who hear the page
      const inRoom = column.note && !held.has(column.id);
      if (column.note) head.append(el("span", { class: inRoom ? "unseen" : "note" }, column.note));
      $("heads").append(head);
      const widths = (text, weight) => {
        pen.font = `${weight} 10px ${Style.FONT}`;
        return text.split(/\s+/).map((word) => pen.measureText(word + " ").width);
      };
      return { column, head, name: widths(column.label, 700), note: inRoom ? [] : widths(column.note, 400) };
    });
  }

  /** How many lines words take at a size, given their widths at 10 pixels; one too wide counts double. */
  function lineCount(widths, size, width) {
    let lines = 0;
    let line = Infinity;
    for (const word of widths.map((at10) => (at10 * size) / 10)) {
      if (word <= 3) continue;
      if (line + word > width) { lines += word > width + 3 ? 2 : 1; line = word; } else line += word;
    }
    return lines;
  }

  /** The largest size at which words fit a header, 0 where none does. */
  function fitting(name, note, width, height, least) {
    for (let size = 14; size >= least; size -= 0.5) {
      const lines = lineCount(name, size, width) * size * 1.16;
      if (lines + lineCount(note, size * 0.85, width) * size <= height) return size;
    }
    return 0;
  }

  /** Each header hangs in its block and, while the block is in view, stays in view. */
  function placeHeads(toView, scale) {
    const beside = data.card.gap / 2 - 3;
    const natural = Math.min(data.card.head, (data.card.head - 4) * scale);
    for (const { column, head, name, note } of headings) {
      // from afar the first of a place may grow upwards; one between two blocks would cover cards
      const height = Math.max(column.y0 > 0 ? 20 : 34, natural);
      const from = toView({ x: column.x0 - beside, y: column.y0 + data.card.head - 4 });
      const to = toView({ x: column.x1 + beside, y: column.y1 });
      const width = Math.max(0, to.x - from.x);
      const above = from.y - height; // from afar a header reaches over the upper edge of its block
      const y = Math.min(Math.max(0, above), Math.max(above, to.y - height));
      const whole = fitting(name, note, width - 12, height - 4, 9);
      head.classList.toggle("brief", !whole);
      head.style.transform = `translate(${Math.round(from.x)}px, ${Math.round(y)}px)`;
      head.style.width = `${Math.round(width)}px`;
      head.style.height = `${Math.round(height)}px`;
      const size = whole || fitting(name, [], width - 12, height - 4, 8) || 8;
      head.style.fontSize = `${size}px`;
      // a name too long for its header ends in dots; the whole stands in the title and in the details
      head.firstElementChild.style.webkitLineClamp = String(Math.max(1, Math.floor((height - 4) / (size * 1.15))));
      head.hidden = to.y < 0 || width < 12;
    }
  }

  function tieItem(other, edge, rows) {
    const item = el("li", {});
    if (other) {
      item.append(el("button", { type: "button", class: "tie",
        onclick: () => onSelect({ kind: "subject", id: other.cv.subject }) }, el("bdi", {}, other.label)));
    }
    for (const row of rows) {
      const line = el("span", { class: row.doubt ? "row doubt" : "row" }, el("bdi", {}, row.text));
      if (row.doubt) line.append(" — ", row.doubt);
      item.append(line);
    }
    return item;
  }

  function definitions(pairs) {
    const list = el("dl", {});
    for (const [name, value] of pairs) list.append(el("dt", {}, name), el("dd", {}, el("bdi", {}, value)));
    return list;
  }

  function ties(title, list) {
    if (!list.length) return [];
    return [el("h3", {}, `${title} (${list.length})`),
      el("ul", { class: "ties" }, ...list.map(([other, edge]) => tieItem(other, edge, edge.cv.rows)))];
  }

  function aboutSubject(id) {
    const cards = Model.cardsOf.get(id);
    const own = new Set(cards.map((card) => card.id));
    const sorts = { in: [], out: [], cooperation: [], group: [] };
    for (const card of cards) {
      for (const edge of Model.edgesOf.get(card.id)) {
        if (edge.cv.layer === "same") continue; // that is no tie, the details name the stages
        const away = Model.nodes.get(own.has(edge.from) ? edge.to : edge.from);
        const sort = edge.cv.layer === "flow" ? (own.has(edge.from) ? "out" : "in") : edge.cv.layer;
        if (!sorts[sort].some(([, known]) => known === edge)) sorts[sort].push([away, edge]);
      }
    }
    const isGroup = cards[0].cv.kind === "group";
    const parts = [...ties(text.incoming, sorts.in), ...ties(text.outgoing, sorts.out),
      ...ties(text.cooperations, sorts.cooperation), ...ties(isGroup ? text.members : text.groups, sorts.group)];
    if (!parts.length) parts.push(el("p", {}, text.no_tie));
    return [cards[0].label, definitions(cards[0].cv.details), ...parts];
  }

  function aboutEdge(id) {
    const edge = Model.edges.get(id);
    const [from, to] = [Model.nodes.get(edge.from), Model.nodes.get(edge.to)];
    const title = say(edge.cv.directed ? text.from_to : text.between, { source: from.label, target: to.label });
    return [title, el("p", {}, edge.cv.label), el("ul", { class: "ties" }, tieItem(null, edge, edge.cv.rows)),
      el("h3", {}, text.actors), el("ul", { class: "ties" }, tieItem(from, edge, []), tieItem(to, edge, []))];
  }

  function aboutColumn(id) {
    const column = data.columns.find((known) => known.id === id);
    const held = [...new Set(data.nodes.filter((node) => node.cv.column === id).map((node) => node.cv.subject))];
    const list = held.map((subject) => tieItem(Model.cardsOf.get(subject)[0], null, []));
    return [column.label, ...(column.note ? [el("p", {}, el("strong", {}, column.note))] : []),
      definitions(column.details),
      ...(list.length ? [el("h3", {}, `${text.actors} (${list.length})`), el("ul", { class: "ties" }, ...list)] : [])];
  }

  function showDetails(takeFocus) {
    const chosen = Model.state.selected;
    const panel = $("details");
    panel.replaceChildren();
    panel.hidden = !chosen;
    if (!chosen) return;
    const about = { subject: aboutSubject, edge: aboutEdge, column: aboutColumn }[chosen.kind];
    const [title, ...parts] = about(chosen.id);
    const heading = el("h2", { tabindex: "-1" }, el("bdi", {}, title));
    panel.append(el("button", { type: "button", class: "close", "aria-label": text.close, title: text.close,
      onclick: () => onSelect(null) }, "×"), heading, ...parts);
    panel.scrollTop = 0;
    $("live").textContent = title;
    if (takeFocus) heading.focus();
  }

  function update(shown) {
    const listed = new Set(shown.listed);
    const selected = Model.state.selected;
    for (const [subject, { button, item }] of entries) {
      item.hidden = !listed.has(subject);
      const current = Boolean(selected && selected.kind === "subject" && selected.id === subject);
      if (current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    $("count").textContent = listed.size === 0 ? text.nobody
      : say(plural.select(listed.size) === "one" ? text.count_one : text.count, { shown: listed.size, total: Model.actors.length });
    document.documentElement.dataset.shown = String(listed.size);
  }

  function start(handlers) {
    onChange = handlers.change;
    onSelect = handlers.select;
    fillLegend();
    fillActors();
    fillHeads();
    $("query").value = Model.state.query;
    $("query").addEventListener("input", (event) => {
      Model.state.query = event.target.value;
      onChange();
    });
    $("query").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const first = $("actors").querySelector("li:not([hidden]) button");
      if (first) first.click();
    });
  }

  return { start, update, showDetails, placeHeads };
})();
