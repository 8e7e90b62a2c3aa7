"""Wiring: settings to adapters, one object that every way in is handed."""
