"""The product shown: a server with sample tickets, a desktop, a visitor at the form, the tour through them."""
