"""Configuring: the calendar, announced dates, working days, versions, templates."""
