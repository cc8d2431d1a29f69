"""What whoever answers for a listing does on a thread's page, with an account or by the link of a letter."""
