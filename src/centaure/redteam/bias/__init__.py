"""Bias: the same question about people who differ in one thing, and how far the answers differ."""
