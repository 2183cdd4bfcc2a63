import type { ReactNode } from 'react';
import type { Said } from './said.ts';

const keys = [
  ['j k', 'move'],
  ['Enter', 'open'],
  ['i', 'to me'],
  ['d', 'due'],
  ['e', 'mute'],
  ['/', 'search'],
  ['n', 'all issues'],
  ['?', 'all keys'],
] as const;

/** The line below the list: key help, or what a key just did. Nothing ever covers a row. */
export function Foot({ said, aside }: { said: Said | null; aside: ReactNode }) {
  return (
    <footer className={said === null ? 'foot' : 'foot said'}>
      <div className="line" role="status">
        {said !== null && (
          <>
            <span className="cut told">
              {said.text} <b>{said.title}</b>
            </span>
            {said.undo && (
              <button type="button" className="btn link" onClick={said.undo}>
                Undo <kbd>u</kbd>
              </button>
            )}
          </>
        )}
      </div>
      {said === null &&
        keys.map(([key, word]) => (
          <span key={key} className="key-help">
            <kbd>{key}</kbd> {word}
          </span>
        ))}
      <span className="right">{aside}</span>
    </footer>
  );
}
