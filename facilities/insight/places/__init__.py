"""What a company that looks for a place to settle finds around any town."""
