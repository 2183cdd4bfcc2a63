import type { InboxFilter } from './inbox-address.ts';

/** How many rows one page of a list asks for. */
export const PAGE_SIZE = 100;
/** The first page is there sooner, and whoever reads on passes many rows. */
const NEXT_PAGE_SIZE = 200;

/** The filter as parameters of the API. */
export function inboxParameters(filter: InboxFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filter.all) parameters.set('all', 'true');
  if (filter.severity.length > 0) parameters.set('severity', filter.severity.join(','));
  if (filter.type.length > 0) parameters.set('type', filter.type.join(','));
  if (filter.risk.length > 0) parameters.set('risk', filter.risk.join(','));
  if (filter.q !== '') parameters.set('query', filter.q);
  return parameters;
}

/** Where one page of the ranked list is asked for; `cursor` null is the first. */
export function inboxPagePath(filter: InboxFilter, cursor: string | null): string {
  const parameters = inboxParameters(filter);
  parameters.set('limit', String(cursor === null ? PAGE_SIZE : NEXT_PAGE_SIZE));
  if (cursor !== null) parameters.set('cursor', cursor);
  return `/issues?${parameters}`;
}
