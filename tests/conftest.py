"""What every test may ask for: the real services, and nothing of the application."""

pytest_plugins = [
    "tests.services.fixtures",
    "tests.services.order",
    "tests.cast.quickness",
    "tests.cast.databases",
    "tests.cast.people",
    "tests.cast.stage",
    "tests.cast.traces",
]
