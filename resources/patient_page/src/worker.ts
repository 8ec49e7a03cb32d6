/** Takes the service worker away, with its subscription and what it has shown. Stateless: both scripts hold it. */
const PATIENCE = 5_000;

const registrations = async (): Promise<readonly ServiceWorkerRegistration[]> =>
  "serviceWorker" in navigator ? navigator.serviceWorker.getRegistrations() : [];

export async function closeNotifications(): Promise<void> {
  for (const one of await registrations()) for (const shown of await one.getNotifications()) shown.close();
}

async function unsubscribe({ pushManager }: Partial<ServiceWorkerRegistration>): Promise<void> {
  await (await pushManager?.getSubscription())?.unsubscribe();
}

/** Whether none is left. A push service that does not answer is not waited for: without its worker a subscription wakes nobody. */
export async function removeWorker(): Promise<boolean> {
  await closeNotifications().catch(() => undefined);
  for (const one of await registrations()) {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    await Promise.race([unsubscribe(one).catch(() => undefined), late]);
    await one.unregister();
  }
  return (await registrations()).length === 0;
}
