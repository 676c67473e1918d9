"""Dropped and attached files into rows, and what each row claims."""
