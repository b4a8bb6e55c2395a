"use strict";
/* Draws what the page's numbers say: errors along the network, and histograms.
   Everything that comes from a model is set as text, never as markup. */
const charts = (() => {
  const css = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const finite = (value) => typeof value === "number" && isFinite(value);

  function figure(value) {
    if (value === null || value === undefined) return "?";
    if (!finite(value)) return String(value);
    if (value === 0) return "0";
    const size = Math.abs(value);
    return size >= 1e-3 && size < 1e5
      ? String(Number(value.toPrecision(3)))
      : value.toExponential(1);
  }

  /* A log axis has no zero: bit-equal stands on a line of its own below. */
  function lowest(columns) {
    let low = Infinity;
    for (const column of columns)
      for (const value of column)
        if (finite(value) && value > 0 && value < low) low = value;
    return Math.pow(10, Math.floor(Math.log10(isFinite(low) ? low : 1e-8)) - 1);
  }

  const power = (value) => {
    const exponent = Math.log10(value);
    return Math.abs(exponent - Math.round(exponent)) < 1e-6
      ? "1e" + Math.round(exponent) : "";
  };

  /* A mark a power of ten, at most about eight of them, and one for zero. */
  function powers(low, high, zero) {
    const from = Math.ceil(Math.log10(low) - 1e-6), to = Math.floor(Math.log10(high) + 1e-6);
    const step = Math.max(Math.ceil((to - from) / 8), 1);
    const marks = [];
    for (let e = to; e >= from; e -= step) marks.unshift(Math.pow(10, e));
    if (zero) { while (marks.length && marks[0] < zero * 3) marks.shift(); marks.unshift(zero); }
    return marks;
  }

  const looks = () => ({
    stroke: css("--quiet"), font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif", labelSize: 18, labelGap: 0,
    grid: { stroke: css("--edge"), width: 1 }, ticks: { stroke: css("--edge"), size: 4 },
  });

  function axes(zero, xLabel, yLabel) {
    return [
      { ...looks(), label: xLabel, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      { ...looks(), label: yLabel, size: 56, filter: (u, splits) => splits,
        splits: (u, axis, low, high) => powers(low, high, zero),
        values: (u, values) => values.map((v) => (v === zero ? "0" : power(v))) },
    ];
  }

  function sized(box, height) {
    return { width: Math.max(box.clientWidth, 260), height };
  }

  /* Says which line is which. */
  function keys(lines, isDense) {
    const list = document.createElement("div");
    list.className = isDense ? "keys dots" : "keys";
    for (const line of lines) {
      const key = document.createElement("span");
      key.textContent = line.name;
      key.style.setProperty("--line", css(line.color));
      if (line.dash) key.className = "dashed";
      list.append(key);
    }
    return list;
  }

  /* A line where the sides part. */
  function mark(u, at) {
    if (at === null || at === undefined) return;
    const x = Math.round(u.valToPos(at, "x", true));
    const { left, top, width, height } = u.bbox, c = u.ctx, scale = devicePixelRatio;
    if (x < left || x > left + width) return;
    c.save();
    c.strokeStyle = c.fillStyle = css("--fail");
    c.setLineDash([3 * scale, 3 * scale]);
    c.beginPath(); c.moveTo(x, top); c.lineTo(x, top + height); c.stroke();
    c.font = 12 * scale + "px system-ui, sans-serif";
    const isRight = x < left + width * 0.8;
    c.textAlign = isRight ? "left" : "right";
    const text = "the sides part", at0 = x + (isRight ? 6 : -6) * scale;
    const wide = c.measureText(text).width, low = top + height - 8 * scale;
    c.fillStyle = css("--card");
    c.fillRect(isRight ? at0 - 2 : at0 - wide - 2, low - 12 * scale, wide + 4, 16 * scale);
    c.fillStyle = css("--fail");
    c.fillText(text, at0, low);
    c.restore();
  }

  /* series: {x, label(i), lines: [{name, values, color, dash, points}]} */
  function depth(box, reading, series) {
    const zero = lowest(series.lines.map((line) => line.values));
    const raised = series.lines.map((line) =>
      line.values.map((v) => (v === 0 ? zero : finite(v) ? v : null)));
    const count = series.x.length, isDense = count > 200;
    const read = (at) => {
      if (at === null || at === undefined) { reading.textContent = ""; return; }
      const figures = series.lines
        .filter((line) => line.values[at] !== null && line.values[at] !== undefined)
        .map((line) => line.name + " " + figure(line.values[at]));
      reading.textContent = series.label(at) + ": " + figures.join(", ");
    };
    const options = {
      ...sized(box, 280), legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 8 } },
      scales: {
        x: { time: false, range: (u, low, high) =>
          count === 1 ? [series.x[0] - 1, series.x[0] + 1] : [low, high] },
        y: { distr: 3, range: (u, low, high) =>
          [zero, Math.pow(10, Math.ceil(Math.log10(Math.max(high || 1, zero * 100)) + 0.2))] },
      },
      axes: axes(zero, series.xLabel, series.yLabel),
      /* Of many ops a line would only be a hatching: there are dots alone. */
      series: [{}, ...series.lines.map((line) => ({
        label: line.name, stroke: css(line.color), width: 1.5,
        dash: line.dash, spanGaps: true,
        ...(isDense ? { paths: () => null } : {}),
        points: { show: Boolean(line.points) || isDense || count === 1,
          size: !isDense ? 5 : line.points ? 4 : 2.5, fill: css(line.color) },
      }))],
      hooks: { setCursor: [(u) => read(u.cursor.idx)], draw: [(u) => mark(u, series.parting)],
        setScale: [(u, key) => { if (key === "x" && at !== null) point(u); }] },
    };
    let at = null;
    const point = (u) => {
      u.setCursor({ left: u.valToPos(series.x[at], "x"), top: 10 });
      read(at);
    };
    box.replaceChildren(keys(series.lines, isDense));
    const plot = new uPlot(options, [series.x, ...raised], box);
    const full = [series.x[0], series.x[count - 1]];
    const zoom = (low, high) => plot.setScale("x", {
      min: Math.max(low, full[0]), max: Math.min(high, Math.max(full[1], full[0] + 1)) });
    const all = () => zoom(full[0], full[1]);
    /* Twice as near, or half as near where `by` is 2, around a place. */
    const scale = (by, around) => {
      const { min, max } = plot.scales.x;
      if (by > 1 && (max - min) * by >= full[1] - full[0]) { all(); return; }
      if (by < 1 && max - min <= 2) return;
      const here = around ?? (at === null ? (min + max) / 2 : series.x[at]);
      const part = (here - min) / (max - min);
      const wide = (max - min) * by;
      zoom(here - part * wide, here + (1 - part) * wide);
    };
    const go = (next) => {
      at = Math.min(Math.max(next, 0), count - 1);
      const { min, max } = plot.scales.x;
      if (series.x[at] < min || series.x[at] > max) {
        const half = (max - min) / 2;
        zoom(series.x[at] - half, series.x[at] + half);
      }
      point(plot);
    };
    /* The wheel alone scrolls the page, as everywhere. */
    plot.over.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      scale(event.deltaY > 0 ? 2 : 0.5, plot.posToVal(event.offsetX, "x"));
    }, { passive: false });
    box.onkeydown = (event) => {
      const step = event.shiftKey ? 10 : 1;
      if (event.key === "ArrowRight") go(at === null ? 0 : at + step);
      else if (event.key === "ArrowLeft") go(at === null ? 0 : at - step);
      else if (event.key === "+" || event.key === "=") scale(0.5);
      else if (event.key === "-") scale(2);
      else if (event.key === "0" || event.key === "Escape") all();
      else return;
      event.preventDefault();
    };
    return { plot, all, scale, resize: () => plot.setSize(sized(box, 280)) };
  }

  function histogram(box, counts) {
    const labels = counts.map((_, bin) =>
      bin === 0 ? "0" : bin === 1 ? "1" : bin < 8
        ? Math.pow(2, bin - 1) + "-" + (Math.pow(2, bin) - 1)
        : "2^" + (bin - 1));
    const x = counts.map((_, bin) => bin);
    box.replaceChildren();
    const plot = new uPlot({
      ...sized(box, 200), legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [-0.7, Math.max(counts.length, 6) - 0.3] },
        y: { distr: 3, range: (u, low, high) =>
          [0.5, Math.pow(10, Math.ceil(Math.log10(Math.max(high || 1, 10))))] },
      },
      axes: [
        { ...looks(), label: "distance in ulp", size: 30, grid: { show: false },
          splits: () => x, values: (u, splits) => {
            const step = Math.ceil(splits.length / Math.max(u.width / 55, 1));
            return splits.map((bin) => (bin % step === 0 ? labels[bin] : ""));
          } },
        { ...looks(), label: "elements", size: 56, filter: (u, s) => s,
          splits: (u, axis, low, high) => powers(low, high, null),
          values: (u, values) => values.map(power) },
      ],
      series: [{}, {
        stroke: css("--accent"), fill: css("--accent"), points: { show: false },
        paths: uPlot.paths.bars({ size: [0.8, 60] }),
      }],
    }, [x, counts.map((v) => (v > 0 ? v : null))], box);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", "ulp histogram: " + counts
      .map((v, bin) => (v ? labels[bin] + " ulp " + v : "")).filter(Boolean).join(", "));
    return { plot, resize: () => plot.setSize(sized(box, 200)) };
  }

  return { depth, histogram, figure };
})();
