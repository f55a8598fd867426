"""The commands behind the front door: each parses, calls a stage and prints."""
