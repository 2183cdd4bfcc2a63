import { expect, it } from 'vitest';
import { builtInViews, isViewOf, keptViews, withView } from './views.ts';

it('reads what was kept, and nothing of what is no view', () => {
  const view = { name: 'Mine', search: { q: 'a' } };
  expect(keptViews(JSON.stringify([view, null, { name: 1 }, { name: 'x', search: null }]))).toEqual([view]);
  expect(keptViews(null)).toEqual([]);
  expect(keptViews('{')).toEqual([]);
  expect(keptViews('{"name":"x"}')).toEqual([]);
});

it('a view of the same name takes the place of the older', () => {
  const views = withView([{ name: 'a', search: { q: '1' } }], { name: 'a', search: { q: '2' } });
  expect(views).toEqual([{ name: 'a', search: { q: '2' } }]);
});

it('knows the list that it is, whichever issue is open in it', () => {
  const [first] = builtInViews;
  expect(first && isViewOf(first, { ...first.search, issue: 'x' })).toBe(true);
  expect(first && isViewOf(first, { ...first.search, all: true })).toBe(false);
  expect(isViewOf({ name: '', search: { q: 'a', all: true } }, { all: true, q: 'a' })).toBe(true);
});
