"""The fixed cast of the tests: databases with the three federations, the people in them, and how a case is walked."""
