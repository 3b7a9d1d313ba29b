"""Conversations: what somebody asked and was answered, kept, continued, shared and exported.

Owns the tables `conversation`, `conversation_share`, `turn` and those of an answer's documents, citations and
sentences (migrations/sql/conversations.sql). Turns form a tree: an edited question stands beside the first
one, an answer that is made again beside the one before; one branch is shown. What an answer says shows with
the documents that it rests on: whoever reads it, owner or not, sees the sentences whose documents they may
read now, and nothing tells them of others.
"""
