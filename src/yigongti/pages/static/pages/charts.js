// Draws `figure[data-chart]`: the JSON spec of yigongti.pages.charts.Chart becomes an ECharts drawing.
"use strict";

(() => {
  const TONES = { good: "#2b8a3e", warn: "#f08c00", bad: "#c92a2a", none: "#adb5bd", plain: "#0b7285" };
  const LINES = ["#0b7285", "#e8590c", "#5f3dc4", "#2b8a3e", "#a61e4d", "#1864ab", "#868e96", "#846358"];
  const QUIET = "#5b6774";
  const PAPER = "rgba(255, 255, 255, 0.85)";

  const text = (value, suffix) => (value == null ? "—" : value.toLocaleString(undefined, { maximumFractionDigits: 2 }) + suffix);

  function point(series, value, index, lying) {
    const tone = series.tones[index];
    const drawn = tone && tone !== "plain" ? { value, itemStyle: { color: TONES[tone] } } : { value };
    if (lying && value < 0) drawn.label = { position: "left" };
    return drawn;
  }

  function line(spec, series, index) {
    const bar = series.kind === "bar";
    return {
      name: series.label,
      type: bar ? "bar" : "line",
      data: series.values.map((value, place) => point(series, value, place, spec.lying)),
      color: LINES[index % LINES.length],
      barMaxWidth: 22,
      symbolSize: 6,
      showSymbol: series.values.length <= 24,
      connectNulls: false,
      areaStyle: series.kind === "area" ? { opacity: 0.12 } : undefined,
      label: bar && spec.lying ? { show: true, position: "right", color: QUIET, backgroundColor: PAPER, formatter: (at) => series.texts[at.dataIndex] } : undefined,
      markLine: index === 0 && spec.lying && spec.target != null ? targetAcross(spec) : undefined,
    };
  }

  const DASHED = { color: "#495057", type: "dashed", width: 1.2 };

  // Along the months the target is a line of its own, so that the axis always reaches it.
  function targetAlong(spec) {
    return {
      name: spec.targetLabel, type: "line", data: spec.categories.map(() => spec.target), symbol: "none", silent: true,
      color: DASHED.color, lineStyle: DASHED,
    };
  }

  function targetAcross(spec) {
    return {
      z: 1, symbol: "none", silent: true, lineStyle: DASHED, data: [{ xAxis: spec.target }],
      label: { formatter: spec.targetLabel, position: "start", color: DASHED.color },
    };
  }

  // Lying bars share a narrow ground with the names before them and the figures behind (or, below zero, left of) them.
  const FIGURE = 64;

  function lyingSizes(spec, width) {
    const names = Math.min(Math.max(width * 0.28, 92), 260);
    const left = spec.series.some((series) => series.values.some((value) => value < 0));
    const bars = Math.max(width - names - FIGURE - 24, 2 * FIGURE);
    return { names, gap: left ? FIGURE / (bars - FIGURE) : 0 };
  }

  function options(spec, width) {
    const sizes = lyingSizes(spec, width);
    const names = { type: "category", data: spec.categories, axisTick: { show: false }, axisLabel: { color: QUIET, hideOverlap: !spec.lying } };
    const values = {
      type: "value", name: spec.lying ? "" : spec.axis, scale: !spec.series.some((series) => series.kind === "bar"),
      nameTextStyle: { color: QUIET }, axisLabel: { color: QUIET, hideOverlap: true }, splitLine: { lineStyle: { color: "#edf0f3" } },
    };
    if (spec.lying) values.boundaryGap = [sizes.gap, 0];
    if (spec.lying && spec.target != null) {
      values.max = (range) => (spec.target > range.max ? Number(spec.target.toPrecision(2)) : null);
    }
    const series = spec.series.map((each, index) => line(spec, each, index));
    if (!spec.lying && spec.target != null) series.push(targetAlong(spec));
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: spec.lying ? FIGURE : 16, top: series.length > 1 ? 44 : spec.lying ? (spec.target == null ? 4 : 24) : 30, bottom: 6, containLabel: true },
      legend: series.length > 1 ? { top: 0, type: "scroll", textStyle: { color: QUIET } } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => text(value, spec.suffix) },
      xAxis: spec.lying ? values : names,
      yAxis: spec.lying ? { ...names, inverse: true, axisLabel: { ...names.axisLabel, width: sizes.names, overflow: "truncate" } } : values,
      series,
    };
  }

  function draw(figure) {
    const ground = figure.querySelector(".drawing");
    const data = figure.querySelector("script[type='application/json']");
    if (!ground || !data || ground.dataset.drawn) return;
    ground.dataset.drawn = "yes";
    const spec = JSON.parse(data.textContent);
    if (spec.lying) ground.style.height = `${Math.max(spec.categories.length * 26 + 36, 96)}px`;
    const chart = echarts.init(ground, null, { renderer: "canvas" });
    chart.setOption(options(spec, ground.clientWidth));
    chart.on("click", (at) => {
      const link = spec.series[at.seriesIndex]?.links?.[at.dataIndex];
      if (link) window.location.assign(link);
    });
    new ResizeObserver(() => {
      chart.resize();
      chart.setOption(options(spec, ground.clientWidth));
    }).observe(ground);
  }

  const drawAll = (root) => root.querySelectorAll("figure[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
