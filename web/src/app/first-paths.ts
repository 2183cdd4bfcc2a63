import { parseAddressSearch } from '../shared/address-text.ts';
import type { InboxFilter } from '../shared/inbox-address.ts';
import { inboxPagePath } from '../shared/inbox-parameters.ts';

/**
 * What the first screen of an address asks of the API: who is there and, at the address of the list, its first page.
 * Nothing where a session is only about to begin. Knows no schema, so that it can run before any is made: words of an
 * address that are none are asked for too, and nobody reads that answer.
 */
export function firstPaths({ pathname, search }: Pick<Location, 'pathname' | 'search'>): readonly string[] {
  if (pathname === '/sign-in') return [];
  if (pathname !== '/') return ['/session'];
  const { all, severity, type, risk, q = '' } = parseAddressSearch(search);
  const filter: InboxFilter = {
    all: all === 'true',
    severity: words(severity),
    type: words(type),
    risk: words(risk),
    q,
  };
  return ['/session', inboxPagePath(filter, null)];
}

function words<Word extends string>(text: string | undefined): Word[] {
  return text === undefined || text === '' ? [] : (text.split(',') as Word[]);
}
