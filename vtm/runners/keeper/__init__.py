"""The keeper: a small process beside each agent that outlives vtm, keeps what the agent prints, and ends it.

It runs in a Python of its own, so nothing in here imports more than it needs of the standard library, and
nothing else of vtm.
"""
