"""Programs that are agents: one file each, found by its name, with a class `Runner` in it."""
