"""Questions that come again, with their answers: kept by agents, found by whoever is about to ask (PRODUCT G1)."""
