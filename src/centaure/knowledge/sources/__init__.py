"""Where documents come from: folders, who may read what in them, and keeping up with their changes.

Owns the tables `source`, `ledger`, `listing` and `sync_run`, the rights manifest (`rights.yaml`,
rights.schema.json) and its rules of evaluation, the folder connector and synchronisation.
"""
