"""Rules: each one file in `checks/`, found by its file name."""
