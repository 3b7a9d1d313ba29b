"""Blind comparisons: one question answered twice, by two settings whose names are told after the vote.

Owns the tables `comparison`, `comparison_side`, `comparison_text` and `comparison_answer`
(migrations/sql/comparisons.sql). Each side is an answer as anybody gets one: with the rights of whoever
asks, behind the same checks, quotas and records. Which setting stands on which side is drawn by lot, and the
database shows nobody the settings before the vote. What was asked and answered is read by whoever asked, as
far as they may still read the documents behind it; and, where they consented, by administrators who may read
these too.
"""
