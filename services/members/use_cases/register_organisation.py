"""Register an organisation in the tree."""

from dataclasses import asdict, dataclass

from services.members.domain.organisation import Features, Organisation, refuse_without_parent
from services.members.domain.refusals import UnknownParent
from services.members.domain.trail import noted
from services.members.use_cases.access import keepers_of
from services.members.use_cases.ports import Ports
from shared.events.members import OrganisationKind
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.ids import OrganisationId, digest_of


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    """What is registered under which organisation; a county stands under none."""

    by: Caller
    organisation_id: OrganisationId
    kind: OrganisationKind
    parent_id: OrganisationId | None
    features: Features

    def digest(self) -> str:
        """What makes two requests the same registration."""
        return digest_of({"kind": self.kind, "parent": self.parent_id, **asdict(self.features)})


async def register_organisation(command: RegisterOrganisation, ports: Ports) -> Organisation:
    """Store the organisation once; the same request again gives the one that is there.

    The county itself is registered by its own county_organiser, whose scope is the id it will have; for all others the
    scope must reach what they stand under, so that a scope that names what is not there yet opens no place. Raises
    ParentMissing, UnknownParent, NotFound, Forbidden, MisplacedOrganisation, CategoryMissing, CategoryOutOfPlace,
    CodeTaken, Stale, and AlreadyThere when the id names another organisation.
    """
    refuse_without_parent(command.kind, command.parent_id)
    parent = await _parent(command, ports)
    place = OrganisationPath((command.organisation_id,)) if parent is None else parent.path
    command.by.require(keepers_of(command.kind), place)

    async def register() -> Organisation:
        organisation, registered = Organisation.register(
            id_=command.organisation_id,
            kind=command.kind,
            parent=parent,
            features=command.features,
            on=ports.clock.today(),
            made_from=command.digest(),
        )
        organisation = noted(organisation, "registered", command.by, ports.clock.now())
        await ports.organisations.register(organisation, parent, registered)
        return organisation

    return await created_once(
        register, lambda: ports.organisations.find(command.organisation_id), digest=command.digest
    )


async def _parent(command: RegisterOrganisation, ports: Ports) -> Organisation | None:
    if command.parent_id is None:
        return None
    parent = await ports.organisations.find(command.parent_id)
    if parent is None:
        raise UnknownParent
    return parent
