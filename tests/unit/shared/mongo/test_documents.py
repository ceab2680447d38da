"""Values as documents, facts as subdocuments: nothing is lost on the way in and out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from shared.events.codec import decode
from shared.kernel.access import OrganisationPath
from shared.mongo.documents import storable
from shared.mongo.embedded_facts import embed, restore
from shared.testing.examples import Example, examples

NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    on: date
    colours: frozenset[Colour]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (NOON, NOON),
        (date(2023, 11, 20), "2023-11-20"),
        (Decimal("99.50"), "99.50"),
        (Colour.RED, "red"),
        (OrganisationPath.parse("a/b"), ["a", "b"]),
        (Part(date(2023, 1, 2), frozenset({Colour.RED})), {"on": "2023-01-02", "colours": ["red"]}),
        ({"parts": (1, True, "x")}, {"parts": [1, True, "x"]}),
    ],
)
def test_a_value_becomes_what_the_store_keeps(value: object, stored: object) -> None:
    assert storable(value) == stored


@pytest.mark.parametrize("example", examples(readable=True), ids=lambda example: example.name)
def test_every_fact_survives_its_stay_in_the_outbox(example: Example) -> None:
    fact = decode(example.message)

    assert restore(embed(fact)) == fact
