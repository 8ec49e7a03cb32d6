"""The asyncio core, without Qt: commands in, events out."""
