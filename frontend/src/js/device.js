// What makes the citizen's pages an application: kept without network, installed, wiped. Fetched when needed.
const busy = () => (localStorage.getItem("vx-outbox") ?? "[]") !== "[]";

function worker() {
  if (!navigator.serviceWorker || document.body.classList.contains("vx-desk")) return;
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}

/** What waits on this device leaves as soon as there is a network; the band says how much waits. */
async function outbox() {
  const band = document.querySelector("[data-waiting]");
  const show = () => {
    if (!band) return;
    const count = JSON.parse(localStorage.getItem("vx-outbox") ?? "[]").length;
    band.hidden = !count;
    band.querySelector("[data-count]").textContent = String(count);
  };
  show();
  if (!busy() || document.querySelector("[data-whole]")) return;
  const { flush } = await import("../declare/store.js");
  try {
    const verdicts = await flush();
    const refused = verdicts.some((verdict) => verdict.verdict === "refused");
    if (verdicts.length && !refused && band) location.reload();
    const mend = document.querySelector("[data-mend]");
    if (mend) mend.hidden = !refused;
  } catch {
    // no network: later
  }
  show();
}

/** The browser's own "install" is offered by our button where the browser lets a page ask. */
function install() {
  addEventListener("beforeinstallprompt", (event) => {
    const offer = document.querySelector("[data-install]");
    if (!offer) return;
    event.preventDefault();
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", async () => {
      await event.prompt();
      offer.hidden = true;
    }, { once: true });
  });
}

/** Wiping takes what browsers without Clear-Site-Data would leave. */
function wipe() {
  document.querySelector("form[data-wipe]")?.addEventListener("submit", () => {
    localStorage.clear();
    sessionStorage.clear();
    globalThis.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)));
    navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
  });
}

export function device() {
  worker();
  install();
  wipe();
  try {
    outbox();
    addEventListener("online", outbox);
    if (document.querySelector("form[data-draft], [data-sent]")) {
      import("../declare/draft.js").then(({ keepPages }) => keepPages());
    }
  } catch {
    // a browser that keeps nothing on the device: the pages work, the server keeps the draft
  }
  if (document.querySelector("[data-push]")) import("./push.js").then(({ offer }) => offer());
}
