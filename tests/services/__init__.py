"""The real services the tests run against: PostgreSQL, Redis, a mail server, Chromium.

Each is found or installed, started for the test run alone and gone after it. A service that cannot be had
fails the tests with a plain message; nothing is skipped.
"""
