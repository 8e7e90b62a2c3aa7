"""The clients, one file each."""
