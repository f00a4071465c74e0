"""What happens in a sample country: one module for each domain, in codes of the common lists and in no language."""
