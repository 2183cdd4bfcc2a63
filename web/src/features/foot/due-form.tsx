import { type FormEvent, useEffect, useState } from 'react';
import { dayOf, endOfDay } from './due-day.ts';
import { type Refusal, useRefusal } from './use-refusal.tsx';

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** Asks until the end of which day an issue is to be fixed, in the foot of the list, and says so with Enter. */
export function DueForm({
  title,
  dueAt,
  now,
  busy,
  refusal,
  onDue,
  onCancel,
}: {
  title: string;
  dueAt: string | null;
  now: number;
  busy: boolean;
  refusal: Refusal | null;
  onDue: (due: string | null) => void;
  onCancel: () => void;
}) {
  const [day, setDay] = useState(() => dayOf(dueAt === null ? now + WEEK : Date.parse(dueAt)));
  const { field, told } = useRefusal<HTMLInputElement>(refusal);
  useEffect(() => field.ref.current?.focus(), [field.ref]);
  const end = endOfDay(day);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (end !== null) onDue(end);
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Due date of ${title}`}>
      <label>
        Due by
        <input
          {...field}
          type="date"
          className="field"
          required
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
      </label>
      {told}
      <button type="submit" className="btn main" disabled={busy || end === null}>
        Set due date
      </button>
      {dueAt !== null && (
        <button type="button" className="btn" disabled={busy} onClick={() => onDue(null)}>
          No due date
        </button>
      )}
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
