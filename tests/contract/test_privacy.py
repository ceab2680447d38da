"""What people write freely reaches no event: an event holds ids, codes, days, figures, and titles of organisations."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.events import schema
from shared.events.catalogue import CATALOGUE, Entry

ROOT = Path(__file__).parents[2]
ENTRIES = [pytest.param(entry, id=event_type) for event_type, entry in CATALOGUE.items()]
FREE = frozenset({"title", "external_code", "basis"})
"""What an organisation is called, the code the county gave it, the document a standard was published by: the only text
that travels."""
REFERENCES = frozenset({"household_ref", "satisfied_by", "superseded_by", "type", "generation", "card_digest"}) | {
    "entries"
}
PEOPLE = frozenset({"absent", "concerned", "helper_ids"})
"""Lists of ids: whom a fact concerns, never what they are called."""
CODED = frozenset({"regulation_version", "book_version", "period", "step", "points", "items", "attainable"}) | {
    "version",
    "digest",
    "book",
    "mark",
    "corrections",
}
"""Written by the platform itself: versions and steps of the libraries, names of periods, exact figures, a published
rule book, which is a standard for everybody and speaks of nobody."""
LIMITS = frozenset({"enum", "const", "format", "pattern"})
NUMBERS_OF_PEOPLE = re.compile(r"(?<![A-Za-z0-9_-])(1[3-9]\d{9}|\d{17}[\dXx])(?![A-Za-z0-9_-])")


def unlimited_strings(part: Any, name: str = "") -> Iterator[str]:
    """The names of all strings of a schema that may hold whatever somebody writes."""
    if isinstance(part, list):
        for each in part:
            yield from unlimited_strings(each, name)
    if not isinstance(part, dict):
        return
    if part.get("type") == "string" and not LIMITS & set(part):
        yield name
    for child, inner in {**part.get("$defs", {}), **part.get("properties", {})}.items():
        yield from unlimited_strings(inner, child)
    for word in ("anyOf", "oneOf", "allOf", "items", "prefixItems", "additionalProperties"):
        yield from unlimited_strings(part.get(word), name)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_string_of_an_event_is_an_id_a_code_or_the_title_of_an_organisation(entry: Entry) -> None:
    strings = set(unlimited_strings(schema.schema_of(entry.event)))

    assert {name for name in strings - FREE - REFERENCES - PEOPLE - CODED if not name.endswith("_id")} == set()


@pytest.mark.parametrize("document", sorted((ROOT / "docs" / "openapi").glob("*.json")), ids=lambda path: path.stem)
def test_a_request_names_by_id_what_an_event_names_by_id(document: Path) -> None:
    forms = {
        name: form
        for name, form in json.loads(document.read_text("utf-8"))["components"]["schemas"].items()
        if name.endswith("Form")
    }
    written = {name for form in forms.values() for name in unlimited_strings(form)}

    assert {name for name in written if name in REFERENCES or name.endswith("_id")} == set()


@pytest.mark.parametrize("folder", ["shared/events/examples", "shared/events/schemas", "docs/openapi"])
def test_no_committed_document_holds_a_phone_or_an_identity_number(folder: str) -> None:
    found = {
        path.name: numbers
        for path in (ROOT / folder).rglob("*.json")
        if (numbers := NUMBERS_OF_PEOPLE.findall(path.read_text("utf-8", errors="replace")))
    }

    assert found == {}


def test_a_phone_and_an_identity_number_are_known_when_seen() -> None:
    seen = NUMBERS_OF_PEOPLE.findall("电话13900000001，身份证号 99010119500101001X；2026-01-12 的第 123456789012 号")

    assert seen == ["13900000001", "99010119500101001X"]
