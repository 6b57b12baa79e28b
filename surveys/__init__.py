"""What people say afterwards, and how an answer becomes a practice draft."""
