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
    ['HTTP/2: Multiple HTTP/2 enabled web servers are vulnerable (Rapid Reset Attack)', ''],
    ['Roles of project shop-prod can be taken by anyone (roles/owner)', ' (roles/owner)'],
    ['x'.repeat(300), ''],
  ])('of %s keep the end %s', (title, tail) => {
    expect(titleParts(title).tail).toBe(tail);
  });

  it.each([
    ['CVE-2023-4911: glibc: buffer overflow in ld.so', 'CVE-2023-4911: ', 'glibc: buffer overflow in ld.so'],
    ['GHSA-jf85-cpcp-j695: lodash', 'GHSA-jf85-cpcp-j695: ', 'lodash'],
    ['CVE-2023-4911', '', 'CVE-2023-4911'],
    ['CVE-2023-4911: ', '', 'CVE-2023-4911: '],
    ['Fix of CVE-2023-4911: see', '', 'Fix of CVE-2023-4911: see'],
  ])('of %s name the advisory apart', (title, name, head) => {
    expect(titleParts(title)).toEqual({ name, head, tail: '' });
  });

  it('are the title again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (title) => {
        const { name, head, tail } = titleParts(title);
        expect(name + head + tail).toBe(title);
      }),
    );
  });
});
