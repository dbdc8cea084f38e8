"""Addresses of the room. `v/…` stands on paper and never changes."""

from django.urls import URLPattern, URLResolver, path

from vungxanh.venues import citizen, officers, pages

app_name = "venues"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v/<str:code>", citizen.place_page, name="place"),
    path("v/<str:code>/<str:way>", citizen.check, name="check"),
    path("venues/now", citizen.my_visits, name="now"),
    path("venues/forget", citizen.forget, name="forget"),
    path("venues/", pages.mine, name="mine"),
    path("venues/phone", pages.phone, name="phone"),
    path("venues/code", pages.code, name="code"),
    path("venues/register", pages.register, name="register"),
    path("venues/<int:number>", pages.manage, name="manage"),
    path("venues/<int:number>/parts", pages.add_parts, name="parts"),
    path("venues/<int:number>/keepers", pages.add_keeper, name="keepers"),
    path("venues/<int:number>/trip", pages.start_trip, name="start_trip"),
    path("venues/<int:number>/trip/end", pages.end_trip, name="end_trip"),
    path("venues/<int:number>/screen", pages.screen, name="screen"),
    path("venues/<int:number>/close", pages.close_venue, name="close"),
    path("venues/<int:number>/posters.pdf", pages.posters, name="posters"),
    path("venues/<int:number>/gate", pages.open_gate, name="open_gate"),
    path("gate/", pages.gate, name="gate"),
    path("venues/statistics", officers.statistics, name="statistics"),
    path("venues/statistics.csv", officers.statistics_csv, name="statistics_csv"),
    path("venues/register-for", officers.register_for, name="register_for"),
    path("venues/people", officers.people_of, name="people_of"),
    path("venues/exposed", officers.exposed, name="exposed"),
    path("venues/exposed/<int:number>", officers.notice, name="notice"),
]
