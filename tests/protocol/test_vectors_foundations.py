"""The shared vectors of encoding, hashes, keys, certificates, prekeys and the Merkle tree."""

from typing import Any

from agent_app.protocol import merkle, primitives
from agent_app.protocol.encoding import Field, decode, encode, frame
from agent_app.protocol.events import Event
from agent_app.protocol.keys import Certificate, ClinicId, DeviceKeys, LocalDevice
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Bundle, Prekey, PrekeyPair, check_secret
from tests.protocol.reader import Replay, Vector, unhex, vectors


@vectors("encoding")
def test_encoding(v: Vector) -> None:
    with v.expecting():
        event = decode(v.b("event"), Event)
        assert encode(event) == v.b("event")


def _fields(v: Vector) -> list[Field]:
    def one(field: dict[str, Any]) -> Field:
        return unhex(field["bytes"]) if "bytes" in field else next(iter(field.values()))

    return [one(field) for field in v["fields"]]


@vectors("frame")
def test_frame(v: Vector) -> None:
    label, fields, kdf = Label(v["label"]), _fields(v), v["kdf"]
    assert frame(label, *fields) == v.b("frame")
    assert primitives.labelled_hash(label, *fields) == v.b("hash")
    assert primitives.mac(unhex(v["mac"]["key"]), label, *fields).hex() == v["mac"]["output"]
    derived = primitives.kdf(unhex(kdf["ikm"]), unhex(kdf["salt"]), label, *fields, length=kdf["length"])
    assert derived.hex() == kdf["output"]


@vectors("dh")
def test_dh(v: Vector) -> None:
    with v.expecting():
        shared = primitives.dh(v.b("a"), v.b("public_b"))
        assert primitives.dh_public(v.b("a")) == v.b("public_a")
        assert shared == primitives.dh(v.b("b"), v.b("public_a")) == v.b("shared")


@vectors("signature")
def test_signature(v: Vector) -> None:
    label, fields = Label(v["label"]), _fields(v)
    assert primitives.verify(v.b("public"), v.b("signature"), label, *fields) == v.is_ok
    if v.is_ok:
        assert primitives.signing_public(v.b("seed")) == v.b("public")
        assert primitives.sign(v.b("seed"), label, *fields) == v.b("signature")


@vectors("seal")
def test_seal(v: Vector) -> None:
    with v.expecting():
        assert primitives.unseal(v.b("key"), v.b("ad"), v.b("sealed")) == v.b("plaintext")
        assert primitives.seal(v.b("key"), v.b("nonce"), v.b("ad"), v.b("plaintext")) == v.b("sealed")


@vectors("certificate")
def test_certificate(v: Vector) -> None:
    with v.expecting():
        certificate = Certificate.parse(v.b("certificate"))
        assert certificate.device == v.b("device")
        keys = DeviceKeys(v.b("signing_seed"), v.b("identity_secret"), v.b("mailbox_seed"), v.b("cosigning_seed"))
        assert keys.certify(ClinicId(v.b("clinic")), v["kind"], v["created"]) == certificate
        core = certificate.core
        assert (core.signing, core.identity) == (v.b("signing"), v.b("identity"))
        assert (core.mailbox, core.cosigning) == (v.b("mailbox"), v.b("cosigning"))


@vectors("prekey")
def test_prekey(v: Vector) -> None:
    owner = Certificate.parse(v.b("certificate"))
    with v.expecting():
        prekey = decode(v.b("prekey"), Prekey)
        prekey.verify(owner, v["now"])
        keys = DeviceKeys(v.b("signing_seed"), bytes(32), bytes(32), b"")
        made = PrekeyPair.make(LocalDevice(keys, owner), v["kind"], v["id"], v["expires"], Replay(v["secret"]))
        assert made == PrekeyPair(prekey, v.b("secret"))
        assert prekey.public == v.b("public")
        check_secret(made)


@vectors("prekey-bundle")
def test_prekey_bundle(v: Vector) -> None:
    with v.expecting():
        decode(v.b("bundle"), Bundle).verify(Certificate.parse(v.b("certificate")), v["now"])


@vectors("merkle")
def test_merkle(v: Vector) -> None:
    with v.expecting():
        if "leaves" in v:
            assert merkle.root([merkle.leaf_hash(unhex(leaf)) for leaf in v["leaves"]]) == v.b("root")
        elif "leaf_hash" in v:
            path = [unhex(h) for h in v["path"]]
            merkle.verify_inclusion(v.b("leaf_hash"), v["index"], v["size"], path, v.b("root"))
        else:
            proof = [unhex(h) for h in v["proof"]]
            merkle.verify_consistency(v["old_size"], v.b("old_root"), v["size"], v.b("root"), proof)
