"""An e-mail address as people write it: whole and well-formed, on the internet or in a house's own network."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from sync.domain.limits import EMAIL_MAX

SPECIAL_USE_DOMAIN_NAMES.remove("local")  # the library's documented way; many houses name their own network so


def normal_address(text: str) -> str:
    """The address in its normal spelling (RFC 5321, RFC 6531); whether mail arrives there is not asked.

    Raises ValueError if it is none, or if its domain has no dot.
    """
    if len(text) > EMAIL_MAX:
        raise ValueError(f"longer than {EMAIL_MAX} characters")
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if "." not in found.domain.strip("."):
        raise ValueError("the part after @ has no dot")
    return found.normalized
