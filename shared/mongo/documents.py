"""Values as documents: days as ISO text, instants as BSON dates, everything else plain."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from shared.kernel.access import OrganisationPath

_AS_THEY_ARE = frozenset({str, int, float, bool, type(None), datetime})


def storable(value: object) -> Any:
    """A frozen value as MongoDB keeps it; dataclasses become subdocuments by field name.

    A local day is kept as ISO text, because a BSON date is an instant and would move with the zone; an instant is kept
    as BSON date (milliseconds). A path is kept as the list of its segments, so that `{"path": {"$in": scopes}}`
    compares segment by segment. A decimal is kept as text.
    """
    # Most of any document: asked first, it costs a third.
    return value if type(value) in _AS_THEY_ARE else _taken_apart(value)


def _taken_apart(value: object) -> Any:
    match value:
        case datetime():
            plain: Any = value
        case Enum():
            plain = value.value
        case date():
            plain = value.isoformat()
        case Decimal():
            plain = str(value)
        case OrganisationPath():
            plain = list(value.segments)
        case Mapping():
            plain = {str(key): storable(item) for key, item in value.items()}
        case AbstractSet():
            plain = sorted(storable(item) for item in value)
        case list() | tuple():
            plain = [storable(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            plain = {field.name: storable(getattr(value, field.name)) for field in fields(value)}
        case _:
            plain = value
    return plain
