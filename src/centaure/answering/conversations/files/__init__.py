"""Files dropped in a conversation: kept by the database, read by the worker, searched there and nowhere else.

Owns the tables `conversation_file` and `conversation_file_piece` (migrations/sql/conversation_files.sql).
What is read of a file is a document like any other, but for its one reader: the conversation, which is among
the principals of its owner's transactions within it and of no others.
"""
