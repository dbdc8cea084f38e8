// Draws what the server laid out: places are given, nothing is computed here, dragging moves no fact.
import cytoscape from "cytoscape";

const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--vx-${name}`).trim();

function style() {
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle", width: 16, height: 16, "background-color": role("brand"), label: "data(label)",
        "font-size": 12, "font-family": "Be Vietnam Pro, system-ui, sans-serif", color: role("ink"),
        "text-valign": "center", "text-halign": "right", "text-margin-x": 4, "min-zoomed-font-size": 7,
      },
    },
    { selector: "node[?root]", style: { "background-opacity": 0, "border-width": 2, "border-style": "dashed", "border-color": role("ink") } },
    { selector: "edge", style: { width: 1.5, "line-color": role("edge"), "target-arrow-color": role("edge"), "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "straight" } },
    { selector: "edge[certainty > 0]", style: { "line-style": "dashed" } },
    { selector: "node[opens]", style: { shape: "ellipse", width: 30, height: 18, "background-color": role("paper"), "border-width": 1.5, "border-color": role("brand"), "text-halign": "center", "text-margin-x": 0, "font-size": 12, "min-zoomed-font-size": 5 } },
    { selector: "edge[more]", style: { "line-style": "dotted", "target-arrow-shape": "none" } },
    { selector: "edge[wrong]", style: { width: 3, "line-color": role("red"), "target-arrow-color": role("red"), "curve-style": "unbundled-bezier" } },
    { selector: "node:selected", style: { "border-width": 3, "border-color": role("focus") } },
  ];
}

/** The first chain at a size that can be read, its days across the width where they fit. */
function start(chart, box, width) {
  const zoom = Math.min(1, Math.max(0.65, (box.clientWidth - 180) / Math.max(width, 1)));
  chart.viewport({ zoom, pan: { x: 24, y: 24 } });
}

/** Cases, marks of what is folded and lines, at most two thousand: the server keeps to it. */
function elements({ nodes, edges }) {
  return [
    ...nodes.map(({ x, y, ...data }) => ({ group: "nodes", data, position: { x, y } })),
    ...edges.map((data) => ({ group: "edges", data })),
  ];
}

class Drawing {
  constructor(box) {
    this.box = box;
    this.note = document.getElementById("chain-note");
    this.asked = new URLSearchParams(box.dataset.asked);
    this.opened = [];
    this.chart = cytoscape({
      container: box, layout: { name: "preset", fit: false }, style: style(), autoungrabify: true,
      wheelSensitivity: 0.3, maxZoom: 3,
    });
    this.chart.on("tap", "node", (event) => this.press(event.target));
    this.chart.on("tap", "edge[wrong]", (event) => {
      this.note.textContent = `${box.dataset.wrong} ${event.target.data("days")}`;
    });
  }

  press(node) {
    if (!node.data("opens")) return location.assign(`${this.box.dataset.case}${node.data("case")}`);
    const { x, y } = node.renderedPosition();
    this.opened.push(node.data("opens"));
    return this.fetch(node.data("opens"), { x, y });
  }

  narrow(form) {
    this.asked = new URLSearchParams(new FormData(form));
    this.opened = [];
    history.replaceState(null, "", `?${this.asked}`);
    return this.fetch();
  }

  /** Asks anew. What was pressed stays under the pointer. */
  async fetch(held = "", at = null) {
    const began = performance.now();
    const asked = new URLSearchParams(this.asked);
    if (this.opened.length) asked.set("open", this.opened.join(","));
    const answer = await fetch(`${this.box.dataset.url}?${asked}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    const arrived = performance.now();
    this.chart.batch(() => { this.chart.elements().remove(); this.chart.add(elements(found)); });
    this.width = Math.max(0, ...found.nodes.map((node) => node.x));
    const node = held && this.chart.getElementById(held);
    if (node && node.length) {
      const now = node.renderedPosition();
      this.chart.panBy({ x: at.x - now.x - 40, y: at.y - now.y });
    } else start(this.chart, this.box, this.width);
    this.note.textContent = found.folded ? `${found.folded} ${this.box.dataset.folded}` : "";
    requestAnimationFrame(() => {
      Object.assign(this.box.dataset, {
        drawIn: Math.round(performance.now() - arrived), answeredIn: Math.round(performance.now() - began),
        drawn: found.shown, elements: this.chart.elements().length, asked: String(asked),
      });
    });
  }
}

const box = document.getElementById("chain");
if (box) {
  const drawing = new Drawing(box);
  box.drawing = drawing;
  document.getElementById("chain-start").addEventListener("click", () => start(drawing.chart, box, drawing.width));
  document.getElementById("chain-whole").addEventListener("click", () => drawing.chart.fit(undefined, 24));
  const form = document.getElementById("chain-form");
  form.addEventListener("submit", (event) => { event.preventDefault(); drawing.narrow(form); });
  form.addEventListener("change", (event) => {
    if (event.target.name === "disease") form.submit();
    else drawing.narrow(form);
  });
  drawing.fetch();
}
