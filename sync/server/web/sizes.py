"""Sizes of files as people read them."""


def in_words(octets: int) -> str:
    """In bytes, KB or MB."""
    if octets < 1_000:
        return f"{octets} bytes"
    return f"{octets / 1e3:.0f} KB" if octets < 1_000_000 else f"{octets / 1e6:.1f} MB"
