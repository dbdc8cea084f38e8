"""Addresses of the room: `/exposure/v1/…` for devices, the rest for people."""

from django.urls import path

from vungxanh.exposure import api, pages

app_name = "exposure"
urlpatterns = [
    path("", pages.home, name="home"),
    path("receipt", pages.receipt, name="receipt"),
    path("codes", pages.codes, name="codes"),
    path("codes/<int:code>/withdraw", pages.withdraw_code, name="withdraw_code"),
    path("recalls/ask", pages.ask_recall, name="ask_recall"),
    path("recalls/<int:recall>/agree", pages.agree_recall, name="agree_recall"),
    path("v1/verify", api.verify),
    path("v1/certificate", api.certificate),
    path("v1/publish", api.publish, name="publish"),
    path("v1/receipt", api.receipt),
    path("v1/withdraw", api.withdraw),
    path("v1/keys", api.keys),
    path("files/index.txt", api.index, name="index"),
    path("files/<slug:region>/<str:name>", api.file, name="file"),
]
