"""What things mean: the rule files as one frozen rulebook, checked whole before any of it counts."""
