"""The requester's side: opening, following, answering."""
