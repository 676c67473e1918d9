"""Measures how fast the house is, each time against a baseline that runs in the same minutes on the same machine."""
