"""Another issuer's tokens: a file says which claims are person and roles, and whatever is unclear is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import derived_id
from shared.telemetry.settings import PlatformSettings, UnusableSetting
from shared.web.access import JwtVerifier
from shared.web.claims import ClaimMapping, OwnClaims, read_claims
from shared.web.jwks import Jwks
from shared.web.problem import Unauthenticated
from tests.tried import tried
from tests.unit.shared.web.signing import AUDIENCE, ISSUER, a_key, some_claims

PERSON, TOWNSHIP = derived_id("person"), derived_id("township")
KEYCLOAK: dict[str, Any] = {
    "algorithms": ["RS256", "ES256"],
    "subject": ["sub"],
    "person_id": ["xianfeng", "person"],
    "roles": {"form": "text", "at": ["realm_access", "roles"], "prefix": "xianfeng:"},
}
OBJECTS: dict[str, Any] = {
    "algorithms": ["RS256"],
    "subject": ["sub"],
    "person_id": ["https://county.example/person"],
    "roles": {"form": "objects", "at": ["https://county.example/posts"], "role": "post", "scope": "unit"},
    "words": {"联村干部": "cadre", "组织委员": "organiser"},
}
EC = ECKey.generate_key("P-256", parameters={"kid": "curve"}, auto_kid=False)


def keycloak_claims(*roles: object, person: object = PERSON, **changed: Any) -> dict[str, Any]:
    nested = {"realm_access": {"roles": list(roles)}, "xianfeng": {"person": person}}
    return some_claims(**{"roles": None, "person_id": None, **nested, **changed})


def a_verifier(mapping: dict[str, Any] = KEYCLOAK) -> JwtVerifier:
    async def fetch() -> dict[str, Any]:
        rsa = {**a_key().as_dict(private=False), "kid": "first"}
        enciphering = {**a_key("second").as_dict(private=False), "kid": "second", "use": "enc"}
        secret = {**OctKey.generate_key(256).as_dict(), "kid": "secret"}
        curve = {**EC.as_dict(private=False), "kid": "curve"}
        return {"keys": [rsa, enciphering, secret, {"kty": "AKP", "kid": "unheard of"}, curve]}

    return JwtVerifier(Jwks(fetch), ISSUER, AUDIENCE, ClaimMapping.model_validate(mapping))


def signed(claims: dict[str, Any], *, alg: str = "RS256", kid: str = "first", key: Any = None) -> str:
    return jwt.encode({"alg": alg, "kid": kid}, claims, key or a_key(), algorithms=[alg])


async def who(claims: dict[str, Any], mapping: dict[str, Any] = KEYCLOAK) -> Caller:
    return await a_verifier(mapping).caller(signed(claims))


async def test_nested_roles_as_text_name_the_caller_and_other_applications_roles_are_none_of_ours() -> None:
    caller = await who(keycloak_claims("offline_access", f"xianfeng:cadre:{TOWNSHIP}", f"xianfeng:member:{TOWNSHIP}"))

    assert (caller.account_id, caller.person_id) == ("account", PERSON)
    assert caller.grants == (Grant(Role.CADRE, TOWNSHIP), Grant(Role.MEMBER, TOWNSHIP))


async def test_roles_as_objects_under_names_and_words_of_their_own() -> None:
    posts = [{"post": "联村干部", "unit": TOWNSHIP, "since": "2023"}]
    names = {"https://county.example/posts": posts, "https://county.example/person": PERSON}
    caller = await who(some_claims(roles=None, person_id=None, **names), OBJECTS)

    assert (caller.person_id, caller.grants) == (PERSON, (Grant(Role.CADRE, TOWNSHIP),))


async def test_an_administrator_needs_no_person_and_may_do_nothing_else() -> None:
    alone = await who(keycloak_claims("xianfeng:administrator:*", person=None))
    assert alone.grants == (Grant(Role.ADMINISTRATOR, "*"),)

    with pytest.raises(Unauthenticated):
        await who(keycloak_claims("xianfeng:administrator:*", f"xianfeng:cadre:{TOWNSHIP}"))


async def test_who_has_none_of_our_roles_is_known_and_may_do_nothing() -> None:
    assert (await who(keycloak_claims("offline_access"))).grants == ()


UNCLEAR: dict[str, dict[str, Any]] = {
    "no roles where they should be": keycloak_claims() | {"realm_access": {}},
    "roles that are one text": keycloak_claims() | {"realm_access": {"roles": f"xianfeng:cadre:{TOWNSHIP}"}},
    "our own claims": some_claims(),
    "a role nobody has": keycloak_claims(f"xianfeng:emperor:{TOWNSHIP}"),
    "a role without a scope": keycloak_claims("xianfeng:cadre"),
    "an empty scope": keycloak_claims("xianfeng:cadre:"),
    "the scope of an administrator": keycloak_claims("xianfeng:cadre:*"),
    "an administrator of one place": keycloak_claims(f"xianfeng:administrator:{TOWNSHIP}", person=None),
    "a number among the roles": keycloak_claims(7),
    "nobody in particular": keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}", person=None),
    "a person that is no id": keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}", person="张三"),
    "a person that is a list": keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}", person=[PERSON]),
    "a claim around the person that is none": keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}", xianfeng=PERSON),
    "without a subject": keycloak_claims(sub=None),
    "more roles than anybody has": keycloak_claims(*(f"xianfeng:cadre:{derived_id(str(n))}" for n in range(17))),
}


@pytest.mark.parametrize("how", UNCLEAR)
async def test_what_is_unclear_is_refused(how: str) -> None:
    with pytest.raises(Unauthenticated):
        await who(UNCLEAR[how])


@tried(50)
@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
)
async def test_whatever_stands_in_the_claims_is_a_caller_or_refused_and_never_a_fault(found: object) -> None:
    claims = keycloak_claims() | {"realm_access": found}
    try:
        caller = await who(claims)
    except Unauthenticated:
        return
    assert caller.grants == ()


async def test_an_algorithm_is_good_where_the_file_names_it() -> None:
    claims = keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}")
    curve = signed(claims, alg="ES256", kid="curve", key=EC)
    assert (await a_verifier().caller(curve)).person_id == PERSON

    with pytest.raises(Unauthenticated):
        await a_verifier({**KEYCLOAK, "algorithms": ["RS256"]}).caller(curve)
    with pytest.raises(Unauthenticated):
        await a_verifier().caller(signed(claims, alg="PS256"))
    assert await a_verifier({**KEYCLOAK, "algorithms": ["PS256"]}).caller(signed(claims, alg="PS256"))


async def test_keys_published_for_something_else_sign_nothing() -> None:
    claims = keycloak_claims(f"xianfeng:cadre:{TOWNSHIP}")

    with pytest.raises(Unauthenticated):
        await a_verifier().caller(signed(claims, kid="second", key=a_key("second")))


def changed(**parts: Any) -> dict[str, Any]:
    return {**KEYCLOAK, **parts}


REFUSED: dict[str, tuple[object, str]] = {
    "no algorithm": (changed(algorithms=[]), "algorithms"),
    "alg none": (changed(algorithms=["none"]), "algorithms"),
    "a shared secret": (changed(algorithms=["RS256", "HS256"]), "algorithms"),
    "no person": ({name: each for name, each in KEYCLOAK.items() if name != "person_id"}, "person_id"),
    "a place that is no list": (changed(subject="sub"), "subject"),
    "a place that is nowhere": (changed(subject=[]), "subject"),
    "one claim for two things": (changed(person_id=["sub"]), "three different claims"),
    "a form there is not": (changed(roles={"form": "tree", "at": ["roles"]}), "roles"),
    "text without a prefix": (changed(roles={"form": "text", "at": ["roles"]}), "prefix"),
    "a word for a role nobody has": (changed(words={"皇帝": "emperor"}), "words"),
    "a misspelt name": (changed(algorithm=["RS256"]), "algorithm"),
    "a list": ([], "the file"),
    "nothing": (None, "the file"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_a_file_that_is_not_plain_is_refused_with_the_place(how: str, tmp_path: Path) -> None:
    content, told = REFUSED[how]
    file = tmp_path / "claims.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")

    with pytest.raises(UnusableSetting, match=told) as refused:
        read_claims(file)
    assert "XIANFENG_CLAIMS" in str(refused.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_bytes(content)

    for file in (tmp_path / "claims.yaml", tmp_path / "none.yaml"):
        with pytest.raises(UnusableSetting, match="cannot be read"):
            read_claims(file)


def test_without_a_file_the_claims_are_our_own() -> None:
    assert isinstance(read_claims(PlatformSettings.read({}).claims), OwnClaims)


def test_the_file_of_the_settings_is_the_one_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text(json.dumps(KEYCLOAK), "utf-8")
    settings = PlatformSettings.read({"XIANFENG_CLAIMS": str(file)})

    assert read_claims(settings.claims) == ClaimMapping.model_validate(KEYCLOAK)
    file.write_text("{}", "utf-8")
    with pytest.raises(UnusableSetting):
        JwtVerifier.of_platform(settings)


def test_the_example_of_the_documentation_is_a_good_one() -> None:
    page = Path(__file__).parents[4] / "docs" / "operations" / "identity.md"
    (example,) = [block.split("```")[0] for block in page.read_text("utf-8").split("```yaml\n")[1:]]

    assert ClaimMapping.model_validate(yaml.safe_load(example)).roles.form == "text"
