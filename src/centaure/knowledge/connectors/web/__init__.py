"""Web sites."""
