"""Centaure: the AI workplace that an organisation runs itself."""

__version__ = "0.1.0"
