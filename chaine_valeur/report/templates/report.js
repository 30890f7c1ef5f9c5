/* Lets a reader search, keep by choice and sort the rows of a table that are there; without it all of them show.
   It holds no data, and what it writes into the page it writes as text. */
"use strict";
(() => {
  const lang = document.documentElement.lang;
  const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });
  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);

  /** Lower case without accents or apostrophe variants: what two spellings share. */
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[’‘ʼ`]/g, "'").replace(/\s+/g, " ");

  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  /** A cell as it is compared: its places among the choices of its column, then its text; one without comes last. */
  function keyOf(cell) {
    const text = cell.textContent.trim();
    const places = (cell.dataset.of || "").split(" ").filter(Boolean).map(Number);
    return { empty: !text && !places.length, place: places.length ? Math.min(...places) : Infinity, text };
  }

  function makeSearchable(tools) {
    const table = tools.nextElementSibling.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows].map((row) => ({ row, text: fold(row.textContent) }));
    const query = tools.querySelector("input");
    const chosen = [...tools.querySelectorAll("select")];
    const reset = tools.querySelector(".reset");
    const count = tools.querySelector(".count");
    const order = tools.querySelector(".order");
    let sorted = null; // {column, up}

    function keeps(select, row) {
      if (!select.value) return true;
      const places = row.cells[Number(select.dataset.column)].dataset.of.split(" ").filter(Boolean);
      return select.value === "-" ? places.length === 0 : places.includes(select.value);
    }

    function filter() {
      const words = fold(query.value).split(" ").filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        row.hidden = !(words.every((word) => text.includes(word)) && chosen.every((select) => keeps(select, row)));
        if (!row.hidden) shown += 1;
      }
      reset.hidden = !words.length && chosen.every((select) => !select.value);
      const kind = shown === 0 ? "none" : plural.select(shown) === "one" ? "one" : "many";
      count.textContent = say(count.dataset[kind], { shown: number.format(shown), total: number.format(rows.length) });
    }

    function sort(column) {
      const up = sorted && sorted.column === column ? (sorted.up ? false : null) : true;
      sorted = up === null ? null : { column, up };
      const wanted = [...rows];
      if (sorted) {
        const keys = new Map(rows.map(({ row }) => [row, keyOf(row.cells[column])]));
        wanted.sort((a, b) => {
          const [x, y] = [keys.get(a.row), keys.get(b.row)];
          if (x.empty || y.empty) return Number(x.empty) - Number(y.empty);
          const first = x.place === y.place ? 0 : x.place < y.place ? -1 : 1;
          return (first || collator.compare(x.text, y.text)) * (up ? 1 : -1);
        });
      }
      body.append(...wanted.map(({ row }) => row));
      heads.forEach((head, at) => {
        if (sorted && at === column) head.setAttribute("aria-sort", up ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      const said = sorted ? (up ? order.dataset.rising : order.dataset.falling) : order.dataset.unsorted;
      order.textContent = say(said, { column: heads[column].textContent.trim() });
    }

    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(at));
      head.append(button);
    });
    for (const select of chosen) {
      const bare = rows.some(({ row }) => !row.cells[Number(select.dataset.column)].dataset.of);
      if (!bare) select.querySelector(".bare").remove();
      select.addEventListener("change", filter);
    }
    query.addEventListener("input", filter);
    reset.addEventListener("click", () => {
      query.value = "";
      for (const select of chosen) select.value = "";
      filter();
      query.focus();
    });
    tools.hidden = false;
    filter();
  }

  document.querySelectorAll(".tools").forEach(makeSearchable);

  // what need not be scrolled is no stop of the keyboard
  const boxes = document.querySelectorAll(".scroll, .wide .paper");
  const watch = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  boxes.forEach((box) => watch.observe(box));
})();
