"""Answers that somebody stands for: given word for word to a question like theirs, and no model is asked.

Owns the table `approved_answer` (migrations/sql/approved_answers.sql). A pair has a class and readers like a
document: whoever may not read it is answered as if it were not there.
"""
