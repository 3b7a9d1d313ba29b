"""Composition only: the API, the worker and the command line, put together from the packages below.

It also holds what belongs to the whole: the migrations of the one database, and the built interface.
"""
