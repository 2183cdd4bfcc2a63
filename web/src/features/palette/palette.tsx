import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { findIssues } from '../../shared/api/inbox-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import type { KeyCommand } from '../../shared/commands.ts';
import { keyText } from '../../shared/commands.ts';
import { Icon } from '../../shared/icon.tsx';
import type { KeyHandlers } from '../../shared/use-keys.ts';
import type { Offer } from '../../shared/use-offers.ts';
import { severityWords } from '../../shared/words.ts';
import { hasWords, type PaletteLine, paletteLines } from './palette-lines.ts';

/** Shorter words are in too many issues. */
const LEAST = 3;
/** How long typing rests before issues are looked for; in milliseconds. */
const REST = 150;

/** Search over the page: screens, everything that can be done here, and issues. */
export function Palette({
  handlers,
  offers,
  onIssue,
  onClose,
}: {
  /** What can be done on the page below. */
  handlers: KeyHandlers;
  offers: readonly Offer[];
  onIssue: (id: string) => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [rested, setRested] = useState('');
  const [at, setAt] = useState(0);
  /** Enter was pressed before there was a line to choose. */
  const [isAwaited, setAwaited] = useState(false);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const rest = setTimeout(() => setRested(typed.trim()), REST);
    return () => clearTimeout(rest);
  }, [typed]);
  const found = useQuery({
    queryKey: ['palette', rested],
    queryFn: ({ signal }) => findIssues(rested, signal),
    enabled: rested.length >= LEAST,
    placeholderData: keepPreviousData,
  });
  const words = typed.trim();
  const asks = words.length >= LEAST;
  // Of other words than those that stand there now: of what they found stays what fits these.
  const isOld = asks && (rested !== words || found.isPending || found.isPlaceholderData);
  const items = asks ? (found.data?.items ?? []) : [];
  const lines = paletteLines(
    new Set(Object.keys(handlers) as KeyCommand[]),
    words,
    isOld ? items.filter(({ title, key }) => hasWords(`${title} ${key}`, words)) : items,
    offers,
  );
  const current = Math.min(at, lines.length - 1);
  const line = lines[current];
  useEffect(() => {
    if (line !== undefined)
      list.current?.querySelector(`[data-line="${line.id}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [line]);

  const choose = (chosen: PaletteLine) => {
    // The page below answers once the dialog is gone and the focus is back.
    dialog.current?.close();
    // The browser tells of it with the next picture, and keys may come before.
    onClose();
    if (chosen.is === 'issue') onIssue(chosen.issue.id);
    else if (chosen.is === 'offer') chosen.offer.act();
    else handlers[chosen.command.is]?.();
  };
  useEffect(() => {
    if (!isAwaited || isOld) return;
    setAwaited(false);
    if (line !== undefined) choose(line);
  });
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && lines.length > 0) {
      event.preventDefault();
      setAt((current + by + lines.length) % lines.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (line !== undefined) choose(line);
      else if (isOld) setAwaited(true);
    }
  };

  return (
    <dialog className="palette" ref={dialog} onClose={onClose} aria-label="Search and commands">
      <div className="ask">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Search issues, screens and commands"
          aria-expanded={lines.length > 0}
          aria-controls="palette-lines"
          aria-activedescendant={line === undefined ? undefined : `palette-${line.id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search issues, screens, commands"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
            setAwaited(false);
          }}
          onKeyDown={press}
        />
        <kbd>Esc</kbd>
      </div>
      <div
        className="fitting"
        id="palette-lines"
        role="listbox"
        aria-label="What fits"
        ref={list}
        tabIndex={-1}
      >
        {lines.map((each, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above answers the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
          <div
            className="one"
            key={`${each.is} ${each.id}`}
            id={`palette-${each.id}`}
            data-line={each.id}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(each)}
            onPointerMove={() => setAt(index)}
          >
            <Line line={each} />
          </div>
        ))}
      </div>
      {lines.length === 0 && (
        <p className="none" role="status">
          {isOld ? 'Looking' : 'Nothing fits these words.'}
        </p>
      )}
      {asks && found.isError && (
        <p className="none told" role="alert">
          Issues could not be looked for: {asProblem(found.error).detail}
        </p>
      )}
    </dialog>
  );
}

const PLACES = { 'Go to': 'Go to', Views: 'View' } as const;

function Line({ line }: { line: PaletteLine }) {
  if (line.is === 'issue')
    return (
      <>
        <span className={`sevmark ${line.issue.severity}`}>
          <span className="sr">{severityWords[line.issue.severity]}</span>
        </span>
        <span className="cut told">{line.issue.title}</span>
        <span className="aside">issue</span>
      </>
    );
  if (line.is === 'offer')
    return (
      <>
        <span className="cut told">{line.offer.words}</span>
        <span className="aside">{line.offer.group}</span>
      </>
    );
  const { group, words, keys } = line.command;
  return (
    <>
      <span className="cut" title={words}>
        {(group === 'Go to' || group === 'Views') && <span className="muted">{PLACES[group]} </span>}
        {words}
      </span>
      <span className="aside">
        {(keys[0]?.split(' ') ?? []).map((key) => (
          <kbd key={key}>{keyText(key)}</kbd>
        ))}
      </span>
    </>
  );
}
