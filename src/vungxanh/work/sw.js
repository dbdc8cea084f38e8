// Keeps today's work list readable without a network. What it keeps is removed when the list is put back,
// when somebody logs out, and when the day is over.
const STORE = "work-list";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(STORE));
});

const today = () => new Date().toDateString();

async function keep(request, response) {
  const store = await caches.open(STORE);
  const copy = new Response(await response.clone().blob(), {
    headers: { "Content-Type": response.headers.get("Content-Type") ?? "", "X-Kept": today() },
  });
  await store.put(request.url, copy);
}

async function kept(request) {
  const found = await (await caches.open(STORE)).match(request.url);
  if (!found) return undefined;
  if (request.mode === "navigate" && found.headers.get("X-Kept") !== today()) {
    await caches.delete(STORE);
    return undefined;
  }
  return found;
}

async function answer(request) {
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await keep(request, response);
    return response;
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isList = request.mode === "navigate" && url.pathname === "/work/";
  const isAsset = url.pathname.includes("/static/");
  if (request.method === "GET" && url.origin === location.origin && (isList || isAsset)) {
    event.respondWith(answer(request));
  }
});
