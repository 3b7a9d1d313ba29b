"""Assistants: configured uses of a language model, written by people or shipped as files.

An assistant says how an answer is to be given (role, tone, instructions), from which documents at most, by
which model, and offers opening questions and a form that becomes a prompt. It opens nothing: whoever asks
through one reads what they may read without it. Its words are data of its writers: instructions to a model,
never code.
"""
