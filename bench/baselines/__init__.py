"""What we compare ourselves with: the plain ways of doing the same, each written as one would write it first."""
