"""A run over the project at hand: what its engine is handed, and what a command asks of it."""
