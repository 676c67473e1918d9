"""Bytes of a mail into what its writer has newly said, and whether it is a person who writes."""
