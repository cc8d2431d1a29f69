"""What `make bench` measures: our search and pages beside others', in one run, on the same records."""
