"""Addresses of the room. No personal value stands in any of them."""

from django.urls import path

from vungxanh.declarations import desk, pages

app_name = "declarations"

urlpatterns = [
    path("", pages.start, name="start"),
    path("mine", pages.mine, name="mine"),
    path("forget", pages.forget, name="forget"),
    path("result/<str:token>", pages.result, name="result"),
    path("result/<str:token>/code.svg", pages.code, name="code"),
    path("result/<str:token>/correct", pages.correct, name="correct"),
    path("result/<str:token>/withdraw", pages.withdraw, name="withdraw"),
    path("desk/", desk.declarations, name="desk"),
    path("desk/<slug:slug>", desk.key_in, name="key-in"),
    path("<slug:slug>/", pages.whom, name="whom"),
    path("<slug:slug>/review", pages.review, name="review"),
    path("<slug:slug>/<slug:name>", pages.page, name="page"),
]
