import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distributionName } from '#domain/package/distribution-name.ts';
import { scannerProvider } from './scanner-provider.ts';

test.each([
  ['trivy', 'scanner:trivy'],
  ['Snyk Code', 'scanner:snyk-code'],
  ['owasp_dependency.check-9', 'scanner:owasp_dependency.check-9'],
  ['scan:ner/é', 'scanner:scan-ner'],
  ['\u0000\ud800', 'scanner:unnamed'],
  ['\ufffd', 'scanner:unnamed'],
  ['--x', 'scanner:x'],
  ['', 'scanner:unnamed'],
])('the provider of what %j rates is %s', (tool, provider) => {
  expect(scannerProvider(tool)).toBe(provider);
});

test('no name of a tool or a distribution breaks out of its provider', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(scannerProvider(text)).toMatch(/^scanner:[a-z0-9][a-z0-9._-]{0,99}$/);
      expect(distributionName(text)).toMatch(/^(?:[a-z0-9][a-z0-9._-]{0,99})?$/);
    }),
  );
});
