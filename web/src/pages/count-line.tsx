import type { ReactNode } from 'react';
import type { InboxPage } from '../../../src/contract/inbox-page.ts';
import { type InboxFilter, isNarrowed } from '../shared/inbox-address.ts';
import { counted, countText } from '../shared/number-text.ts';

function sentence(page: InboxPage, filter: InboxFilter): { head: string; rest: string } {
  const admitted = countText(page.admittedTotal);
  if (filter.all) {
    const marked = 'what is not admitted is marked so';
    return {
      head: counted(page.total, 'issue'),
      rest: isNarrowed(filter) ? marked : `${admitted} to fix; ${marked}`,
    };
  }
  if (isNarrowed(filter)) return { head: `${countText(page.total)} of ${admitted} to fix`, rest: '' };
  const waits = page.waiting === 1 ? 'waits' : 'wait';
  return {
    head: `${admitted} to fix`,
    rest: page.waiting === 0 ? '' : `${counted(page.waiting, 'finding')} ${waits}, not admitted`,
  };
}

/** How many issues the list has, and what is not in it. */
export function CountLine({
  page,
  filter,
  tools,
}: {
  page: InboxPage | null;
  filter: InboxFilter;
  /** What stands at its end. */
  tools: ReactNode;
}) {
  const { head, rest } = page === null ? { head: 'Inbox', rest: '' } : sentence(page, filter);
  return (
    <div className="count">
      <title>{`${head} · Security Inbox`}</title>
      <h1 data-testid="count">{head}</h1>
      <p>{rest}</p>
      <div className="tools">{tools}</div>
    </div>
  );
}
