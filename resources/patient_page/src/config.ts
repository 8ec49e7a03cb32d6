/** The page's own `config.json` (docs/protocol.md section 17.1). It is believed when the clinic log has confirmed its signer. */
import { type SignedPageConfig, parsePageConfig } from "./transparency/page_config";

/** The file is not there, or is none. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The first time it is what index.html preloads: browsers give that only to whoever asks in the same words, so these say nothing more. */
export async function fetchConfig(cache: RequestCache = "default"): Promise<SignedPageConfig> {
  try {
    const response = await fetch("config.json", { cache });
    if (!response.ok) throw new ConfigError(`config.json: ${response.status}`);
    return parsePageConfig(await response.text());
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError("config.json cannot be read", { cause: error });
  }
}
