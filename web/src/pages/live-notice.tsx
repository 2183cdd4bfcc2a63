import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { InboxPage } from '../../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { getInboxPage } from '../shared/api/inbox-api.ts';
import { Icon } from '../shared/icon.tsx';
import type { InboxFilter } from '../shared/inbox-address.ts';
import { liveChanges, liveChangesText } from '../shared/live-changes.ts';

/** How often the list is looked at while the page is in sight; in milliseconds. */
const EVERY = 20_000;

/**
 * What changed in the list behind what is in sight, as a quiet count; the rows move when it is asked for, or by themselves
 * where nobody is at work on them.
 */
export function LiveNotice({
  filter,
  page,
  shown,
  isIdle,
  onApply,
}: {
  filter: InboxFilter;
  /** The head of the list as it was read last. */
  page: InboxPage;
  shown: readonly IssueRow[];
  /** Whether no row is being looked at: asked each time that something changed. */
  isIdle: () => boolean;
  onApply: () => void;
}) {
  const now = useQuery({
    queryKey: ['live', filter],
    queryFn: ({ signal }) => getInboxPage(filter, null, signal),
    initialData: page,
    staleTime: EVERY,
    refetchInterval: EVERY,
    enabled: shown.length > 0,
    retry: false,
  });
  const { items, nextCursor } = now.data;
  const text = liveChangesText(liveChanges(shown, items, nextCursor === null));
  const apply = useRef({ isIdle, onApply });
  useEffect(() => {
    apply.current = { isIdle, onApply };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew with each answer, also where it says the same
  useEffect(() => {
    if (text !== '' && apply.current.isIdle()) apply.current.onApply();
  }, [text, now.dataUpdatedAt]);
  return (
    <span className="live" role="status">
      {text !== '' && (
        <button type="button" className="btn link" title="Read the list again  (r)" onClick={onApply}>
          <Icon name="up" /> {text}
        </button>
      )}
    </span>
  );
}
