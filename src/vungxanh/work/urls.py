"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from vungxanh.work import pages

app_name = "work"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.today, name="today"),
    path("take", pages.take, name="take"),
    path("put-back", pages.put_back, name="put_back"),
    path("outcome", pages.outcome, name="outcome"),
    path("outcomes", pages.outcomes, name="outcomes"),
    path("acknowledge", pages.acknowledge, name="acknowledge"),
    path("share-out", pages.share_out, name="share-out"),
    path("sw.js", pages.service_worker, name="sw"),
]
