"""Every refusal is told as problem+json in Chinese, and names the field."""

import json
from typing import Any, get_args

import httpx
import pytest
from pydantic_core.core_schema import ErrorType
from structlog.testing import capture_logs

from shared.web.pages import PageRequest, UnreadableCursor, an_instant, cursor_of
from shared.web.problem import _SENTENCES
from tests.unit.shared.web.conftest import an_app, router


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("not_found", 404, "object.not_found"),
        ("conflict", 409, "object.conflict"),
        ("there", 409, "object.already_there"),
        ("stale", 412, "object.stale"),
        ("forbidden", 403, "access.forbidden"),
        ("invalid", 422, "request.invalid"),
        ("other", 400, "error"),
        ("away", 503, "platform.unavailable"),
        ("fault", 500, "platform.fault"),
    ],
)
async def test_every_error_has_its_status_and_a_sentence(
    client: httpx.AsyncClient, name: str, status: int, code: str
) -> None:
    with capture_logs() as logs:
        answer = await client.get(f"/errors/{name}")
    told = answer.json()

    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"urn:xianfeng:problem:{code}"
    assert told["request_id"]
    assert told["title"] > "一"
    assert told["detail"] > "一"
    assert "secret" not in answer.text
    assert any(entry["log_level"] == "error" for entry in logs) == (name == "fault")


async def test_a_fault_goes_no_further_than_its_answer() -> None:
    reached_the_server = httpx.ASGITransport(app=an_app(router), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=reached_the_server, base_url="http://things/api/things") as client:
        answer = await client.get("/errors/fault", headers={"Authorization": "Bearer cadre"})

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


async def test_the_one_input_to_blame_is_named(client: httpx.AsyncClient) -> None:
    assert (await client.get("/errors/invalid")).json()["field"] == "note"


async def test_a_part_that_is_away_says_when_to_come_again(client: httpx.AsyncClient) -> None:
    assert (await client.get("/errors/away")).headers["retry-after"] == "5"


GOOD = {"kind": "one", "name": "名", "at": "2023-11-20T09:00:00+08:00"}


@pytest.mark.parametrize(
    ("changed", "field", "detail"),
    [
        ({"kind": "three"}, "kind", "取值不在允许范围内：'one'、'two'"),
        ({"name": ""}, "name", "内容过短或为空"),
        ({"name": "四个汉字"}, "name", "内容过长，最多 3 个字符"),
        ({"name": 7}, "name", "应为文本"),
        ({"at": "2023-11-20T09:00:00"}, "at", "时间必须带时区，例如 2023-10-01T09:30:00+08:00"),
        ({"at": "yesterday"}, "at", "时间格式应为 2023-10-01T09:30:00+08:00"),
        ({"path": 0}, "path", "不能小于 1"),
        ({"path": 10}, "path", "不能大于 9"),
        ({"path": "many"}, "path", "应为整数"),
        ({"parts": []}, "parts", "条目过少，至少 1 条"),
        ({"parts": ["a", "b", "c"]}, "parts", "条目过多，最多 2 条"),
        ({"parts": ["a", 1]}, "parts.1", "应为文本"),
        ({"surname": "张"}, "surname", "不认识的字段，请删除或核对名称"),
    ],
)
async def test_a_form_that_does_not_fit_names_the_field(
    client: httpx.AsyncClient, changed: dict[str, Any], field: str, detail: str
) -> None:
    answer = await client.post("/things", json={**GOOD, **changed})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "detail": detail}]
    assert answer.json()["detail"] == f"{field}：{detail}"


async def test_text_that_is_no_unicode_is_named(client: httpx.AsyncClient) -> None:
    body = json.dumps({**GOOD, "name": "\ud800"}).encode()
    answer = await client.post("/things", content=body, headers={"Content-Type": "application/json"})

    assert answer.json()["errors"] == [{"field": "name", "detail": "含有无法识别的字符，请删除后重新输入"}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "request.invalid"),
        (b"[]", 422, "request.invalid"),
        (b"{", 400, "request.unreadable"),
        (b'{"kind": "\xff"}', 400, "http.400"),
        (b"[" * 100_000, 400, "http.400"),
    ],
)
async def test_a_body_that_is_no_form_is_refused(
    client: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await client.post("/things", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/things", 405)])
async def test_what_the_framework_refuses_is_told_alike(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, f"http.{status}")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_change_says_which_revision_it_saw(client: httpx.AsyncClient) -> None:
    answer = await client.put("/revision", headers={"If-Match": '"3"'})
    unseen = await client.put("/revision")

    assert (answer.json(), answer.headers["etag"]) == (3, '"4"')
    assert (unseen.status_code, unseen.json()["field"]) == (428, "If-Match")
    assert (await client.put("/first")).json() is None
    assert (await client.put("/first", headers={"If-Match": '"3"'})).json() == 3


@pytest.mark.parametrize("seen", ["*", "three", '"-1"', "٣", '"1", "2"', '"9999999999"', ""])
async def test_a_revision_we_never_handed_out_is_refused(client: httpx.AsyncClient, seen: str) -> None:
    answer = await client.put("/revision", headers=[(b"If-Match", seen.encode())])

    assert (answer.status_code, answer.json()["field"]) == (422, "If-Match")


async def test_a_cursor_goes_on_where_the_page_ended(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/pages?limit=7")).json()["next"]

    assert (await client.get(f"/pages?cursor={cursor}")).json()["items"] == ["b", "7"]


@pytest.mark.parametrize("cursor", ["!", "名", "e30", "WzFd", "W10x", "W", "WyJcdWQ4MDAiXQ", "W1tb" * 490, "x" * 2001])
async def test_an_invented_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get("/pages", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


@pytest.mark.parametrize("limit", ["0", "201", "many"])
async def test_a_page_holds_one_to_two_hundred(client: httpx.AsyncClient, limit: str) -> None:
    answer = await client.get("/pages", params={"limit": limit})

    assert (answer.status_code, answer.json()["field"]) == (422, "limit")


@pytest.mark.parametrize("key", [[], ["b"], ["b", "9", "c"], ["b", "many"], ["b", ""]])
async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient, key: list[str]) -> None:
    answer = await client.get("/pages", params={"cursor": cursor_of(key)})

    assert (answer.status_code, answer.json()["code"]) == (422, "request.cursor_unreadable")


@pytest.mark.parametrize("part", ["", "2023-11-20", "2023-11-20T09:00:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_in_a_cursor_has_its_zone(part: str) -> None:
    with pytest.raises(UnreadableCursor):
        PageRequest(limit=1, after=(part,)).after_key(an_instant)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_a_body_under_another_name_is_told_under_which_to_come(
    client: httpx.AsyncClient, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = await client.post("/things", content=json.dumps(GOOD).encode(), headers=headers)

    assert (answer.status_code, answer.json()["field"]) == (415, "Content-Type")
    assert "application/json" in answer.json()["detail"]


async def test_a_misspelt_filter_is_named_and_the_known_ones_are_told(client: httpx.AsyncClient) -> None:
    answer = await client.get("/pages?limt=3")

    assert (answer.status_code, answer.json()["field"]) == (422, "limt")
    assert "cursor、limit" in answer.json()["detail"]


async def test_a_day_with_a_time_is_told_how_a_day_is_written(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", json={**GOOD, "on": "2023-11-20T09:00:00+08:00"})

    assert answer.json()["detail"] == "on：只填日期，不带时间，例如 2023-10-01"


def test_every_sentence_is_for_a_fault_there_is() -> None:
    assert set(_SENTENCES) <= set(get_args(ErrorType))
