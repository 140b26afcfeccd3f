"""Opening a ticket for somebody who asked by phone, letter or mail."""
