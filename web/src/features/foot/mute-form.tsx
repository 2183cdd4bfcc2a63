import { type FormEvent, useEffect, useState } from 'react';
import type { MuteBody } from '../../../../src/contract/issue-action.ts';
import { muteEnd, muteSpans } from './mute-span.ts';
import { type Refusal, useRefusal } from './use-refusal.tsx';

/** Why people mute; the last is said with no more than the words beside it. */
const kinds = [
  { because: 'false_positive', words: 'a false positive' },
  { because: 'risk_accepted', words: 'an accepted risk' },
  { because: 'pending_fix', words: 'a fix that is coming' },
  { because: 'no_fix', words: 'without a fix' },
  { because: 'duplicate', words: 'a duplicate' },
  { because: '', words: 'something else' },
] as const;

/** A risk is accepted for a time, never for good. */
const ACCEPTED_DAYS = '90';

/** Asks why and until when, in the foot of the list, and mutes with Enter. */
export function MuteForm({
  title,
  now,
  busy,
  refusal,
  onMute,
  onCancel,
}: {
  title: string;
  now: number;
  busy: boolean;
  refusal: Refusal | null;
  onMute: (body: MuteBody) => void;
  onCancel: () => void;
}) {
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]['because']>('');
  const isAccepted = kind === 'risk_accepted';
  const { field, told } = useRefusal<HTMLInputElement>(refusal);
  useEffect(() => field.ref.current?.focus(), [field.ref]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = muteEnd(isAccepted && days === '' ? ACCEPTED_DAYS : days, now);
    onMute({
      reason: reason.trim(),
      ...(kind !== '' && { because: kind }),
      ...(until !== null && { until }),
    });
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Mute ${title}`}>
      <label className="because">
        Mute because
        <input
          {...field}
          className="field"
          required
          pattern=".*\S.*"
          title="Why, for whoever asks later"
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {told}
      <label>
        as
        <select
          className="field"
          value={kind}
          onChange={({ target: { value } }) =>
            setKind(kinds.find(({ because }) => because === value)?.because ?? '')
          }
        >
          {kinds.map(({ because, words }) => (
            <option key={because} value={because}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        for
        <select
          className="field"
          value={isAccepted && days === '' ? ACCEPTED_DAYS : days}
          onChange={(event) => setDays(event.target.value)}
        >
          {muteSpans
            .filter((span) => !isAccepted || span.days !== '')
            .map((span) => (
              <option key={span.days} value={span.days}>
                {span.words}
              </option>
            ))}
        </select>
      </label>
      <button type="submit" className="btn main" disabled={busy}>
        Mute
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
