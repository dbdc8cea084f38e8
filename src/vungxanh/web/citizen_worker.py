"""The citizen's service worker: forms can be filled in without network, and what was shown last stays readable.

It is made here and not built, because it must stand at / to have that scope and must name the built files. It
keeps an answer only where the page itself says so (`X-Offline: keep`): a result, its code, forms, the first page.
"""

import json
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vungxanh.declarations.queries import open_forms
from vungxanh.web.gate_worker import closure

SCRIPT = """const NAME = %(name)s;
const PAGES = "vx-pages";
const FILES = %(files)s;
const FORMS = %(forms)s;
const OFFLINE = %(offline)s;
async function keep(cache, url) {
  try {
    const answer = await fetch(url, { cache: "no-cache" });
    if (answer.ok && !answer.redirected) await cache.put(url, answer);
  } catch { /* what could not be had now is had at the next visit */ }
}
async function keepForms() {
  const pages = await caches.open(PAGES);
  await Promise.all([OFFLINE, "/declare/", ...FORMS].map((url) => keep(pages, url)));
}
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(NAME);
    await Promise.all(FILES.map((url) => keep(files, url)));
    await keepForms();
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("citizen-") && name !== NAME);
    for (const name of old) await caches.delete(name);
    await self.clients.claim();
  })());
});
async function instead(url) {
  const pages = await caches.open(PAGES);
  const slug = url.pathname.match(/^\\/declare\\/([a-z0-9-]+)\\//)?.[1];
  const form = slug && FORMS.find((one) => one === `/declare/${slug}/whole`);
  return (await pages.match(url.pathname)) ?? (form && (await pages.match(form))) ?? (await pages.match(OFFLINE));
}
async function page(event) {
  const url = new URL(event.request.url);
  try {
    const fresh = await fetch(event.request);
    if (fresh.ok && fresh.headers.get("X-Offline") === "keep") {
      const copy = fresh.clone();
      event.waitUntil(caches.open(PAGES).then((cache) => cache.put(url.pathname, copy)));
    }
    if (fresh.ok && url.pathname === "/declare/") event.waitUntil(keepForms());
    return fresh;
  } catch {
    return (await instead(url)) ?? Response.error();
  }
}
async function picture(event) {
  const url = new URL(event.request.url);
  const kept = await caches.match(url.pathname);
  if (kept) return kept;
  const fresh = await fetch(event.request);
  if (fresh.ok && fresh.headers.get("X-Offline") === "keep") {
    const copy = fresh.clone();
    event.waitUntil(caches.open(PAGES).then((cache) => cache.put(url.pathname, copy)));
  }
  return fresh;
}
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && (request.method === "GET" || url.pathname.startsWith("/declare/"))) {
    event.respondWith(page(event));
  } else if (request.method === "GET" && (FILES.includes(url.pathname) || url.pathname.endsWith("/code.svg"))) {
    event.respondWith(picture(event));
  }
});
self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const shown = { body: said.body, tag: said.tag };
  event.waitUntil(self.registration.showNotification(said.title || "Vùng Xanh", shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
"""


def files() -> list[str]:
    """Every built file of the citizen's pages and of the whole form."""
    built = closure("src/citizen.js") | closure("src/entries/declare.js")
    return [static("web/icon.svg"), *(static(f"dist/{name}") for name in sorted(built))]


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Its name changes with the built files and with the versions of the forms, and so it is fetched anew."""
    listed, opened = files(), open_forms(timezone.localdate())
    forms = [reverse("declarations:whole", args=[form.slug]) for form, _order in opened]
    seed = "\n".join([*listed, *(form.key for form, _order in opened)])
    script = SCRIPT % {
        "name": json.dumps("citizen-" + blake2b(seed.encode(), digest_size=6).hexdigest()),
        "files": json.dumps(listed),
        "forms": json.dumps(forms),
        "offline": json.dumps(reverse("offline")),
    }
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown for a page that was never seen with a network."""
    forms = open_forms(timezone.localdate())
    return render(request, "web/offline.html", {"forms": [form for form, _order in forms]})


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put us among its applications."""
    icons = [
        {"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("web/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("web/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("web/icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    said = {
        "name": "Vùng Xanh",
        "short_name": "Vùng Xanh",
        "lang": "vi",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FFFFFF",
        "theme_color": "#2F3E9E",
        "icons": icons,
        "shortcuts": [
            {"name": "Khai báo y tế", "url": reverse("declarations:start")},
            {"name": "Quét mã điểm đến", "url": reverse("scan")},
        ],
    }
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})
