import { expect, test } from 'vitest';
import { makeLog } from './log.ts';

function logged(write: (log: ReturnType<typeof makeLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(makeLog({ write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('what opens a door is taken out, wherever it stands', () => {
  const secrets = {
    token: 'a',
    nested: { cookie: 'b', deeper: { authorization: 'c' } },
    req: { headers: { cookie: 'd' } },
    name: 'kept',
  };
  expect(logged((log) => log.info(secrets))).toMatchObject([
    {
      token: '[redacted]',
      nested: { cookie: '[redacted]', deeper: { authorization: '[redacted]' } },
      req: { headers: { cookie: '[redacted]' } },
      name: 'kept',
    },
  ]);
});

test('an error stays on its line and is without marks that change how it reads', () => {
  const cause = new Error('cut\u001b[2J\u202eoff');
  const [line] = logged((log) => log.error({ err: new TypeError('a\nb\u0085', { cause }) }));
  expect(line).toMatchObject({
    err: { type: 'TypeError', message: 'a b', cause: { type: 'Error', message: 'cut[2Joff' } },
  });
});
