import { useEffect, useRef } from 'react';
import { type KeyCommand, type KeyPlace, keyCommand } from './keys.ts';

/** What each command does here; a command without a handler stays with the browser. */
export type KeyHandlers = Partial<Record<KeyCommand, () => void>>;

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) return 'page';
  if (target.closest('input, textarea, select, [contenteditable]')) return 'field';
  if (target.closest('button, a, summary')) return 'control';
  return target.closest('[data-scrolls]') ? 'scroller' : 'page';
}

/** Listens on the whole document while mounted. A dialog that is open takes all keys. */
export function useKeys(handlers: KeyHandlers): void {
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    let gPressed = false;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const place = placeOf(event.target);
      const command = keyCommand(event, place, gPressed);
      gPressed = place !== 'field' && event.key === 'g' && !event.ctrlKey && !event.metaKey && !event.altKey;
      const handler = command && current.current[command];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
