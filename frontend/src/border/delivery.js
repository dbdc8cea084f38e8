// Records of this desk: sealed and kept first, sent when there is network, forgotten when the server has said a word.
import { seal } from "../gate/seal.js";
import { openKept } from "../js/kept.js";

export const kept = openKept("vungxanh-border");
const MOST = 200;
const body = document.getElementById("desk");
let sending;

async function ask(path, options = {}) {
  const answer = await fetch(`/border/offline/${path}`, { credentials: "same-origin", ...options });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.json();
}

function post(path, csrf, sent) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return ask(path, { method: "POST", headers, body: JSON.stringify(sent) });
}

/** The day's list onto this device; names stay out of it. */
export async function takeAlong() {
  const { csrf } = await ask("ping");
  const told = await post("take", csrf, {});
  await kept.remember(told);
  return told;
}

export async function write(record, known) {
  const whole = { ...record, id: crypto.randomUUID(), at: new Date().toISOString(), officer: known.officer };
  await kept.keep({ id: whole.id, box: await seal(whole, known.key) });
  return whole.id;
}

export function flush() {
  sending ??= sendAll().finally(() => { sending = undefined; });
  return sending;
}

async function sendAll() {
  const refused = [];
  try {
    const { csrf } = await ask("ping");
    body.dataset.online = "true";
    for (let list = await kept.waiting(MOST); list.length; list = await kept.waiting(MOST)) {
      const { verdicts } = await post("merge", csrf, { sealed: list });
      const done = verdicts.filter((one) => one.verdict !== "not-taken").map((one) => one.record);
      await kept.forget(done);
      refused.push(...verdicts.filter((one) => one.verdict === "kept" || one.verdict === "not-taken"));
      if (!done.length) break;
    }
  } catch {
    body.dataset.online = "false";
  }
  return refused;
}
