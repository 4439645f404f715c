"""What other systems tell: a payment, a cash-out, an upgrade, a reward; signed, once each (PRODUCT G4)."""
