"""Answers as text or data; knows the results of queries and nothing else."""
