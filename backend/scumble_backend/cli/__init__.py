"""The command `scumble` and what only its subcommands do."""
