"""Addresses of levels and zones."""

from django.urls import path

from vungxanh.zoning import level_pages, pages, zone_pages

app_name = "zoning"
urlpatterns = [
    path("", pages.zones, name="zones"),
    path("levels/<int:pk>/decide", pages.decide_level, name="decide_level"),
    path("levels/week", level_pages.week, name="week"),
    path("levels/warnings", level_pages.warnings, name="warnings"),
    path("levels/measures", level_pages.measures, name="measures"),
    path("<int:pk>", zone_pages.zone, name="zone"),
    path("<int:pk>/decide", zone_pages.decide_zone, name="decide_zone"),
    path("<int:pk>/edit", zone_pages.edit, name="edit"),
    path("<int:pk>/papers.pdf", zone_pages.papers, {"form": "pdf"}, name="papers_pdf"),
    path("<int:pk>/papers.docx", zone_pages.papers, {"form": "docx"}, name="papers_docx"),
    path("<int:pk>/run", zone_pages.run, name="run"),
    path("<int:pk>/run/<slug:what>", zone_pages.act, name="act"),
]
