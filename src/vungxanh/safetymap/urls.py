"""Addresses of the safety map. Under `map/` for everybody, under `safety/` for keepers and officers."""

from django.urls import path, register_converter

from vungxanh.safetymap.exports import FORMS
from vungxanh.safetymap.pages import adopting, assessing, completing, desk, public


class FormConverter:
    """csv, geojson or json."""

    regex = "|".join(FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormConverter, "open_data_form")

app_name = "safetymap"
urlpatterns = [
    path("map/", public.index, name="public"),
    path("map/commune/<slug:code>", public.commune, name="commune"),
    path("map/place/<int:number>", public.place, name="place"),
    path("map/data.<open_data_form:form>", public.open_data, name="open_data"),
    path("map/live.geojson", public.live, name="live"),
    path("map/ground.geojson", public.ground, name="ground"),
    path("map/schema.json", public.schema, name="schema"),
    path("safety/", desk.home, name="desk"),
    path("safety/adoption", adopting.overview, name="adoption"),
    path("safety/adoption/list", adopting.behind, name="adoption_list"),
    path("safety/sets", completing.sets, name="sets"),
    path("safety/sets/<int:pk>", completing.complete, name="complete"),
    path("safety/place/<int:number>/point", desk.point, name="point"),
    path("safety/publish", desk.publish, name="publish"),
    path("safety/exposed", desk.exposures, name="exposures"),
    path("safety/exposed/<int:pk>", desk.exposure_act, name="exposure_act"),
    path("safety/place/<int:number>", desk.place, name="desk_place"),
    path("safety/keeper", assessing.enter, name="keeper"),
    path("safety/assess/<int:number>", assessing.choose, name="choose"),
    path("safety/assess/<int:number>/leave", assessing.link_back, name="leave"),
    path("safety/assessment/<int:pk>/<int:number>", assessing.item, name="item"),
    path("safety/assessment/<int:pk>/review", assessing.review, name="review"),
    path("safety/assessment/<int:pk>/result", assessing.result, name="result"),
]
