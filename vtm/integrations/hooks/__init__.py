"""What happens when an agent's client reports an event: one file per event."""
