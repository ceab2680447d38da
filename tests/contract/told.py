"""What the apis of these tests were told, who may do everything there, and how things are put into them."""

from typing import Any

import httpx
from fastapi import FastAPI

from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.facts import a_fact
from tests.contract.things import BRANCH, CADRE, COUNTY, IDS, LONG_AGO, TOWNSHIP

EVERYBODY = "everybody"
"""The token of who holds every role over the county; who may do what is walked in `access/`."""


def callers() -> dict[str, Caller]:
    """Who may knock, by token."""
    every = tuple(Grant(role, "*" if role is Role.ADMINISTRATOR else COUNTY) for role in Role)
    account_id, person_id = AccountId(derived_id("account", EVERYBODY)), PersonId(derived_id("person", EVERYBODY))
    return {EVERYBODY: Caller(account_id, person_id, every)}


def told() -> list[Fact[Event]]:
    """What members told the others."""
    path = f"{COUNTY}/{TOWNSHIP}/{BRANCH}"
    registered: tuple[tuple[str, members.OrganisationKind, str], ...] = (
        (COUNTY, "county", COUNTY),
        (TOWNSHIP, "township", f"{COUNTY}/{TOWNSHIP}"),
        (BRANCH, "branch", path),
    )
    tree = [
        a_fact(
            members.OrganisationRegistered(
                organisation_id=id_, kind=kind, title="演示", category="village", occurred_on=LONG_AGO
            ),
            subject=id_,
            path=where,
        )
        for id_, kind, where in registered
    ]
    posting = members.PostingStarted(
        posting_id=IDS["posting_id"],
        cadre_id=CADRE,
        organisation_id=BRANCH,
        post="village_cadre",
        starts_on=LONG_AGO,
        occurred_on=LONG_AGO,
    )
    live = members.GoLiveSet(township_id=TOWNSHIP, go_live_on=LONG_AGO, occurred_on=LONG_AGO)
    return [
        *tree,
        a_fact(posting, subject=IDS["posting_id"], path=path),
        a_fact(live, subject=TOWNSHIP, path=f"{COUNTY}/{TOWNSHIP}"),
    ]


async def do(app: FastAPI, *steps: tuple[str, str, Any]) -> None:
    headers = {"Authorization": f"Bearer {EVERYBODY}"}
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)
    async with client:
        for method, path, body in steps:
            answer = await client.request(method, path, json=body)
            assert answer.is_success, f"{method} {path}: {answer.text}"
