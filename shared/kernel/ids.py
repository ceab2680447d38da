"""Identifiers: opaque UUID strings, one type each, made by the client or derived from what they name."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import NewType
from uuid import UUID, uuid4, uuid5

AccountId = NewType("AccountId", str)
OrganisationId = NewType("OrganisationId", str)
BranchId = NewType("BranchId", str)
TownshipId = NewType("TownshipId", str)
PersonId = NewType("PersonId", str)
CadreId = NewType("CadreId", str)
"""A cadre is named by the person's id: persons are compared by `person_id`."""
MemberId = NewType("MemberId", str)
PostingId = NewType("PostingId", str)
CaseId = NewType("CaseId", str)
SpanId = NewType("SpanId", str)
VisitId = NewType("VisitId", str)
ProblemId = NewType("ProblemId", str)
ObligationId = NewType("ObligationId", str)
EventId = NewType("EventId", str)
HouseholdRef = NewType("HouseholdRef", str)
"""An opaque reference to a household; who lives there is never recorded."""

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_NAMESPACE = UUID("6a1e6a0e-5a3b-5c57-9f10-6d1c0f6f2b11")
_SEPARATOR = "\x1f"


def derived_id(*parts: object) -> str:
    """The one id that these parts have everywhere and always, so that doing a thing twice is doing it once."""
    return str(uuid5(_NAMESPACE, _SEPARATOR.join(str(part) for part in parts)))


def new_id() -> str:
    """A fresh random id, for what nothing names yet (request ids, leases)."""
    return str(uuid4())


def digest_of(content: Mapping[str, object]) -> str:
    """A digest of what somebody asked for: the same id with the same digest is the same request again."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def is_id(text: str) -> bool:
    """Whether the text has the form every id has: a lower-case UUID."""
    return re.fullmatch(UUID_PATTERN, text) is not None
