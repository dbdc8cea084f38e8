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
    { selector: "node:selected", style: { "border-width": 3, "border-color": role("focus") } },
  ];
}

/** The first chain at a size that can be read, its days across the width where they fit. */
function start(chart, box, width) {
  const zoom = Math.min(1, Math.max(0.45, (box.clientWidth - 180) / Math.max(width, 1)));
  chart.viewport({ zoom, pan: { x: 24, y: 24 } });
}

async function draw(box) {
  const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { nodes, edges, folded } = await answer.json();
  const began = performance.now();
  const chart = cytoscape({
    container: box,
    elements: [
      ...nodes.map(({ x, y, ...data }) => ({ group: "nodes", data, position: { x, y } })),
      ...edges.map((data) => ({ group: "edges", data })),
    ],
    layout: { name: "preset", fit: false },
    style: style(),
    autoungrabify: true,
    wheelSensitivity: 0.3,
    maxZoom: 3,
  });
  const width = Math.max(0, ...nodes.map((node) => node.x));
  start(chart, box, width);
  document.getElementById("chain-start").addEventListener("click", () => start(chart, box, width));
  document.getElementById("chain-whole").addEventListener("click", () => chart.fit(undefined, 24));
  chart.on("tap", "node", (event) => location.assign(`${box.dataset.case}${event.target.data("case")}`));
  if (folded) document.getElementById("chain-note").textContent = `${folded} ${box.dataset.folded}`;
  chart.ready(() => requestAnimationFrame(() => {
    box.dataset.drawIn = String(Math.round(performance.now() - began));
    box.dataset.drawn = String(nodes.length);
  }));
}

const box = document.getElementById("chain");
if (box) draw(box);
