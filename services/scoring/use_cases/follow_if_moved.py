"""Follow an organisation that moved while something was stored there."""

from services.scoring.use_cases.directory_ports import Directory, Hanging
from shared.kernel.access import OrganisationPath


async def follow_if_moved(path: OrganisationPath, store: Hanging, directory: Directory) -> None:
    """The organisation may have moved between reading its place and storing the thing there for the first time.

    Who learns of a move takes along only what is stored already; what comes later looks again itself.
    """
    organisation = await directory.organisation(path.organisation_id)
    if organisation is not None and organisation.path != path:
        await store.moved(organisation.id, organisation.path)
