"""Check a rule book that nobody has saved."""

from dataclasses import dataclass

from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault
from services.scoring.use_cases.publication_ports import PublicationPorts


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text says: the book, or None and every fault."""

    book: RuleBook | None
    faults: tuple[Fault, ...]


async def check_rule_book(text: str, ports: PublicationPorts) -> Checked:
    """What the text says, or everything that is wrong with it; nothing is stored."""
    return Checked(*(await ports.texts.read(text)))
