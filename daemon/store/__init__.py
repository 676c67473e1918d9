"""Keeps what is true: rows in SQLite or PostgreSQL, written in one transaction each."""
