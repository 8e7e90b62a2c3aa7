"""Formats of findings for other programs: one file per format, found by its name."""
