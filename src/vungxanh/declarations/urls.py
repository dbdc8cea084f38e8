"""Addresses of the room. No personal value stands in any of them."""

from django.urls import path

from vungxanh.declarations import arealist, desk, lists, pages, papers, review, versions, whole

app_name = "declarations"

urlpatterns = [
    path("", pages.start, name="start"),
    path("mine", pages.mine, name="mine"),
    path("forget", pages.forget, name="forget"),
    path("outbox", whole.outbox, name="outbox"),
    path("result/<str:token>", pages.result, name="result"),
    path("result/<str:token>/code.svg", pages.code, name="code"),
    path("result/<str:token>/correct", pages.correct, name="correct"),
    path("result/<str:token>/withdraw", pages.withdraw, name="withdraw"),
    path("desk/", desk.declarations, name="desk"),
    path("desk/areas", arealist.areas, name="areas"),
    path("desk/areas/<int:number>/end", arealist.end, name="end-area"),
    path("result/<str:token>/rights", review.my_rights, name="rights"),
    path("desk/d/<int:number>", review.one, name="one"),
    path("desk/d/<int:number>/overrule", review.overrule, name="overrule"),
    path("desk/rights/<int:number>", review.answer, name="answer"),
    path("desk/quality", review.quality, name="quality"),
    path("desk/lists", lists.index, name="lists"),
    path("desk/lists/take", lists.take, name="list-take"),
    path("desk/lists/in/<int:number>", lists.list_in, name="list-in"),
    path("desk/lists/send", lists.send, name="list-send"),
    path("desk/lists/out/<int:number>", lists.list_out, name="list-out"),
    path("desk/lists/out/<int:number>/file", lists.download, name="list-download"),
    path("desk/lists/out/<int:number>/outcomes", lists.outcomes, name="list-outcomes"),
    path("desk/lists/out/<int:number>/<int:line>", lists.outcome, name="list-outcome"),
    path("transfers", lists.public, name="transfers"),
    path("desk/forms", versions.index, name="versions"),
    path("desk/forms/new", versions.new, name="new-version"),
    path("desk/forms/<int:number>", versions.version, name="version"),
    path("desk/forms/<int:number>/question", versions.question, name="question-new"),
    path("desk/forms/<int:number>/question/<str:name>", versions.question, name="question"),
    path("desk/forms/<int:number>/question/<str:name>/move", versions.rearrange, name="rearrange"),
    path("desk/forms/<int:number>/preview", versions.preview, name="preview"),
    path("desk/forms/<int:number>/try", versions.attempt, name="attempt"),
    path("desk/forms/<int:number>/force", versions.force, name="force"),
    path("desk/forms/<int:number>/drop", versions.drop, name="drop"),
    path("desk/<slug:slug>", desk.key_in, name="key-in"),
    path("<slug:slug>/", pages.whom, name="whom"),
    path("<slug:slug>/paper.pdf", papers.paper, name="paper"),
    path("<slug:slug>/filled.pdf", papers.filled, name="filled"),
    path("<slug:slug>/whole", whole.whole, name="whole"),
    path("<slug:slug>/review", pages.review, name="review"),
    path("<slug:slug>/<slug:name>", pages.page, name="page"),
]
