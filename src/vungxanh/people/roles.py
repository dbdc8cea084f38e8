"""Permissions and roles as data: what may be done, and by whom, said in a sentence that documentation prints.

A role says what; an assignment says where, for which organisation and sector (`people.models.Assignment`).
"""

from dataclasses import dataclass
from enum import StrEnum

from vungxanh.core.scope import Sector


class Permission(StrEnum):
    """`subject:verb`; a view or an action asks for one of these and never for a role."""

    PEOPLE_SEARCH = "people:search"
    PEOPLE_REVEAL = "people:reveal"
    PEOPLE_REGISTER = "people:register"
    PEOPLE_JUDGE = "people:judge"
    CASE_READ = "case:read"
    CASE_WRITE = "case:write"
    TRACE_RUN = "trace:run"
    CONTACT_FOLLOW = "contact:follow"
    ORDER_PREPARE = "order:prepare"
    ORDER_SIGN = "order:sign"
    EXPORT_LIST = "list:export"
    ZONE_PROPOSE = "zone:propose"
    ZONE_DECIDE = "zone:decide"
    DECLARATION_READ = "declaration:read"
    DECLARATION_REVIEW = "declaration:review"
    DECLARATION_KEY = "declaration:key"
    VENUE_READ = "venue:read"
    VENUE_REGISTER = "venue:register"
    VENUE_LIST = "venue:list"
    GATE_OPERATE = "gate:operate"
    BORDER_REVIEW = "border:review"
    BORDER_READ = "border:read"
    BORDER_LOOK = "border:look"
    BORDER_CROSS = "border:cross"
    SAFETY_ASSESS = "safety:assess"
    SAFETY_INSPECT = "safety:inspect"
    EXPOSURE_CODE = "exposure:issue-code"
    EXPOSURE_MANAGE = "exposure:manage"
    WORK_READ = "work:read"
    WORK_ACT = "work:act"
    WORK_ASSIGN = "work:assign"
    DISPATCH_ISSUE = "dispatch:issue"
    DISPATCH_ANSWER = "dispatch:answer"
    MESSAGE_DRAFT = "message:draft"
    MESSAGE_APPROVE = "message:approve"
    HOTLINE_ANSWER = "hotline:answer"
    RESERVE_WRITE = "reserve:write"
    RULE_EDIT = "rule:edit"
    RULE_APPROVE = "rule:approve"
    AUDIT_READ = "audit:read"
    SUBJECT_REQUEST = "subject-request:answer"
    OFFICER_MANAGE = "officer:manage"
    STATISTICS_READ = "statistics:read"
    SYSTEM_OPERATE = "system:operate"


P = Permission


@dataclass(frozen=True)
class Role:
    """`sectors=None`: rows of every sector."""

    key: str
    name_vi: str
    name_en: str
    prose: str
    permissions: frozenset[Permission]
    sectors: frozenset[Sector] | None


def _role(
    key: str, names: tuple[str, str], prose: str, permissions: set[Permission], *sectors: Sector
) -> tuple[str, Role]:
    return key, Role(key, *names, prose, frozenset(permissions), frozenset(sectors) or None)


_TEAM = {P.WORK_READ, P.WORK_ACT, P.PEOPLE_REVEAL, P.DECLARATION_KEY, P.CONTACT_FOLLOW}
_STATION = _TEAM | {
    P.PEOPLE_SEARCH, P.PEOPLE_REGISTER, P.PEOPLE_JUDGE, P.DECLARATION_READ, P.DECLARATION_REVIEW, P.CASE_READ,
    P.VENUE_READ, P.SAFETY_INSPECT, P.WORK_ASSIGN, P.STATISTICS_READ, P.DISPATCH_ANSWER,
}  # fmt: skip
_CDC = _STATION | {
    P.CASE_WRITE, P.TRACE_RUN, P.ORDER_PREPARE, P.EXPORT_LIST, P.ZONE_PROPOSE, P.EXPOSURE_CODE, P.BORDER_READ,
    P.BORDER_LOOK, P.VENUE_LIST, P.MESSAGE_DRAFT, P.RULE_EDIT, P.EXPOSURE_MANAGE,
}  # fmt: skip
_SECTOR = {
    P.VENUE_READ, P.VENUE_REGISTER, P.SAFETY_INSPECT, P.WORK_READ, P.WORK_ACT, P.DISPATCH_ANSWER,
    P.STATISTICS_READ, P.RESERVE_WRITE,
}  # fmt: skip

