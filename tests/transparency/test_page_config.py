"""The shared vectors of the patient page's configuration, as the administrator's and the desk's side read it."""

from agent_app.transparency import page_config
from agent_app.transparency.log import ClinicLog
from tests.protocol.reader import Vector, vectors


@vectors("page-config")
def test_page_config(v: Vector) -> None:
    roster = ClinicLog(v.b("charter")).roster
    with v.expecting():
        config = page_config.verify(v["file"].encode(), roster)
        assert (config.origin, config.hours, config.phone, config.time) == tuple(
            v[name] for name in ("origin", "hours", "phone", "time")
        )
