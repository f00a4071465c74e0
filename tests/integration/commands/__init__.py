"""The system from end to end, through its command line, in processes of their own."""
