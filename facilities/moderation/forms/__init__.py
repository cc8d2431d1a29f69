"""What the desk, and those who reach it, write into forms."""
