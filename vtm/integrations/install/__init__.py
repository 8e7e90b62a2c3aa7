"""What is installed in a project for the clients of agents, and taken back."""
