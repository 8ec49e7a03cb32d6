/** Chromium's own authenticator for tests: it knows the person, as a phone does. */
export const AUTHENTICATOR = {
  protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true, automaticPresenceSimulation: true,
} as const;

interface Tools {
  send(method: string, parameters?: object): Promise<{ readonly authenticatorId: string }>;
}

/** Into the browser that runs this very test. Its name there. */
export async function plugIn(session: unknown, hasPrf = true): Promise<string> {
  const tools = session as Tools;
  await tools.send("WebAuthn.enable");
  return (await tools.send("WebAuthn.addVirtualAuthenticator", { options: { ...AUTHENTICATOR, hasPrf } })).authenticatorId;
}
