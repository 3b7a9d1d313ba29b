"""Gaps: questions that documents answered badly, grouped for curators by the words that they have in common.

Owns the tables `gap_question` and `gap` (migrations/sql/gaps.sql). Nothing is kept unless an installation
switches it on (`keep_failed_questions`) or the author of a question sends it. Curators see what three other
people have in common, never a question that its author did not send; the database sees to that.
"""
