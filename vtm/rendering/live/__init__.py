"""A run as it goes on, at a terminal; the one place that imports the library for that."""
