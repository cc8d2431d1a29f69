"""What speaks for an enquiry being spam, what is held for the desk, and whose enquiries are always held."""
