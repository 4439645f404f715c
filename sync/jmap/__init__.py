"""RFC 8620 (JMAP Core) in general form: knows no ticket and no database."""
