"""Mail that comes in: answers filed into their threads, letters that came back, answers of machines."""
