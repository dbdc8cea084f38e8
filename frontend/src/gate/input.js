// The line into which a scanner types, and the short form for whoever has no code.
const line = document.getElementById("line");
const dialog = document.getElementById("guest");
const form = document.getElementById("guest-form");

const FAST = 40; // ms between keys: a scanner; nobody types an identity card so quickly

export function listen(take) {
  let first = 0;
  line.addEventListener("input", () => (first ||= performance.now()));
  document.getElementById("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = line.value.trim();
    const pace = (performance.now() - first) / Math.max(code.length, 1);
    line.value = "";
    first = 0;
    line.focus();
    if (code) take({ code, way: pace < FAST ? "scanner" : "typed" });
  });
  // a scanner types wherever the cursor is: bring it back to the line
  document.addEventListener("keydown", (event) => {
    if (!dialog.open && event.key.length === 1 && document.activeElement !== line) line.focus();
  });
  declare(take);
  line.focus();
}

function declare(take) {
  const open = () => dialog.open || dialog.showModal();
  document.getElementById("declare").addEventListener("click", open);
  document.addEventListener("vx-declare", open);
  document.getElementById("guest-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    dialog.close();
    form.reset();
    line.focus();
    take({ guest: { ...given, birth_year: Number(given.birth_year) }, way: "typed" });
  });
}
