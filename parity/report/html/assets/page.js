"use strict";
/* Shows one report at a time, fills the tables, and draws when it is looked at. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const data = JSON.parse(document.getElementById("data").textContent).reports;
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const role = (box, name) => box.querySelector('[data-role="' + name + '"]');
  const drawn = new Map();

  /* Light or dark */
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const redraw = () => drawn.forEach((draw) => draw());
  document.getElementById("theme").onclick = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    redraw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  /* Charts */
  const order = ["output", "loss", "gradient", "slot", "initial", "final"];
  const words = { output: "outputs", loss: "losses", initial: "initial variables",
    final: "variables afterwards", gradient: "gradients", slot: "slots" };

  function seriesOf(report) {
    const found = [];
    for (const check of report.checks) {
      if (check.depth) {
        const d = check.depth;
        const lines = [{ name: "error", values: d.error, color: "--fail", points: true }];
        if (d.noise.some((v) => v !== null))
          lines.push({ name: "noise floor", values: d.noise, color: "--noise", dash: [6, 4] });
        const how = { value: "", congruent: ", rounding apart", behind: ", corresponding", name: ", of that name" };
        found.push({
          title: check.name + ": every matched op (" + d.op.length + ")",
          check: check.name, x: d.order, lines,
          parting: d.parting,
          xLabel: "op, in execution order", yLabel: "error / largest magnitude",
          label: (i) => d.type[i] + " " + d.op[i] + how[d.match[i]],
        });
      }
      const p = check.pairs;
      for (const kind of order) {
        const rows = p.kind.map((k, i) => (k === kind ? i : -1)).filter((i) => i >= 0);
        if (!rows.length) continue;
        found.push({
          title: check.name + ": " + words[kind] + " (" + rows.length + ")",
          check: check.name, x: rows.map((_, i) => i),
          lines: [
            { name: "x tolerance", values: rows.map((i) => (p.figures[i] ? p.figures[i][0] : 0)),
              color: "--fail", points: true },
            { name: "the tolerance", values: rows.map(() => 1), color: "--noise", dash: [6, 4] },
          ],
          xLabel: words[kind] + ", in execution order", yLabel: "difference / tolerance",
          label: (i) => report.names[p.name[rows[i]]] + ", " + p.status[rows[i]],
        });
      }
    }
    return found;
  }

  function histogramsOf(report) {
    const found = [];
    for (const check of report.checks) {
      const p = check.pairs;
      for (const kind of order) {
        const sum = [];
        p.kind.forEach((k, i) => {
          if (k !== kind) return;
          const counts = p.histogram[i] || (p.figures[i] ? [] : [p.elements[i]]);
          counts.forEach((v, bin) => { sum[bin] = (sum[bin] || 0) + v; });
        });
        if (sum.length)
          found.push({ title: check.name + ": all " + words[kind], check: check.name,
            counts: Array.from(sum, (v) => v || 0) });
      }
      p.name.map((_, i) => i).filter((i) => p.histogram[i] && p.histogram[i].length)
        .sort((a, b) => (p.figures[b][0] || 0) - (p.figures[a][0] || 0)).slice(0, 12)
        .forEach((i) => found.push({
          title: check.name + ": " + p.kind[i] + " " + report.names[p.name[i]],
          check: check.name, counts: p.histogram[i] }));
    }
    return found;
  }

  function fill(select, entries) {
    select.replaceChildren(...entries.map((entry, i) => new Option(entry.title, i)));
  }

  /* What failed; where nothing did, what has most to show. */
  const size = (entry) => (entry.x || entry.counts).length;
  function telling(entries, report) {
    const bad = report.checks.filter((c) => c.status === "fail").map((c) => c.name);
    const at = [(e) => e.title.includes("every matched op"),
      (e) => bad.includes(e.check)].map((is) => entries.findIndex(is));
    const found = at.find((i) => i >= 0);
    return found ?? entries.indexOf(entries.reduce((most, e) => (size(e) > size(most) ? e : most)));
  }

  function prepareCharts(box) {
    const report = data[Number(box.dataset.charts)];
    const series = seriesOf(report), histograms = histogramsOf(report);
    if (!series.length) return;
    box.hidden = false;
    const choose = role(box, "series"), of = role(box, "histogram-of");
    fill(choose, series); fill(of, histograms);
    role(box, "ulps").hidden = !histograms.length;
    choose.value = telling(series, report);
    if (histograms.length) of.value = telling(histograms, report);
    let current = null, bars = null;
    const drawDepth = () => {
      if (current) current.plot.destroy();
      current = charts.depth(role(box, "depth"), role(box, "reading"), series[choose.value]);
    };
    const drawBars = () => {
      if (bars) bars.plot.destroy();
      bars = histograms.length
        ? charts.histogram(role(box, "histogram"), histograms[of.value].counts) : null;
    };
    choose.onchange = drawDepth; of.onchange = drawBars;
    role(box, "all").onclick = () => current && current.all();
    role(box, "nearer").onclick = () => current && current.scale(0.5);
    role(box, "farther").onclick = () => current && current.scale(2);
    const draw = () => { if (box.clientWidth) { drawDepth(); drawBars(); } };
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      drawn.set(box, draw);
      draw();
    }, { rootMargin: "200px" }).observe(box);
    let width = 0;
    new ResizeObserver(() => {
      if (!current || box.clientWidth === width || !box.clientWidth) return;
      width = box.clientWidth;
      current.resize(); if (bars) bars.resize();
    }).observe(box);
    box.draw = () => { drawn.set(box, draw); draw(); };
  }

  /* The table of pairs */
  function preparePairs(box) {
    const report = data[Number(box.dataset.pairs)];
    const rows = [];
    for (const check of report.checks)
      check.pairs.name.forEach((_, i) => rows.push([check, i]));
    if (!rows.length) return;
    box.hidden = false;
    role(box, "count").textContent = rows.length;
    const body = role(box, "rows"), more = role(box, "more");
    const filter = role(box, "filter"), differing = role(box, "differing");
    let shown = 0, chosen = [];
    const cell = (text, name) => {
      const td = document.createElement("td");
      td.textContent = text;
      if (name) td.className = name;
      return td;
    };
    const add = () => {
      for (const [check, i] of chosen.slice(shown, shown + 200)) {
        const p = check.pairs, f = p.figures[i];
        const tr = document.createElement("tr");
        tr.append(cell(check.name), cell(p.kind[i]), cell(report.names[p.name[i]]),
          cell(p.status[i], p.status[i]),
          ...[0, 1, 2, 3].map((k) => cell(charts.figure(f ? f[k] : 0), "figure")),
          cell(p.elements[i], "figure"));
        body.append(tr);
      }
      shown += 200;
      more.hidden = shown >= chosen.length;
      more.textContent = "more (" + Math.max(chosen.length - shown, 0) + ")";
    };
    const again = () => {
      const word = filter.value.toLowerCase();
      chosen = rows.filter(([check, i]) =>
        (!differing.checked || check.pairs.figures[i]) &&
        (!word || report.names[check.pairs.name[i]].toLowerCase().includes(word)));
      body.replaceChildren(); shown = 0; add();
    };
    filter.oninput = again; differing.onchange = again; more.onclick = add;
    box.addEventListener("toggle", () => { if (box.open && !shown) again(); });
  }

  /* One of several reports */
  const sections = all("section.report");
  const links = all("[data-report]");
  function show(number, check) {
    sections.forEach((section, i) => { section.hidden = i !== number; });
    links.forEach((link) => {
      const is = Number(link.dataset.report) === number &&
        (!check || !link.dataset.check || link.dataset.check === check);
      link.classList.toggle("chosen", is);
      if (is) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
  if (links.length) {
    links.forEach((link) => {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const number = Number(link.dataset.report), check = link.dataset.check;
        show(number, check);
        const chip = check && document.getElementById("r" + number + "-" + check);
        const inside = chip && chip.querySelector('a[href^="#"]');
        const target = inside
          ? document.getElementById(inside.getAttribute("href").slice(1)) : sections[number];
        target.focus({ preventScroll: true });
        sections[number].scrollIntoView({ block: "nearest" });
        target.scrollIntoView({ block: "start" });
      });
    });
    const bad = links.find((link) => link.matches(".fail:not(.warns), .error:not(.warns)")) || links[0];
    show(Number(bad.dataset.report), bad.dataset.check);
  }

  /* Arrow keys in a grid */
  all("table.grid").forEach((grid) => {
    grid.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
      const step = steps[event.key], td = event.target.closest("td");
      if (!step || !td) return;
      const row = grid.rows[td.parentNode.rowIndex + step[0]];
      const next = row && row.cells[td.cellIndex + step[1]];
      const link = next && next.querySelector("a");
      if (link) { link.focus(); event.preventDefault(); }
    });
  });

  /* Code opens at its line */
  all(".code").forEach((code) => {
    const here = code.querySelector(".here");
    if (here) code.scrollTop = here.offsetTop - code.clientHeight / 2;
  });
  all("[data-copy]").forEach((button) => {
    button.onclick = () => {
      const code = button.parentNode.querySelector("code");
      getSelection().selectAllChildren(code);
      const done = () => { button.textContent = "copied"; };
      if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(done, () => {});
      else if (document.execCommand("copy")) done();
    };
  });

  all("[data-charts]").forEach(prepareCharts);
  all("[data-pairs]").forEach(preparePairs);
  addEventListener("beforeprint", () => {
    all("details:not(.pairs)").forEach((d) => { d.open = true; });
    all("[data-charts]").forEach((box) => box.draw && !drawn.has(box) && box.draw());
  });
})();
