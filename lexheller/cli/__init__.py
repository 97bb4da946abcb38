"""The `lexheller` command. Each subcommand parses, calls one thing, and says what came of it."""
