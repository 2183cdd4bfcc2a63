import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { getQueryFields } from '../../shared/api/query-api.ts';
import { QUERY_LENGTH_MAX } from '../../shared/inbox-address.ts';
import { completionAt } from './query-completion.ts';

/** Where a query is typed, with what could stand at the cursor below it. */
export function QueryField({
  value,
  input,
  problemId,
  onType,
}: {
  value: string;
  input: RefObject<HTMLInputElement | null>;
  /** The element that says what is wrong with the query; null: nothing is. */
  problemId: string | null;
  onType: (text: string) => void;
}) {
  const list = useId();
  const [isUsed, setUsed] = useState(false);
  /** Where the text goes on; null: nothing is offered. */
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  /** The end of what was put in last; null: the cursor stands there already. */
  const taken = useRef<number | null>(null);
  // The cursor goes behind what was put in as soon as that is in the field, before another key is heard.
  useLayoutEffect(() => {
    if (taken.current !== null) input.current?.setSelectionRange(taken.current, taken.current);
    taken.current = null;
  });
  const fields = useQuery({
    queryKey: ['query-fields'],
    queryFn: ({ signal }) => getQueryFields(signal),
    enabled: isUsed,
  });
  const offered = cursor === null ? null : completionAt(value, cursor, fields.data?.items ?? []);
  const offer = (at: number | null) => {
    setChosen(-1);
    setCursor(at);
  };
  const take = (index: number) => {
    const choice = offered?.choices[index];
    if (offered === null || choice === undefined) return;
    const before = value.slice(0, offered.from) + choice.text;
    onType(before + value.slice(offered.to));
    offer(before.length);
    taken.current = before.length;
    input.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (offered === null) return;
    const { length } = offered.choices;
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % length);
    else if (event.key === 'ArrowUp') setChosen((chosen <= 0 ? length : chosen) - 1);
    else if (event.key === 'Escape') offer(null);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== -1) take(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={input}
        type="search"
        aria-label="Search in title, key and resource"
        placeholder="Search, or narrow by severity:high, team:x, due:&lt;7d"
        autoComplete="off"
        spellCheck={false}
        maxLength={QUERY_LENGTH_MAX}
        value={value}
        aria-autocomplete="list"
        aria-invalid={problemId !== null}
        aria-describedby={problemId ?? undefined}
        aria-controls={offered === null ? undefined : list}
        aria-activedescendant={chosen === -1 ? undefined : `${list}-${chosen}`}
        onFocus={() => setUsed(true)}
        onBlur={() => offer(null)}
        onKeyDown={press}
        onChange={({ target }) => {
          onType(target.value);
          offer(target.selectionStart);
        }}
      />
      {offered !== null && (
        <div className="completion" id={list} role="listbox" aria-label="What could stand here">
          {offered.choices.map(({ text, hint }, index) => (
            <div
              key={text}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              // Before the field loses the focus, which would close the list.
              onMouseDown={(event) => {
                event.preventDefault();
                take(index);
              }}
            >
              <span className="mono">{text}</span>
              <span className="muted">{hint}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
