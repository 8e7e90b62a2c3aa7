"""Ways in for agents: the MCP server, the hooks of their clients, and what is installed for them."""
