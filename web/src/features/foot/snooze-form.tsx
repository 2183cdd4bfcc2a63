import { type FormEvent, useEffect, useState } from 'react';
import type { SnoozeBody } from '../../../../src/contract/issue-action.ts';
import { muteEnd } from './mute-span.ts';
import { type Refusal, useRefusal } from './use-refusal.tsx';

/** How long an issue is out of sight; the first wakes only when it gets worse. */
const spans = [
  { days: '', words: 'until it gets worse' },
  { days: '1', words: 'for a day' },
  { days: '7', words: 'for 7 days' },
  { days: '30', words: 'for 30 days' },
] as const;

/** Asks until when an issue is out of sight, in the foot of the list, and snoozes it with Enter. */
export function SnoozeForm({
  title,
  now,
  busy,
  refusal,
  onSnooze,
  onCancel,
}: {
  title: string;
  now: number;
  busy: boolean;
  refusal: Refusal | null;
  onSnooze: (body: SnoozeBody) => void;
  onCancel: () => void;
}) {
  const [days, setDays] = useState('');
  const [orWorse, setOrWorse] = useState(true);
  const { field, told } = useRefusal<HTMLSelectElement>(refusal);
  useEffect(() => field.ref.current?.focus(), [field.ref]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = muteEnd(days, now);
    onSnooze(until === null ? { untilWorse: true } : { until, untilWorse: orWorse });
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Snooze ${title}`}>
      <label>
        Snooze
        <select
          {...field}
          className="field"
          value={days}
          onChange={(event) => setDays(event.target.value)}
          // A choice does not send its form by itself.
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        >
          {spans.map((span) => (
            <option key={span.days} value={span.days}>
              {span.words}
            </option>
          ))}
        </select>
      </label>
      {told}
      {days !== '' && (
        <label>
          <input type="checkbox" checked={orWorse} onChange={(event) => setOrWorse(event.target.checked)} />
          or until it gets worse
        </label>
      )}
      <button type="submit" className="btn main" disabled={busy}>
        Snooze
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
