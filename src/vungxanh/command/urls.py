"""Addresses of the command room."""

from django.urls import path

from vungxanh.command import pages

app_name = "command"
urlpatterns = [
    path("", pages.home, name="home"),
    path("new", pages.paste, name="paste"),
    path("directives/<int:pk>", pages.directive, name="directive"),
    path("directives/<int:pk>/review", pages.review, name="review"),
    path("directives/<int:pk>/act", pages.act, name="act"),
    path("difficulties/<int:pk>/answer", pages.answer, name="answer"),
    path("received/<int:pk>", pages.receipt, name="receipt"),
]
