"""The overview and the chains, through the pages."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from tests.outbreak_world import World, make_officer, make_world

from vungxanh.outbreak import actions, exposed, number_pages
from vungxanh.outbreak.schemas import NewCase

pytestmark = pytest.mark.django_db
VI = {"Accept-Language": "vi"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for module in (exposed,):
        monkeypatch.setattr(module, "lake_dir", lambda: tmp_path / "lake")
    made = make_world(tmp_path / "lake")
    made.open_case()
    for person, day in ((made.mai, 4), (made.binh, 6)):
        new = NewCase(person=person, onset=date(2022, 5, day), onset_provenance="patient")
        actions.create_case(by=made.officer, new=new)
    return made


def test_chain_follows_shared_time_and_days(client: Client, world: World) -> None:
    """Lan (3 May) and Mai (4 May) shared the room on the 2nd; Mai and Bình (6 May) on the 3rd."""
    client.force_login(world.officer)
    found = client.get("/cases/chains/elements").json()
    edges = {(int(edge["source"]), int(edge["target"])) for edge in found["edges"]}
    assert edges == {(world.lan, world.mai), (world.mai, world.binh)}
    assert {node["label"] for node in found["nodes"]} == {
        "N. T. Lan, nữ, 1990",
        "L. T. Mai, nữ, 1979",
        "P. Bình, nam, 1966",
    }
    page = client.get("/cases/chains", headers=VI)
    assert (page.context["roots"], page.context["largest"], page.context["deepest"]) == (1, 3, 2)


def test_overview_counts_and_links_to_the_lists(client: Client, world: World) -> None:
    client.force_login(world.officer)
    page = client.get("/cases/overview", headers=VI)
    assert [figure[1] for figure in page.context["figures"]] == [3, 3, 0, 0, 0]
    assert page.context["curve"].labels == ["3/5", "4/5", "5/5", "6/5"]
    assert client.get("/cases/overview?by=reported").context["by"] == "reported"
    assert 'href="/cases/today"' in page.content.decode()


def test_withdrawn_cases_are_in_no_figure(client: Client, world: World) -> None:
    from vungxanh.outbreak.models import Case

    actions.withdraw_case(by=world.officer, case=Case.objects.get(person=world.binh), why="false positive")
    assert [case.person for case in number_pages.counted_cases(world.officer, "covid19")] == [world.mai, world.lan]


def test_a_nation_sees_its_provinces_and_a_province_only_itself(client: Client, world: World) -> None:
    from vungxanh.outbreak.models import Case

    Case.objects.filter(person=world.binh).update(scope_path="/01/00004/")
    client.force_login(make_officer("nation", path="/"))
    page = client.get("/cases/overview", headers=VI)
    counted = {row["scope_path"]: row["cases"] for row in page.context["provinces"]}
    assert counted == {"/19/": 2, "/01/": 1}
    assert listed(client, "/cases/?counted=1&disease=covid19&area=/19/") == 2
    client.force_login(world.officer)
    assert client.get("/cases/overview").context["provinces"] == []


def test_another_province_sees_no_figure(client: Client, world: World) -> None:
    client.force_login(make_officer("far", path="/01/"))
    assert client.get("/cases/overview").context["cases"] == 0
    assert client.get("/cases/chains/elements").json() == {"nodes": [], "edges": [], "folded": 0, "shown": 0}


@pytest.mark.parametrize("stratum", ["source", "status", "outcome", "sex", "age", "area", "spot"])
def test_curve_is_split_as_asked_and_its_sum_stays(client: Client, world: World, stratum: str) -> None:
    client.force_login(world.officer)
    curve = client.get(f"/cases/overview?stratum={stratum}").context["curve"]
    assert sum(sum(series.values) for series in curve.series) == 3


def test_each_figure_opens_the_list_behind_it(client: Client, world: World) -> None:
    client.force_login(world.officer)
    listed = client.get("/cases/?by=onset&day=2022-05-04").context["listing"]
    assert [case.person for case in listed.page] == [world.mai]
    assert client.get("/cases/?has=onset,isolated_at").context["listing"].total == 0
    assert client.get("/cases/?source=unknown").context["listing"].total == 3
    assert client.get("/cases/?q=hoang khong co").context["listing"].total == 0
    assert [case.person for case in client.get("/cases/?q=le thi mai").context["listing"].page] == [world.mai]


def test_lists_behind_the_figures_count_what_the_figures_count(client: Client, world: World) -> None:
    """Every address on the three pages of figures opens a list that holds as many as was counted."""
    from vungxanh.outbreak.models import Case, Contact, Link

    lan, mai, _binh = (Case.objects.get(person=person) for person in (world.lan, world.mai, world.binh))
    client.force_login(world.officer)
    client.post(f"/cases/{lan.pk}/keep")
    Link.objects.create(source=lan, target=mai, kind="interview")
    page = client.get("/cases/overview", headers=VI)
    cases, unknown, followed, late, _orders = page.context["figures"]
    assert listed(client, cases[3]) == cases[1] == 3
    assert listed(client, unknown[3]) == unknown[1]
    assert listed(client, followed[3]) == followed[1]
    assert listed(client, late[3]) == late[1]
    assert [listed(client, delay.address) for delay in page.context["delays"][:5]] == [
        delay.count for delay in page.context["delays"][:5]
    ]
    [pair] = client.get("/cases/pairs").context["listing"].page
    assert (pair.source_id, pair.target_id) == (lan.pk, mai.pk)
    kept = Contact.objects.exclude(status="dropped").count()
    assert listed(client, "/cases/contacts?disease=covid19") == kept > 0
    missed = client.get("/cases/misses")
    for _title, rows in missed.context["tables"]:
        for row in rows:
            assert listed(client, f"/cases/?counted=1&disease=covid19&{row.narrow}") == row.total, row
            assert listed(client, f"/cases/?counted=1&disease=covid19&source=unknown&{row.narrow}") == row.missed
    for name, count, _change, address in client.get("/cases/brief").context["numbers"]:
        answer = client.get(address)
        shown = answer.context["listing"].total if "listing" in answer.context else len(answer.context["lines"])
        assert shown == count, name


def listed(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return int(answer.context["listing"].total)


def test_a_large_register_is_counted_ahead_and_says_when(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three cases stand for 100,000: the second reader is served from what was counted, the worker counts anew."""
    from vungxanh.outbreak import counted
    from vungxanh.outbreak.models import Case, CountedPage

    monkeypatch.setattr(counted, "LIVE_CASES", 2)
    client.force_login(world.officer)
    assert "Đếm lúc" in client.get("/cases/overview", headers=VI).content.decode()
    actions.withdraw_case(by=world.officer, case=Case.objects.get(person=world.binh), why="false positive")
    held = CountedPage.objects.get()
    assert client.get("/cases/overview", headers=VI).context["body"].html == held.html
    assert counted.recount() == 0  # counted a moment ago
    monkeypatch.setattr(counted, "RECOUNT", counted.RECOUNT * 0)
    assert counted.recount() == 1
    held.refresh_from_db()
    assert client.get("/cases/overview", headers=VI).context["body"].html == held.html
    assert "<dd>2<small>" in held.html
    assert client.get("/cases/overview", headers={"Accept-Language": "en"}).context["body"].html != held.html
    client.force_login(make_officer("far", path="/01/"))
    assert "<dd>0<small>" in client.get("/cases/overview", headers=VI).content.decode()


