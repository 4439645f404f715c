"""Incidents: what is known of one cause behind many tickets, who is told of it, and whether it works again."""
