"""Change an organisation: its title, its structure, or its place in the tree."""

from dataclasses import dataclass

from services.members.domain.organisation import Features, Organisation
from services.members.domain.refusals import MisplacedOrganisation, UnknownParent
from services.members.domain.trail import noted
from services.members.use_cases.access import keepers_of, visible_organisation
from services.members.use_cases.ports import Ports
from shared.events.base import Event
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import OrganisationId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ChangeOrganisation:
    """What it is from now on; `seen_revision` is the one the person changed from."""

    by: Caller
    organisation_id: OrganisationId
    seen_revision: int
    parent_id: OrganisationId | None
    features: Features


@repeatable
async def change_organisation(command: ChangeOrganisation, ports: Ports) -> Organisation:
    """Store the change, and the new place of all below it; saying again what stands changes nothing.

    Raises UnknownOrganisation, Forbidden, NotFound when the new place is outside the caller's scope, UnknownParent,
    ParentMissing, MisplacedOrganisation, LeavesCounty, CategoryMissing, CategoryOutOfPlace, CodeTaken, Stale.
    """
    standing = await visible_organisation(ports, command.by, command.organisation_id)
    command.by.require(keepers_of(standing.kind), standing.path)
    if (command.features, command.parent_id) == (standing.features, standing.parent_id):
        return standing
    if standing.revision != command.seen_revision:
        raise Stale
    parent = await _new_parent(command, standing, ports)
    now, today = ports.clock.now(), ports.clock.today()
    changed, event = standing.change(features=command.features, parent=parent, on=today)
    moves = changed.path != standing.path
    changed = noted(changed, "moved" if moves else "changed", command.by, now)
    changes: list[tuple[Organisation, Event]] = [(changed, event)]
    if moves:
        for each in await ports.organisations.below(standing.id):
            followed, moved = each.follow(changed, standing.path, today)
            changes.append((noted(followed, "moved", command.by, now), moved))
    await ports.organisations.change(changes, parent)
    return changed


async def _new_parent(command: ChangeOrganisation, standing: Organisation, ports: Ports) -> Organisation | None:
    if command.parent_id is None:
        return None
    parent = await ports.organisations.find(command.parent_id)
    if parent is None:
        raise UnknownParent
    command.by.require(keepers_of(standing.kind), parent.path)
    if standing.id in parent.path.segments:
        raise MisplacedOrganisation
    return parent
