"""A lost administrator's key is replaced with both sheets of the kit: docs/protocol.md section 17.2."""

from agent_app.engine.administration.clinic import Administration, public_half
from agent_app.engine.administration.kit import Kit
from agent_app.engine.administration.notebook import Notebook, Refused
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.uninterrupted import uninterrupted
from agent_app.protocol.primitives import signing_public
from agent_app.store.key_material import AdminSecrets
from agent_app.store.vault import Vault
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Administrators

GENERATIONS = 64  # that are looked for; one is used up at each recovery


async def recover(
    clinic: Administration,
    notebook: Notebook,
    address: ClinicAddress,
    vault: Vault[AdminSecrets],
    kit: Kit,
    passphrase: str,
) -> ClinicLog:
    """The log with the new key in it. Raises Refused, RelayError, ProtocolError or VaultError.

    The log first, the keyring last: whoever is cut off between the two recovers once more, with the same sheets, and
    finds the key that the log names already.
    """
    made: list[AdminSecrets] = []

    def rotation(log: ClinicLog) -> Administrators:
        old, new = _generations(log, kit)
        made[:] = [new]
        changed = [
            public_half(new) if one.key == signing_public(old.admin) else one for one in log.roster.administrators
        ]
        return Administrators(tuple(changed), log.roster.threshold)

    log = await clinic.read()
    old, _ = _generations(log, kit)
    begun = notebook.begun(log)
    if isinstance(begun, Administrators) and public_half(old) in begun.administrators:
        made[:] = [old]
        await clinic.cosign(log, old)
    else:
        log = await clinic.post(rotation, old, lambda: made[0])
    notebook.found(address, log.statements[0])
    notebook.drop_kit()  # the sheets are at hand
    await uninterrupted(_store, vault, made[0], passphrase)
    notebook.end()
    return log


def _generations(log: ClinicLog, kit: Kit) -> tuple[AdminSecrets, AdminSecrets]:
    """The keys of the kit that the roster names, and the next ones."""
    by_key = {one.key: one for one in log.roster.administrators}
    for generation in reversed(range(GENERATIONS)):
        keys = kit.administrator(generation, bytes(16))
        if (named := by_key.get(signing_public(keys.admin))) is not None:
            return kit.administrator(generation, named.person), kit.administrator(generation + 1, named.person)
    raise Refused(
        "This kit's key is no administrator's of this clinic any more. Somebody may have replaced it: "
        "look at the clinic log, and call whoever else administers the clinic."
    )


def _store(vault: Vault[AdminSecrets], secrets: AdminSecrets, passphrase: str) -> None:
    vault.remove()
    vault.create(secrets, passphrase)
