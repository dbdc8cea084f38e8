"""Addresses of the workbench."""

from django.urls import path

from vungxanh.outbreak import follow_pages, number_pages, order_pages, pages, zone_pages

app_name = "outbreak"
urlpatterns = [
    path("", pages.cases, name="cases"),
    path("new", pages.find_person, name="new"),
    path("new/<int:person>", pages.open_case, name="open"),
    path("today", follow_pages.today, name="today"),
    path("overview", number_pages.overview, name="overview"),
    path("chains", number_pages.chains, name="chains"),
    path("chains/elements", number_pages.chain_elements, name="chain-elements"),
    path("orders", order_pages.orders, name="orders"),
    path("orders/act", order_pages.act, name="orders-act"),
    path("<int:number>/orders", order_pages.draft, name="draft-orders"),
    path("<int:number>/keep", follow_pages.keep, name="keep"),
    path("<int:number>", pages.case, name="case"),
    path("<int:number>/exposed", pages.exposed_part, name="exposed"),
    path("<int:number>/contacts.xlsx", pages.contacts_xlsx, name="contacts-xlsx"),
    path("<int:number>/zone", zone_pages.propose_zone, name="propose-zone"),
    path("<int:number>/days", pages.correct_days, name="correct"),
    path("<int:number>/withdraw", pages.withdraw, name="withdraw"),
]
