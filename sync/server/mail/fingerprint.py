"""What makes two mails the same one, by whichever ways they came."""

from hashlib import sha256

from sync.server.mail.reading import ReadMail


def fingerprint_of(mail: ReadMail, raw: bytes) -> str:
    """The same for each copy of a mail, by whichever way it came; another for another mail, also where a bad program
    gives the same Message-ID to all of its mails."""
    plain = raw.replace(b"\r\n", b"\n")
    body = plain.partition(b"\n\n")[2].rstrip(b"\n")
    said = [mail.message_id or "", mail.sender.email or "", mail.headers.first("date"), mail.headers.first("subject")]
    if not mail.message_id and not said[2]:
        body = plain
    digest = sha256()
    for one in (*(text.encode("utf-8", "surrogatepass") for text in said), body):
        digest.update(len(one).to_bytes(8, "big") + one)
    return digest.hexdigest()
