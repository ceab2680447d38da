"""A client that dies inside a transaction holds its documents for some seconds: others wait, and then succeed."""

from datetime import date

from deploy.local.stack import Stack
from services.members.bootstrap import ports
from services.members.domain.organisation import Features, Organisation
from services.members.settings import SERVICE, PlatformSettings
from services.members.use_cases.ports import Ports
from shared.kernel.ids import OrganisationId, new_id
from shared.mongo.client import connect

DAY = date(2023, 11, 20)


async def _registered(real: Ports, kind: str, parent: Organisation | None) -> Organisation:
    organisation, event = Organisation.register(
        id_=OrganisationId(new_id()),
        kind=kind,  # type: ignore[arg-type]
        parent=parent,
        features=Features("演示", "village" if kind == "branch" else None),
        on=DAY,
        made_from="digest",
    )
    await real.organisations.register(organisation, parent, event)
    return organisation


async def test_registering_outlasts_a_transaction_that_nobody_ends(mongod: Stack) -> None:
    settings = PlatformSettings.read({"XIANFENG_MONGODB_PREFIX": f"hanging_{new_id()[:8]}_"})
    client = connect(mongod.urls["mongodb"])
    database = client[settings.database(SERVICE)]
    real = ports(settings, client)
    township = await _registered(real, "township", await _registered(real, "county", None))
    session = client.start_session()
    await session.start_transaction()
    await database["organisations"].update_one({"_id": township.id}, {"$inc": {"placed": 1}}, session=session)

    branch = await _registered(real, "branch", township)

    assert await real.organisations.below(township.id) == [branch]
    await session.abort_transaction()
    await session.end_session()
    await client.drop_database(database)
    await client.close()
