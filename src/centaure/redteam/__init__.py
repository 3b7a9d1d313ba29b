"""Attacks on assistants and models, on purpose: campaigns, a game to learn by, and checks for bias.

It asks what people could ask, by the same ways; nothing real is ever put at stake: secrets are invented for
each campaign, tools do nothing.
"""
