"""Adapter for git."""
