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

/** The longest that something waits for a frame. */
const PATIENCE_MS = 250;

/** Runs an act after the coming frame, which it must not delay, or without one before long. */
export function soon(act: () => void): void {
  let waiting = true;
  const once = (): void => {
    if (waiting) act();
    waiting = false;
  };
  afterPaint(once);
  setTimeout(once, PATIENCE_MS);
}
