"""The doors for everybody, for the holder of a link, and for organisers."""
