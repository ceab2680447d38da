"""Note which keys are published."""

from collections.abc import Iterable

from services.identity.domain.audit import AuditEntry
from services.identity.use_cases.ports import Ports


async def note_keys(key_ids: Iterable[str], ports: Ports) -> None:
    """Write each into the audit log, the first time it is seen; a key is published ten minutes before it signs."""
    for key_id in key_ids:
        await ports.audit.once(AuditEntry.of_key(key_id, ports.clock.now()))
