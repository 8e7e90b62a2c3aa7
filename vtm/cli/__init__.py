"""The command line: parses, asks the app, shows the answer."""
