"""Campaigns: cases tried on a target, judged by what can be seen, filed, and reported."""
