"""Identifiers: opaque UUID strings, one type each, made by the client or derived from what they name."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import NewType
from uuid import UUID, uuid4

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
LeaveId = NewType("LeaveId", str)
ExemptionId = NewType("ExemptionId", str)
SpanId = NewType("SpanId", str)
VisitId = NewType("VisitId", str)
ProblemId = NewType("ProblemId", str)
MeetingId = NewType("MeetingId", str)
ListingId = NewType("ListingId", str)
"""A listing of a weak organisation."""
ObligationId = NewType("ObligationId", str)
EventId = NewType("EventId", str)
HouseholdRef = NewType("HouseholdRef", str)
"""An opaque reference to a household; who lives there is never recorded."""

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_NAMESPACE_BYTES = UUID("6a1e6a0e-5a3b-5c57-9f10-6d1c0f6f2b11").bytes
SEPARATOR = "\x1f"
"""Between the parts of what an id is derived from."""
_NOT_OF_VERSION = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION = 5 << 76 | 0x8000 << 48
"""The bits in which a UUID says of which kind it is: RFC 9562, section 5.5."""
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""The same for the digit that says the variant."""


def derived_id(*parts: object) -> str:
    """The one id that these parts have everywhere and always, so that doing a thing twice is doing it once."""
    text = SEPARATOR.join(map(str, parts)).encode()
    # uuid5 of the standard library, without the object it makes on the way: half of its time, and facts have several.
    digest = hashlib.sha1(_NAMESPACE_BYTES + text, usedforsecurity=False).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{_VARIANT[digest[16]]}{digest[17:20]}-{digest[20:32]}"


def id_number(id_: str) -> int:
    """An id as the number it stands for: a third of the room, for who holds millions of them in memory."""
    return int(id_.replace("-", ""), 16)


def derived_numbers(*first: object) -> Callable[[str], int]:
    """How ids that begin with these parts are derived from their last parts, as numbers, at a fifth of the cost.

    What it gives takes the last parts as one text with SEPARATOR between them; it gives what
    `id_number(derived_id(*first, *last))` would.
    """
    text = "".join(f"{part}{SEPARATOR}" for part in first)
    begun = hashlib.sha1(_NAMESPACE_BYTES + text.encode(), usedforsecurity=False)

    def number(last: str) -> int:
        whole = begun.copy()
        whole.update(last.encode())
        return int.from_bytes(whole.digest()[:16], "big") & _NOT_OF_VERSION | _VERSION

    return number


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
