"""How long enquiries are kept, what is left of them then, and how people take their own along or have it erased."""
