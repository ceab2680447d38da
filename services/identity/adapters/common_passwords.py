"""Reads the passwords everybody guesses first from their YAML, refusing what is no such list."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).parent.parent / "rules" / "common-passwords.yaml"


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rule: str
    version: str | float
    source: str
    words: list[str]


def read_common_passwords(file: Path = _FILE) -> frozenset[str]:
    """All of them in small letters; raises pydantic.ValidationError when the file is wrong."""
    read = _Rule.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    return frozenset(word.lower() for word in read.words)