def test_brief_and_misses(client: Client, world: World) -> None:
    client.force_login(world.officer)
    page = client.get("/cases/brief", headers=VI)
    assert page.status_code == 200
    assert len(page.context["numbers"]) == 5
    missed = client.get("/cases/misses", headers=VI)
    assert (missed.context["cases"], missed.context["missed"]) == (3, 3)


def test_counts_of_beds_warn_when_full_and_when_old(client: Client, world: World) -> None:
    client.force_login(world.officer)
    client.post("/cases/capacity", {"kind": "beds", "total": 100, "used": 85})
    [beds] = client.get("/cases/capacity").context["found"]
    assert (beds.free, beds.percent, beds.is_warning, beds.is_stale) == (15, 85, True, False)
    client.post("/cases/capacity", {"kind": "beds", "total": 100, "used": 10})
    [beds] = client.get("/cases/capacity").context["found"]
    assert not beds.is_warning


def test_links_told_come_first_and_impossible_ones_are_flagged(client: Client, world: World) -> None:
    """Bình (6 May) was told to be infected by Lan; a list claims that he infected Mai (4 May): that cannot be."""
    from vungxanh.outbreak.models import Case, Link

    lan, mai, binh = (Case.objects.get(person=person) for person in (world.lan, world.mai, world.binh))
    Link.objects.create(source=lan, target=binh, kind="interview")
    Link.objects.create(source=binh, target=mai, kind="list")
    client.force_login(world.officer)
    found = client.get("/cases/chains/elements").json()
    plain = {(int(edge["source"]), int(edge["target"])) for edge in found["edges"] if not edge.get("wrong")}
    assert plain == {(world.lan, world.mai), (world.lan, world.binh)}
    [wrong] = [edge for edge in found["edges"] if edge.get("wrong")]
    assert (int(wrong["source"]), int(wrong["target"])) == (world.binh, world.mai)
    assert wrong["days"] == "06/05/2022 > 04/05/2022"
    page = client.get("/cases/chains", headers=VI)
    assert [(source.pk, target.pk) for _a, source, _b, target in page.context["impossible"]] == [(binh.pk, mai.pk)]
    assert "không thể có" in page.content.decode()


def test_one_chain_is_opened_alone(client: Client, world: World) -> None:
    client.force_login(world.officer)
    found = client.get(f"/cases/chains/elements?root={world.mai}").json()
    assert {int(node["id"]) for node in found["nodes"]} == {world.mai, world.binh}
