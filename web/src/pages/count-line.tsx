import type { ReactNode } from 'react';
import type { InboxPage, IssueGrouping } from '../../../src/contract/inbox-page.ts';
import { type InboxFilter, isNarrowed } from '../shared/inbox-address.ts';
import { counted, countText } from '../shared/number-text.ts';

/** How many groups there are of a list that is grouped. */
export interface GroupCount {
  readonly by: IssueGrouping;
  readonly total: number;
  /** Those that are listed: of very many the first. */
  readonly shown: number;
}

const groupWords: Readonly<Record<IssueGrouping, readonly [one: string, many: string]>> = {
  fix: ['fix', 'fixes'],
  owner: ['owner', 'owners'],
  service: ['service', 'services'],
  account: ['account', 'accounts'],
};

function sentence(
  page: InboxPage,
  filter: InboxFilter,
  groups: GroupCount | null,
): { head: string; rest: string } {
  if (groups !== null) {
    const [one, many] = groupWords[groups.by];
    const order = `${counted(page.total, 'issue')}, ordered by the highest-ranked one of each`;
    return {
      head: counted(groups.total, one, many),
      rest: groups.shown < groups.total ? `the first ${countText(groups.shown)}; ${order}` : order,
    };
  }
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
  groups,
  tools,
}: {
  page: InboxPage | null;
  filter: InboxFilter;
  groups: GroupCount | null;
  /** What stands at its end. */
  tools: ReactNode;
}) {
  const { head, rest } = page === null ? { head: 'Inbox', rest: '' } : sentence(page, filter, groups);
  return (
    <div className="count">
      <title>{`${head} · Security Inbox`}</title>
      <h1 data-testid="count">{head}</h1>
      <p>{rest}</p>
      <div className="tools">{tools}</div>
    </div>
  );
}
