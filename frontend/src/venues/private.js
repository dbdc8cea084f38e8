// A private place: this telephone remembers by itself, nothing is sent. When a place is declared exposed, every
// telephone fetches the same list and compares at home.
import { hoursOf, matches } from "./hours.js";

const KEPT = "vx-stays";
const LIST = "/venues/published.json";
const DAY = 86_400_000;

const load = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
const save = (stays) => localStorage.setItem(KEPT, JSON.stringify(stays));

// What is closed keeps hours only; what is older than its days goes.
async function tidy() {
  const now = Date.now();
  const kept = [];
  for (const stay of load()) {
    if (stay.seed && (stay.end || now > stay.until)) {
      const end = stay.end ?? stay.until;
      kept.push({ ids: await hoursOf(stay.seed, stay.start, end), start: stay.start, end, forget: stay.forget });
    } else if (now < stay.forget) kept.push(stay);
  }
  save(kept);
  return kept;
}

function place(box) {
  const { seed, name, minutes, days } = box.dataset;
  const open = () => load().find((stay) => stay.seed === seed && !stay.end);
  const show = () => {
    const stay = open();
    box.querySelector("[data-in]").hidden = Boolean(stay);
    box.querySelector("[data-inside]").hidden = !stay;
    if (stay) box.querySelector("[data-since]").textContent = new Date(stay.start).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
  };
  box.querySelector("[data-in] button").addEventListener("click", () => {
    const start = Date.now();
    save([...load(), { seed, name, start, until: start + minutes * 60_000, forget: start + days * DAY }]);
    show();
  });
  box.querySelector("[data-inside] button").addEventListener("click", async () => {
    save(load().map((stay) => (stay.seed === seed && !stay.end ? { ...stay, end: Date.now() } : stay)));
    await tidy();
    show();
  });
  show();
}

async function compare(stays) {
  const closed = stays.filter((stay) => stay.ids);
  for (const stay of stays.filter((one) => one.seed)) {
    closed.push({ ...stay, end: Date.now(), ids: await hoursOf(stay.seed, stay.start, Date.now()) });
  }
  if (!closed.length) return;
  const answer = await fetch(LIST).catch(() => null);
  if (!answer?.ok) return;
  const { published, words } = await answer.json();
  const main = document.querySelector("main");
  for (const one of matches(closed, published)) {
    const card = document.createElement("section");
    card.className = "nhsuk-inset-text";
    card.dataset.privateWarning = "";
    const head = document.createElement("h2");
    head.className = "nhsuk-heading-m";
    head.textContent = words.title;
    const when = document.createElement("p");
    when.textContent = `${new Date(one.at).toLocaleString("vi")} · ${one.minutes} ${words.minutes}`;
    const todo = document.createElement("p");
    todo.textContent = one.advice;
    card.append(head, when, todo);
    main.prepend(card);
  }
}

export async function privateStays() {
  const box = document.querySelector("[data-private-place]");
  if (box) place(box);
  if (localStorage.getItem(KEPT)) compare(await tidy());
}
