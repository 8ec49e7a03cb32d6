/** The second script of the page: libsodium, handed to the shell with no import between the two. */
import sodium from "libsodium-wrappers-sumo";

// A shell that starts after this finds the promise; one that waits hears the event.
Object.assign(globalThis, { sodiumReady: sodium.ready.then(() => sodium) });
globalThis.dispatchEvent(new Event("sodium"));
