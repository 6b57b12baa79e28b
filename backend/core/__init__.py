"""Plumbing without tables and without domain words: languages, dates, links, refusals."""
