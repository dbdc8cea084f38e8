"""Addresses of the command room."""

from django.urls import path

from vungxanh.command.pages import (
    broadcast,
    directives,
    hotline,
    inspection,
    messages,
    pictures,
    public,
    reports,
    reserves,
    training,
)

app_name = "command"
urlpatterns = [
    path("", directives.home, name="home"),
    path("new", directives.paste, name="paste"),
    path("directives/<int:pk>", directives.directive, name="directive"),
    path("directives/<int:pk>/review", directives.review, name="review"),
    path("directives/<int:pk>/act", directives.act, name="act"),
    path("difficulties/<int:pk>/answer", directives.answer, name="answer"),
    path("received/<int:pk>", directives.receipt, name="receipt"),
    path("messages", messages.index, name="messages"),
    path("messages/new", messages.edit, name="message_new"),
    path("messages/<int:pk>", messages.message, name="message"),
    path("messages/<int:pk>/log", messages.log, name="message_log"),
    path("messages/<int:pk>/clip.mp4", pictures.film, name="clip"),
    path("messages/<int:pk>/<slug:shape>.<slug:suffix>", pictures.drawn, name="picture"),
    path("uses/<int:pk>/corrected", messages.corrected, name="corrected"),
    path("broadcasts", broadcast.index, name="broadcasts"),
    path("broadcasts/<int:pk>", broadcast.broadcast, name="broadcast"),
    path("photos/<int:pk>", broadcast.photo, name="photo"),
    path("messages/<int:pk>/edit", messages.edit, name="message_edit"),
    path("m/<int:pk>", public.public, name="public"),
    path("m/<int:pk>/frame", public.embed, name="embed"),
    path("hotline", hotline.desk, name="hotline"),
    path("hotline/<int:pk>", hotline.event, name="event"),
    path("reserves", reserves.index, name="reserves"),
    path("reports", reports.index, name="reports"),
    path("reports/<int:pk>", reports.report, name="report"),
    path("reports/<int:pk>/list/<slug:key>", reports.behind, name="report_list"),
    path("reports/<int:pk>.<slug:suffix>", reports.download, name="report_file"),
    path("reports/template/<slug:kind>", reports.template, name="report_template"),
    path("courses", training.index, name="courses"),
    path("courses/<slug:key>", training.course, name="course"),
    path("certificates/<int:pk>", training.certificate, name="certificate"),
    path("inspections", inspection.index, name="inspections"),
    path("inspections/<int:pk>", inspection.inspect, name="inspect"),
    path("messages.rss", public.feed, name="feed"),
]
