"""Adapters that write what belongs to vtm."""
