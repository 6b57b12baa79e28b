"""Owns who comes: forms, places, attendees, registrations, the line of those who wait, attendance.

Promises that no place is given twice, that the same request twice counts once, and that everybody is told.
"""
