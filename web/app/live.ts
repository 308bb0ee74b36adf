/** Brings the parts of a page that are marked data-live up to date, without moving anybody's focus or scroll. */
export function livePage(): void {
  const seconds = Number(document.querySelector<HTMLElement>('[data-live]')?.dataset['liveSeconds'] ?? 0);
  if (seconds > 0) window.setInterval(() => void refresh(), seconds * 1000);
}

async function refresh(): Promise<void> {
  const live = document.querySelector<HTMLElement>('[data-live]');
  if (!live || document.hidden || live.contains(document.activeElement)) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[data-live]');
    if (!fresh) return;
    const open = [...live.querySelectorAll('details')].map((details) => details.open);
    live.replaceChildren(...fresh.childNodes);
    live.querySelectorAll('details').forEach((details, index) => (details.open = open[index] ?? false));
  } catch {
    // Offline: what stands here stays, and the next try comes by itself.
  }
}
