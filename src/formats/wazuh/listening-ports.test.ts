import { describe, expect, it } from 'vitest';
import { ListeningPorts } from './listening-ports.ts';

const entry = (port: number, more: object = {}) => ({
  agent: { id: '001', name: 'web-1', ip: '10.0.0.10' },
  interface: { state: 'listening' },
  network: { transport: 'tcp' },
  source: { ip: '0.0.0.0', port },
  ...more,
});
const facts = (total: number | undefined, ...entries: readonly ReturnType<typeof entry>[]) => {
  const ports = new ListeningPorts();
  for (const each of entries) ports.add(each);
  return ports.hosts(total)[0]?.facts;
};
const SSH = { Host: 'web-1', Address: '10.0.0.10', 'tcp/22': 'open' };

describe('what listens on the host of an agent', () => {
  it.each<readonly [title: string, told: unknown, expected: object]>([
    ['as many entries as there are', facts(1, entry(22)), { ...SSH, OtherTcp: 'closed' }],
    ['no number of entries', facts(undefined, entry(22)), { ...SSH, OtherTcp: 'closed' }],
    ['a page of them says nothing of others', facts(2, entry(22)), SSH],
    [
      'the address of the host before that of the agent',
      facts(1, entry(22, { agent: { name: 'web-1', ip: 'any', host: { ip: ['10.0.0.11'] } } })),
      { ...SSH, Address: '10.0.0.11', OtherTcp: 'closed' },
    ],
    [
      'no address that every machine has',
      facts(1, entry(22, { agent: { name: 'web-1', ip: 'any' } })),
      { Host: 'web-1', 'tcp/22': 'open', OtherTcp: 'closed' },
    ],
    ...[
      { source: { ip: '127.0.0.1', port: 80 } },
      { source: { ip: '::1', port: 80 } },
      { network: { transport: 'udp' } },
      { interface: { state: 'established' } },
      { source: { ip: '0.0.0.0', port: 65_536 } },
      { source: { ip: '0.0.0.0', port: 0 } },
    ].map(
      (more) =>
        [
          `nothing of ${JSON.stringify(more)}`,
          facts(2, entry(22), entry(80, more)),
          { ...SSH, OtherTcp: 'closed' },
        ] as const,
    ),
  ])('%s', (_title, told, expected) => {
    expect(told).toEqual(expected);
  });

  it('is cut off at 500 ports, and then nothing is said of others', () => {
    const told = facts(501, ...Array.from({ length: 501 }, (_, index) => entry(1_000 + index)));
    expect([
      Object.keys(told ?? {}).length,
      told?.['OtherTcp'],
      told?.['tcp/1499'],
      told?.['tcp/1500'],
    ]).toEqual([502, undefined, 'open', undefined]);
  });
});
