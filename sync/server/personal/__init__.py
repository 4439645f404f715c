"""What is kept of one requester: found, handed out to them, erased at their wish."""
