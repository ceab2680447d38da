"""Rule books as files: the standards this service is shipped with, and the whitelist of what may score."""

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
    whitelist = load_whitelist(folder / _WHITELIST)
    files = sorted((folder / _STANDARDS).glob("*.yaml"))
    books = tuple(parse_rule_book(file.read_text(encoding="utf-8"), whitelist, file.name) for file in files)
    if clashes := overlaps(books):
        raise RuleBookRefused(name=str(folder.name), faults=_listed(clashes))
    return Generation(books)


def load_whitelist(file: Path) -> Whitelist:
    """The facts and fields that may score, and the days they count for."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
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
