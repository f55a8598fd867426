"""What the command line can say, read from the source, held against what each language says."""
