"""`sealdesk-admin hours`: when the clinic is open, for patients and desks."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from agent_app.cli.place import HERE, Place, console, on_clinic
from agent_app.engine.administration import opening
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Hours


def hours(
    days: Sequence[str] = (),
    /,
    *,
    closed: Annotated[Sequence[date], Parameter(negative="")] = (),
    time_zone: str = "",
    place: Place = HERE,
) -> int:
    """Tells patients and desks when the clinic is open; without days, shows what was told last.

    Parameters
    ----------
    days
        One text for each day or run of days, such as "mon-fri 8:00-12:00 13:00-17:00". Days not named are closed.
    closed
        A day on which the clinic is closed, such as 2026-12-25; as often as there are days.
    time_zone
        The clinic's, such as Europe/Berlin; the charter's by default.
    """
    if not days and not closed:
        return _show_hours(on_clinic(place, lambda clinic: clinic.read()).roster.hours)
    secrets = place.unlock()

    def told(log: ClinicLog) -> Hours:
        return opening.parse(days, closed, time_zone or log.roster.time_zone)

    log = on_clinic(place, lambda clinic: clinic.append(told, secrets))
    _show_hours(log.roster.hours)
    console().print(
        "The page's first screen says what `sealdesk-admin page --hours` said: sign it again if it differs."
    )
    return 0


def _show_hours(hours: Hours | None) -> int:
    if hours is None:
        console().print("No hours were told yet: nobody is told whether the clinic is open.")
        return 0
    console().print(escape(f"{opening.text(hours)} ({hours.time_zone})"))
    if hours.closed:
        console().print("Closed on " + ", ".join(day.isoformat() for day in opening.closed_days(hours)))
    return 0
