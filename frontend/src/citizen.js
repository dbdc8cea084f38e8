// The citizen's pages work without script; this only makes them kinder. What is not on the page is not fetched.
import "./citizen.scss";
import { device } from "./js/device.js";
import { gentle } from "./js/gentle.js";

gentle();
device();
