// The gate: scan, keep, send, answer. Every record is kept on the device while it is sent, and forgotten only
// when the server has given its verdict.
import "../gate/gate.scss";
import { showAnswer, showState } from "../gate/answer.js";
import { startCamera } from "../gate/camera.js";
import { askDeclaration, dialogs } from "../gate/dialogs.js";
import { listen } from "../gate/input.js";
import { Delivery } from "../gate/delivery.js";
import { recall } from "../gate/store.js";
import { Trip } from "../gate/trip.js";

const body = document.body;

async function start() {
  const known = await recall();
  if (!known?.token) return showState("not-gate", body.dataset.notGate);
  navigator.storage?.persist?.();
  navigator.serviceWorker?.register("/gate/sw.js", { scope: "/gate/" }).catch(() => {});
  const delivery = new Delivery(known);
  const take = async (record) => {
    const began = performance.now();
    const answer = await delivery.take({ ...trip.extra(), ...record });
    showAnswer(answer);
    if (answer.status !== "refused") trip.boarded();
    body.dataset.took = String(Math.round(performance.now() - began));
    if (answer.reason === "venues.declaration-needed") askDeclaration(delivery.known, record);
    if (answer.reason === "venues.declare-first" || answer.reason === "venues.declaration-over") askDeclaration(delivery.known);
  };
  const trip = new Trip(delivery);
  delivery.begin();
  listen(take);
  dialogs(delivery, take);
  document.getElementById("count").addEventListener("click", () => delivery.tally());
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
