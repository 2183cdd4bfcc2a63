import { type RefObject, useEffect, useRef, useState } from 'react';
import { Icon } from '../../shared/icon.tsx';

/** How long typing rests before the list is asked; in milliseconds. */
const REST = 250;

/** The field that narrows a list by words. What comes from elsewhere, a link or a step back, replaces what was typed. */
export function SearchBox({
  label,
  placeholder,
  value,
  input,
  problem,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  input: RefObject<HTMLInputElement | null>;
  /** What is wrong with it; null: nothing. */
  problem: string | null;
  onChange: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked.current) return;
    const rest = setTimeout(() => {
      asked.current = wanted;
      onChange(wanted === '' ? undefined : wanted);
    }, REST);
    return () => clearTimeout(rest);
  }, [typed, onChange]);
  return (
    <>
      <search className="search-box">
        <Icon name="search" />
        <input
          type="search"
          ref={input}
          aria-label={label}
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : 'search-problem'}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <kbd title="The key / leads here">/</kbd>
      </search>
      {problem !== null && (
        <p id="search-problem" className="search-problem told" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
