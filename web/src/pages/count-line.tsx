import type { InboxPage } from '../../../src/contract/inbox-page.ts';
import { type InboxFilter, isNarrowed } from '../shared/inbox-address.ts';
import { counted, countText } from '../shared/number-text.ts';

function sentence(page: InboxPage, filter: InboxFilter, total: number): { head: string; rest: string } {
  const waits = page.waiting === 0 ? '' : `${counted(page.waiting, 'finding')} wait, not admitted`;
  if (filter.all) {
    return {
      head: counted(total, 'issue'),
      rest: `${countText(page.admittedTotal)} to fix; the others are marked not admitted`,
    };
  }
  if (isNarrowed(filter))
    return { head: `${countText(total)} of ${countText(page.admittedTotal)} to fix`, rest: '' };
  return { head: `${countText(page.admittedTotal)} to fix`, rest: waits };
}

/** How many issues the list has, and what is not in it. */
export function CountLine({
  page,
  filter,
  total,
}: {
  page: InboxPage | null;
  filter: InboxFilter;
  total: number;
}) {
  const { head, rest } = page === null ? { head: 'Inbox', rest: '' } : sentence(page, filter, total);
  return (
    <div className="count">
      <title>{`${head} · Security Inbox`}</title>
      <h1 data-testid="count">{head}</h1>
      <p>{rest}</p>
    </div>
  );
}
