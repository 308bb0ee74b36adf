/** Runs an act once the coming frame is on the screen; not at all while the page is hidden. */
export function afterPaint(act: () => void): void {
  requestAnimationFrame(() => {
    // A message is handled right after the frame that holds the new pixels.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      act();
    };
    channel.port2.postMessage(null);
  });
}

/** The longest that something waits for the page to be idle. */
const PATIENCE_MS = 250;

/** Runs an act when no frame and no key is waiting, or before long in any case. */
export function soon(act: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: PATIENCE_MS });
  else setTimeout(act, 30);
}

/** Resolves when the page has nothing better to do; at once if nobody is looking. */
export function idle(): Promise<void> {
  return document.hidden ? Promise.resolve() : new Promise(soon);
}
