import type { InboxPage } from '../../../src/contract/inbox-page.ts';
import type { InboxChange } from '../shared/inbox-address.ts';
import { counted } from '../shared/number-text.ts';
import { EmptyFace } from '../shared/problem-face.tsx';

const NO_FILTER: InboxChange = { severity: undefined, type: undefined, risk: undefined, q: undefined };

function ClearConditions({ onChange }: { onChange: (change: InboxChange) => void }) {
  return (
    <button type="button" className="btn" onClick={() => onChange(NO_FILTER)}>
      Clear the conditions
    </button>
  );
}

/** A list that an address asks for by a query that cannot be read: nothing was there before to go on showing. */
export function UnreadQuery({ onChange }: { onChange: (change: InboxChange) => void }) {
  return (
    <EmptyFace title="The query cannot be read">
      <p className="muted">What is wrong with it stands above.</p>
      <ClearConditions onChange={onChange} />
    </EmptyFace>
  );
}

/** A list without a row: because it is narrowed too much, or because nothing is left to fix. */
export function EmptyInbox({
  page,
  narrowed,
  onChange,
}: {
  page: InboxPage;
  narrowed: boolean;
  onChange: (change: InboxChange) => void;
}) {
  if (narrowed) {
    return (
      <EmptyFace title="No issue fits">
        <p className="muted">Fewer conditions show more.</p>
        <ClearConditions onChange={onChange} />
      </EmptyFace>
    );
  }
  return (
    <EmptyFace title="Nothing to fix">
      <p className="muted">
        {page.waiting === 0
          ? 'Every issue is resolved or muted.'
          : `${counted(page.waiting, 'finding')} are known, and no rule of the inbox admits one.`}
      </p>
      {page.waiting > 0 && (
        <button type="button" className="btn" onClick={() => onChange({ all: true })}>
          Show what is not admitted
        </button>
      )}
    </EmptyFace>
  );
}
