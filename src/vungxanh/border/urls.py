"""Addresses of the border room: the traveller's under /entry, the desk's under /border."""

from django.urls import path

from vungxanh.border.pages import crossing, desk, figures, office, offline, papers, pictures, traveller, voyages

app_name = "border"
urlpatterns = [
    path("entry/", traveller.start, name="start"),
    path("entry/begin", traveller.begin, name="begin"),
    path("entry/r/<str:token>", traveller.result, name="result"),
    path("entry/r/<str:token>/correct", traveller.correct, name="correct"),
    path("entry/<str:token>/check", traveller.check, name="check"),
    path("entry/<str:token>/<slug:page>", traveller.ask, name="ask"),
    path("border/", desk.home, name="desk"),
    path("border/scan", desk.scan, name="scan"),
    path("border/entries/<int:pk>", desk.entry, name="entry"),
    path("border/entries/<int:pk>/certificate", desk.certificate, name="certificate"),
    path("border/entries/<int:pk>/step", desk.step, name="step"),
    path("border/entries/<int:pk>/correct", crossing.correct, name="correct-at-desk"),
    path("border/entries/<int:pk>/pictures", pictures.take, name="pictures"),
    path("border/pictures/<int:pk>", pictures.show, name="picture"),
    path("border/entries/<int:pk>/slip.pdf", papers.slip, name="slip"),
    path("border/entries/<int:pk>/decision.pdf", papers.decision, name="decision"),
    path("border/figures", figures.page, name="figures"),
    path("border/figures.<str:kind>", figures.export, name="figures-file"),
    path("border/declare", crossing.declare, name="declare-at-desk"),
    path("border/offline/", offline.page, name="offline"),
    path("border/offline/ping", offline.ping, name="offline-ping"),
    path("border/offline/take", offline.take, name="offline-take"),
    path("border/offline/merge", offline.merge, name="offline-merge"),
    path("border/records/<uuid:record>/complete", offline.complete, name="complete-record"),
    path("border/records/<uuid:record>/settle", offline.settle, name="settle-record"),
    path("border/met", crossing.met, name="met"),
    path("border/crossings", crossing.crossings, name="crossings"),
    path("border/lists", office.passenger_lists, name="lists"),
    path("border/lists/ask", office.ask_list, name="ask-list"),
    path("border/lists/<int:pk>", office.passenger_list, name="list"),
    path("border/voyages", voyages.of_day, name="voyages"),
    path("border/voyages/<int:pk>", voyages.times, name="voyage"),
    path("border/rules", office.rules, name="rules"),
    path("border/rules/new", office.new_rule, name="new-rule"),
    path("border/recalls/<int:pk>", office.recall, name="recall"),
    path("border/rules/<str:key>/withdraw", office.withdraw, name="withdraw"),
]
