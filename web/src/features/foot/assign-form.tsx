import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { getAssignees } from '../../shared/api/decision-api.ts';
import { type Refusal, useRefusal } from './use-refusal.tsx';

const words = {
  person: { label: 'Assign to', nobody: 'nobody', verb: 'Assign', about: 'Assign' },
  team: { label: 'Give to team', nobody: 'whoever owns it', verb: 'Give', about: 'Team of' },
} as const;

/** Asks whose an issue is to be, a person's or a team's, in the foot of the list, and makes it so with Enter. */
export function AssignForm({
  title,
  to,
  now,
  busy,
  refusal,
  onAssign,
  onCancel,
}: {
  title: string;
  to: 'person' | 'team';
  /** Whose it is; null: nobody's. */
  now: string | null;
  busy: boolean;
  refusal: Refusal | null;
  onAssign: (name: string | null) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState(now ?? '');
  const people = useQuery({
    queryKey: ['assignees'],
    queryFn: ({ signal }) => getAssignees(signal),
    enabled: to === 'person',
  });
  const names = useId();
  const { field, told } = useRefusal<HTMLInputElement>(refusal);
  useEffect(() => field.ref.current?.select(), [field.ref]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAssign(name.trim() === '' ? null : name.trim());
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`${words[to].about} ${title}`}>
      <label className="because">
        {words[to].label}
        <input
          {...field}
          className="field"
          list={names}
          maxLength={200}
          placeholder={words[to].nobody}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {told}
      <datalist id={names}>
        {people.data?.items.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <button type="submit" className="btn main" disabled={busy}>
        {words[to].verb}
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
