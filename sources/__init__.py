"""Sources: from a delivery to conformed, judged rows. Each declared source is a folder; ``kit`` reads them."""
