// Keeps the token that the page brought, so that this device is a gate from now on.
import { remember } from "../gate/store.js";

const token = JSON.parse(document.getElementById("gate-token").textContent);
await remember({ token });
navigator.serviceWorker?.register("/gate/sw.js", { scope: "/gate/" }).catch(() => {});
document.documentElement.dataset.gate = "kept";
