import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { getAssignees } from '../../shared/api.ts';

/** Asks whose an issue is to be, in the foot of the list, and assigns it with Enter. */
export function AssignForm({
  title,
  assignee,
  busy,
  onAssign,
  onCancel,
}: {
  title: string;
  assignee: string | null;
  busy: boolean;
  onAssign: (assignee: string | null) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState(assignee ?? '');
  const people = useQuery({ queryKey: ['assignees'], queryFn: ({ signal }) => getAssignees(signal) });
  const names = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAssign(name.trim() === '' ? null : name.trim());
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Assign ${title}`}>
      <label className="because">
        Assign to
        <input
          ref={field}
          className="field"
          list={names}
          maxLength={200}
          placeholder="nobody"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <datalist id={names}>
        {people.data?.items.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <button type="submit" className="btn main" disabled={busy}>
        Assign
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
