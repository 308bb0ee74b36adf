/** Buttons that copy this page's address: shown only where the browser can. */
export function copyLink(): void {
  document.querySelectorAll<HTMLButtonElement>('[data-copy-link]').forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    const words = button.textContent ?? '';
    button.addEventListener('click', () => {
      const link = location.origin + location.pathname;
      void navigator.clipboard
        .writeText(link)
        .then(() => {
          button.textContent = button.dataset['done'] ?? 'Copied';
        })
        .catch(() => {
          // Not allowed: the address stands in the browser's bar.
          button.textContent = link;
        })
        .finally(() => setTimeout(() => (button.textContent = words), 3000));
    });
  });
}
