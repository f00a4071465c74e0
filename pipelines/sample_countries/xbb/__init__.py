"""XBB: Portuguese, spreadsheets, cases, three levels of areas; one of its municipalities split in two in 2022."""
