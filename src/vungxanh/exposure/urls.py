"""Addresses of the room: `/exposure/v1/…` for devices, the rest for people."""

from django.urls import path

from vungxanh.exposure import api, desk_pages, machine_api, pages

app_name = "exposure"
urlpatterns = [
    path("", pages.home, name="home"),
    path("receipt", pages.receipt, name="receipt"),
    path("codes", pages.codes, name="codes"),
    path("codes/<int:code>/withdraw", pages.withdraw_code, name="withdraw_code"),
    path("recalls/ask", pages.ask_recall, name="ask_recall"),
    path("recalls/<int:recall>/agree", pages.agree_recall, name="agree_recall"),
    path("lists", desk_pages.lists, name="lists"),
    path("lists/<uuid:batch>/agree", desk_pages.agree_list, name="agree_list"),
    path("key", desk_pages.key, name="key"),
    path("invite", desk_pages.invite, name="invite"),
    path("machines", desk_pages.machines, name="machines"),
    path("machines/<int:feed>/retire", desk_pages.retire, name="retire"),
    path("wearables", desk_pages.wearables, name="wearables"),
    path("wearables/<int:wearable>/return", desk_pages.returned, name="returned"),
    path("wearables/<int:wearable>/publish", desk_pages.publish_wearable, name="publish_wearable"),
    path("v1/share", api.share),
    path("v1/share/withdraw", api.unshare),
    path("v1/gateway", machine_api.gateway),
    path("v1/lab", machine_api.lab),
    path("v1/verify", api.verify),
    path("v1/certificate", api.certificate),
    path("v1/publish", api.publish, name="publish"),
    path("v1/receipt", api.receipt),
    path("v1/withdraw", api.withdraw),
    path("v1/keys", api.keys),
    path("v1/configuration", api.configuration),
    path("files/days.txt", api.index, name="days"),
    path("files/spans.txt", api.index, name="spans"),
    path("files/index.txt", api.index, name="index"),
    path("files/<slug:region>/<str:name>", api.file, name="file"),
]
