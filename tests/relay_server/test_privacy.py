"""What logs, metrics and addresses may not hold: ids, tokens, secrets, networks, content."""

import os
from pathlib import Path

from tests.relay_server.clinic import b64url, encode, envelope
from tests.relay_server.relays import relay_process
from tests.relay_server.test_blobs import Sealed


def test_nothing_planted_stands_in_log_or_metrics(own_folder: Path) -> None:
    with relay_process(own_folder, "--log-level", "debug") as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        patient = practice.patient(agent)
        body = b"planted-body-" + os.urandom(8).hex().encode()
        agent.send(envelope(patient.mailbox, colleague.mailbox, body=body))
        blob = Sealed()
        blob.put(agent)
        blob.get(practice)
        marker = "planted-" + os.urandom(8).hex()
        source = {"X-Forwarded-For": "203.0.113.77", "User-Agent": marker}
        practice.http.get(f"/{marker}?{marker}", headers=source)
        practice.http.post("/v1/token", content=encode([marker]), headers=source)
        practice.http.post("/v1/envelopes", headers={**source, "Authorization": f"Bearer {marker}"})
        with patient.stream() as incoming:
            next(incoming)
            practice.append(["revoke", colleague.device.id, "left"])
        assert colleague.token not in colleague.raw("GET", "/v1/count").text
        metrics = practice.http.get("/metrics").text
        relay.stop()

        told = (relay.log + metrics).lower()
        assert '"message": "stopping"' in told  # so that an empty log cannot pass
        raw = [owner.mailbox for owner in (agent, colleague, patient)] + [agent.device.id, practice.clinic.fingerprint]
        raw += [blob.name, blob.read, blob.delete]
        planted = (
            [value.hex() for value in raw] + [b64url(value).lower() for value in raw] + [repr(v)[2:-1] for v in raw]
        )
        planted += [owner.token.lower() for owner in (agent, colleague, patient)]
        planted += [marker, body.decode(), "203.0.113.77", "127.0.0.1"]
        assert [value for value in planted if value in told] == []


def test_metrics_count_outcomes(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        agent.send(envelope(colleague.mailbox, agent.mailbox, os.urandom(32)))
        colleague.post("/v1/discard", [colleague.waiting()[0][1]])
        with colleague.stream() as incoming:
            next(incoming)
            text = practice.http.get("/metrics").text
        for line in (
            "sealdesk_envelopes_accepted_total 1.0",
            "sealdesk_deliveries_accepted_total 2.0",
            'sealdesk_refused_total{reason="unknown"} 1.0',
            'sealdesk_deleted_total{by="discard"} 1.0',
            "sealdesk_streams 1.0",
            'sealdesk_responses_total{class="2xx"}',
            'sealdesk_commit_seconds_bucket{le="+Inf"}',
        ):
            assert line in text


def test_the_folder_is_its_owners_alone(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        blob = Sealed()
        blob.put(practice.agent())
        for path in (relay.data, *relay.data.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
