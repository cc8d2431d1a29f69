"""The vocabulary as the desk keeps it: techniques changed with their history, synonyms tried before they are added."""
