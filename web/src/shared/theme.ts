export type Theme = 'light' | 'dark';

const KEPT = 'security-inbox.theme';

/**
 * The theme that a click on the switch leads to, and what is kept of it: nothing when it is the
 * system's own, so that the page follows the system again.
 */
export function switchedTheme(chosen: Theme | null, system: Theme): Theme | null {
  const next: Theme = (chosen ?? system) === 'dark' ? 'light' : 'dark';
  return next === system ? null : next;
}

export function keptTheme(): Theme | null {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : null;
}

/** Shows a theme and keeps it in this browser; null follows the system. */
export function applyTheme(theme: Theme | null): void {
  if (theme === null) {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEPT);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEPT, theme);
  }
}

export function switchTheme(): void {
  const system: Theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  applyTheme(switchedTheme(keptTheme(), system));
}
