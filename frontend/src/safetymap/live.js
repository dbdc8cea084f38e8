// The live map: our own ground, outlines and marks, from the published snapshot; a basemap only where one was checked.
// Words on the map are elements of our own over it, never a basemap's.
import { Map as LiveMap, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "./live.scss";

setWorkerUrl(workerUrl);
const EMPTY = { type: "FeatureCollection", features: [] };
const COUNTRY = [[101.5, 6], [118, 23.6]];

// a mark is told by its shape as well as by its fill
function shape(kind, fill) {
  const size = 26;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  const corners = {
    triangle: [[13, 2], [24, 23], [2, 23]], square: [[3, 3], [23, 3], [23, 23], [3, 23]],
    diamond: [[13, 1], [25, 13], [13, 25], [1, 13]],
  }[kind];
  pen.beginPath();
  if (corners) corners.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  else pen.arc(13, 13, 11, 0, 2 * Math.PI);
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = "#FFFFFF";
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

const got = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

function popup(map, feature, at) {
  const { title, says, url } = feature.properties;
  const card = document.createElement("div");
  const name = document.createElement(url ? "a" : "strong");
  if (url) name.href = url;
  name.textContent = title;
  const line = document.createElement("p");
  line.textContent = says;
  card.append(name, line);
  new Popup({ maxWidth: "260px" }).setLngLat(at).setDOMContent(card).addTo(map);
}

function labels(map, given) {
  for (const { lon, lat, text, below, big } of given) {
    const element = document.createElement("div");
    element.className = big ? "vx-map-label vx-map-label--big" : "vx-map-label";
    element.append(text);
    if (below) element.append(document.createElement("br"), below);
    new Marker({ element }).setLngLat([lon, lat]).addTo(map);
  }
}

export async function live(box) {
  const data = await got(box.dataset.features);
  const ground = box.dataset.basemap ? await got(box.dataset.basemap) : EMPTY;
  const map = new LiveMap({
    container: box, bounds: COUNTRY, minZoom: 3.4, maxZoom: 16, maxBounds: [[92, -2], [128, 31]],
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
    locale: { "Map.Title": box.dataset.title, "NavigationControl.ZoomIn": box.dataset.zoomIn, "NavigationControl.ZoomOut": box.dataset.zoomOut, "Popup.Close": box.dataset.close },
    style: {
      version: 8,
      sources: { ground: { type: "geojson", data: ground }, marks: { type: "geojson", data } },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": "#E9EBF8" } },
        { id: "land", type: "fill", source: "ground", filter: ["==", ["get", "kind"], "land"], paint: { "fill-color": "#F5F5F9" } },
        { id: "water", type: "fill", source: "ground", filter: ["==", ["get", "kind"], "water"], paint: { "fill-color": "#E9EBF8" } },
        { id: "lines", type: "line", source: "ground", filter: ["==", ["get", "kind"], "line"], paint: { "line-color": "#C9CCDC", "line-width": 1 } },
        { id: "communes", type: "fill", source: "marks", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#FFFFFF", "fill-opacity": 0.7 } },
        { id: "borders", type: "line", source: "marks", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": "#3C4058", "line-width": 1 } },
      ],
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.touchZoomRotate.disableRotation();
  await map.once("load");
  for (const name of new Set(data.features.map((one) => one.properties.icon).filter(Boolean))) map.addImage(name, shape(...name.split(" ")));
  map.addLayer({ id: "dots", type: "symbol", source: "marks", filter: ["==", ["geometry-type"], "Point"], layout: { "icon-image": ["get", "icon"], "icon-size": ["get", "size"], "icon-allow-overlap": true } });
  labels(map, JSON.parse(box.dataset.labels));
  const points = data.features.filter((one) => one.geometry.type === "Point").map((one) => one.geometry.coordinates);
  if (points.length) {
    const [lons, lats] = [0, 1].map((axis) => points.map((point) => point[axis]));
    map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 48, maxZoom: 13, animate: false });
  }
  map.on("click", "dots", (event) => popup(map, event.features[0], event.lngLat));
  document.getElementById("live-map-whole").hidden = false;
  document.getElementById("live-map-whole").addEventListener("click", () => map.fitBounds(COUNTRY, { animate: false }));
  box.dataset.ready = "yes";
}
