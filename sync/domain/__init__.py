"""What a ticket is and what may happen to it: records, actions, rules. Pure, no I/O."""
