import { type IssueGrouping, issueGroupingSchema } from '../../../src/contract/inbox-page.ts';
import type { InboxChange } from '../shared/inbox-address.ts';

const words: Readonly<Record<IssueGrouping, string>> = {
  fix: 'By fix',
  owner: 'By owner',
  service: 'By service',
  account: 'By account',
};

/** What the list is grouped by. */
export function GroupingChoice({
  by,
  onChange,
}: {
  by: IssueGrouping | null;
  onChange: (change: InboxChange) => void;
}) {
  return (
    <select
      className="grouping"
      aria-label="Group by"
      title="Group by  (h)"
      value={by ?? ''}
      onChange={(event) =>
        onChange({ by: issueGroupingSchema.options.find((each) => each === event.target.value) })
      }
    >
      <option value="">No grouping</option>
      {issueGroupingSchema.options.map((each) => (
        <option key={each} value={each}>
          {words[each]}
        </option>
      ))}
    </select>
  );
}
