import { type RefObject, useEffect, useRef, useState } from 'react';
import type { QueryProblem } from '../../shared/api-problem.ts';
import { Icon } from '../../shared/icon.tsx';
import { type InboxChange, type InboxFilter, toggled } from '../../shared/inbox-address.ts';
import { riskWords, severityWords, typeWords } from '../../shared/words.ts';
import { QueryField } from './query-field.tsx';
import { QueryTrouble } from './query-trouble.tsx';

const TROUBLE = 'query-trouble';

/** How long typing rests before the list is asked; in milliseconds. */
const REST = 250;

function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className="chip" aria-label={`${name}: ${value}, remove`} onClick={onRemove}>
        <span>
          <span className="k">{name}:</span>
          {value}
        </span>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** What narrows the list, one chip each, and the query; below it what is wrong with that. */
export function QueryBar({
  filter,
  problem,
  input,
  onChange,
  onShowFacets,
}: {
  filter: InboxFilter;
  /** Of the query of the filter; null: it can be read. */
  problem: QueryProblem | null;
  input: RefObject<HTMLInputElement | null>;
  onChange: (change: InboxChange) => void;
  onShowFacets: () => void;
}) {
  const [typed, setTyped] = useState(filter.q);
  // Asked for and not yet come back in the address. What comes back is older than what was typed meanwhile, and what
  // comes from elsewhere, a link or a step back, is not.
  const asked = useRef<readonly string[]>([]);
  useEffect(() => {
    const place = asked.current.indexOf(filter.q);
    asked.current = place === -1 ? [] : asked.current.slice(place + 1);
    if (place === -1) setTyped(filter.q);
  }, [filter.q]);
  useEffect(() => {
    const q = typed.trim();
    if (q === (asked.current.at(-1) ?? filter.q)) return;
    const rest = setTimeout(() => {
      asked.current = [...asked.current, q];
      onChange({ q: q === '' ? undefined : q });
    }, REST);
    return () => clearTimeout(rest);
  }, [typed, filter.q, onChange]);

  return (
    <>
      <search className="bar">
        <button
          type="button"
          className="icon show-facets"
          aria-label="Views and filters"
          title="Views and filters  (f)"
          onClick={onShowFacets}
        >
          <Icon name="filter" />
        </button>
        <div className="query">
          <Icon name="search" />
          <ul>
            {filter.all && (
              <Chip name="in" value="all issues" onRemove={() => onChange({ all: undefined })} />
            )}
            {filter.severity.map((word) => (
              <Chip
                key={word}
                name="severity"
                value={severityWords[word].toLowerCase()}
                onRemove={() => onChange({ severity: toggled(filter.severity, word) })}
              />
            ))}
            {filter.risk.map((word) => (
              <Chip
                key={word}
                name="risk"
                value={riskWords[word].toLowerCase()}
                onRemove={() => onChange({ risk: toggled(filter.risk, word) })}
              />
            ))}
            {filter.type.map((word) => (
              <Chip
                key={word}
                name="type"
                value={typeWords[word].toLowerCase()}
                onRemove={() => onChange({ type: toggled(filter.type, word) })}
              />
            ))}
          </ul>
          <QueryField
            value={typed}
            input={input}
            problemId={problem === null ? null : TROUBLE}
            onType={setTyped}
          />
          <kbd title="The key / leads here">/</kbd>
        </div>
      </search>
      {problem !== null && <QueryTrouble id={TROUBLE} query={filter.q} problem={problem} />}
    </>
  );
}
