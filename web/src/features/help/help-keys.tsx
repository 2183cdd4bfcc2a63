import { useLayoutEffect, useRef } from 'react';
import { commands, keyText } from '../../shared/commands.ts';
import { Icon } from '../../shared/icon.tsx';

/** All that can be done, by what it is for, with its keys, over the page until Esc. */
export function HelpKeys({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const groups = Map.groupBy(commands, ({ group }) => group);
  return (
    <dialog className="help" ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" className="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div className="groups">
        {[...groups].map(([group, each]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {each.map(({ is, keys, words }) => (
                <div key={is}>
                  <dt>
                    {keys.length === 0 && <kbd>Ctrl K</kbd>}
                    {keys
                      .flatMap((key) => key.split(' '))
                      .map((key) => (
                        <kbd key={key}>{keyText(key)}</kbd>
                      ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="muted">
        <kbd>Ctrl</kbd> or <kbd>Cmd</kbd> with <kbd>K</kbd> searches issues, screens and everything that can
        be done here. One key, one decision; <kbd>u</kbd> takes it back.
      </p>
    </dialog>
  );
}
