"""A log line says where something failed and quotes nothing that a client sent."""

import json
import logging
import sys

from relay_server.logs import JsonFormatter


def line(record: logging.LogRecord) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(JsonFormatter().format(record))
    return decoded


def test_an_exception_is_its_type_and_its_places() -> None:
    try:
        raise ValueError("planted content of a client's request")
    except ValueError:
        record = logging.LogRecord("relay", logging.ERROR, __file__, 1, "A request failed", (), sys.exc_info())
    told = line(record)
    assert told["message"] == "A request failed"
    fault = told["fault"]
    assert isinstance(fault, list)
    assert fault[0] == "ValueError"
    assert "test_logs.py" in fault[1]
    assert "planted" not in json.dumps(told)


def test_what_uvicorn_says_of_peers_stays_a_template() -> None:
    arguments = ("203.0.113.9", 4711)
    record = logging.LogRecord("uvicorn.error", logging.WARNING, __file__, 1, "%s - lost %d", arguments, None)
    assert line(record)["message"] == "%s - lost %d"


def test_numbers_come_as_fields() -> None:
    record = logging.LogRecord("relay", logging.ERROR, __file__, 1, "Rolled back: %s", ("full",), None)
    record.fields = {"jobs": 3}
    told = line(record)
    assert (told["message"], told["jobs"], told["level"]) == ("Rolled back: full", 3, "error")
