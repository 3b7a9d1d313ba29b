"""Models: the one package that speaks to their providers."""
