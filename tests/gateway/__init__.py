"""Tests of the gateway; a package, since a benchmark has the same name."""
