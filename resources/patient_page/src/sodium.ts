/** The second script of the page: libsodium, handed to the shell when it is ready, with no import between the two. */
import sodium from "libsodium-wrappers-sumo";

void sodium.ready.then(() => {
  Object.assign(globalThis, { sodium });
  // A shell that starts after this finds `globalThis.sodium`; one that waits hears the event.
  globalThis.dispatchEvent(new Event("sodium-ready"));
});
