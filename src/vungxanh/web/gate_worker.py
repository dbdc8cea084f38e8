"""The gate's service worker: the page and its parts stay on the device, so that a gate reopens without network.

It is made here and not built, because it must stand at /gate/ to have that scope and must name the built files.
"""

import json
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from vungxanh.web import assets

SCRIPT = """const NAME = %(name)s;
const FILES = %(files)s;
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("gate-") && name !== NAME);
    for (const name of old) await caches.delete(name);
    await self.clients.claim();
  })());
});
async function answer(request) {
  const url = new URL(request.url);
  if (request.mode !== "navigate") return (await caches.match(url.pathname)) ?? fetch(request);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) (await caches.open(NAME)).put("/gate/", fresh.clone());
    return fresh;
  } catch {
    return (await caches.match("/gate/")) ?? Response.error();
  }
}
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.origin === location.origin && event.request.method === "GET";
  const wanted = url.pathname.startsWith("/gate/") || FILES.includes(url.pathname);
  if (ours && wanted) event.respondWith(answer(event.request));
});
"""


def files() -> list[str]:
    """The page and every built file of the gate: script, style, fonts, the code reader."""
    return ["/gate/", *(static(f"dist/{name}") for name in sorted(closure("src/entries/gate.js")))]


def closure(key: str) -> set[str]:
    """Files of a chunk and of all that it imports, at once or later."""
    chunk = assets.manifest().get(key)
    if chunk is None:
        return set()
    found = {chunk["file"], *chunk.get("css", []), *chunk.get("assets", [])}
    for other in [*chunk.get("imports", []), *chunk.get("dynamicImports", [])]:
        found |= closure(other)
    return found


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    listed = files()
    name = "gate-" + blake2b("\n".join(listed).encode(), digest_size=6).hexdigest()
    script = SCRIPT % {"name": json.dumps(name), "files": json.dumps(listed)}
    response = HttpResponse(script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
