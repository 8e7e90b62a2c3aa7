"""Adapters that read: backlog files, settings, references."""
