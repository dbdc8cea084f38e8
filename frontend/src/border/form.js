// The paper form on this device: every question on one page, those that do not apply hidden. The server checks it.
const form = document.getElementById("declaration");
const asked = [...document.querySelectorAll("[data-when]")];

function answerOf(name) {
  const chosen = form.querySelector(`[name="${name}"]:checked`);
  if (chosen) return chosen.value;
  const field = form.querySelector(`[name="${name}"]:not([type=radio])`);
  return field && !field.closest("[hidden]") ? field.value : "";
}

const wanted = (value) => (value === true ? "yes" : value === false ? "no" : String(value));

function holds(when) {
  const names = when.group
    ? asked.filter((one) => one.dataset.group === when.group).map((one) => one.dataset.name)
    : [when.question];
  const values = when.any_of?.length ? when.any_of : [wanted(when.equals)];
  return names.some((name) => values.includes(answerOf(name)));
}

function refresh() {
  for (const part of asked) part.hidden = !JSON.parse(part.dataset.when).every(holds);
}

/** What was typed, as a browser would post it; hidden questions are left out. */
export function posted() {
  const told = {};
  for (const part of asked) {
    if (part.hidden) continue;
    const value = answerOf(part.dataset.name);
    if (value) told[part.dataset.name] = value;
  }
  return told;
}

export function openForm() {
  form.reset();
  refresh();
  form.hidden = false;
  form.querySelector("input, select")?.focus();
}

export function listen(take) {
  form.addEventListener("input", refresh);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = posted(); // before the form is hidden: what is hidden does not count
    form.hidden = true;
    take(told);
  });
  document.getElementById("declaration-cancel").addEventListener("click", () => { form.hidden = true; });
}
