"""Loaded by the fork server of `warm`: what a child needs to read by the shipped rules is at hand in its forks."""

from tests.support.believed import believed_rules

for about in ("order", "inquiry"):
    believed_rules().screen(about).possible("")
