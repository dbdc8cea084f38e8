"""Contact rules: who counts as a contact, and from when to when a case passes the infection on.

The rules are dated data in `data/contact/*.toml`; this module reads and evaluates them. Sources: the instruments
named in each rule's `basis`, each cell with its own `verified` mark.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from typing import Any

from vungxanh.core import minutes
from vungxanh.core.errors import UserError
from vungxanh.rules.condition import KNOWN, NEVER, Condition, Need, need, tests, threshold
from vungxanh.rules.vector import vector_rule

EVIDENCE_KINDS = ("visit", "encounter", "named", "seat", "household", "roster")
SCOPES = ("encounter", "day", "window")


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands written. `verified`: "V2" two sources, "V" one, "no" memory or ours."""

    document: str
    date: date
    verified: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class WindowRule:
    """Infectious window of a case: local days before onset (or sample) until isolation or what `ends` names."""

    days_before_onset: int
    days_before_sample: int
    ends: tuple[str, ...]
    verified: str
    from_source_contact: bool = False
    days_after_onset: int | None = None
    days_after_sample: int | None = None

    def last(self, *, onset: date | None, sampled: date | None, zone: str) -> int | None:
        """Minute after the last infectious day, for rules that end by themselves."""
        day, after = (onset, self.days_after_onset) if onset else (sampled, self.days_after_sample)
        return None if day is None or after is None else minutes.day_start(day + timedelta(days=after + 1), zone)

    def start(self, *, onset: date | None, sampled: date | None, source_contact: int | None, zone: str) -> int:
        """First infectious minute. Onset decides where it is known; a day starts at 00:00 of `zone`."""
        if onset is not None:
            return minutes.day_start(onset - timedelta(days=self.days_before_onset), zone)
        if self.from_source_contact and source_contact is not None:
            return source_contact
        if sampled is None:
            raise UserError("rules.no-date")
        return minutes.day_start(sampled - timedelta(days=self.days_before_sample), zone)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to be a contact: letter, words, condition, and the kinds of evidence it speaks of."""

    id: str
    when: Condition
    en: str
    vi: str
    verified: str
    evidence: tuple[str, ...] = EVIDENCE_KINDS


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a search. `hub_people`: more distinct people at a place on a UTC day make it a place event;
    `frontier_people`: at most so many pass on per hop; `hop_minutes`: least of a pair of later hops."""

    hub_people: int | None = None
    frontier_people: int | None = None
    hop_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ContactInputs:
    """What is known of one piece of evidence; None is unknown."""

    kind: str
    distance_m: float | None = None
    distance_is_bound: bool = False
    mask_case: bool | None = None
    mask_contact: bool | None = None
    space: str | None = None
    setting: str | None = None
    seat_row_delta: int | None = None
    physical_contact: bool | None = None
    care_giver: bool | None = None
    ppe_adequate: bool | None = None

    def values(self, presumed: Mapping[str, bool]) -> dict[str, object]:
        found: dict[str, object] = {
            "distance_m": self.distance_m,
            "mask_case": self.mask_case,
            "mask_contact": self.mask_contact,
            "space": self.space,
            "setting": self.setting,
            "seat_row_delta": self.seat_row_delta,
            "physical_contact": self.physical_contact,
            "care_giver": self.care_giver,
            "ppe_adequate": self.ppe_adequate,
        }
        if self.kind != "named":
            found.update((name, value) for name, value in presumed.items() if found[name] is None)
        return found


@dataclass(frozen=True, repr=False)
class ContactRule:
    """One instrument's rule of who is a contact. Immutable; hashable by id."""

    id: str
    pack: str
    disease: str
    territory: str
    zone: str
    valid_from: date
    valid_to: date | None
    default: bool
    minutes_over: str
    latency_minutes: int
    basis: Basis
    window: WindowRule
    branches: tuple[Branch, ...]
    bounds: Bounds
    linger: Mapping[str, int] = field(default_factory=dict)
    #: does time in the air that a case left make a contact for certain? Else it is at most probable
    air_counts: bool = False

    def __repr__(self) -> str:
        return f"<{self.id} over {self.minutes_over}, latency {self.latency_minutes}, linger {dict(self.linger)}>"

    def __hash__(self) -> int:
        return hash(self.id)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @cached_property
    def seconds_asked(self) -> tuple[int, ...]:
        """Every number of seconds that some branch waits for, ascending, 0 included."""
        asked = {0}
        for branch in self.branches:
            asked |= {round(60 * threshold(w)) for name, w in tests(branch.when) if name == "minutes"}
        return tuple(sorted(asked))

    @cached_property
    def inputs_asked(self) -> frozenset[str]:
        """Names of the inputs that some branch asks for; "masked" asks for both masks."""
        names = {name for branch in self.branches for name, _ in tests(branch.when)}
        return frozenset(names | ({"mask_case", "mask_contact"} if "masked" in names else set()))

    @cached_property
    def metres_asked(self) -> tuple[float, ...]:
        """Every distance at which some answer changes, ascending."""
        asked = {assumptions().touch_reach_m}
        for branch in self.branches:
            asked |= {threshold(w) for name, w in tests(branch.when) if name == "distance_m"}
        return tuple(sorted(asked))

    @cached_property
    def _needs(self) -> dict[ContactInputs, Need]:
        return {}

    def need(self, inputs: ContactInputs) -> Need:
        """Seconds of such evidence until somebody is a contact: for certain, and at the earliest. Cached."""
        found = self._needs.get(inputs)
        if found is None:
            found = self._needs[inputs] = self._need(inputs)
        return found

    def _need(self, inputs: ContactInputs) -> Need:
        branches = [branch.when for branch in self.branches if inputs.kind in branch.evidence]
        if not branches:
            return Need(NEVER, NEVER)
        about = assumptions()
        return need(
            {"any": branches},
            inputs.values(about.presumed),
            reach_m=about.touch_reach_m,
            bounded=inputs.distance_is_bound,
        )

    def verdict(self, inputs: ContactInputs, seconds: int) -> str:
        """ "confirmed" | "needs interview" | "no" for one piece of recorded evidence of so many seconds."""
        wanted = self.need(inputs)
        if seconds >= wanted.worst:
            return "confirmed"
        return "needs interview" if seconds >= wanted.best else "no"

    def branches_met(self, inputs: ContactInputs, seconds: int) -> list[Branch]:
        """The branches that hold, or may hold, for the evidence; for explanations."""
        about = assumptions()
        values = inputs.values(about.presumed)
        return [
            branch
            for branch in self.branches
            if inputs.kind in branch.evidence
            and need(branch.when, values, reach_m=about.touch_reach_m, bounded=inputs.distance_is_bound).best
            <= seconds
        ]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """`inputs.toml`: what kinds of places say about space and setting, and what scans never ask."""

    touch_reach_m: float
    presumed: Mapping[str, bool]
    space: Mapping[str, str]
    setting: Mapping[str, str]

    def of_place(self, kind: str | None, space: str | None = None) -> tuple[str | None, str | None]:
        """(space, setting) of a place; a recorded space wins; both None for a kind that nobody listed."""
        known = kind in self.space or kind in self.setting
        setting = self.setting.get(kind or "", "other") if known else None
        return space or self.space.get(kind or ""), setting


