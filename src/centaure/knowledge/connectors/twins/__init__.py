"""Offline twins of services that nobody can run at home, with the shapes that their makers document.

A twin keeps its state in memory, changes it through Python methods, and answers over HTTP on a port of this
machine. Tests, examples and a first look at a connector need no account.
"""
