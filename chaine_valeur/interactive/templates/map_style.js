/* Colours, signs and lettering: what cards and legend share. Colours come from the style sheet, so that light
   and dark are told in one place. */
"use strict";
const Style = (() => {
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

  /** What is drawn of a name: no invisible or direction-changing characters, French signs held to their word. */
  function drawable(name) {
    return name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, " ")
      .replace(/« /g, "«\u00a0").replace(/ (?=[»;:!?])/g, "\u00a0");
  }

  /** Where a name may break: at spaces, after a hyphen or a slash; each piece with what joins it to the last. */
  function pieces(name) {
    return drawable(name).split(/ +/).filter(Boolean).flatMap((word) =>
      (word.match(/[^-/]+[-/]*|[-/]+/g) || []).map((text, at) => ({ text, glue: at ? "" : " " })));
  }

  /** Breaks a name into lines by measured width; what does not fit in the last one is cut with an ellipsis. */
  function wrap(ctx, name, width, most) {
    const fits = (string) => ctx.measureText(string).width <= width;
    const lines = [];
    let line = "";
    for (const { text, glue } of pieces(name)) {
      const longer = line ? line + glue + text : text;
      if (fits(longer)) { line = longer; continue; }
      if (line) lines.push(line);
      line = text;
      while (!fits(line) && lines.length < most) {
        const letters = [...line];
        let at = letters.length - 1;
        while (at > 1 && !fits(letters.slice(0, at).join("") + "-")) at -= 1;
        lines.push(letters.slice(0, at).join("") + (/^\p{L}+$/u.test(line) ? "-" : ""));
        line = letters.slice(at).join("");
      }
    }
    if (line) lines.push(line);
    if (lines.length <= most) return lines;
    let last = lines[most - 1];
    while (last && !fits(last + "…")) last = [...last].slice(0, -1).join("");
    return [...lines.slice(0, most - 1), last.trimEnd() + "…"];
  }

  /** The largest size at which no word of a name has to be broken, and the lines at that size. */
  function setName(ctx, node) {
    const width = Model.data.card.width - (node.cv.kind === "group" ? 24 : node.cv.insertion ? 16 : 10);
    for (const size of [14.5, 13.5, 12.5]) {
      node.cv.font = `${node.cv.kind === "actor" ? 500 : 400} ${size}px ${FONT}`;
      ctx.font = node.cv.font;
      if (pieces(node.label).every(({ text }) => ctx.measureText(text).width <= width)) break;
    }
    node.cv.lines = wrap(ctx, node.label, width, 4);
  }

  function sign(ctx, index, x, y, radius) {
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(radius, radius);
    ctx.fill(paths[index]);
    ctx.restore();
  }

  return { FONT, SIGNS, signOf, colourOf, readColours, setName, wrap, sign, colours: () => colours };
})();
