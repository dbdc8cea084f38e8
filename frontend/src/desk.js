import "./desk.scss";
import { gentle } from "./js/gentle.js";
import { columns } from "./js/columns.js";
import { keyboard } from "./js/keyboard.js";
import { showWhereOneIs } from "./js/nav.js";

gentle();
keyboard();
showWhereOneIs();
columns(document);
document.addEventListener("htmx:afterSwap", (event) => columns(event.target));
