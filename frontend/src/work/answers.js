// Answers given on this device: kept until the server has said a word on each. They hold ids and codes, no names.
const KEY = "vx-work-answers";

export function waiting() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

function store(records) {
  localStorage.setItem(KEY, JSON.stringify(records));
}

export function add(record) {
  store([...waiting(), record]);
}

/** Sends what waits. -> the refused verdicts; what the server accepted or knew already is forgotten here. */
export async function send(url, token) {
  const records = waiting();
  if (!records.length) return [];
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ records }),
  });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  const { verdicts } = await response.json();
  const answered = new Set(verdicts.map((verdict) => verdict.record));
  store(waiting().filter((record) => !answered.has(record.record)));
  return verdicts.filter((verdict) => verdict.verdict === "refused");
}
