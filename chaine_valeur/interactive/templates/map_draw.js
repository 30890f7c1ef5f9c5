/* How the map looks: cards, grounds of the columns, lines, tonnages. */
"use strict";
const Draw = (() => {
  const SIZE = Model.data.card;
  const { FONT, signOf, colourOf, setName, sign } = Style;
  let colours = Style.colours();
  let scale = 1;
  let view = Model.view();

  function box(ctx, x, y, width, height, radius) {
    ctx.beginPath();
    ctx.moveTo(x + radius, y);
    ctx.arcTo(x + width, y, x + width, y + height, radius);
    ctx.arcTo(x + width, y + height, x, y + height, radius);
    ctx.arcTo(x, y + height, x, y, radius);
    ctx.arcTo(x, y, x + width, y, radius);
    ctx.closePath();
  }

  function card(ctx, node, x, y) {
    const { width, height } = SIZE;
    const { cv } = node;
    const left = x - width / 2;
    const top = y - height / 2;
    const far = scale < 0.42;
    const colour = cv.kind === "actor" ? colourOf(cv.roles[0]) : cv.kind === "group" ? colours.group : colours.flow;
    const radius = cv.kind === "group" ? 26 : cv.kind === "outside" ? 0 : 7;
    const core = view.chosen && view.chosen.core.has(node.id);
    if (view.faded.has(node.id)) {
      // the lines that end here must not shine through
      box(ctx, left, top, width, height, radius);
      ctx.fillStyle = colours.ground;
      ctx.fill();
      ctx.globalAlpha = 0.25;
    }
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
    const { badge, kind, roles } = node.cv;
    const index = signOf(roles[0]);
    ctx.fillStyle = kind === "actor" ? colours.card : colours.group;
    if (kind === "group") for (const dx of [-0.2, 0, 0.2]) dot(ctx, x + dx * SIZE.width, y, SIZE.height * 0.1);
    if (index >= 0) sign(ctx, index, x - (badge ? SIZE.width * 0.27 : 0), y, SIZE.height * (badge ? 0.22 : 0.3));
    if (!badge) return;
    ctx.font = `700 ${SIZE.height * 0.36}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(badge, x + SIZE.width * 0.18, y + 1, SIZE.width * 0.56);
  }

  function dot(ctx, x, y, radius) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fill();
  }

  function nearCard(ctx, node, x, y, left, top, colour) {
    const { cv } = node;
    const index = cv.kind === "actor" ? signOf(cv.roles[0]) : -1;
    if (!cv.lines) setName(ctx, node);
    ctx.font = cv.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = colours.ink;
    const middle = y + (index >= 0 || cv.badge ? 3 : 1);
    cv.lines.forEach((line, i) => ctx.fillText(line, x, middle + (i - (cv.lines.length - 1) / 2) * 17));
    if (index >= 0) {
      ctx.fillStyle = colours.card;
      dot(ctx, left + 10, top, 11);
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

  const held = new Set(Model.data.nodes.map((node) => node.cv.column));

  /** Where those words stand: tonnages keep off them. */
  const notes = new Map();

  /** Says in the room of a stage that nobody holds why it is empty. */
  function emptyNote(ctx, column) {
    const weight = column.missing ? 700 : 400;
    ctx.font = `${weight} 10px ${FONT}`;
    const longest = Math.max(...column.note.split(" ").map((word) => ctx.measureText(word).width));
    const fitting = ((column.x1 - column.x0 - 8) / longest) * 10;
    const size = Math.min(60, Math.max(14, 11 / scale), fitting);
    ctx.font = `${weight} ${size}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const lines = Style.wrap(ctx, column.note, column.x1 - column.x0 - 4, 5);
    const x = (column.x0 + column.x1) / 2;
    const y = column.y0 + SIZE.head + (lines.length * size * 1.2) / 2 + 10;
    const wide = Math.max(...lines.map((line) => ctx.measureText(line).width)) + 8;
    notes.set(column, { x, y, w: wide / 2, h: lines.length * size * 0.6 + 4 });
    if (column.missing) {
      box(ctx, x - wide / 2, y - (lines.length * size * 1.2) / 2 - 4, wide, lines.length * size * 1.2 + 8, 5);
      ctx.fillStyle = colours["missing-ground"];
      ctx.fill();
    }
    ctx.fillStyle = column.missing ? colours.missing : colours.quiet;
    lines.forEach((line, i) => ctx.fillText(line, x, y + (i - (lines.length - 1) / 2) * size * 1.2));
  }

  /** The ground of the map: a strip per stage, hatched where the territory has nobody; the bands below. */
  function ground(ctx) {
    for (const column of Model.data.columns) {
      const { x0, y0, x1, y1 } = column;
      box(ctx, x0, y0, x1 - x0, y1 - y0, 6);
      ctx.fillStyle = column.missing ? colours["missing-ground"] : colours.column;
      ctx.fill();
      if (column.missing) {
        hatch(ctx, x0, y0, x1 - x0, y1 - y0);
        box(ctx, x0, y0, x1 - x0, y1 - y0, 6);
        ctx.setLineDash([9, 6]);
        ctx.lineWidth = 2;
        ctx.strokeStyle = colours.missing;
        ctx.stroke();
        ctx.setLineDash([]);
      }
      if (column.note && !held.has(column.id)) emptyNote(ctx, column);
    }
    for (const band of Model.data.bands) {
      ctx.font = `700 10px ${FONT}`;
      const fitting = ((band.x1 - band.x0) / ctx.measureText(band.label).width) * 10;
      ctx.font = `700 ${Math.min(52, Math.max(15, 12.5 / scale), Math.max(15, fitting))}px ${FONT}`;
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

  const isBent = (edge) => edge.cv.smooth.type === "cubicBezier";

  function opacityOf(edge, crowded) {
    if (view.fadedEdges.has(edge.id)) return 0.07;
    if (view.chosen && view.chosen.edges.has(edge.id)) return 1;
    return { flow: 0.72, cooperation: 0.62, group: 0.5, same: 0.4 }[edge.cv.layer] * (crowded ? 0.4 : 1);
  }

  /** Arrow heads of the bent lines, where and as the curve enters the card it goes to. */
  function heads(ctx) {
    for (const edge of Model.data.edges) {
      if (!isBent(edge) || view.hiddenEdges.has(edge.id)) continue;
      const [from, to] = [Model.nodes.get(edge.from), Model.nodes.get(edge.to)];
      const entered = (at) => Math.abs(at.x - to.x) < SIZE.width / 2 + 2 && Math.abs(at.y - to.y) < SIZE.height / 2 + 2;
      let [low, high] = [0, 1];
      for (let i = 0; i < 16; i += 1) {
        const middle = (low + high) / 2;
        if (entered(along(from, to, middle))) high = middle;
        else low = middle;
      }
      const tip = along(from, to, low);
      const back = along(from, to, Math.max(0, low - 0.04));
      const long = 9 + 1.5 * edge.cv.width;
      const wide = 4 + 0.8 * edge.cv.width;
      ctx.save();
      ctx.translate(tip.x, tip.y);
      ctx.rotate(Math.atan2(tip.y - back.y, tip.x - back.x));
      ctx.globalAlpha = Math.min(1, opacityOf(edge, false) * 1.25);
      ctx.fillStyle = colours.flow;
      ctx.beginPath();
      ctx.moveTo(0, 0);
      ctx.lineTo(-long, -wide);
      ctx.lineTo(-long, wide);
      ctx.closePath();
      ctx.fill();
      ctx.restore();
    }
  }

  /** What vis-network is told of a line; the key tells whether it changed since the last time. */
  function line(edge, crowded) {
    const { cv } = edge;
    const strong = Boolean(view.chosen && view.chosen.edges.has(edge.id));
    const base = colours[cv.layer === "same" ? "group" : cv.layer];
    const opacity = opacityOf(edge, crowded);
    const style = {
      id: edge.id,
      hidden: view.hiddenEdges.has(edge.id),
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
    const { head, gap } = SIZE;
    names.push(...Model.data.columns.map(({ x0, x1, y0 }) =>
      ({ x: (x0 + x1) / 2, y: y0 + head / 2, w: (x1 - x0 + gap) / 2, h: head / 2 })), ...notes.values());
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
    card, ground, line, heads, amounts, isBent,
    setView: (next) => { view = next; },
    setScale: (next) => { scale = next; },
    readColours: () => { Style.readColours(); colours = Style.colours(); },
  };
})();
