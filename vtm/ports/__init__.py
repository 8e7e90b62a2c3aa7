"""What the core asks of the world, as Protocols that adapters fulfil."""
