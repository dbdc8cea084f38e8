"""Addresses of levels and zones."""

from django.urls import path

from vungxanh.zoning import pages

app_name = "zoning"
urlpatterns = [
    path("", pages.zones, name="zones"),
    path("levels/<int:pk>/decide", pages.decide_level, name="decide_level"),
    path("<int:pk>", pages.zone, name="zone"),
    path("<int:pk>/decide", pages.decide_zone, name="decide_zone"),
]
