"""Durable workflows; the only place that knows the library that runs them."""
