"""Long runs: killed again and again, at a server that fails, and for a long time. `make soak`."""
