import { expect, it } from 'vitest';
import { gatesOf, readFixSearch, readMapSearch, readPlanSearch, withGate } from './gates-address.ts';

it('keeps gates of any spelling in one parameter', () => {
  const one = withGate({}, 'statement:a, b & c#0');
  const two = withGate({ cut: one.cut as string }, 'x');
  expect(gatesOf({ cut: two.cut as string })).toEqual(['statement:a, b & c#0', 'x']);
});

it('puts a gate back that is cut, and leaves a plain address when none is left', () => {
  expect(withGate({ cut: 'a\nb' }, 'a')).toEqual({ cut: 'b' });
  expect(withGate({ cut: 'a' }, 'a')).toEqual({ cut: undefined });
});

it('reads what it knows of an address and leaves out the rest', () => {
  expect(readMapSearch({ cut: 'a\na\n', as: 'text', b: 'c' })).toEqual({ cut: 'a\na\n', as: 'text' });
  expect(gatesOf({ cut: 'a\na\n' })).toEqual(['a']);
  expect(readMapSearch({ cut: '', as: 'picture' })).toEqual({});
  expect(readFixSearch({ cut: 7 })).toEqual({});
  expect(readPlanSearch({ cut: 'a', order: 'cheapest' })).toEqual({ cut: 'a', order: 'cheapest' });
  expect(readPlanSearch({ order: 'risk' })).toEqual({});
});
