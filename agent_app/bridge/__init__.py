"""The one crossing between Qt's thread and asyncio's."""
