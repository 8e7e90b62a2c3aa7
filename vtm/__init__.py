"""vtm runs a backlog that coding agents and people work through together."""

__version__ = "0.1.0"
