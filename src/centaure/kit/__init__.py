"""What every package stands on, and that knows no domain.

Settings, the tree of errors, the database (embedded PostgreSQL, sessions, schema) and the
job queue. Nothing here knows what a document or a user is.
"""
