"""The words in which a rule book is printed: what events, fields, codes and spans are called by people."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words by code (`rules/words.yaml`); what has none is shown as its code, which is better than nothing."""

    events: Mapping[str, str]
    fields: Mapping[str, str]
    values: Mapping[str, str]

    def event(self, name: str) -> str:
        """What a fact is called."""
        return self.events.get(name, name)

    def field(self, name: str) -> str:
        """What a field of a fact is called."""
        return self.fields.get(name, name)

    def value(self, code: object) -> str:
        """What a code, a kind or a yes and no is called."""
        if isinstance(code, bool):
            return "是" if code else "否"
        return self.values.get(str(code), str(code))
