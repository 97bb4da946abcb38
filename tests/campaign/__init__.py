"""Fault campaigns: small with every test run, full with `make campaign` (LEXHELLER_CAMPAIGN=full)."""
