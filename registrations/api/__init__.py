"""The doors programs come in by."""
