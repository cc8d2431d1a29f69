"""Bookings: times that are proposed, agreed, changed and cancelled in a thread, and the event that calendars keep."""
