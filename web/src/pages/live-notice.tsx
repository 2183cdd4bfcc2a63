import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { getInboxPage } from '../shared/api.ts';
import { Icon } from '../shared/icon.tsx';
import type { InboxFilter } from '../shared/inbox-address.ts';
import { reloadInbox } from '../shared/inbox-queries.ts';
import { liveChanges, liveChangesText } from '../shared/live-changes.ts';

/** How often the list is looked at while the page is in sight; in milliseconds. */
const EVERY = 20_000;

/** What changed in the list behind what is in sight, as a quiet count; the rows move when it is asked for. */
export function LiveNotice({ filter, shown }: { filter: InboxFilter; shown: readonly IssueRow[] }) {
  const client = useQueryClient();
  const now = useQuery({
    queryKey: ['live', filter],
    queryFn: ({ signal }) => getInboxPage(filter, null, signal),
    refetchInterval: EVERY,
    enabled: shown.length > 0,
    retry: false,
  });
  const text = now.isSuccess
    ? liveChangesText(liveChanges(shown, now.data.items, now.data.nextCursor === null))
    : '';
  return (
    <span className="live" role="status">
      {text !== '' && (
        <button
          type="button"
          className="btn link"
          title="Read the list again"
          onClick={() => void reloadInbox(client)}
        >
          <Icon name="up" /> {text}
        </button>
      )}
    </span>
  );
}
