"""The embedded default: everything `make setup` and `make run` do on one machine without servers installed.

Starts, watches and ends separate processes. Knows nothing of reports, cases or the database.
"""
