// Draws `figure[data-map]`: the points of yigongti.pages.charts.Map at their coordinates on plain ground (no tiles).
"use strict";

(() => {
  const TONES = { good: "#2b8a3e", warn: "#f08c00", bad: "#c92a2a", none: "#868e96", plain: "#0b7285" };

  function marker(point) {
    const drawn = L.circleMarker([point.lat, point.lon], {
      radius: 4 + 14 * point.size,
      color: TONES[point.tone],
      weight: point.shape === "ring" ? 3 : 1.5,
      fillOpacity: point.shape === "ring" ? 0.05 : 0.55,
    });
    const label = document.createElement("span");
    const name = document.createElement("strong");
    name.textContent = point.label;
    label.append(name, document.createElement("br"), point.text);
    drawn.bindTooltip(label, { direction: "top" });
    drawn.on("click", () => point.link && window.location.assign(point.link));
    drawn.on("add", () => focusable(drawn, point));
    return drawn;
  }

  function focusable(drawn, point) {
    const shape = drawn.getElement();
    shape.setAttribute("aria-label", `${point.label} ${point.text}`);
    if (!point.link) return;
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "link");
    shape.addEventListener("focus", () => drawn.openTooltip());
    shape.addEventListener("blur", () => drawn.closeTooltip());
    shape.addEventListener("keydown", (event) => event.key === "Enter" && window.location.assign(point.link));
  }

  function draw(figure) {
    const ground = figure.querySelector(".ground");
    const data = figure.querySelector("script[type='application/json']");
    if (!ground || !data || ground.dataset.drawn) return;
    ground.dataset.drawn = "yes";
    const { points } = JSON.parse(data.textContent);
    const map = L.map(ground, { attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false });
    map.fitBounds(points.map((point) => [point.lat, point.lon]), { padding: [24, 24], maxZoom: 13 });
    [...points].sort((a, b) => b.size - a.size).forEach((point) => marker(point).addTo(map));
    L.control.scale({ imperial: false }).addTo(map);
  }

  const drawAll = (root) => root.querySelectorAll("figure[data-map]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
