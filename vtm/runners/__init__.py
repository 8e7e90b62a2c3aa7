"""Adapters that run other programs."""
