// The work list: an answer is one tap and counts at once; it leaves when there is a network.
import "../work/work.scss";
import { add, send, waiting } from "../work/answers.js";

const band = document.querySelector("[data-work-waiting]");
const language = document.documentElement.lang;
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function show() {
  const count = waiting().length;
  band.hidden = count === 0;
  band.textContent = count ? `${band.dataset.text} ${count}` : "";
}

function noted(line, text) {
  line.querySelectorAll("button, details").forEach((part) => part.remove());
  const said = document.createElement("p");
  said.className = "vx-done";
  said.setAttribute("role", "status");
  said.textContent = text;
  line.append(said);
}

async function flush() {
  try {
    for (const verdict of await send("/work/outcomes", token())) {
      const line = document.querySelector(`[name=record][value="${verdict.record}"]`)?.closest("[data-work-line]");
      if (line) noted(line, language === "en" ? verdict.message : verdict.thong_bao);
    }
  } catch {
    // no network: what waits is sent later
  }
  show();
}

function answer(line, outcome) {
  const value = (name) => line.querySelector(`[name=${name}]`).value;
  add({ item: value("item"), record: value("record"), outcome, at: new Date().toISOString() });
  noted(line, line.dataset.noted);
  show();
  flush();
}

document.addEventListener("submit", (event) => {
  const line = event.target.closest("[data-work-line]");
  if (line && event.submitter?.name === "outcome") {
    event.preventDefault();
    answer(line, event.submitter.value);
  }
  if (event.target.matches("[data-put-back], form[action*='logout']")) {
    navigator.serviceWorker?.controller?.postMessage("forget");
  }
});

// a swipe to the left says "not at home" for the first thing open on a card; the button says it too
let from = null;
document.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
document.addEventListener("touchend", (event) => {
  const card = event.target.closest?.(".vx-work-card");
  const to = event.changedTouches[0];
  if (!card || !from || from.clientX - to.clientX < 90 || Math.abs(from.clientY - to.clientY) > 40) return;
  const button = card.querySelector("[data-work-line] button[value=not-home]");
  if (button) answer(button.closest("[data-work-line]"), "not-home");
}, { passive: true });

addEventListener("online", flush);
if (document.querySelector("[data-work-taken]")) {
  navigator.serviceWorker?.register("/work/sw.js", { scope: "/work/" }).catch(() => {});
}
show();
flush();
