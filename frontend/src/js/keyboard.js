// Keyboard first: / search, j k rows, Enter open, e edit, x select, ? help. Never while somebody types.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

function rows() {
  return [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => !row.hidden);
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("vx-current"));
  const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("vx-current", row === next));
  (next.querySelector("a, button, input") || next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const row = document.querySelector("tr.vx-current");
  const target = row && row.querySelector(selector);
  if (target) target.click();
}

const KEYS = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  e: () => press("[data-edit]"),
  x: () => press("input[type=checkbox]"),
  "?": () => document.querySelector("#vx-keys")?.showModal(),
};

/** One tick for all rows of a list. */
function selectAll() {
  document.querySelectorAll("[data-select-all]").forEach((tick) => {
    tick.hidden = false;
    tick.addEventListener("change", () => {
      tick.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = tick.checked; });
    });
  });
}

export function keyboard() {
  selectAll();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
