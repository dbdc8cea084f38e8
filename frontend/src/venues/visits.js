// In and out without network: the tap is kept on this telephone with its time, and sent when there is a network.
const KEPT = "vx-visits";
const load = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
const save = (list) => localStorage.setItem(KEPT, JSON.stringify(list));
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function told(form, way) {
  const said = form.querySelector("[data-kept]");
  said.hidden = false;
  said.querySelector("p").textContent = `${said.dataset[way]} ${new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" })}`;
}

function keep(form, way) {
  const given = new FormData(form);
  const record = { id: crypto.randomUUID(), code: form.dataset.code, way, at: new Date().toISOString() };
  save([...load(), { ...record, members: given.getAll("member").map(Number), proof: given.get("proof") ?? "" }]);
  told(form, way);
}

export async function flushVisits() {
  const list = load();
  if (!list.length || !token()) return;
  const answer = await fetch("/venues/visits", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({ clock: new Date().toISOString(), visits: list }),
  }).catch(() => null);
  if (!answer?.ok) return;
  const done = new Set((await answer.json()).answers.map((one) => one.id));
  save(load().filter((one) => !done.has(one.id)));
  document.documentElement.dataset.visits = String(load().length);
}

export function visits() {
  for (const form of document.querySelectorAll("form[data-visit]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      keep(form, event.submitter?.formAction?.endsWith("/out") ? "out" : "in");
    });
  }
  addEventListener("online", flushVisits);
  flushVisits();
}
