import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('settings are read, and what is left out or empty has its default', () => {
  expect(readConfig({})).toMatchObject({ databaseUrl: null, keepDays: 400, metricsPort: null });
  expect(readConfig({ SECURITY_INBOX_KEEP_DAYS: ' ', SECURITY_INBOX_METRICS_PORT: '' })).toMatchObject({
    keepDays: 400,
    metricsPort: null,
  });
  expect(readConfig({ SECURITY_INBOX_KEEP_DAYS: '31', SECURITY_INBOX_METRICS_PORT: '9090' })).toMatchObject({
    keepDays: 31,
    metricsPort: 9090,
  });
});

test.each([
  ['SECURITY_INBOX_KEEP_DAYS', '30', 'a whole number from 31 to 100000'],
  ['SECURITY_INBOX_KEEP_DAYS', '100001', 'a whole number from 31 to 100000'],
  ['SECURITY_INBOX_KEEP_DAYS', 'a year', 'a whole number from 31 to 100000'],
  ['SECURITY_INBOX_METRICS_PORT', '0', 'a whole number from 1 to 65535'],
  ['SECURITY_INBOX_METRICS_PORT', '65536', 'a whole number from 1 to 65535'],
  ['SECURITY_INBOX_METRICS_PORT', '1e3', 'a whole number from 1 to 65535'],
])('%s=%s is refused, never ignored', (name, value, expected) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    `${name} is "${value}": ${expected} was expected. Set one, or leave it out.`,
  );
});
