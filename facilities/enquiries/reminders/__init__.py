"""Reminders of what waits for an answer, and the end of what nobody goes on with."""
