"""``make bench``: how fast the portal is with many tickets, against the smallest honest page of the same machine."""
