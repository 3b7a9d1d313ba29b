"""The studio of prompts: a library of templates in versions, forms that make good ones, and trials.

Owns the tables `prompt_template`, `prompt_version`, `prompt_share` and `prompt_score`
(migrations/sql/prompts.sql). A template is its owner's, who may let groups read and use it. Versions are
never rewritten: going back makes a new one of the old words. Nothing here knows documents: a trial sends a
model the filled template, and nothing else.
"""
