import { useEffect, useRef } from 'react';
import { Icon } from '../../shared/icon.tsx';

const keys = [
  ['j  ↓', 'next issue'],
  ['k  ↑', 'previous issue'],
  ['Home  End', 'first, last loaded issue'],
  ['Enter', 'open the issue beside the list'],
  ['Esc', 'close it, leave the search'],
  ['i', 'assign the issue to me'],
  ['a', 'assign it to somebody'],
  ['d', 'say when it is due'],
  ['e', 'mute it'],
  ['+', 'take it in by hand'],
  ['u', 'undo what was just done'],
  ['/', 'search'],
  ['f', 'show or hide the filters'],
  ['n', 'all issues, what is not admitted too; or only what is to fix'],
  ['g i', 'go to the inbox'],
  ['g o', 'go to the sources'],
  ['?', 'these keys'],
] as const;

/** All keys, over the page until Esc. */
export function HelpKeys({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog className="help" ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" className="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              {key.split(/ +/).map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
