"""What every test may ask for: the real services, and nothing of the application."""

pytest_plugins = [
    "tests.services.fixtures",
    "tests.cast.databases",
    "tests.cast.people",
    "tests.cast.stage",
    "tests.cast.traces",
]
