import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { type KeyPress, keyCommand } from './keys.ts';

function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers };
}

describe('the command of a key', () => {
  it.each([
    ['j', 'next'],
    ['ArrowDown', 'next'],
    ['k', 'previous'],
    ['ArrowUp', 'previous'],
    ['Enter', 'open'],
    ['Escape', 'close'],
    ['+', 'take-in'],
    ['e', 'mute'],
    ['a', 'assign'],
    ['i', 'claim'],
    ['d', 'due'],
    ['s', 'snooze'],
    ['c', 'comment'],
    ['x', 'select'],
    ['J', 'extend-down'],
    ['K', 'extend-up'],
    ['u', 'undo'],
    ['/', 'search'],
    ['?', 'help'],
    ['g', null],
    ['q', null],
    ['constructor', null],
  ])('%s on the page is %s', (key, command) => {
    expect(keyCommand(press(key), 'page', false)).toBe(command);
  });

  it('belongs to the field that is typed into, but for Escape', () => {
    for (const key of ['j', 'e', 'i', '/', 'Enter', 'ArrowDown']) {
      expect(keyCommand(press(key), 'field', false)).toBeNull();
    }
    expect(keyCommand(press('Escape'), 'field', false)).toBe('close');
  });

  it('leaves Enter to a button or a link', () => {
    expect(keyCommand(press('Enter'), 'control', false)).toBeNull();
    expect(keyCommand(press('j'), 'control', false)).toBe('next');
  });

  it('leaves the keys that scroll to what scrolls by itself', () => {
    expect(keyCommand(press('ArrowDown'), 'scroller', false)).toBeNull();
    expect(keyCommand(press('j'), 'scroller', false)).toBe('next');
  });

  it('leaves combinations to the browser', () => {
    expect(keyCommand(press('i', { ctrlKey: true }), 'page', false)).toBeNull();
    expect(keyCommand(press('e', { metaKey: true }), 'page', false)).toBeNull();
    expect(keyCommand(press('j', { altKey: true }), 'page', false)).toBeNull();
  });

  it('selects all with Ctrl or ⌘ and A, but for the text of a field', () => {
    expect(keyCommand(press('a', { metaKey: true }), 'page', false)).toBe('select-all');
    expect(keyCommand(press('a', { ctrlKey: true }), 'control', false)).toBe('select-all');
    expect(keyCommand(press('a', { ctrlKey: true }), 'field', false)).toBeNull();
  });

  it('goes to a screen after g, and does nothing else there', () => {
    expect(keyCommand(press('i'), 'page', true)).toBe('go-i');
    expect(keyCommand(press('o'), 'page', true)).toBe('go-o');
    expect(keyCommand(press('e'), 'page', true)).toBeNull();
  });
});

it('no key stands for two commands', () => {
  const keys = commands.flatMap((command) => command.keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  expect(new Set(commands.map(({ words }) => words)).size).toBe(commands.length);
});
