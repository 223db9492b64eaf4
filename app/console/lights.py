"""By which dates the lamps of a page are told."""

from datetime import date

from duban.desk import Desk
from duban.lamp import horizon
from duban.office import Office
from duban.workdays import WorkCalendar
from state.items import Light


def light(desk: Desk, today: date) -> Light:
    return light_of(desk.office, desk.workdays, today)


def light_of(office: Office, workdays: WorkCalendar, today: date) -> Light:
    return Light(today, horizon(today, workdays, office.yellow))
