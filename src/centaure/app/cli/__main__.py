"""`python -m centaure.app.cli`, for processes that start one another."""

from centaure.app.cli import main

main()
