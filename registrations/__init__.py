"""Who comes: forms, places, attendees, the waiting list, attendance, and what each of them is told."""
