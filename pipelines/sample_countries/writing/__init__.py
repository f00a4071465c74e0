"""Files as providers send them: text, spreadsheets and tables of a database; the same rows give the same bytes."""
