import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { KeyCommand } from './commands.ts';
import { type KeyPlace, keyCommand } from './keys.ts';

/** What each command does here; a command without a handler stays with the browser. */
export type KeyHandlers = Partial<Record<KeyCommand, () => void>>;

/** Of everything that listens now, the frame's last. */
const listening = new Set<RefObject<KeyHandlers>>();

/** What can be done on the page as it is, for the palette. */
export function availableHandlers(): KeyHandlers {
  return Object.assign({}, ...[...listening].map(({ current }) => current));
}

/** A box that is ticked takes no text. */
const TYPED_INTO = 'input:not([type="checkbox"], [type="radio"])';

function placeOf(target: EventTarget | null): KeyPlace {
  // A dialog that just closed holds the focus until the next picture.
  if (!(target instanceof Element) || target.closest('dialog:not([open])')) return 'page';
  if (target.closest('textarea, select, [contenteditable]') || target.matches(TYPED_INTO)) return 'field';
  if (target.closest('button, a, summary, input, [role="button"]')) return 'control';
  return target.closest('[data-scrolls]') ? 'scroller' : 'page';
}

/** Listens on the whole document while mounted. A dialog or a menu that is open takes all keys. */
export function useKeys(handlers: KeyHandlers): void {
  const current = useRef(handlers);
  // Before what they act on is painted: whoever sees it may press.
  useLayoutEffect(() => {
    current.current = handlers;
  });
  useLayoutEffect(() => {
    let gPressed = false;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open], :popover-open')) return;
      const place = placeOf(event.target);
      const command = keyCommand(event, place, gPressed);
      gPressed = place !== 'field' && event.key === 'g' && !event.ctrlKey && !event.metaKey && !event.altKey;
      const handler = command && current.current[command];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    listening.add(current);
    document.addEventListener('keydown', listen);
    return () => {
      listening.delete(current);
      document.removeEventListener('keydown', listen);
    };
  }, []);
}
