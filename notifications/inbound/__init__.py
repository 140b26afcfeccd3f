"""Mail that comes in: stored, read, sorted. Knows no ticket; who takes a mail up is the business of other apps."""
