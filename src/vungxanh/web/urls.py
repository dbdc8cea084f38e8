"""Which address belongs to which room. A room's own addresses stand in its `urls.py`."""

from allauth.account.views import login
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from vungxanh.outbreak.answer_pages import self_report
from vungxanh.web import (
    border_worker,
    card_desk,
    citizen_worker,
    guide_pages,
    home,
    kits,
    navigation,
    pages,
    patterns,
    push,
    watching,
)
from vungxanh.web.api import api
from vungxanh.web.gate_worker import service_worker

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("desk", navigation.desk, name="desk"),
    path("wipe", home.wipe, name="wipe"),
    path("scan", home.scan, name="scan"),
    path("sw.js", citizen_worker.service_worker, name="citizen_worker"),
    path("offline", citizen_worker.offline, name="offline"),
    path("manifest.webmanifest", citizen_worker.manifest, name="manifest"),
    path("guides", guide_pages.index, name="guides"),
    path("guides/<slug:key>", guide_pages.one, name="guide"),
    path("guides/<slug:key>/paper.pdf", guide_pages.paper, name="guide-paper"),
    path("guides/<slug:key>/picture", guide_pages.picture, name="guide-picture"),
    path("guides/<slug:key>/edit", guide_pages.edit, name="guide-edit"),
    path("kits/<int:number>.zip", kits.kit, name="kit"),
    path("cards", card_desk.issue, name="cards"),
    path("cards/<int:number>.pdf", card_desk.card, name="card-print"),
    path("cards/<int:number>/replace", card_desk.replace, name="card-replace"),
    path("cards/<int:number>/revoke", card_desk.revoke, name="card-revoke"),
    path("push", push.page, name="push"),
    path("push/subscribe", push.subscribe, name="push_subscribe"),
    path("push/unsubscribe", push.unsubscribe, name="push_unsubscribe"),
    path("healthy", pages.healthy, name="healthy"),
    path("ready", watching.ready, name="ready"),
    path("metrics", watching.metrics, name="metrics"),
    path("status", watching.status, name="status"),
    path("language", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("login", login, name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("work/", include("vungxanh.work.urls")),
    path("patterns", patterns.page, name="patterns"),
    path("cases/", include("vungxanh.outbreak.urls")),
    path("sk", self_report, name="self_report"),
    path("declare/", include("vungxanh.declarations.urls")),
    path("exposure/", include("vungxanh.exposure.urls")),
    path("command/", include("vungxanh.command.urls")),
    path("told/", include("vungxanh.notify.urls")),
    path("", include("vungxanh.venues.urls")),
    path("", include("vungxanh.border.urls")),
    path("api/", api.urls),
    path("border/offline/sw.js", border_worker.service_worker, name="border_worker"),
    path("gate/sw.js", service_worker, name="gate_worker"),
    path("", include("vungxanh.safetymap.urls")),
    path("privacy/", include("vungxanh.privacy.urls")),
    path("zones/", include("vungxanh.zoning.urls")),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.failed
