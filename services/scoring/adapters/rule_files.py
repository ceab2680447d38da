"""Rule books as files: YAML in the township's words, read with every entry's line, so that a refusal can name it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml
from pydantic import TypeAdapter, ValidationError

from services.scoring.domain.generation import Generation
from services.scoring.domain.refusals import RuleBookRefused
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault, Whitelist, faults, overlaps

RULES = Path(__file__).parent.parent / "rules"
_STANDARDS = "standards"
_WHITELIST = "whitelist.yaml"
_REASONS: Mapping[str, str] = {
    "missing": "缺少此项",
    "extra_forbidden": "细则中没有这一项，请核对写法（不支持表达式）",
    "literal_error": "取值不在允许的范围内（{expected}）",
    "string_pattern_mismatch": "写法不合规定",
    "too_short": "至少要有一项",
    "string_too_short": "内容过短",
    "value_error": "{error}",
}
_Place = tuple[str | int, ...]
_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """YAML whose only truth words are `true` and `false`: `on` is the name of an entry here."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


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
    )


def parse_rule_book(text: str, whitelist: Whitelist, name: str) -> RuleBook:
    """One rule book out of its text; raises RuleBookRefused with every fault, its line and its reason."""
    try:
        node = yaml.compose(text, _Loader)
        data = yaml.load(text, _Loader)  # noqa: S506 - a safe loader of our own
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        fault = Fault((), "不是有效的 YAML，请检查缩进和标点", None if mark is None else mark.line + 1)
        raise RuleBookRefused(name=name, faults=str(fault)) from None
    try:
        book = TypeAdapter(RuleBook).validate_python(data)
    except ValidationError as error:
        found = _deepest(tuple(_fault(cast("Mapping[str, object]", item)) for item in error.errors(include_url=False)))
    else:
        found = faults(book, whitelist)
        if not found:
            return book
    raise RuleBookRefused(name=name, faults=_listed(tuple(_placed(fault, node) for fault in found)))


def _deepest(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The faults themselves, without those that only say that something below is wrong."""
    places = [fault.place for fault in found]
    return tuple(
        fault
        for fault in found
        if not any(len(place) > len(fault.place) and place[: len(fault.place)] == fault.place for place in places)
    )


def _listed(found: tuple[Fault, ...]) -> str:
    return "；".join(str(fault) for fault in found)


def _fault(item: Mapping[str, object]) -> Fault:
    place = cast("_Place", item["loc"])
    context = cast("Mapping[str, object]", item.get("ctx", {}))
    reason = _REASONS.get(str(item["type"]), "取值不合规定").format(**{"expected": "", "error": "", **context})
    return Fault(place, reason)


def _placed(fault: Fault, node: yaml.Node | None) -> Fault:
    """The fault with the line of the nearest entry on its way that stands in the file."""
    line = None if node is None else node.start_mark.line + 1
    for part in fault.place:
        node = _child(node, part)
        if node is None:
            break
        line = node.start_mark.line + 1
    return Fault(fault.place, fault.reason, line)


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child: yaml.Node = node.value[part]
        return child
    return None
