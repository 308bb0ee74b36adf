/** Lets the reader choose light or dark. The choice is a cookie, so that the server paints the right one at once. */
export function themeToggle(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-testid="theme-toggle"]');
  if (!button) return;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset['theme'] ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const describe = (): void => {
    button.setAttribute('aria-label', button.dataset[isDark() ? 'light' : 'dark'] ?? '');
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    document.cookie = `skysieve-theme=${root.dataset['theme']}; path=/; max-age=31536000; samesite=lax`;
    describe();
  });
  dark.addEventListener('change', describe);
  describe();
}
