"""The queues N2 and N3: the admin's lists of tickets, what narrows them, and several tickets at once."""
