"""One file per command, found by its name and loaded only when called."""
