import { expect, it } from 'vitest';
import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import { EVERYWHERE } from './passage.ts';
import { audiencePorts, portsText, type Surface, servesPort } from './surface.ts';

it.each([
  ['tcp/443', 'TCP', 443, true],
  ['tcp/443', 'TCP', 80, false],
  ['tcp/443', 'UDP', 443, false],
  ['tcp/8000-8080', 'tcp', 8080, true],
  ['tcp/8000-8080', 'tcp', 8081, false],
  ['udp/53, tcp/1-1024', 'TCP', 80, true],
  ['every tcp port', 'TCP', 80, true],
  ['every udp port', 'TCP', 80, false],
  ['every tcp port, every udp port', 'UDP', 80, true],
  ['tcp/443 through web', 'TCP', 443, true],
  ['tcp/443 through web', 'TCP', 80, false],
  ['any', 'TCP', 80, true],
  ['any through web', 'TCP', 80, true],
])('%s holds %s %i: %s', (text, protocol, port, holds) => {
  expect(servesPort(text, protocol, port)).toBe(holds);
});

it.each([
  { protocol: 'tcp', from: 22, to: 22 },
  { protocol: 'udp', from: 0, to: 65_535 },
  { protocol: 'tcp', from: 30_000, to: 32_767 },
] as const)('reads what is told of %j', (ports) => {
  for (const protocol of ['tcp', 'udp'])
    for (const port of [ports.from, ports.to, ports.from - 1, ports.to + 1])
      expect(servesPort(portsText(ports), protocol, port)).toBe(
        protocol === ports.protocol &&
          ((ports.from <= port && port <= ports.to) || (ports.from === 0 && ports.to === 65_535)),
      );
});

it('tells who comes by himself where others come through a content network (attack-paths §2.2 step 5)', () => {
  const on = (port: number, sources: AddressSet, origin?: 'cdn'): Surface => ({
    protocol: 'tcp',
    from: port,
    to: port,
    sources,
    gates: [origin === undefined ? 'office' : 'list'],
    ...(origin === undefined ? {} : { origin }),
  });
  const office = parseAddresses('54.0.0.1') as AddressSet;
  const ports = [on(80, EVERYWHERE, 'cdn'), on(443, EVERYWHERE, 'cdn'), on(443, office), on(22, office)];
  expect(audiencePorts(ports).map(({ from, audience, gates }) => [from, audience, gates])).toEqual([
    [22, 'partner', ['office']],
    [80, 'cdn-only', ['list']],
    [443, 'partner', ['office']],
  ]);
});

it('keeps ports apart that other people of one audience reach (attack-paths §2.2 step 6)', () => {
  const from = (range: string): AddressSet => parseAddresses(range) as AddressSet;
  const on = (first: number, last: number, range: string): Surface => ({
    protocol: 'tcp',
    from: first,
    to: last,
    sources: from(range),
    gates: ['rule'],
  });
  const told = (...surfaces: readonly Surface[]): readonly string[] =>
    audiencePorts(surfaces).map((each) => `${portsText(each)} ${each.audience}`);
  expect(told(on(0, 21, '52.0.0.0/8'), on(22, 22, '52.0.0.0/9'), on(23, 80, '52.0.0.0/8'))).toEqual([
    'tcp/0-21 partner',
    'tcp/22 partner',
    'tcp/23-80 partner',
  ]);
  expect(told(on(0, 21, '52.0.0.0/8'), on(22, 22, '52.0.0.0/8'))).toEqual(['tcp/0-22 partner']);
  expect(told(on(0, 21, '0.0.0.0/0'), on(22, 22, '0.0.0.0/0'))).toEqual(['tcp/0-22 internet']);
});
