import { type FormEvent, useEffect, useRef, useState } from 'react';

/** Asks what there is to say about an issue, in the foot of the list, and says it with Enter. */
export function CommentForm({
  title,
  busy,
  onComment,
  onCancel,
}: {
  title: string;
  busy: boolean;
  onComment: (text: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onComment(text.trim());
  };
  return (
    <form className="foot ask" onSubmit={submit} aria-label={`Comment on ${title}`}>
      <label className="because">
        Say about it
        <input
          ref={field}
          className="field"
          required
          pattern=".*\S.*"
          title="What others are to know"
          maxLength={60_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="btn main" disabled={busy}>
        Say it
      </button>
      <button type="button" className="btn quiet" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
