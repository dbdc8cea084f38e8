// Loads only what a page uses: form helpers, htmx, Alpine.
const COMPONENTS = {
  "nhsuk-error-summary": () => import("nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs").then((m) => m.ErrorSummary),
  "nhsuk-radios": () => import("nhsuk-frontend/dist/nhsuk/components/radios/radios.mjs").then((m) => m.Radios),
  "nhsuk-checkboxes": () => import("nhsuk-frontend/dist/nhsuk/components/checkboxes/checkboxes.mjs").then((m) => m.Checkboxes),
};

async function components() {
  document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
  for (const [name, load] of Object.entries(COMPONENTS)) {
    const roots = document.querySelectorAll(`[data-module="${name}"]`);
    if (!roots.length) continue;
    const Component = await load();
    roots.forEach((root) => new Component(root));
  }
}

async function htmx() {
  if (!document.querySelector("[hx-get],[hx-post],[hx-trigger]")) return;
  const { default: found } = await import("htmx.org");
  found.process(document.body);
}

async function alpine() {
  if (!document.querySelector("[x-data]")) return;
  const { default: Alpine } = await import("@alpinejs/csp");
  Alpine.start();
}

/** The quiet band of a page that has lost the network. */
function offline() {
  const band = document.querySelector("[data-offline]");
  if (!band) return;
  const show = () => { band.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** A button that must not be pressed twice is put away while its form is on the way. */
function once() {
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-once]");
    if (button) setTimeout(() => { button.disabled = true; }, 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("[data-once]").forEach((b) => { b.disabled = false; }));
}

/** `data-autosubmit` fields send their form when changed; without script a button does it. */
function autosubmit() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });
  document.querySelectorAll("[data-print]").forEach((b) => b.addEventListener("click", () => print()));
}

/** A range shows its value as words beside it: `<output for=…>`. */
function ranges() {
  document.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    const out = document.querySelector(`output[for="${event.target.id}"]`);
    if (out) out.value = event.target.value;
  });
}

export function gentle() {
  components();
  htmx();
  alpine();
  offline();
  once();
  autosubmit();
  ranges();
}
