// Warnings to this browser: asked for by a tap, taken back by another. The server keeps where to send, encrypted.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

async function tell(box, path, subscription) {
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ subscription }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

export async function offer() {
  const box = document.querySelector("[data-push]");
  const state = (name) => box.querySelectorAll("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== name; });
  if (!("PushManager" in globalThis) || !navigator.serviceWorker || !box.dataset.push) return state("none");
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.getSubscription();
  if (Notification.permission === "denied") return state("denied");
  state(known ? "on" : "off");
  box.querySelector("[data-on]").addEventListener("click", async () => {
    try {
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.push) });
      await tell(box, "/push/subscribe", made.toJSON());
      state("on");
    } catch {
      state(Notification.permission === "denied" ? "denied" : "failed");
    }
  });
  box.querySelector("[data-off]").addEventListener("click", async () => {
    const now = await worker.pushManager.getSubscription();
    if (now) {
      await tell(box, "/push/unsubscribe", now.toJSON());
      await now.unsubscribe();
    }
    state("off");
  });
}
