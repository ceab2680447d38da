"""One word for one thing: domain and events stand in docs/glossary.md, its quotations in the report."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from shared.events.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
REPORT = ROOT / "docs" / "reference" / "annual-report-2023.txt"
NONE = "—"
FAULTS = frozenset({"Exception", "ValueError"})


class Word(NamedTuple):
    """A row of the glossary."""

    shown: str
    code: str
    meaning: str
    sentence: str


def words() -> list[Word]:
    rows = [line.strip("|").split("|") for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [Word(*(cell.strip() for cell in row)) for row in rows if row[0].strip() != "中文"]


def code_words() -> set[str]:
    listed = (re.sub(r"\(.*?\)", "", word.code) for word in words())
    return {one.strip().lower() for text in listed for one in text.split(",")}


def in_words(class_name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", class_name).lower()


def domain_classes() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob("services/*/domain/*.py")):
        if path.stem == "refusals" or path.stem.endswith("_refusals"):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            bases = (
                {base.id for base in node.bases if isinstance(base, ast.Name)}
                if isinstance(node, ast.ClassDef)
                else set()
            )
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not bases & FAULTS:
                yield path.relative_to(ROOT).as_posix(), node.name


@pytest.mark.parametrize(("place", "name"), list(domain_classes()))
def test_every_class_of_the_domain_is_in_the_glossary(place: str, name: str) -> None:
    assert in_words(name) in code_words(), f"{place}: a row for `{in_words(name)}`"


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_the_subject_of_every_event_is_in_the_glossary(event_type: str) -> None:
    _, _, subject, _, _ = event_type.split(".")

    assert subject.replace("_", " ") in code_words()


def test_every_quotation_is_the_reports_word_for_word() -> None:
    report = REPORT.read_text("utf-8")

    assert [word for word in words() if word.sentence != NONE and word.sentence not in report] == []


def test_every_row_says_what_people_read_and_what_it_means() -> None:
    assert [word for word in words() if not re.search(r"[\u4e00-\u9fff]", word.shown) or len(word.meaning) < 5] == []


def test_no_word_stands_twice() -> None:
    shown, codes = [word.shown for word in words()], [word.code for word in words()]

    assert sorted(shown) == sorted(set(shown))
    assert sorted(codes) == sorted(set(codes))
