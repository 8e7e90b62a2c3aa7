"""The command line: parses, asks the app, shows the answer."""

EVENTS = frozenset({"session-start", "post-tool-use", "pre-tool-use", "stop"})
"""Events of agents that vtm answers; here, because this costs no import."""
