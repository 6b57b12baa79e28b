"""Pages for organisers and reviewers."""
