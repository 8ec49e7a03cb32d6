"""A device's signed generation, kept where its own back-ups cannot reach: docs/protocol.md, 7 and 16.8."""

from relay_server import wire
from relay_server.directory import Mailbox
from relay_server.problems import GenerationBehind, MalformedRequest, refusal
from relay_server.reading import Reading
from relay_server.signing import verify
from relay_server.writer import Transaction, Writer


class Generations:
    """Lives on the event loop."""

    def __init__(self, writer: Writer, reading: Reading) -> None:
        self._writer = writer
        self._reading = reading

    async def get(self, owner: Mailbox) -> tuple[int, bytes] | None:
        sql = "SELECT generation, signature FROM generation WHERE mailbox = ?"
        row = await self._reading.run(lambda connection: connection.one(sql, owner.id))
        return None if row is None else (row[0], row[1])

    async def put(self, owner: Mailbox, body: bytes) -> None:
        """Only ever upwards; the same one again is a retry. Raises a Problem."""
        try:
            signed = wire.SIGNED_GENERATION.decode(body)
        except wire.Malformed as error:
            raise refusal(error) from None
        if not verify(owner.key, signed.signature, "generation", owner.key, signed.generation):
            raise MalformedRequest("The generation is not signed by this mailbox's key.")

        def write(transaction: Transaction) -> None:
            transaction.directory.active(owner)
            row = transaction.connection.one("SELECT generation FROM generation WHERE mailbox = ?", owner.id)
            if row is not None and row[0] > signed.generation:
                raise GenerationBehind("A higher generation is stored here.")
            transaction.connection.run(
                "INSERT INTO generation (mailbox, generation, signature) VALUES (?, ?, ?)"
                " ON CONFLICT (mailbox) DO UPDATE SET generation = excluded.generation, signature = excluded.signature",
                *(owner.id, signed.generation, signed.signature),
            )

        await self._writer.work(write)
