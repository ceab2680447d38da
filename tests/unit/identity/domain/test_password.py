"""Which passwords are too easy to guess, and that a good one is let through whatever it is made of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.adapters.common_passwords import read_common_passwords
from services.identity.domain.password import LEAST, check_password
from services.identity.domain.refusals import (
    PasswordBlank,
    PasswordCommon,
    PasswordHoldsUsername,
    PasswordIsSequence,
    PasswordTooShort,
    PasswordTooUniform,
    WeakPassword,
)
from services.identity.domain.username import Username

COMMON = read_common_passwords()
LI_SI = Username("li.si")


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("123456789", PasswordTooShort),
        ("         \u3000\t", PasswordBlank),
        ("aaaaaaaaaa", PasswordTooUniform),
        ("AaAaAaAaAa", PasswordTooUniform),
        ("110110110110", PasswordTooUniform),
        ("123123123123", PasswordTooUniform),
        ("1234567890", PasswordIsSequence),
        ("0123456789", PasswordIsSequence),
        ("0987654321", PasswordIsSequence),
        ("9876543210", PasswordIsSequence),
        ("7890123456", PasswordIsSequence),
        ("１２３４５６７８９０", PasswordIsSequence),
        ("abcdefghij", PasswordIsSequence),
        ("KJIHGFEDCBA", PasswordIsSequence),
        ("abcdef123456", PasswordIsSequence),
        ("a123456789", PasswordIsSequence),
        ("12345678910", PasswordIsSequence),
        ("11112222333344445555", PasswordIsSequence),
        ("li.si-2024-01", PasswordHoldsUsername),
        ("my LI.SI password", PasswordHoldsUsername),
        ("Password2024", PasswordCommon),
        ("P@ssw0rd2024!", PasswordCommon),
        ("2024password!", PasswordCommon),
        ("qwertyuiop", PasswordCommon),
        ("1qaz2wsx3edc", PasswordCommon),
        ("q1w2e3r4t5", PasswordCommon),
        ("woaini5201314", PasswordCommon),
        ("5201314520", PasswordCommon),
        ("zhang123456", PasswordCommon),
        ("xianfeng2024", PasswordCommon),
        ("dangjian@2024", PasswordCommon),
    ],
)
def test_a_password_people_guess_first_is_refused(password: str, refusal: type[WeakPassword]) -> None:
    with pytest.raises(refusal) as refused:
        check_password(password, LI_SI, COMMON, field="new_password")

    assert refused.value.field == "new_password"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(refused.value))


@pytest.mark.parametrize(
    "password",
    [
        "一个很长很长的好密码",
        "long enough",
        "a new long password",
        "correct horse battery staple",
        "kX3-v9Lm_2Qw",
        "二〇二三年走访三百户",
        "1949 and 1978 mattered",
        "x1949y1001z2023",
    ],
)
def test_a_long_password_nobody_guesses_first_is_let_through(password: str) -> None:
    check_password(password, LI_SI, COMMON)


def test_two_letters_that_are_a_username_may_stand_in_a_word() -> None:
    check_password("a delightful evening", Username("li"), COMMON)


def test_a_chinese_username_is_found_inside() -> None:
    with pytest.raises(PasswordHoldsUsername):
        check_password("我是书记，我要一个好密码", Username("书记"), COMMON)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=24, max_size=24))
def test_random_text_is_refused_for_a_reason_that_holds(password: str) -> None:
    try:
        check_password(password, LI_SI, COMMON)
    except PasswordTooUniform:
        assert len(set(password.lower())) < 4
    except PasswordIsSequence:
        assert any(abs(ord(a) - ord(b)) in {0, 1, 9} for a, b in pairwise(password))
    except PasswordCommon:
        assert any(word in password.lower() for word in COMMON)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_judged_and_never_a_fault(password: str) -> None:
    try:
        check_password(password, LI_SI, COMMON)
    except WeakPassword:
        return
    assert len(password) >= LEAST


def test_every_common_password_is_listed_as_it_is_compared() -> None:
    assert {word for word in COMMON if word != word.strip().lower()} == set()
