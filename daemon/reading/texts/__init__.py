"""What the lines and sentences of a text say, each of it with its place."""
