import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleParts } from './title-parts.ts';

describe('the parts of a title', () => {
  it.each([
    ['Text4Shell 1.9', ''],
    ['Looney Tunables in glibc 2.36-9', ' 2.36-9'],
    ['Anyone on the internet can write to bucket invoices-example-prod', ' invoices-example-prod'],
    ['arn:aws:iam::730516284917:role/service-role/analytics-exporter', '/analytics-exporter'],
    ['User backup-operator is an administrator with an old password', ''],
    ['x'.repeat(300), ''],
  ])('of %s keep the end %s', (title, tail) => {
    expect(titleParts(title).tail).toBe(tail);
  });

  it('are the title again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (title) => {
        const { head, tail } = titleParts(title);
        expect(head + tail).toBe(title);
      }),
    );
  });
});
