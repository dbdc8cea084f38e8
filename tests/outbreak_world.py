"""A small world for tests of the workbench: a market with a stall, a bus, a household, and one case.

Case Lan fell ill on 2022-05-03. Under CV 1909 her window opens on 2022-05-01 at 00:00 (2022-04-30T17:00Z).
Hùng stood 36 minutes at her stall on 3 May (masks unknown, an open market: needs interview by distance unknown).
Mai, in the same small meeting room for 20 minutes without masks, is confirmed; Nam lives with Lan; Bình met Mai
for 30 minutes in that room the next day and is F2.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM, floor_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Household, Visit
from vungxanh.lake.rows import Place as PlaceRow
from vungxanh.lake.schema import OPEN_END
from vungxanh.lake.writer import LakeWriter
from vungxanh.outbreak import actions
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import NewCase
from vungxanh.people.actions import register_person
from vungxanh.people.models import Assignment, Officer
from vungxanh.places.actions import create_place
from vungxanh.places.schemas import NewPlace

PROVINCE = "/19/"
COMMUNE = "05443"  # phường Phan Đình Phùng, in the list of 2025
PURPOSE = "test"


@dataclass(frozen=True)
class World:
    """Numbers of the people and places."""

    officer: Officer
    lan: int
    hung: int
    mai: int
    nam: int
    binh: int
    stall: int
    room: int
    lake: Path

    def open_case(self) -> Case:
        """Lan's case."""
        new = NewCase(
            person=self.lan, onset=date(2022, 5, 3), onset_provenance="patient", symptoms=("fever", "cough")
        )
        return actions.create_case(by=self.officer, new=new)


def at(text: str) -> int:
    """Local time of Viet Nam -> minute."""
    return floor_minute(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(VIETNAM)))


def make_officer(username: str = "cdc", role: str = "cdc-officer", path: str = PROVINCE) -> Officer:
    officer = Officer.objects.create_user(username, name="Cán bộ Thử")
    Assignment.objects.create(officer=officer, role=role, scope_path=path)
    return officer


def make_world(lake: Path) -> World:
    """People and places in the register, evidence in `lake`."""
    officer = make_officer()
    people = {
        name: register_person(
            name=full, sex=sex, birth_year=year, scope_path=f"{PROVINCE}{COMMUNE}/", by=officer, purpose=PURPOSE
        )
        for name, full, sex, year in (
            ("lan", "Nguyễn Thị Lan", 2, 1990),
            ("hung", "Trần Văn Hùng", 1, 1985),
            ("mai", "Lê Thị Mai", 2, 1979),
            ("nam", "Nguyễn Hoài Nam", 1, 2012),
            ("binh", "Phạm Bình", 1, 1966),
        )
    }
    market = create_place(by=officer, new=NewPlace("market", "Chợ Thái", COMMUNE))
    stall = create_place(by=officer, new=NewPlace("stall", "Sạp 12", COMMUNE), parent=market)
    room = create_place(by=officer, new=NewPlace("meeting-room", "Phòng họp tầng 2", COMMUNE))
    write_evidence(lake, people, market.pk, stall.pk, room.pk)
    return World(officer=officer, **people, stall=stall.pk, room=room.pk, lake=lake)


def write_evidence(lake: Path, people: dict[str, int], market: int, stall: int, room: int) -> None:
    def visit(who: str, place: int, start: str, end: str, *, mask: bool | None = None) -> Visit:
        return Visit(people[who], place, at(start), at(end), mask=mask)

    home = [Household(people[who], 7, at("2020-01-01T00:00"), OPEN_END) for who in ("lan", "nam")]
    visits = [
        visit("lan", stall, "2022-05-03T09:00", "2022-05-03T10:00"),
        visit("hung", stall, "2022-05-03T09:10", "2022-05-03T09:46"),
        visit("lan", room, "2022-05-02T14:00", "2022-05-02T15:00", mask=False),
        visit("mai", room, "2022-05-02T14:40", "2022-05-02T15:30", mask=False),
        visit("mai", room, "2022-05-03T08:00", "2022-05-03T09:00", mask=False),
        visit("binh", room, "2022-05-03T08:30", "2022-05-03T09:30", mask=False),
    ]
    places = [
        PlaceRow(market, "market", None),
        PlaceRow(stall, "stall", market),
        PlaceRow(room, "meeting-room", None),
    ]
    LakeWriter(lake).append(Evidence.of(visits=visits, households=home, places=places))
