"""The kit in a real browser, as visitors meet it."""
