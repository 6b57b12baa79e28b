"""The Django project: configuration, addresses, workers, and the plumbing every app shares."""
