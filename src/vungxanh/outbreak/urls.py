"""Addresses of the workbench."""

from django.urls import path

from vungxanh.outbreak import (
    brief_pages,
    capacity_pages,
    code_pages,
    doubles_pages,
    follow_pages,
    number_pages,
    order_pages,
    pages,
    voyage_pages,
    zone_pages,
)
from vungxanh.outbreak.intake import pages as intake_pages
from vungxanh.outbreak.out import pages as out_pages
from vungxanh.outbreak.out import report_pages

app_name = "outbreak"
urlpatterns = [
    path("", pages.cases, name="cases"),
    path("new", pages.find_person, name="new"),
    path("new/<int:person>", pages.open_case, name="open"),
    path("import", intake_pages.lists, name="imports"),
    path("import/<int:number>", intake_pages.one_list, name="import"),
    path("import/<int:number>/progress", intake_pages.progress, name="import-progress"),
    path("import/<int:number>/marked.xlsx", intake_pages.marked, name="import-marked"),
    path("import/<int:number>/list.xlsx", intake_pages.given_back, name="import-back"),
    path("import/<int:number>/held", intake_pages.held, name="import-held"),
    path("import/<int:number>/likely", intake_pages.all_likely, name="import-likely"),
    path("export", out_pages.exports, name="exports"),
    path("export/<str:name>", out_pages.take, name="take"),
    path("reports", report_pages.report_list, name="reports"),
    path("reports/act", report_pages.act, name="reports-act"),
    path("brief", brief_pages.brief, name="brief"),
    path("misses", brief_pages.misses, name="misses"),
    path("capacity", capacity_pages.counts, name="capacity"),
    path("duplicates", doubles_pages.doubles, name="doubles"),
    path("duplicates/search", doubles_pages.search, name="doubles-search"),
    path("duplicates/<int:number>", doubles_pages.compare, name="compare"),
    path("duplicates/undo/<int:number>", doubles_pages.undo, name="undo-merge"),
    path("today", follow_pages.today, name="today"),
    path("overview", number_pages.overview, name="overview"),
    path("chains", number_pages.chains, name="chains"),
    path("chains/elements", number_pages.chain_elements, name="chain-elements"),
    path("orders", order_pages.orders, name="orders"),
    path("orders/act", order_pages.act, name="orders-act"),
    path("orders/<int:number>", order_pages.order, name="order"),
    path("orders/<int:number>/sign.pdf", order_pages.for_signature, name="order-sign"),
    path("orders/<int:number>/papers/<int:paper>", order_pages.paper, name="order-paper"),
    path("<int:number>/orders", order_pages.draft, name="draft-orders"),
    path("<int:number>/keep", follow_pages.keep, name="keep"),
    path("<int:number>", pages.case, name="case"),
    path("<int:number>/exposed", pages.exposed_part, name="exposed"),
    path("<int:number>/contacts.xlsx", pages.contacts_xlsx, name="contacts-xlsx"),
    path("<int:number>/seats", voyage_pages.seats, name="seats"),
    path("<int:number>/seats.xlsx", voyage_pages.seats_xlsx, name="seats-xlsx"),
    path("<int:number>/zone", zone_pages.propose_zone, name="propose-zone"),
    path("<int:number>/days", pages.correct_days, name="correct"),
    path("<int:number>/code", code_pages.give_code, name="give-code"),
    path("<int:number>/withdraw", pages.withdraw, name="withdraw"),
]
