import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { MuteBody } from '../../../../src/contract/issue-action.ts';
import { muteEnd, muteSpans } from './mute-span.ts';

/** Asks why and until when, in the foot of the list, and mutes with Enter. */
export function MuteForm({
  title,
  now,
  busy,
  onMute,
  onCancel,
}: {
  title: string;
  now: number;
  busy: boolean;
  onMute: (body: MuteBody) => void;
  onCancel: () => void;
}) {
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = muteEnd(days, now);
    onMute(until === null ? { reason: reason.trim() } : { reason: reason.trim(), until });
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Mute ${title}`}>
      <label className="because">
        Mute because
        <input
          ref={field}
          className="field"
          required
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <label>
        for
        <select className="field" value={days} onChange={(event) => setDays(event.target.value)}>
          {muteSpans.map((span) => (
            <option key={span.days} value={span.days}>
              {span.words}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="btn main" disabled={busy || reason.trim() === ''}>
        Mute
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
