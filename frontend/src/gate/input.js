// The line into which a scanner types.
const line = document.getElementById("line");
const FAST = 40; // ms between keys: a scanner; nobody types an identity card so quickly

// A zone of a passport or a card comes as two or three lines, each with Enter after it.
const ZONE = { 44: 2, 36: 2, 30: 3 };
const isZoneLine = (text) => text.length in ZONE && /^[A-Z0-9<]+$/.test(text) && text.includes("<");

export function listen(take) {
  let first = 0;
  let zone = [];
  line.addEventListener("input", () => (first ||= performance.now()));
  document.getElementById("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = line.value.trim();
    const pace = (performance.now() - first) / Math.max(typed.length, 1);
    line.value = "";
    first = 0;
    line.focus();
    if (!typed) return;
    zone = isZoneLine(typed) && (!zone.length || zone[0].length === typed.length) ? [...zone, typed] : [];
    if (zone.length && zone.length < ZONE[typed.length]) return;
    const code = zone.length ? zone.join("\n") : typed;
    zone = [];
    take({ code, way: pace < FAST ? "scanner" : "typed" });
  });
  // a scanner types wherever the cursor is: bring it back to the line
  document.addEventListener("keydown", (event) => {
    const busy = document.querySelector("dialog[open]");
    if (!busy && event.key.length === 1 && document.activeElement !== line) line.focus();
  });
  line.focus();
}
