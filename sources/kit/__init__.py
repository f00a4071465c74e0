"""From a declared source and a delivered file to judged records; knows no single source and no warehouse."""
