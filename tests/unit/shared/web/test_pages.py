"""Pages: what is shown of what was read, and where the list goes on."""

import pytest

from shared.web.pages import PageRequest, UnreadableCursor, an_instant, cursor_of


def _shown(wanted: PageRequest, *found: str) -> tuple[list[str], str | None]:
    page = wanted.page(found[: wanted.one_more], str.upper, lambda item: (item, "id"))
    return page.items, page.next


def test_a_list_that_goes_on_says_behind_which_item() -> None:
    wanted = PageRequest(limit=2, after=None)

    assert _shown(wanted, "a", "b", "c", "d") == (["A", "B"], cursor_of(("b", "id")))


@pytest.mark.parametrize("found", [(), ("a",), ("a", "b")])
def test_the_last_page_says_that_it_is_the_last(found: tuple[str, ...]) -> None:
    wanted = PageRequest(limit=2, after=None)

    assert _shown(wanted, *found) == ([item.upper() for item in found], None)


@pytest.mark.parametrize("after", [("a",), ("yesterday", "id"), ("2023-11-20T10:00:00", "id"), ("a", "b", "c")])
def test_the_key_of_another_list_is_no_place_in_this_one(after: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableCursor):
        PageRequest(limit=2, after=after).after_key(an_instant, str)