#: key -> role; the order is the order in which people choose
ROLES: dict[str, Role] = dict(
    (
        _role(
            "community-team", ("Tổ COVID cộng đồng", "Community team"),
            "Visits the households on today's list of its commune and writes down what it found.",
            _TEAM, Sector.HEALTH,
        ),
        _role(
            "commune-health", ("Trạm y tế xã", "Commune health station"),
            "Follows returnees, symptoms, contacts and isolations of its commune.",
            _STATION, Sector.HEALTH,
        ),
        _role(
            "cdc-officer", ("Cán bộ CDC tỉnh", "Provincial CDC officer"),
            "Opens cases, traces, prepares orders and proposes zones in its province.",
            _CDC, Sector.HEALTH, Sector.BORDER, Sector.INDUSTRY_TRADE, Sector.EDUCATION, Sector.TRANSPORT,
            Sector.CULTURE, Sector.LABOUR,
        ),
        _role(
            "cdc-director", ("Lãnh đạo CDC", "CDC director"),
            "Signs what the officers prepare and approves messages and rules.",
            _CDC | {P.ORDER_SIGN, P.MESSAGE_APPROVE, P.RULE_APPROVE, P.DISPATCH_ISSUE},
        ),
        _role(
            "chairman", ("Lãnh đạo UBND", "Head of the people's committee"),
            "Decides zones and issues dispatches; sees counts and places, no medical row of a person.",
            {P.ZONE_DECIDE, P.DISPATCH_ISSUE, P.DISPATCH_ANSWER, P.STATISTICS_READ, P.VENUE_READ,
             P.MESSAGE_APPROVE, P.WORK_READ},
            Sector.GOVERNMENT, Sector.INDUSTRY_TRADE, Sector.EDUCATION, Sector.TRANSPORT, Sector.CULTURE,
            Sector.LABOUR,
        ),
        _role(
            "border-officer", ("Cán bộ kiểm dịch y tế biên giới", "Border health officer"),
            "Reviews entries at its gate.",
            {P.BORDER_REVIEW, P.BORDER_READ, P.BORDER_LOOK, P.BORDER_CROSS, P.PEOPLE_SEARCH, P.PEOPLE_REVEAL,
             P.PEOPLE_REGISTER, P.DECLARATION_KEY, P.WORK_READ, P.WORK_ACT},
            Sector.BORDER,
        ),
        _role(
            "border-guard", ("Bộ đội biên phòng", "Border guard"),
            "Scans frequent crossers, helps people met away from a gate to declare; sees who, with what, whether "
            "they may go on, and no answer about health.",
            {P.BORDER_LOOK, P.BORDER_CROSS, P.PEOPLE_REVEAL, P.DECLARATION_KEY},
            Sector.BORDER,
        ),
        _role(
            "immigration-officer", ("Cán bộ xuất nhập cảnh", "Immigration officer"),
            "Sees document, journey and whether health quarantine lets somebody go on; no answer about health.",
            {P.BORDER_LOOK, P.PEOPLE_REVEAL},
            Sector.BORDER,
        ),
        _role(
            "industry-trade-officer", ("Cán bộ ngành công thương", "Industry and trade officer"),
            "Markets, malls and factories of its area: registered, assessed, really used. No medical row.",
            _SECTOR, Sector.INDUSTRY_TRADE,
        ),
        _role(
            "economic-zone-board", ("Ban quản lý khu kinh tế", "Economic zone board"),
            "The factories of its zone, whichever communes the zone spans. No medical row.",
            _SECTOR, Sector.INDUSTRY_TRADE, Sector.LABOUR,
        ),
        _role(
            "education-officer", ("Cán bộ ngành giáo dục", "Education officer"),
            "Schools of its area.", _SECTOR, Sector.EDUCATION,
        ),
        _role(
            "transport-officer", ("Cán bộ ngành giao thông", "Transport officer"),
            "Stations, vehicles and their trips.", _SECTOR, Sector.TRANSPORT,
        ),
        _role(
            "venue-keeper", ("Người phụ trách địa điểm", "Venue keeper"),
            "Keeps a place and its gate; sees how full it is and no name beyond the gate.",
            {P.GATE_OPERATE, P.VENUE_READ, P.SAFETY_ASSESS},
        ),
        _role(
            "hotline", ("Đường dây nóng", "Hotline agent"),
            "Answers calls: declares for a caller, writes events down.",
            {P.HOTLINE_ANSWER, P.PEOPLE_SEARCH, P.PEOPLE_REGISTER, P.DECLARATION_KEY, P.WORK_READ, P.WORK_ACT},
            Sector.HEALTH,
        ),
        _role(
            "communicator", ("Cán bộ truyền thông", "Communication officer"),
            "Drafts messages; somebody else approves them.",
            {P.MESSAGE_DRAFT, P.STATISTICS_READ}, Sector.GOVERNMENT,
        ),
        _role(
            "data-protection", ("Cán bộ bảo vệ dữ liệu", "Data-protection officer"),
            "Who looked at whom and why; requests of data subjects; breaches; retention.",
            {P.AUDIT_READ, P.SUBJECT_REQUEST, P.PEOPLE_SEARCH},
        ),
        _role(
            "auditor", ("Kiểm toán", "Auditor"),
            "Reads the trail, changes nothing.", {P.AUDIT_READ, P.STATISTICS_READ}, Sector.GOVERNMENT,
        ),
        _role(
            "operator", ("Quản trị hệ thống", "Operator"),
            "Runs the installation and its officers; sees no row of a person.",
            {P.SYSTEM_OPERATE, P.OFFICER_MANAGE, P.STATISTICS_READ}, Sector.GOVERNMENT,
        ),
    )
)  # fmt: skip
