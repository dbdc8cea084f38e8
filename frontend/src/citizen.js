// The citizen's pages work without script; this only makes them kinder. What is not on the page is not fetched.
import "./citizen.scss";
import { device } from "./js/device.js";
import { gentle } from "./js/gentle.js";

gentle();
device();
if (document.querySelector("form[data-visit]") || localStorage.getItem("vx-visits")) import("./venues/visits.js").then(({ visits }) => visits());
if (document.querySelector("[data-private-place]") || localStorage.getItem("vx-stays")) import("./venues/private.js").then(({ privateStays }) => privateStays());
