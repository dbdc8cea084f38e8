// The whole form on a device without network: one page after the other, kept at every answer, sent when it can be.
import { offerCard } from "./card.js";
import { draft as recall, dropDraft, flush, keepDraft, pairs, put } from "./store.js";

const form = document.querySelector("[data-whole]");
const { whole: slug, version } = form.dataset;
const conditions = JSON.parse(form.dataset.conditions);
const missing = JSON.parse(form.dataset.missing);
const sections = [...form.querySelectorAll("[data-page]")];
const named = (name) => sections.find((section) => section.dataset.page === name);
const pages = sections.filter((section) => !["review", "kept"].includes(section.dataset.page));
const questions = [...form.querySelectorAll("[data-question]")];
const next = form.querySelector("[data-next]");
const previous = form.querySelector("[data-previous]");
let mine = recall(slug);
let here;
if (!mine) mine = { id: crypto.randomUUID(), pages: {}, held: [] };

// ---- answers

const inputs = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

function values(name) {
  return inputs(name)
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value)
    .filter(Boolean);
}

function applies(name) {
  return (conditions[name] ?? []).every(([names, wanted]) =>
    names.some((each) => applies(each) && values(each).some((value) => wanted.includes(value))));
}

function refresh() {
  for (const question of questions) question.hidden = !applies(question.dataset.question);
}

function keep() {
  const kept = {};
  for (const section of pages) {
    const name = section.dataset.page;
    if (touched(section) || name in mine.pages) kept[name] = pairs(section); // an empty page was passed on purpose
  }
  mine = { ...mine, version, whom: values("whom")[0] ?? mine.whom, pages: kept };
  keepDraft(slug, mine);
}

const touched = (section) => questionsOf(section).some((question) => answered(question));
const questionsOf = (section) => [...section.querySelectorAll("[data-question]")];

function restore() {
  for (const list of Object.values(mine.pages)) {
    const rows = list.find(([name]) => name.endsWith("-rows"));
    if (rows) for (let n = 1; n < Number(rows[1]); n += 1) addRow(rows[0].slice(0, -5));
    for (const [name, value] of list) set(name, value);
  }
  if (mine.whom) set("whom", mine.whom);
}

function set(name, value) {
  for (const field of inputs(name)) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = field.checked || field.value === value;
    else field.value = value;
  }
}

function answered(question) {
  const name = question.dataset.question;
  if (question.dataset.type !== "places") return values(name).length > 0;
  return values(`${name}-0-place`).length > 0 && values(`${name}-0-from`).length > 0;
}

const held = (section) => (mine.held ?? []).includes(section.dataset.page) && !touched(section);

// ---- rows of places

function addRow(name) {
  const count = form.querySelector(`[name="${name}-rows"]`);
  const rows = [...count.parentElement.querySelectorAll(".vx-place-row")];
  const made = rows[0].cloneNode(true);
  const number = rows.length;
  for (const part of made.querySelectorAll("[id], [name], [for]")) {
    for (const attribute of ["id", "name", "for"]) {
      const was = part.getAttribute(attribute);
      if (was) part.setAttribute(attribute, was.replace(`${name}-0-`, `${name}-${number}-`));
    }
    if ("value" in part && part.tagName !== "BUTTON") part.value = "";
  }
  made.querySelector("[value^=remove-]").value = `remove-${number}`;
  made.querySelector("legend").textContent = made.querySelector("legend").textContent.replace("1", String(number + 1));
  rows.at(-1).after(made);
  count.value = String(number + 1);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  event.preventDefault();
  const name = button.closest("[data-question]").dataset.question;
  if (button.value === "add") addRow(name);
  else for (const field of button.closest(".vx-place-row").querySelectorAll("input, select")) field.value = "";
  keep();
});

// ---- faults

