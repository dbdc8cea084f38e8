"""Addresses of the room: `/exposure/v1/…` for devices, the rest for people."""

from django.urls import path

from vungxanh.exposure import api

app_name = "exposure"
urlpatterns = [
    path("v1/verify", api.verify),
    path("v1/certificate", api.certificate),
    path("v1/publish", api.publish, name="publish"),
    path("v1/receipt", api.receipt),
    path("v1/withdraw", api.withdraw),
    path("v1/keys", api.keys),
    path("files/index.txt", api.index, name="index"),
    path("files/<slug:region>/<str:name>", api.file, name="file"),
]
