import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareInbox } from '../ranking/inbox-order.ts';
import { SEVERITIES } from '../severity/severity.ts';
import { projectInbox, type Standing } from './projected-inbox.ts';

const standing = fc.record({
  severity: fc.constantFrom(...SEVERITIES),
  riskCount: fc.integer({ min: 0, max: 2 }),
  impact: fc.integer({ min: 0, max: 2 }),
  isListed: fc.boolean(),
});

/** Issues before and after; null where there is none. */
const issues = fc.array(
  fc.record({ before: fc.option(standing), after: fc.option(standing), isAffected: fc.boolean() }),
  { maxLength: 12 },
);

type Listed = Standing & { readonly id: string };

function listed(all: readonly (readonly [string, Standing | null])[]): readonly Listed[] {
  return all.flatMap(([id, each]) => (each?.isListed === true ? [{ ...each, id }] : [])).sort(compareInbox);
}

test('it is the list of all issues, ranked anew', () => {
  fc.assert(
    fc.property(issues, fc.integer({ min: 1, max: 5 }), (drawn, rows) => {
      const all = drawn.map((each, index) => ({
        ...each,
        id: `i${index}`,
        after: each.isAffected ? each.after : each.before,
      }));
      const now = listed(all.map(({ id, before }) => [id, before]));
      const then = listed(all.map(({ id, after }) => [id, after]));
      const above = (id: string, at: Standing | null) =>
        at === null ? 0 : now.filter((each) => compareInbox(each, { ...at, id }) < 0).length;
      const affected = all
        .filter(({ isAffected }) => isAffected)
        .map(({ id, before, after }) => ({
          id,
          before,
          after,
          above: { before: above(id, before), after: above(id, after) },
        }));
      const { head, places } = projectInbox(now.slice(0, rows + affected.length), affected, rows);
      expect(head.map(({ id }) => id)).toEqual(then.slice(0, rows).map(({ id }) => id));
      for (const { id, place, placeBefore } of head) {
        expect(then[place - 1]?.id).toBe(id);
        expect(placeBefore).toBe(placeIn(now, id));
      }
      for (const { id } of affected)
        expect(places.get(id)).toEqual({ place: placeIn(now, id), placeAfter: placeIn(then, id) });
    }),
  );
});

function placeIn(list: readonly Listed[], id: string): number | null {
  const at = list.findIndex((each) => each.id === id);
  return at < 0 ? null : at + 1;
}
