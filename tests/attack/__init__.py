"""Attacks on every form, address and file: small with every test run, full with `make campaign`."""
