"""Every address of the house, asked as every role and as nobody, against the table written by hand."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from vungxanh.people.access import officer_required
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import ROLES, Permission

TABLE = tomllib.loads((Path(__file__).parent / "table.toml").read_text())
OPEN = ("everybody", "bearer", "keeper", "machine")
#: of the log-in library, tested by it and by ours of the second factor
ELSEWHERE = ("account/",)
#: what stands for a part of an address; no row has these numbers, so that asking changes nothing
SAMPLES = {"int": "2147480000", "uuid": "00000000-0000-4000-8000-000000000000", "open_data_form": "json"}


@dataclass(frozen=True)
class Fault:
    """Who got what, and what the table says."""

    address: str
    who: str
    status: int
    expected: str


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address as its patterns are written."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from addresses(entry, here)


def sample(address: str) -> str:
    """An address with something in each of its parts."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1] or "", "x"), address)


def status_of(client: Client, url: str) -> int:
    """Of a look; of a sending where the address takes nothing else."""
    status = client.get(url).status_code
    return client.post(url).status_code if status == 405 else status


def faults_of(address: str, needed: list[str], clients: dict[str, Client]) -> list[Fault]:
    """As nobody, then as each role: let in exactly those whom the table names."""
    found, url = [], sample(address)
    status = status_of(Client(raise_request_exception=False), url)
    if status not in {302, 401, 403}:
        found.append(Fault(address, "nobody", status, "to log in"))
    for key, client in clients.items():
        may = needed == ["any"] or not ROLES[key].permissions.isdisjoint(Permission(one) for one in needed)
        status = status_of(client, url)
        if may and (status == 403 or status >= 500):
            found.append(Fault(address, key, status, "let in"))
        if not may and status != 403:
            found.append(Fault(address, key, status, "refused"))
    return found


@pytest.fixture
def clients(db: None) -> dict[str, Client]:
    """One officer a role, for the whole country."""
    made = {}
    for key in ROLES:
        officer = Officer.objects.create_user(f"role-{key}", name=key)
        Assignment.objects.create(officer=officer, role=key, scope_path="/")
        made[key] = Client(raise_request_exception=False)
        made[key].force_login(officer)
    return made


def test_every_address_stands_in_the_table_once_and_nothing_else_does() -> None:
    asked = {one for one in addresses() if not one.startswith(ELSEWHERE)}
    written = [*TABLE["officers"], *(one for part in OPEN for one in TABLE[part]["paths"])]
    assert len(written) == len(set(written))
    assert asked == set(written)


def test_every_permission_is_one_that_exists() -> None:
    known = {str(one) for one in Permission} | {"any"}
    assert {one for needed in TABLE["officers"].values() for one in needed} <= known


def test_officers_pages_let_in_exactly_whom_the_table_names(clients: dict[str, Client]) -> None:
    found = [fault for one, needed in TABLE["officers"].items() for fault in faults_of(one, needed, clients)]
    assert not found, "\n".join(f"{one.address}: {one.who} got {one.status}, {one.expected}" for one in found)


def test_an_empty_form_sent_to_any_officers_page_breaks_nothing(clients: dict[str, Client]) -> None:
    broken = []
    for address, needed in TABLE["officers"].items():
        for key, client in clients.items():
            if needed == ["any"] or not ROLES[key].permissions.isdisjoint(Permission(one) for one in needed):
                status = client.post(sample(address)).status_code
                broken += [(address, key, status)] if status >= 500 else []
                break
    assert broken == []


def test_open_addresses_answer_without_breaking(db: None) -> None:
    client = Client(raise_request_exception=False)
    answers = {one: client.get(sample(one)).status_code for part in OPEN for one in TABLE[part]["paths"]}
    assert {one: status for one, status in answers.items() if status >= 500} == {}


def test_what_a_bearer_or_a_keeper_holds_is_not_shown_to_others(db: None) -> None:
    client = Client(raise_request_exception=False)
    shown = [one for part in ("bearer", "keeper") for one in TABLE[part]["paths"]]
    assert [one for one in shown if client.get(sample(one)).status_code == 200] == []


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (officer_required(Permission.CASE_READ), "refused"),  # one permission too wide
        (officer_required(Permission.SYSTEM_OPERATE), "let in"),  # one too narrow
        (lambda view: view, "to log in"),  # the guard was forgotten
    ],
)
def test_a_planted_change_is_caught(
    view: Callable[[Any], Any], expected: str, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("here")

    planted = path("planted", view(page))
    monkeypatch.setattr(get_resolver(), "url_patterns", [planted, *get_resolver().url_patterns])
    assert expected in {fault.expected for fault in faults_of("planted", ["order:sign"], clients)}
