"""Starting, watching and ending processes, tried with real processes and a real `make`."""
