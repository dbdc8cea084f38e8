// What a citizen's device keeps: drafts that are not sent and declarations that wait for a network.
// One button on the first page wipes all of it.
const OUTBOX = "vx-outbox";
const key = (slug) => `vx-draft-${slug}`;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // a browser that keeps nothing: the server's own draft is what there is
  }
}

export const draft = (slug) => read(key(slug), null);
export const keepDraft = (slug, value) => write(key(slug), value);
export const dropDraft = (slug) => localStorage.removeItem(key(slug));

export const waiting = () => read(OUTBOX, []);
export const put = (record) => write(OUTBOX, [...waiting().filter((one) => one.id !== record.id), record]);
const remove = (ids) => write(OUTBOX, waiting().filter((one) => !ids.has(one.id)));

// A page's answers as a browser would post them, without what belongs to the page and not to the person.
const OURS = new Set(["csrfmiddlewaretoken", "asked", "back", "do", "whom"]);

export function pairs(root) {
  const found = [];
  for (const field of root.querySelectorAll("input[name], select[name], textarea[name]")) {
    const off = (field.type === "radio" || field.type === "checkbox") && !field.checked;
    if (!off && !OURS.has(field.name)) found.push([field.name, field.value]);
  }
  return found;
}

// One sending at a time. -> the verdicts; throws where there is no network.
let sending;

export function flush() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  const records = waiting();
  if (!records.length) return [];
  const asked = await fetch("/declare/outbox", { cache: "no-store" });
  const { token } = await asked.json();
  const answer = await fetch("/declare/outbox", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ records }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { verdicts } = await answer.json();
  remove(new Set(verdicts.map((verdict) => verdict.id)));
  for (const verdict of verdicts) {
    const record = records.find((one) => one.id === verdict.id);
    if (record && verdict.verdict === "refused") back(record, verdict);
  }
  return verdicts;
}

// What was refused becomes a draft again, with what is to be mended.
function back(record, verdict) {
  keepDraft(record.form, { ...record.draft, problems: verdict.problems, choices: verdict.choices, which: verdict.which });
}
