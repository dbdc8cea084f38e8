"""Addresses of messages to and from people."""

from django.urls import path

from vungxanh.notify import pages

app_name = "notify"
urlpatterns = [
    path("in", pages.inbox, name="inbox"),
    path("out", pages.outbox, name="outbox"),
]
