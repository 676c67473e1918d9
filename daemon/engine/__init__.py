"""Walks from room to room: takes in, decides, commits, sends, rings."""
