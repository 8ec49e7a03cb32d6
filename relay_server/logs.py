"""Structured logs: one JSON object a line on stderr. No id, token, secret, address or content gets in.

Callers pass a constant sentence and numbers in `extra={"fields": {...}}`. An exception is logged as its type and the
places it came through: its text might quote what a client sent.
"""

import json
import logging
import traceback
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # uvicorn's own sentences name the peer's address in their arguments: the template is enough.
            "message": record.msg if record.name.startswith("uvicorn") else record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["fault"] = describe(record.exc_info)
        return json.dumps(line, default=str)


def describe(info: ExcInfo) -> list[str]:
    kind, _, trace = info
    places = [
        f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})" for frame in traceback.extract_tb(trace)
    ]
    return [kind.__name__ if kind else "", *places]


def configure(level: str) -> None:
    channel = logging.StreamHandler()
    channel.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[channel], force=True)
    for telling in ("uvicorn.access", "httpx", "httpcore"):
        # They name addresses: callers' ones, and the endpoints of those who want to be woken.
        logging.getLogger(telling).disabled = True
    for chatty in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
