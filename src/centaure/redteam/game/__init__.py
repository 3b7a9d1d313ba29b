"""A game to learn by: eight levels of rising defences around an invented word, and nothing real behind it.

The keeper of the word is no language model but a few rules, which give in as models do.
"""
