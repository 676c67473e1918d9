"""Reads bytes into documents and findings: total, pure, and never believing more than was written."""
