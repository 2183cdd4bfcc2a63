import { expect, test } from 'vitest';
import { mapKept } from './map-kept.ts';

const risk = (name: string, until: string) => ({ name, expiration_date: until });

test('of several acceptances of a risk the last one counts', () => {
  const reading = mapKept({
    title: 'Bad',
    severity: 'High',
    risk_accepted: true,
    accepted_risks: [risk('first', '2026-01-01T00:00:00Z'), risk('second', '2027-01-01T00:00:00Z')],
  });
  expect(reading).toEqual([
    expect.objectContaining({
      state: expect.objectContaining({ is: 'suppressed', until: Date.UTC(2027, 0, 1) }),
    }),
  ]);
});