@cache
def assumptions() -> Assumptions:
    raw = tomllib.loads((_folder() / "inputs.toml").read_text("utf-8"))
    return Assumptions(raw["touch_reach_m"], raw["presumed"], raw["space"], raw["setting"])


@cache
def contact_rules() -> dict[str, ContactRule]:
    """Every contact rule by id, oldest first."""
    found = [
        rule
        for file in sorted(_folder().iterdir(), key=lambda f: f.name)
        if file.name.endswith(".toml") and file.name != "inputs.toml"
        for rule in read_pack(file.read_text("utf-8"))
    ]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: (rule.valid_from, rule.id))}


def _folder() -> Any:
    return resources.files("vungxanh.rules") / "data" / "contact"


def read_pack(text: str) -> list[ContactRule]:
    """TOML text of a pack -> its rules. Raises UserError `rules.unknown-input` for a test nobody can answer."""
    pack = tomllib.loads(text)
    return [read_rule(pack, raw) for raw in pack["rule"]]


def read_rule(pack: Mapping[str, Any], raw: Mapping[str, Any]) -> ContactRule:
    bounds = {k: v for k, v in {**pack.get("bounds", {}), **raw.get("bounds", {})}.items() if k != "verified"}
    window = raw["window"]
    return ContactRule(
        id=raw["id"],
        pack=pack["pack"],
        disease=raw.get("disease", pack["disease"]),
        territory=pack["territory"],
        zone=pack["zone"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        default=raw.get("default", True),
        minutes_over=raw["minutes_over"],
        latency_minutes=raw.get("latency_minutes", 0),
        basis=Basis(**raw["basis"]),
        window=WindowRule(**{**window, "ends": tuple(window["ends"])}),
        branches=tuple(read_branch(branch) for branch in raw["branch"]),
        bounds=Bounds(**bounds),
        linger={k: v for k, v in raw.get("linger", {}).items() if k not in {"verified", "basis", "counts"}},
        air_counts=raw.get("linger", {}).get("counts", False),
    )


def read_branch(raw: Mapping[str, Any]) -> Branch:
    for name, _ in tests(raw["when"]):
        if name not in KNOWN:
            raise UserError("rules.unknown-input", name=name, branch=raw["id"])
    kinds = tuple(raw.get("evidence", EVIDENCE_KINDS))
    return Branch(raw["id"], raw["when"], raw["en"], raw["vi"], raw["verified"], kinds)


def contact_rule(rule_id: str) -> ContactRule:
    """The rule of that id. Raises UserError `rules.unknown-rule` naming the choices."""
    try:
        return contact_rules()[rule_id]
    except KeyError:
        raise UserError("rules.unknown-rule", rule=rule_id[:80], choices=", ".join(contact_rules())) from None


def rule_in_force(day: date, disease: str = "covid19", territory: str = "VN") -> ContactRule:
    """The contact rule in force on `day`.

    Raises UserError `rules.none-in-force` naming the choices, `rules.vector-borne` where people do not carry it.
    """
    carried = vector_rule(disease)
    if carried:
        raise UserError("rules.vector-borne", vi=carried.vi, en=carried.en, radius=carried.radius_m)
    found = [
        rule
        for rule in contact_rules().values()
        if rule.default and rule.disease == disease and rule.territory == territory and rule.in_force(day)
    ]
    if not found:
        raise UserError("rules.none-in-force", day=day, disease=disease, choices=", ".join(contact_rules()))
    return found[-1]
