"""Answers for people: one file per kind of answer, named after its schema."""
