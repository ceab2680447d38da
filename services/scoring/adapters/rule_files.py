"""Rule books as files: the standards this service is shipped with, and the whitelist of what may score.

Reading a book takes a tenth of a second, so a text that did not change is read once a process.
"""

from functools import lru_cache
from pathlib import Path

import yaml

from services.scoring.adapters.rule_text import RULES, faults_of
from services.scoring.domain.generation import Generation
from services.scoring.domain.refusals import RuleBookRefused
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault, Whitelist, overlaps

__all__ = ["RULES", "load_generation", "load_whitelist", "parse_rule_book"]
_STANDARDS = "standards"
_WHITELIST = "whitelist.yaml"


def load_generation(folder: Path = RULES) -> Generation:
    """All published rule books of a folder; raises RuleBookRefused when one may not be used."""
    files = sorted((folder / _STANDARDS).glob("*.yaml"))
    texts = tuple((file.name, file.read_text(encoding="utf-8")) for file in files)
    return _generation(folder.name, texts, (folder / _WHITELIST).read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _generation(folder: str, texts: tuple[tuple[str, str], ...], whitelist: str) -> Generation:
    books = tuple(parse_rule_book(text, _whitelist(whitelist), name) for name, text in texts)
    if clashes := overlaps(books):
        raise RuleBookRefused(name=folder, faults=_listed(clashes))
    return Generation(books)


def load_whitelist(file: Path) -> Whitelist:
    """The facts and fields that may score, and the days they count for."""
    return _whitelist(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _whitelist(text: str) -> Whitelist:
    rows = yaml.safe_load(text)
    return Whitelist(
        fields={str(row["event"]): frozenset(row["fields"]) for row in rows},
        days={str(row["event"]): str(row["day"]) for row in rows if "day" in row},
        uses={str(row["event"]): row["use"] for row in rows if "use" in row},
        satisfies={str(row["event"]): frozenset(row["satisfies"]) for row in rows if "satisfies" in row},
    )


def parse_rule_book(text: str, whitelist: Whitelist, name: str) -> RuleBook:
    """One rule book out of its text; raises RuleBookRefused with every fault, its line and its reason."""
    book, found = faults_of(text, whitelist)
    if book is None:
        raise RuleBookRefused(name=name, faults=_listed(found))
    return book


def _listed(found: tuple[Fault, ...]) -> str:
    return "；".join(str(fault) for fault in found)
