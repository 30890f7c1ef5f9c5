/* How the map looks: cards, signs of the roles, column grounds. Colours come from the style sheet, so that
   light and dark are told in one place. */
"use strict";
const Draw = (() => {
  const SIZE = Model.data.card;
  const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font");
  // one sign per role, in a box from -1 to 1: told apart without any colour
  const SIGNS = [ // the same as on the chain figure: circle, square, star, triangle, diamond, pentagon, hexagon, plus
    "M1,0A1,1 0 1 1 -1,0A1,1 0 1 1 1,0Z",
    "M-.9,-.9H.9V.9H-.9Z",
    "M0,-1.15L.3,-.4L1.1,-.35L.48,.15L.7,.95L0,.5L-.7,.95L-.48,.15L-1.1,-.35L-.3,-.4Z",
    "M-1.05,-.85H1.05L0,1Z",
    "M0,-1.15L1.05,0L0,1.15L-1.05,0Z",
    "M0,-1.05L1.05,-.28L.65,.95H-.65L-1.05,-.28Z",
    "M-.55,-.95H.55L1.1,0L.55,.95H-.55L-1.1,0Z",
    "M-.38,-1H.38V-.38H1V.38H.38V1H-.38V.38H-1V-.38H-.38Z",
    "M-1,.6A1,1.2 0 0 1 1,.6Z",
    "M-1,-1L0,-.35L1,-1V1L0,.35L-1,1Z",
    "M-1,-.3H1V.3H-1ZM-1,.55H1V1H-1ZM-1,-1H1V-.55H-1Z",
  ];
  const paths = SIGNS.map((sign) => new Path2D(sign));
  let colours = {};
  let scale = 1;
  let view = { faded: new Set(), fadedEdges: new Set(), hiddenEdges: new Set(), hidden: new Set(), chosen: null };

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "ground", "ink", "quiet", "line", "accent", "card", "column", "missing",
      "missing-ground", "flow", "cooperation", "group", "mark"];
    colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
    colours.roles = Array.from({ length: 8 }, (_, i) => style.getPropertyValue("--role-" + i).trim());
  }
  readColours();

  const roleIndex = new Map(Model.data.roles.map((role) => [role.code, role.sign]));
  const signOf = (role) => (roleIndex.has(role) ? roleIndex.get(role) % SIGNS.length : -1);
  const colourOf = (role) => (roleIndex.has(role) ? colours.roles[roleIndex.get(role) % 8] : colours.quiet);

  function box(ctx, x, y, width, height, radius) {
    ctx.beginPath();
    ctx.moveTo(x + radius, y);
    ctx.arcTo(x + width, y, x + width, y + height, radius);
    ctx.arcTo(x + width, y + height, x, y + height, radius);
    ctx.arcTo(x, y + height, x, y, radius);
    ctx.arcTo(x, y, x + width, y, radius);
    ctx.closePath();
  }

  /** Breaks a name into lines by measured width; what does not fit in the last one is cut with an ellipsis. */
  function wrap(ctx, name, width, most) {
    // invisible and direction-changing characters would only disturb the drawing
    const clean = name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, " ");
    const fits = (string) => ctx.measureText(string).width <= width;
    const lines = [];
    let line = "";
    for (const word of clean.split(/\s+/).filter(Boolean)) {
      const longer = line ? line + " " + word : word;
      if (fits(longer)) { line = longer; continue; }
      if (line) lines.push(line);
      line = word;
      while (!fits(line) && lines.length < most) {
        let cut = [...line].length - 1;
        const letters = [...line];
        while (cut > 1 && !fits(letters.slice(0, cut).join("") + "-")) cut -= 1;
        // break after a sign that the word already has, rather than anywhere
        const natural = Math.max(...["/", "-", "’", "'", "."].map((sign) => letters.lastIndexOf(sign, cut - 1)));
        const at = natural > 2 ? natural + 1 : cut;
        const hyphen = natural <= 2 && /^\p{L}+$/u.test(line) ? "-" : "";
        lines.push(letters.slice(0, at).join("") + hyphen);
        line = letters.slice(at).join("");
      }
    }
    if (line) lines.push(line);
    if (lines.length <= most) return lines;
    let last = lines[most - 1];
    while (last && !fits(last + "…")) last = [...last].slice(0, -1).join("");
    return [...lines.slice(0, most - 1), last.trimEnd() + "…"];
  }

  function sign(ctx, index, x, y, radius) {
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(radius, radius);
    ctx.fill(paths[index]);
    ctx.restore();
  }

  function card(ctx, node, x, y) {
    const { width, height } = SIZE;
    const { cv } = node;
    const left = x - width / 2;
    const top = y - height / 2;
    const far = scale < 0.42;
    const colour = cv.kind === "actor" ? colourOf(cv.roles[0]) : cv.kind === "group" ? colours.group : colours.flow;
    const radius = cv.kind === "group" ? height / 2 : cv.kind === "outside" ? 0 : 7;
    const core = view.chosen && view.chosen.core.has(node.id);
    if (view.faded.has(node.id)) ctx.globalAlpha = 0.22;
    if (core) {
      box(ctx, left - 7, top - 7, width + 14, height + 14, radius + 7);
      ctx.fillStyle = colours.mark;
      ctx.fill();
      ctx.lineWidth = 3;
      ctx.strokeStyle = colours.accent;
      ctx.stroke();
    }
    box(ctx, left, top, width, height, radius);
    ctx.fillStyle = far && cv.kind === "actor" ? colour : cv.kind === "actor" ? colours.card : colours.ground;
    ctx.fill();
    ctx.strokeStyle = colour;
    ctx.lineWidth = cv.insertion ? 5 : cv.kind === "actor" ? 2.2 : 1.6;
    if (cv.doubtful) ctx.setLineDash([7, 5]);
    ctx.stroke();
    ctx.setLineDash([]);
    if (cv.insertion && !far) {
      box(ctx, left + 5, top + 5, width - 10, height - 10, 4);
      ctx.lineWidth = 1.2;
      ctx.stroke();
    }
    if (far) farCard(ctx, node, x, y);
    else nearCard(ctx, node, x, y, left, top, colour);
  }

  /** From afar a name is no longer legible: the sign of the role fills the card. */
  function farCard(ctx, node, x, y) {
    const index = signOf(node.cv.roles[0]);
    ctx.fillStyle = colours.card;
    if (index >= 0) sign(ctx, index, x - (node.cv.badge ? SIZE.width * 0.22 : 0), y, SIZE.height * 0.3);
    if (!node.cv.badge) return;
    ctx.font = `700 ${SIZE.height * 0.42}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(node.cv.badge, x + SIZE.width * 0.2, y + 1, SIZE.width * 0.5);
  }

  function nearCard(ctx, node, x, y, left, top, colour) {
    const { cv } = node;
    const index = cv.kind === "actor" ? signOf(cv.roles[0]) : -1;
    ctx.font = `${cv.kind === "actor" ? 500 : 400} 14.5px ${FONT}`;
    if (!cv.lines) cv.lines = wrap(ctx, node.label, SIZE.width - (cv.insertion ? 16 : 10), 4);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = colours.ink;
    const middle = y + (index >= 0 || cv.badge ? 3 : 1);
    cv.lines.forEach((line, i) => ctx.fillText(line, x, middle + (i - (cv.lines.length - 1) / 2) * 17));
    if (index >= 0) {
      ctx.beginPath();
      ctx.arc(left + 10, top, 11, 0, 2 * Math.PI);
      ctx.fillStyle = colours.card;
      ctx.fill();
      ctx.fillStyle = colour;
      sign(ctx, index, left + 10, top, 8);
    }
    if (!cv.badge) return;
    ctx.font = `700 11.5px ${FONT}`;
    const wide = ctx.measureText(cv.badge).width + 12;
    const right = left + SIZE.width - 8;
    box(ctx, right - wide, top - 9, wide, 18, 9);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.fillStyle = colours.card;
    ctx.fillText(cv.badge, right - wide / 2, top + 0.5);
  }

  function hatch(ctx, x, y, width, height) {
    ctx.save();
    box(ctx, x, y, width, height, 6);
    ctx.clip();
    ctx.strokeStyle = colours.missing;
    ctx.globalAlpha = 0.35;
    ctx.lineWidth = 1.4;
    ctx.beginPath();
    for (let at = x - height; at < x + width; at += 16) {
      ctx.moveTo(at, y + height);
      ctx.lineTo(at + height, y);
    }
    ctx.stroke();
    ctx.restore();
  }

  /** The ground of the map: a strip per stage, hatched where the territory has nobody; the bands below. */
  function ground(ctx, top) {
    for (const column of Model.data.columns) {
      const width = column.x1 - column.x0;
      // strips hang from the headers, however far the reader has moved the map
      const y0 = Math.min(column.y0, top);
      const height = column.y1 - y0;
      box(ctx, column.x0, y0, width, height, 6);
      ctx.fillStyle = column.missing ? colours["missing-ground"] : colours.column;
      ctx.fill();
      if (!column.missing) continue;
      hatch(ctx, column.x0, y0, width, height);
      box(ctx, column.x0, y0, width, height, 6);
      ctx.setLineDash([9, 6]);
      ctx.lineWidth = 2;
      ctx.strokeStyle = colours.missing;
      ctx.stroke();
      ctx.setLineDash([]);
    }
    for (const band of Model.data.bands) {
      ctx.font = `700 ${Math.min(52, Math.max(15, 12.5 / scale))}px ${FONT}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      ctx.fillStyle = colours.quiet;
      ctx.fillText(band.label, band.x0, band.y0);
      ctx.beginPath();
      ctx.moveTo(band.x0, band.y0 + 9);
      ctx.lineTo(band.x1, band.y0 + 9);
      ctx.lineWidth = 1.2;
      ctx.strokeStyle = colours.line;
      ctx.stroke();
    }
  }

  /** What vis-network is told of a line; the key tells whether it changed since the last time. */
  function line(edge, shown, crowded) {
    const { cv } = edge;
    const strong = Boolean(view.chosen && view.chosen.edges.has(edge.id));
    const faded = shown.fadedEdges.has(edge.id);
    const base = colours[cv.layer];
    const rest = { flow: 0.72, cooperation: 0.62, group: 0.5 }[cv.layer] * (crowded ? 0.4 : 1);
    const opacity = faded ? 0.07 : strong ? 1 : rest;
    const style = {
      id: edge.id,
      hidden: shown.hiddenEdges.has(edge.id),
      width: cv.width + (strong ? 1.2 : 0),
      color: { color: base, highlight: base, hover: base, opacity },
    };
    return { style, key: [style.hidden, style.width, base, opacity].join("|") };
  }

  const STEPS = Array.from({ length: 27 }, (_, i) => 0.5 + (i % 2 ? -1 : 1) * Math.ceil(i / 2) * 0.03);

  const overlap = (a, b) => Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x - a.w, b.x - b.w))
    * Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y - a.h, b.y - b.h));

  /** Writes the tonnages over everything: each on its own line, where it covers least of names and of others. */
  function amounts(ctx, all) {
    const lines = Model.data.edges.filter((edge) => edge.cv.amount && !view.hiddenEdges.has(edge.id)
      && !view.fadedEdges.has(edge.id) && (all || (view.chosen && view.chosen.edges.has(edge.id))));
    if (!lines.length) return;
    ctx.font = `600 13px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const wanted = lines.map((edge) => edge.id).join();
    if (places.wanted !== wanted) places = { wanted, boxes: findPlaces(ctx, lines) };
    lines.forEach((edge, i) => {
      const { x, y, w, h } = places.boxes[i];
      box(ctx, x - w, y - h, 2 * w, 2 * h, 5);
      ctx.globalAlpha = 0.92;
      ctx.fillStyle = colours.paper;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.fillStyle = colours.ink;
      ctx.fillText(edge.cv.amount, x, y + 0.5);
    });
  }

  let places = { wanted: "", boxes: [] };

  function findPlaces(ctx, lines) {
    const names = Model.data.nodes.filter((node) => !view.hidden.has(node.id))
      .map((node) => ({ x: node.x, y: node.y, w: SIZE.width / 2 - 12, h: SIZE.height / 2 - 6 }));
    const found = [];
    for (const edge of lines) {
      const [from, to] = [Model.nodes.get(edge.from), Model.nodes.get(edge.to)];
      const size = { w: ctx.measureText(edge.cv.amount).width / 2 + 4, h: 9 };
      let best = null;
      let least = Infinity;
      for (const step of STEPS) {
        const at = { ...along(from, to, step), ...size };
        const cost = names.reduce((sum, name) => sum + overlap(at, name), Math.abs(step - 0.5) * 40)
          + found.reduce((sum, other) => sum + 4 * overlap(at, other), 0);
        if (cost < least - 1e-6) { best = at; least = cost; }
      }
      found.push(best);
    }
    return found;
  }

  /** A point of the curve by which a flow is drawn (its control points lie half-way, level with the ends). */
  function along(from, to, t) {
    const bend = 3 * t * t - 2 * t * t * t;
    const middle = (from.x + to.x) / 2;
    const u = 1 - t;
    const x = u * u * u * from.x + 3 * u * u * t * middle + 3 * u * t * t * middle + t * t * t * to.x;
    return { x, y: from.y + (to.y - from.y) * bend };
  }

  return {
    SIGNS, signOf, colourOf, readColours, card, ground, line, amounts,
    setView: (next) => { view = next; },
    setScale: (next) => { scale = next; },
    colour: (name) => colours[name],
  };
})();
