import type { InboxSearch } from './inbox-address.ts';

/** A list by name: what narrows it. */
export interface View {
  readonly name: string;
  readonly search: InboxSearch;
}

/** What comes with the product (web-design §4). */
export const builtInViews: readonly View[] = [
  { name: 'Needs an owner', search: { q: '-assignee:* -team:*' } },
  { name: 'Overdue', search: { q: 'overdue:yes' } },
  { name: 'New since yesterday', search: { q: 'first_seen:>now-1d' } },
  { name: 'Under attack', search: { risk: ['under_attack'] } },
  { name: 'One fix, many issues', search: { by: 'fix' } },
];

const KEPT = 'security-inbox.views';
const VIEWS_MAX = 30;

/** The views that this browser keeps; none where what is kept cannot be read. */
export function keptViews(text: string | null): readonly View[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((each: unknown) => {
      const { name, search } = (each ?? {}) as Record<string, unknown>;
      return typeof name === 'string' && typeof search === 'object' && search !== null
        ? [{ name, search }]
        : [];
    });
  } catch {
    return [];
  }
}

export function loadViews(): readonly View[] {
  return keptViews(localStorage.getItem(KEPT));
}

/** Keeps views; one of the same name takes the place of the older. */
export function withView(views: readonly View[], view: View): readonly View[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-VIEWS_MAX);
}

export function saveViews(views: readonly View[]): void {
  localStorage.setItem(KEPT, JSON.stringify(views));
}

/** Whether a list is narrowed by just what a view narrows by. */
export function isViewOf(view: View, search: InboxSearch): boolean {
  const { issue: _, ...rest } = search;
  const sorted = (value: object) =>
    JSON.stringify(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return sorted(view.search) === sorted(rest);
}
