"""Tables of `people`, one subject a file."""

from vungxanh.people.models.officers import Assignment, Officer
from vungxanh.people.models.organisations import Organisation, OrganisationLink, Succession
from vungxanh.people.models.persons import (
    Consent,
    DeviceHolder,
    Household,
    HouseholdMember,
    IdentityDocument,
    MatchCandidate,
    Merge,
    NotSamePair,
    Person,
    PersonReach,
    Phone,
)

__all__ = [
    "Assignment",
    "Consent",
    "DeviceHolder",
    "Household",
    "HouseholdMember",
    "IdentityDocument",
    "MatchCandidate",
    "Merge",
    "NotSamePair",
    "Officer",
    "Organisation",
    "OrganisationLink",
    "Person",
    "PersonReach",
    "Phone",
    "Succession",
]
