"""The commands of `vtm hook`, one file per event."""
