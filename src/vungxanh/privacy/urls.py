"""Addresses of the room."""

from django.urls import path

from vungxanh.privacy import pages

app_name = "privacy"
urlpatterns = [
    path("", pages.home, name="home"),
    path("looks", pages.look_ups, name="looks"),
    path("looks/review", pages.review, name="review"),
    path("breaches", pages.breaches, name="breaches"),
    path("breaches/<int:number>", pages.breach, name="breach"),
    path("breaches/<int:number>/notice.docx", pages.breach_notice, name="notice"),
    path("kept", pages.kept, name="kept"),
    path("kept/hold", pages.hold, name="hold"),
    path("file", pages.file, name="file"),
    path("numbers", pages.numbers, name="numbers"),
]
