import { type FormEvent, useEffect, useState } from 'react';
import { type Refusal, useRefusal } from './use-refusal.tsx';

/** Asks what there is to say about an issue, in the foot of the list, and says it with Enter. */
export function CommentForm({
  title,
  busy,
  refusal,
  onComment,
  onCancel,
}: {
  title: string;
  busy: boolean;
  refusal: Refusal | null;
  onComment: (text: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState('');
  const { field, told } = useRefusal<HTMLInputElement>(refusal);
  useEffect(() => field.ref.current?.focus(), [field.ref]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onComment(text.trim());
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Comment on ${title}`}>
      <label className="because">
        Say about it
        <input
          {...field}
          className="field"
          required
          pattern=".*\S.*"
          title="What others are to know"
          maxLength={60_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {told}
      <button type="submit" className="btn main" disabled={busy}>
        Say it
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