function faultOf(question) {
  const { type } = question.dataset;
  const field = question.querySelector("input[max]");
  if (field?.value && field.max && field.value > field.max) return form.dataset.ahead;
  if (!("required" in question.dataset) || answered(question)) return "";
  return missing[type] ?? missing.text;
}

function clearFaults() {
  form.querySelector("[data-faults]").replaceChildren();
  form.querySelectorAll("[data-fault]").forEach((part) => part.remove());
  form.querySelectorAll(".nhsuk-form-group--error").forEach((part) => part.classList.remove("nhsuk-form-group--error"));
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text) made.textContent = text;
  return made;
}

// [question element, sentence] pairs -> beside each question, and a summary that takes the focus
function showFaults(found) {
  clearFaults();
  if (!found.length) return;
  const summary = element("div", "nhsuk-error-summary");
  summary.setAttribute("role", "alert");
  summary.tabIndex = -1;
  summary.append(element("h2", "nhsuk-error-summary__title", form.dataset.check));
  const list = element("ul", "nhsuk-list nhsuk-error-summary__list");
  for (const [question, text] of found) {
    const item = document.createElement("li");
    const link = element("a", "", text);
    if (question) {
      link.href = `#${question.dataset.question}`;
      const said = element("span", "nhsuk-error-message", text);
      said.dataset.fault = "";
      question.classList.add("nhsuk-form-group--error");
      (question.querySelector("legend, label") ?? question).after(said);
    }
    item.append(link);
    list.append(item);
  }
  summary.append(list);
  form.querySelector("[data-faults]").append(summary);
  summary.focus();
}

function check(section) {
  const asked = questionsOf(section).filter((question) => !question.hidden);
  const found = asked.map((question) => [question, faultOf(question)]).filter(([, text]) => text);
  showFaults(found);
  return !found.length;
}

// ---- the way through

function show(section) {
  clearFaults();
  refresh();
  here = section;
  for (const one of sections) one.hidden = one !== section;
  const place = pages.indexOf(section);
  next.hidden = place < 0;
  previous.hidden = place === 0 || section.dataset.page === "kept";
  const head = section.querySelector("h1");
  if (head.dataset.self) head.textContent = mine.whom === "other" ? head.dataset.other : head.dataset.self;
  if (section.dataset.page === "review") review();
  if (document.body.dataset.shown) head.focus();
  document.body.dataset.shown = "1";
  scrollTo(0, 0);
}

function firstOpen() {
  refresh();
  const open = (section) => !held(section) && questionsOf(section).some((q) => !q.hidden && faultOf(q));
  const optional = (section) => !held(section) && !touched(section) && !(section.dataset.page in mine.pages);
  return pages.find((section) => open(section) || optional(section)) ?? named("review");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const before = questionsOf(here).filter((question) => !question.hidden).length;
  refresh();
  if (questionsOf(here).filter((question) => !question.hidden).length > before || !check(here)) return;
  if (!(here.dataset.page in mine.pages)) mine.pages[here.dataset.page] = [];
  keep();
  show(mine.reviewed ? firstOpen() : pages[pages.indexOf(here) + 1] ?? named("review"));
});
form.addEventListener("change", () => { refresh(); keep(); });
form.addEventListener("input", keep);
previous.addEventListener("click", () => {
  const place = here.dataset.page === "review" ? pages.length : pages.indexOf(here);
  show(pages[Math.max(0, place - 1)]);
});

// ---- the last look

function said(question) {
  const { type, question: name } = question.dataset;
  if (type === "places") {
    return [...question.querySelectorAll(".vx-place-row")]
      .map((row) => [...row.querySelectorAll("input:not([type=hidden]):not([type=radio])")].map((one) => one.value).filter(Boolean).join(", "))
      .filter(Boolean).join("; ");
  }
  if (type === "consent") return values(name).length ? form.dataset.agreed : "–";
  const chosen = inputs(name).filter((one) => one.checked).map((one) => form.querySelector(`[for="${one.id}"]`).textContent);
  const option = question.querySelector("select")?.selectedOptions[0]?.textContent;
  return chosen.join(", ") || option || values(name).join(", ") || "–";
}

