/** Locks the chat of whoever is away, where there is a lock. */

export const AWAY = 120_000;

/**
 * A browser may freeze a hidden tab and its timers: so the time is looked at when somebody comes back, too. Until then the
 * page is covered, for what a tab showed last can be seen before its scripts run.
 */
export function watchAbsence(isLockable: () => boolean, lock: () => void): void {
  let left: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const away = document.hidden && isLockable();
    clearTimeout(timer);
    if (away) {
      left ??= Date.now();
      timer = setTimeout(lock, AWAY);
    } else if (left !== undefined) {
      // A clock that went backwards has told nothing.
      const since = Date.now() - left;
      left = undefined;
      if (since < 0 || since >= AWAY) lock();
    }
    document.documentElement.toggleAttribute("data-away", away);
  };
  document.addEventListener("visibilitychange", look);
  globalThis.addEventListener("pageshow", look);
}
