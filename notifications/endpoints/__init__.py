"""Webhooks out: other systems are told what happens in a series, signed, and nothing of it is lost."""
