"""The text of a rule book: YAML in the township's words, read with every entry's line, so that a fault can name it."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import TypeAdapter, ValidationError

from services.scoring.domain.refused_grounds import RefusedGround, RefusedGrounds
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault, Whitelist, faults
from shared.events.base import YEARS

RULES = Path(__file__).parent.parent / "rules"
_REFUSED = "refused.yaml"
_REASONS: Mapping[str, str] = {
    "missing": "缺少此项",
    "extra_forbidden": "细则中没有这一项，请核对写法（不支持表达式）",
    "literal_error": "取值不在允许的范围内（{expected}）",
    "string_pattern_mismatch": "写法不合规定",
    "string_type": "应为文字；像数字的文字（如版本号）请加引号",
    "model_type": "应分项填写（名称: 内容）",
    "model_attributes_type": "应分项填写（名称: 内容）",
    "dict_type": "应分项填写（名称: 内容）",
    "tuple_type": "应为列表",
    "date_type": "日期应写作 2024-01-01",
    "date_parsing": "日期应写作 2024-01-01",
    "date_from_datetime_parsing": "日期应写作 2024-01-01",
    "date_from_datetime_inexact": "日期应写作 2024-01-01",
    "too_short": "至少要有一项",
    "string_too_short": "内容过短",
    "value_error": "{error}",
}
_UNKNOWN_ENTRY = "extra_forbidden"
_NO_YAML = "不是有效的 YAML，请检查缩进和标点"
_Place = tuple[str | int, ...]
_BOOL, _TIMESTAMP, _MERGE = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"


class _AliasWritten(yaml.MarkedYAMLError):
    """`*name` repeats what stands elsewhere: a few lines of it could stand for millions."""


class _Loader(yaml.SafeLoader):
    """YAML whose only truth words are `true` and `false`: `on` is the name of an entry here.

    Days stay text until the book reads them, which can say what is wrong with one; nothing is repeated or merged.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One entry; raises _AliasWritten."""
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise _AliasWritten(problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {_BOOL, _TIMESTAMP, _MERGE}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


@dataclass(frozen=True, slots=True)
class YamlRuleTexts:
    """The RuleTexts port: texts held to a whitelist and to what is refused by name."""

    whitelist: Whitelist
    refused: RefusedGrounds

    async def read(self, text: str) -> tuple[RuleBook | None, tuple[Fault, ...]]:
        """The book a text holds, or everything that is wrong with it; off the loop, for a long one takes a second."""
        return await asyncio.to_thread(faults_of, text, self.whitelist, self.refused)


def faults_of(
    text: str, whitelist: Whitelist, refused: RefusedGrounds | None = None
) -> tuple[RuleBook | None, tuple[Fault, ...]]:
    """The book a text holds, or None and every fault with its line; `refused` are the shipped grounds unless given."""
    grounds = shipped_refused() if refused is None else refused
    node, data, unreadable = _read(text)
    if unreadable:
        return None, unreadable
    book: RuleBook | None = None
    try:
        book = TypeAdapter(RuleBook).validate_python(data)
    except ValidationError as error:
        found = _deepest(tuple(_fault(cast("Mapping[str, Any]", item), grounds) for item in error.errors()))
    else:
        found = (*faults(book, whitelist), *_unnameable(book))
    found = grounds.explained(found, data)
    if found:
        return None, tuple(sorted((_placed(fault, node) for fault in found), key=lambda fault: fault.line or 0))
    return book, ()


def load_refused(file: Path) -> RefusedGrounds:
    """What never scores, with the words by which it is known and the reason people are told."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return RefusedGrounds(
        tuple(
            RefusedGround(
                title=str(row["title"]),
                names=tuple(str(name) for name in row["names"]),
                reason=str(row["reason"]),
                source=str(row["source"]),
            )
            for row in rows
        )
    )


@cache
def shipped_refused() -> RefusedGrounds:
    """The grounds refused by `rules/refused.yaml`."""
    return load_refused(RULES / _REFUSED)


def _read(text: str) -> tuple[yaml.Node | None, object, tuple[Fault, ...]]:
    """The text's entries with their lines, their content, and why they cannot be read."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        content = None if node is None else loader.construct_document(node)
        return node, content, tuple(_repeated(node, ()))
    except _AliasWritten as error:
        return None, None, (Fault((), "细则不支持引用（*名称），请把内容写全", _line(error)),)
    except yaml.MarkedYAMLError as error:
        return None, None, (Fault((), _NO_YAML, _line(error)),)
    except yaml.YAMLError:
        return None, None, (Fault((), "含有无法识别的字符，请删除后重新输入"),)
    except (ValueError, RecursionError):
        return None, None, (Fault((), "含有无法读取的数字，或层次过深，请改用简单的写法"),)


def _line(error: yaml.MarkedYAMLError) -> int | None:
    return None if error.problem_mark is None else error.problem_mark.line + 1


def _repeated(node: yaml.Node | None, place: _Place) -> Iterator[Fault]:
    """Entries written twice, of which YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield Fault((*place, name), f"“{name}”写了两次，请只保留一处", key.start_mark.line + 1)
            seen.add(name)
            yield from _repeated(value, (*place, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _repeated(child, (*place, index))


def _unnameable(book: RuleBook) -> Iterator[Fault]:
    """A start no fact could speak of."""
    if book.effective.from_.year not in YEARS:
        yield Fault(("effective", "from"), f"施行日期的年份须在 {YEARS.start} 至 {YEARS.stop - 1} 之间")


def _deepest(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The faults themselves, without those that only say that something below is wrong."""
    places = [fault.place for fault in found]
    return tuple(
        fault
        for fault in found
        if not any(len(place) > len(fault.place) and place[: len(fault.place)] == fault.place for place in places)
    )


def _fault(item: Mapping[str, Any], grounds: RefusedGrounds) -> Fault:
    """What is wrong with an entry, as people read it; an entry there is not may be one that never scores."""
    place = cast("_Place", item["loc"])
    kind, context = str(item["type"]), cast("Mapping[str, object]", item.get("ctx", {}))
    if kind == _UNKNOWN_ENTRY and (reason := grounds.reason_of(str(place[-1]))) is not None:
        return Fault(place, reason)
    reason = _REASONS.get(kind, "取值不合规定").format(**{"expected": "", "error": "", **context})
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
