import { describe, expect, it } from 'vitest';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { exposedGroups } from './kubernetes-endpoint-groups.ts';
import { risksOf, sampleService, sampleWorkload } from './kubernetes-estate.test-sample.ts';

/** Groups of endpoints that a service makes for load balancers of somebody's own. */
const NEG = 'cloud.google.com/neg';
const STATUS = 'cloud.google.com/neg-status';
const TOLD = { provenance: 'gcp-asset-inventory', at: 1_790_000_000_000 };

describe('the groups that a service makes', () => {
  it.each<[title: string, annotations: Record<string, string>, groups: readonly unknown[]]>([
    ['none', {}, []],
    ['those of an ingress', { [NEG]: '{"ingress": true}' }, []],
    ['without a name', { [NEG]: '{"exposed_ports": {"80": {}}}' }, [{ port: '80', group: null }]],
    [
      'by the name asked for',
      { [NEG]: '{"exposed_ports": {"80": {"name": "a"}}}' },
      [{ port: '80', group: 'a' }],
    ],
    [
      'by the name given, port by port',
      {
        [NEG]: '{"exposed_ports": {"80": {"name": "a"}, "443": {}}}',
        [STATUS]: '{"network_endpoint_groups": {"80": "b", "443": "c"}, "zones": ["z"]}',
      },
      [
        { port: '80', group: 'b' },
        { port: '443', group: 'c' },
      ],
    ],
    ['that nobody can read', { [NEG]: '{"exposed_ports":' }, []],
    ['that are too long to be read', { [NEG]: `{"exposed_ports": {"80": {}}}${' '.repeat(4_000)}` }, []],
  ])('%s', (_title, annotations, groups) => {
    expect(exposedGroups({ annotations })).toEqual(groups);
  });
});

describe('a service whose endpoints are in such a group', () => {
  const service = sampleService({ annotations: { [NEG]: '{"exposed_ports": {"80": {"name": "web"}}}' } });
  const way = (more: Partial<ExposureRecord> = {}): ExposureRecord => ({
    surface: 'tcp/443',
    audience: 'internet',
    auth: 'app',
    verdict: 'yes',
    via: ['backend be'],
    gates: ['fr'],
    evidence: [{ sentence: 'It answers.', ...TOLD }],
    missing: [],
    ...more,
  });
  const door = (...ways: readonly ExposureRecord[]): CloudDoor => ({
    name: 'forwarding rule fr',
    ways,
    ...TOLD,
  });
  const within = (name: string, told: CloudDoor): Surroundings => ({
    doors: { balancers: new Map(), machines: new Map(), groups: new Map([[name, told]]) },
  });
  const UNTOLD =
    'unknown: load balancers before the group of endpoints web of Service shop/web: gcloud asset list --project=PROJECT --content-type=resource --format=json';
  const LOGIN = { auth: 'oidc' as const };

  it.each<[title: string, told: string, of: EstateResource, surroundings: Surroundings | undefined]>([
    ['of which no cloud tells', UNTOLD, service, undefined],
    ['of which another is told', UNTOLD, service, within('shop/web other', door(way()))],
    ['of which that of another service is told', UNTOLD, service, within('shop/api web', door(way()))],
    ['that nothing leads to', 'no', service, within('shop/web web', door())],
    [
      'behind an open load balancer',
      'yes internet tcp/443 app',
      service,
      within('shop/web web', door(way())),
    ],
    ['behind a closed one', 'no', service, within('shop/web web', door(way({ verdict: 'no' })))],
    [
      'behind one of two',
      'yes internet tcp/80 app',
      service,
      within('shop/web web', door(way({ verdict: 'no' }), way({ surface: 'tcp/80' }))),
    ],
    ['behind a login', 'no', service, within('shop/web web', door(way(LOGIN)))],
    [
      'behind a login for every account of Google',
      'yes any-google-account tcp/443 app',
      service,
      within('shop/web web', door(way({ ...LOGIN, behind: { lets: 'any-google-account' } }))),
    ],
    [
      'behind a login for nobody knows whom',
      'unknown: policies',
      service,
      within('shop/web web', door(way({ ...LOGIN, behind: { lets: 'unknown', lacks: ['policies'] } }))),
    ],
    ['that is none', 'no', sampleService(), within('shop/web web', door(way()))],
  ])('%s: %s', (_title, told, of, surroundings) => {
    const { publiclyAccessible, exposure } = risksOf(sampleWorkload(), [of], surroundings) ?? {};
    const open = exposure?.filter(({ verdict, audience }) => verdict === 'yes' && isPublic(audience)) ?? [];
    const state = publiclyAccessible?.state;
    const said =
      state === 'unknown'
        ? `unknown: ${publiclyAccessible?.missing.join('; ')}`
        : [state, ...open.map(({ audience, surface, auth }) => `${audience} ${surface} ${auth}`)].join(' ');
    expect(said).toBe(told);
  });
});
