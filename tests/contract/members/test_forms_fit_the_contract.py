"""What a form takes a fact can say: no day is accepted that no fact may speak of."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from services.members.api.forms import Day
from shared.events.base import YEARS
from shared.events.members import PostingEnded

LAST = date(YEARS.stop - 1, 12, 31)


def test_the_last_day_a_form_takes_can_be_told() -> None:
    posting = {"posting_id": "p", "cadre_id": "c", "organisation_id": "o", "post": "leader"}
    day = TypeAdapter(Day).validate_python(LAST)
    told = PostingEnded.model_validate({**posting, "starts_on": day, "ends_on": day, "occurred_on": day})

    assert told.ends_on == LAST


def test_the_day_after_is_refused_by_the_form() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(date(YEARS.stop, 1, 1))
