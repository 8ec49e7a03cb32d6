/** What a patient's phone has to compute, measured where it is computed. Bundled by run.mjs and run in Chromium. */
import sodium from "libsodium-wrappers-sumo";

import { type Message, conversationId, sharedStream, signContent } from "../../src/protocol/content";
import { nextContent } from "../../src/protocol/conversation";
import { NO_INVITATION, openMessage, sealMessage } from "../../src/protocol/delivery";
import { EMPTY } from "../../src/protocol/encoding";
import { type ClinicId, type DeviceKeys, type MessageId, certify, makeDevice } from "../../src/protocol/keys";
import { type BundleBytes, NO_PREKEYS, type Prekeys, makePrekey, openBundle } from "../../src/protocol/prekeys";
import { provideSodium } from "../../src/protocol/primitives";
import { type Peer, beginSession, newPeer } from "../../src/protocol/session";

const DEVICES = 50;
const ROUNDS = 5;
const CLINIC = new Uint8Array(32) as ClinicId;
const NOW = 1_790_000_000_000;
const DAY = 86_400_000;

const random = (count: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(count));

interface Agent {
  readonly device: DeviceKeys;
  readonly prekeys: Prekeys;
  readonly bundle: BundleBytes;
}

function newAgent(): Agent {
  const secrets = { signing: random(32), identity: random(32), mailbox: random(32), cosigning: EMPTY };
  const device = certify(secrets, CLINIC, "agent", NOW);
  const [signed, kem, oneTime] = [
    makePrekey(device, "signed", 1, NOW + DAY, random),
    makePrekey(device, "kem-once", 2, NOW + DAY, random),
    makePrekey(device, "one-time", 3, NOW + DAY, random),
  ];
  const bundle = { certificate: device.certificate.bytes, signed: signed.bytes, kem: kem.bytes, oneTime: oneTime.bytes };
  return { device, bundle, prekeys: { ...NO_PREKEYS, nextId: 4, own: [signed, kem, oneTime] } };
}

const begin = (patient: DeviceKeys, agents: readonly Agent[]): readonly Peer[] =>
  agents.map(({ device: { certificate }, bundle }) =>
    beginSession(newPeer(certificate), patient, openBundle(bundle, certificate, NOW), random, NOW),
  );

function write(patient: DeviceKeys, agents: readonly Agent[]): Message {
  const { device } = patient.certificate;
  const draft = {
    stream: sharedStream(conversationId(device, CLINIC, new Uint8Array(16))),
    message: random(16) as MessageId,
    recipients: agents.map((agent) => agent.device.certificate.device),
    time: NOW,
    logHead: { size: 1, root: new Uint8Array(32) },
    event: { kind: "text", text: "Can I bring my son along on Thursday?" } as const,
  };
  return signContent(patient, nextContent([], device, draft));
}

/** The middle of several runs, in milliseconds. */
function median(run: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.round((times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0) * 100) / 100;
}

function perSecond(run: () => void): number {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 500; count += 1) run();
  return Math.round(count / ((performance.now() - start) / 1_000));
}

const READ = 300;

/** Messages of an answered session, opened one after the other. */
function readPerSecond(patient: DeviceKeys, agent: Agent, first: { readonly body: Uint8Array; readonly slot: Uint8Array }, answered: Peer): number {
  const opened = openMessage(first, newPeer(patient.certificate), agent.device, agent.prekeys, random, NOW);
  const message = signContent(agent.device, {
    ...opened.message.content,
    author: agent.device.certificate.device,
    recipients: [patient.certificate.device],
  });
  let [sender, reader] = [opened.peer, answered];
  const sent = Array.from({ length: READ }, () => {
    const { envelope, peers } = sealMessage(message, [sender], agent.device, opened.prekeys, NO_INVITATION, random, NOW);
    sender = peers[0] ?? sender;
    return { body: envelope.body, slot: envelope.slots[0]?.slot ?? EMPTY };
  });
  const start = performance.now();
  for (const one of sent) ({ peer: reader } = openMessage(one, reader, patient, NO_PREKEYS, random, NOW));
  return Math.round(READ / ((performance.now() - start) / 1_000));
}

export async function measure(): Promise<Readonly<Record<string, number>>> {
  await sodium.ready;
  provideSodium(sodium);
  const patient = makeDevice(CLINIC, random, NOW);
  const agents = Array.from({ length: DEVICES }, newAgent);
  const peers = begin(patient, agents);
  const message = write(patient, agents);
  const first = sealMessage(message, peers, patient, NO_PREKEYS, NO_INVITATION, random, NOW);
  const [agent] = agents;
  const [slot] = first.envelope.slots;
  const [peer] = first.peers;
  if (agent === undefined || slot === undefined || peer === undefined) throw new Error("nobody to write to");
  const answered = first.peers.map((one) => ({ ...one, sessions: one.sessions.map((session) => ({ ...session, received: 1 })) }));
  const received = { body: first.envelope.body, slot: slot.slot };
  const open = (): unknown =>
    openMessage(received, newPeer(patient.certificate), agent.device, agent.prekeys, random, NOW);
  return {
    devices: DEVICES,
    "handshakes, ms": median(() => void begin(patient, agents)),
    "first message, ms": median(() => void sealMessage(write(patient, agents), peers, patient, NO_PREKEYS, NO_INVITATION, random, NOW)),
    "later message, ms": median(() => void sealMessage(write(patient, agents), answered, patient, NO_PREKEYS, NO_INVITATION, random, NOW)),
    "first message, bytes": first.envelope.body.length + first.envelope.slots.reduce((sum, one) => sum + one.slot.length, 0),
    "encrypted to one, a second": perSecond(() => void sealMessage(message, answered.slice(0, 1), patient, NO_PREKEYS, NO_INVITATION, random, NOW)),
    "decrypted, a second": readPerSecond(patient, agent, received, peer),
    "handshakes accepted, a second": perSecond(() => void open()),
  };
}

Object.assign(globalThis, { measure });
