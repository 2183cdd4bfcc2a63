import { expect, it } from 'vitest';
import { providerWords } from './provider-words.ts';

it.each([
  ['nvd', 'NVD'],
  ['ghsa', 'GHSA'],
  ['cna', 'CNA'],
  ['distribution:redhat', 'Red Hat'],
  ['distribution:suse', 'SUSE'],
  ['scanner:osv-scanner', 'OSV-Scanner'],
  ['scanner:reported', 'the report'],
  ['scanner:some-tool', 'some-tool'],
  ['distribution:another', 'another'],
])('%s is written %s', (provider, words) => {
  expect(providerWords(provider)).toBe(words);
});
