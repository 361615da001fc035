"""How fast the program is beside others that do the same work; `make bench`, README.md tells the rest."""
