"""Notes to parse and to refuse. The first is an example that Go's note package publishes; the others are ours."""

from agent_app.protocol import primitives
from agent_app.transparency import note
from agent_app.transparency.note import KeyType, Note, NoteKey, NoteSignature

from .clinic import START, secret

# https://pkg.go.dev/golang.org/x/mod/sumdb/note, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_KEY = NoteKey("PeterNeumann", bytes.fromhex("1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6"))
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

TEXT = "sealdesk/example\n7\n" + "A" * 43 + "=\n"
LOG, WITNESS, STRANGER = secret("log"), secret("witness"), secret("stranger")
KEYS = [
    NoteKey("log", primitives.signing_public(LOG)),
    NoteKey("witness/1", primitives.signing_public(WITNESS), KeyType.COSIGNATURE),
    NoteKey("witness/2", primitives.signing_public(WITNESS), KeyType.COSIGNATURE),
]
SIGNED = Note(
    TEXT,
    (
        note.sign(TEXT, "log", LOG),
        note.cosign(TEXT, "witness/1", WITNESS, START),
        note.sign(TEXT, "stranger", STRANGER),
        note.cosign(TEXT, "witness/2", WITNESS, START + 1_000),
    ),
)
NOTE = SIGNED.format()
_LOG_LINE = SIGNED.signatures[0].line
_WITNESS_LINE = SIGNED.signatures[1].line


def _forged(key: NoteKey, signature: bytes) -> str:
    """A line in a known key's name."""
    return NoteSignature(key.name, key.id, signature).line


_LATER = (START // 1000 + 1).to_bytes(8, "big") + SIGNED.signatures[1].signature[8:]
_FUTURE = note.cosign(TEXT, "witness/1", WITNESS, (note.MAX_SECONDS + 1) * 1000).line
_ALONE = f"{TEXT}\n"


def _signed(text: str) -> str:
    """Well signed; only the text is at fault."""
    return Note(text, (note.sign(text, "log", LOG),)).format()


FAULTY_NOTES: dict[str, tuple[str, str]] = {
    "text": ("The text was changed.", NOTE.replace("\n7\n", "\n8\n")),
    "time": ("A cosignature's time was changed.", NOTE.replace(_WITNESS_LINE, _forged(KEYS[1], _LATER))),
    "time-huge": ("A time that milliseconds cannot hold.", _ALONE + _FUTURE),
    "wrong-key": ("Another's signature.", _ALONE + _forged(KEYS[0], note.sign(TEXT, "log", STRANGER).signature)),
    "short": ("A signature of 63 bytes.", _ALONE + _forged(KEYS[0], SIGNED.signatures[0].signature[:63])),
    "one-of-two": ("A second line by the same key, which does not hold.", NOTE + _forged(KEYS[0], bytes(64))),
    "unsigned": ("No signature line.", _ALONE),
    "no-blank": ("No empty line before the signatures.", TEXT + _LOG_LINE),
    "no-newline": ("The last line does not end.", NOTE[:-1]),
    "empty-text": ("Nothing was signed.", "\n" + _LOG_LINE),
    "control": ("A control character in the text.", _signed("sealdesk/example\r\n7\n")),
    "hyphen": ("A hyphen where a dash belongs.", NOTE.replace("—", "-")),
    "no-space": ("A dash without its space.", NOTE.replace("— log", "—log")),
    "two-spaces": ("A key name with a space.", NOTE.replace("— log", "— the log")),
    "nbsp": ("A key name with a no-break space.", NOTE.replace("— log", "— the\u00a0log")),
    "plus": ("A key name with a plus.", NOTE.replace("— log", "— log+1")),
    "no-name": ("A line without a key name.", NOTE.replace("— log", "— ")),
    "base64": ("A signature that is not base64.", NOTE.replace("— log ", "— log !")),
    "base64-url": ("The other alphabet of base64.", f"{_ALONE}— log {'-_' * 48}\n"),
    "base64-loose": ("Base64 whose last bits are not zero.", f"{_ALONE}— stranger AAAAAAB=\n"),
    "base64-unpadded": ("Base64 without its padding.", f"{_ALONE}— stranger AAAAAAA\n"),
    "id-only": ("A signature of four bytes.", f"{_ALONE}— stranger AAAAAA==\n"),
    "many": ("Sixty-five signature lines.", _ALONE + _LOG_LINE * 65),
    "long": ("More than 16 KiB.", _signed("x" * 16_384 + "\n")),
}
