"""Accounts over HTTP: quotas, and what was used; what is counted and how is in the gateway's other files."""
