"""Jobs saved with the change that caused them, and the worker that does them."""
