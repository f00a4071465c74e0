"""The rules that hold for the whole tree: layers, names, sizes, what may be imported or read where."""
