"""vtm for clients that speak the Model Context Protocol."""
