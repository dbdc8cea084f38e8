// The gate: scan, keep, send, answer. Every record is kept on the device before it is sent, and forgotten only
// when the server has given its verdict.
import "../gate/gate.scss";
import { showAnswer, showState } from "../gate/answer.js";
import { startCamera } from "../gate/camera.js";
import { listen } from "../gate/input.js";
import { Delivery } from "../gate/delivery.js";
import { recall } from "../gate/store.js";

const body = document.body;

async function start() {
  const known = await recall();
  if (!known?.token) return showState("not-gate", body.dataset.notGate);
  navigator.storage?.persist?.();
  navigator.serviceWorker?.register("/gate/sw.js", { scope: "/gate/" }).catch(() => {});
  const delivery = new Delivery(known);
  const take = (record) => delivery.take(record).then(showAnswer);
  delivery.begin();
  listen(take);
  document.getElementById("camera").addEventListener("click", () => startCamera(take));
  showState("ready", body.dataset.ready);
  keepAwake();
}

async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // the device decides; a gate without wake lock is a gate whose screen is touched now and then
  }
}
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keepAwake());

start();
