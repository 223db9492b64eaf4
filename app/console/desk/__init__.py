"""The secretariat's desk: today, the year, one activity, one item, and what is decided there."""
