"""`python -m tests.contract.access.page` writes the access matrix as people read it to `docs/access.md`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.kernel.access import Role
from tests.contract.access.matrix import Row
from tests.contract.access.worlds import SERVICES

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "access.md"
ROLES = {
    Role.SECRETARY: "党委书记",
    Role.ORGANISER: "组织委员",
    Role.BRANCH_SECRETARY: "支部书记",
    Role.CADRE: "联村干部",
    Role.MEMBER: "党员",
    Role.COUNTY_ORGANISER: "县委组织部",
    Role.SUPERVISOR: "监督员",
    Role.ADMINISTRATOR: "管理员",
}
TITLES = {
    "identity": "账号与登录",
    "members": "组织与人员",
    "visits": "走访与民情",
    "duties": "责任落实",
    "scoring": "得分",
    "notifications": "应办与消息",
}
_HEAD = """# 谁能做什么

本页由 `python -m tests.contract.access.page` 从 `tests/contract/access/` 的权限表生成，请勿手工修改。
测试逐条路由、逐个角色、分别以管理范围内外的对象核对各服务，并核对本页。

● 管理范围内 · ○ 仅限本人 · — 不可

* 管理范围是一个党组织及其全部下级，按组织编号逐级比对；党委书记、组织委员、联村干部、监督员通常为乡镇，
  支部书记、党员为支部，县委组织部为县。
* 没有登录一律 401，角色不符 403；管理范围以外的对象按不存在处理（404），列表中不出现。
* 角色相符、对象在范围内但不归其查看或办理的，按“其他”一列答复。
* 管理员只管账号和系统运行，不接触任何业务内容。
* 姓名只向本人、本支部书记、组织委员和党委书记显示；组织处置每次查阅都留痕。
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for service in SERVICES for line in _section(service))]).rstrip() + "\n"


def _section(service: str) -> Iterator[str]:
    document = json.loads((ROOT / "docs" / "openapi" / f"{service}.json").read_text("utf-8"))
    yield f"## {TITLES[service]}（{service}）"
    yield f"| 操作 | 接口 | {' | '.join(ROLES.values())} | 其他 |"
    yield "|---|---|" + ":-:|" * (len(ROLES) + 1)
    for row in SERVICES[service][1]:
        summary = document["paths"][row.template][row.method.lower()]["summary"]
        marks = ["公开"] * len(ROLES) if row.is_open else [row.mark(role) for role in ROLES]
        named = f"{summary}（{row.case}）" if row.case else summary
        yield " | ".join((f"| {named}", f"`{row.route}`", *marks, f"{_other(row)} |"))
    yield ""


def _other(row: Row) -> str:
    if not row.own and not row.knocks:
        return ""
    return "空列表" if row.lists else str(row.refusal)


def write() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
