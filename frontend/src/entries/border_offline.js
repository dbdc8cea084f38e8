// The desk on this device: scan, look, decide, declare, also without a network; merged when it is back.
import "../border/border.scss";
import { find } from "../border/entries.js";
import { flush, kept, takeAlong, write } from "../border/delivery.js";
import { listen, openForm } from "../border/form.js";
import { startCamera } from "../gate/camera.js";

const at = (id) => document.getElementById(id);
const body = at("desk");
const EVERY = 5000;
let known;
let shown;

async function refresh() {
  const left = await kept.count();
  at("queue").hidden = !left;
  at("queue").textContent = left ? `${body.dataset.waiting} ${left}` : "";
  at("net").hidden = body.dataset.online !== "false";
  body.dataset.queue = String(left);
  at("taken").textContent = known ? `${body.dataset.taken} ${known.entries.length} · ${known.day}` : body.dataset.nothing;
}

function say(text) {
  at("said").textContent = text;
}

function show(found) {
  shown = found;
  const entry = found.entry;
  at("entry").hidden = !(entry || found.signed);
  at("unknown").hidden = Boolean(entry || found.signed);
  if (entry || found.signed) {
    const code = found.signed?.class ?? entry.class;
    at("who").textContent = entry?.who ?? found.signed.who;
    at("where").textContent = entry ? [entry.flight, entry.seat].filter(Boolean).join(" · ") : body.dataset.notTaken;
    at("class").textContent = known.classes[code]?.name ?? code;
    at("todo").textContent = known.classes[code]?.todo ?? "";
    at("done").hidden = !entry?.done;
    at("decide").hidden = Boolean(entry?.done);
    at("id_temperature").focus();
  }
  body.dataset.shown = entry ? String(entry.id) : found.signed ? String(found.signed.id) : "none";
}

async function take({ code }) {
  if (!known) return say(body.dataset.nothing);
  at("code").value = "";
  const began = performance.now();
  const found = await find(code, known);
  say(found.problem ? body.dataset[found.problem === "code" ? "badCode" : "missing"] : "");
  show(found);
  body.dataset.look = String(Math.round(performance.now() - began));
}

async function decide(outcome) {
  const form = new FormData(at("decide"));
  const told = { kind: "review", outcome, temperature: form.get("temperature"), reason: form.get("reason") };
  told.sampled = form.get("sampled") === "on";
  told.second = form.get("second") || null;
  if (shown.of) told.of = shown.of;
  else told.declaration = shown.entry?.id ?? shown.signed.id;
  await write(told, known);
  if (shown.entry) {
    shown.entry.done = true;
    await kept.remember({ entries: known.entries });
  }
  at("decide").reset();
  at("entry").hidden = true;
  say(body.dataset.noted);
  at("code").focus();
  await send();
}

async function declare(posted) {
  const id = await write({ kind: "declare", form: known.form, posted }, known);
  say(body.dataset.noted);
  shown = { of: id, entry: { id, who: body.dataset.justNow, flight: posted.flight ?? "", seat: posted.seat ?? "" } };
  show({ ...shown, entry: { ...shown.entry, class: "", n: [] } });
  shown = { of: id };
  await refresh();
}

async function send() {
  const answers = await flush();
  const texts = new Set(answers.map((one) => (document.documentElement.lang === "en" ? one.message : one.thong_bao)));
  if (texts.size) say([...texts].join(" "));
  await refresh();
}

// the page itself, with its officer's name, stays on the device beside the built files
async function keepPage() {
  await navigator.serviceWorker?.register("/border/offline/sw.js", { scope: "/border/offline/" });
  if (navigator.onLine) await (await caches.open("desk-page")).add(location.pathname);
}

async function start() {
  navigator.storage?.persist?.();
  await keepPage().catch(() => {});
  document.addEventListener("submit", (event) => event.target.matches("form[action*='logout']") && kept.unlearn());
  known = await kept.recall();
  if (known && known.day !== new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)) {
    await kept.unlearn(); // yesterday's list goes; what waits to be sent stays
    known = undefined;
  }
  at("scan").addEventListener("submit", (event) => { event.preventDefault(); take({ code: at("code").value }); });
  at("take").addEventListener("click", async () => {
    try {
      known = await takeAlong();
      say("");
    } catch {
      say(body.dataset.notNow);
    }
    await refresh();
  });
  at("decide").addEventListener("submit", (event) => { event.preventDefault(); decide(event.submitter.value); });
  for (const button of document.querySelectorAll("[data-declare]")) button.addEventListener("click", () => known && openForm());
  at("camera").addEventListener("click", () => startCamera(take).catch(() => say(body.dataset.noCamera)));
  listen(declare);
  addEventListener("online", send);
  setInterval(send, EVERY);
  await send();
  body.dataset.ready = "true";
}

start();