function label(question) {
  return (question.querySelector("legend, label")?.textContent ?? "").trim();
}

function line(key, value, section) {
  const row = element("div", "nhsuk-summary-list__row");
  const change = element("dd", "nhsuk-summary-list__actions");
  const button = element("button", "vx-plain-button", form.dataset.change);
  button.type = "button";
  button.append(element("span", "nhsuk-u-visually-hidden", ` ${key}`));
  button.addEventListener("click", () => { mine.reviewed = true; show(section); });
  change.append(button);
  row.append(element("dt", "nhsuk-summary-list__key", key), element("dd", "nhsuk-summary-list__value", value), change);
  return row;
}

function review() {
  const lines = [];
  for (const section of pages.slice(1)) {
    if (held(section)) {
      lines.push(line(section.querySelector("h1").textContent, form.dataset.heldText, section));
      continue;
    }
    for (const question of questionsOf(section)) if (!question.hidden) lines.push(line(label(question), said(question), section));
  }
  form.querySelector("[data-lines]").replaceChildren(...lines);
}

form.querySelector("[data-deliver]").addEventListener("click", async () => {
  keep();
  const fields = pages.slice(1).filter((section) => !held(section)).flatMap((section) =>
    questionsOf(section).filter((question) => !question.hidden).flatMap(pairs));
  const record = {
    id: mine.id, form: slug, version, whom: values("whom")[0] ?? mine.whom ?? "self",
    given_at: new Date().toISOString(), fields, draft: mine,
  };
  put(record);
  dropDraft(slug);
  show(named("kept"));
  await deliver(record.id);
});

async function deliver(id) {
  try {
    const verdict = (await flush()).find((one) => one.id === id);
    if (verdict?.verdict === "accepted") location.assign(verdict.url);
    else if (verdict) mend();
  } catch {
    // no network: what waits is sent later
  }
}

// ---- what the server could not take as it was

function mend() {
  mine = recall(slug);
  const { problems = [], choices = {}, which = "" } = mine;
  for (const [name, found] of Object.entries(choices)) offer(name, found, which);
  const first = problems.find((one) => one.page);
  show(first ? named(first.page) : named("review"));
  const on = problems.filter((one) => !one.page || one.page === here.dataset.page);
  showFaults(on.map((one) => [form.querySelector(`[data-question="${one.question}"]`), one.text]));
  mine = { ...mine, problems: undefined, choices: undefined };
  keepDraft(slug, mine);
}

function offer(name, found, which) {
  const spot = form.querySelector(`[name="${name}"], [name="${name}-place"]`);
  if (!spot) return;
  const box = element("fieldset", "nhsuk-fieldset nhsuk-u-margin-top-3");
  box.append(element("legend", "nhsuk-fieldset__legend nhsuk-fieldset__legend--s", which));
  const radios = element("div", "nhsuk-radios nhsuk-radios--small");
  found.forEach((one, n) => {
    const item = element("div", "nhsuk-radios__item");
    const radio = element("input", "nhsuk-radios__input");
    Object.assign(radio, { type: "radio", id: `${name}-code-${n}`, name: `${name}-code`, value: one.value });
    const text = element("label", "nhsuk-label nhsuk-radios__label", one.label);
    text.htmlFor = radio.id;
    item.append(radio, text);
    radios.append(item);
  });
  box.append(radios);
  form.querySelectorAll(`[name="${name}-code"]`).forEach((old) => (old.closest("fieldset.nhsuk-u-margin-top-3") ?? old).remove());
  spot.after(box);
}

restore();
offerCard();
form.hidden = false;
if (mine.problems) mend();
else show(mine.sent ? named("review") : firstOpen());
addEventListener("online", () => { if (here.dataset.page === "kept") deliver(mine.id); });
