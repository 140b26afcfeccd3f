"""What leads and managers look at: the load, who knows what, the board of today."""
