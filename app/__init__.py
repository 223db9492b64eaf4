"""The doors: command line, embedded timetable, rehearsal."""
