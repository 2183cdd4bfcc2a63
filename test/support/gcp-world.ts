import type { JsonObject } from '#base/json-value.ts';
import { type ExposureRecord, publicAccessibility } from '#domain/exposure/exposure-record.ts';
import { GcpEstate } from '#domain/exposure/gcp-estate.ts';
import { gcpExposure } from '#domain/exposure/gcp-exposure.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import { expectTold } from './told-ways.ts';

/** Assets of one project (`p`, number 1) in folder 2 of organisation 3 for tests, told by what matters in them. */
const RM = '//cloudresourcemanager.googleapis.com';
export const PROJECT_NAME = `${RM}/projects/1`;
export const ORGANIZATION_NAME = `${RM}/organizations/3`;
const ANCESTORS = ['projects/1', 'folders/2', 'organizations/3'];

export function gcp(type: string, id: string, facts: JsonObject = {}): EstateResource {
  return {
    key: `gcp:${id}`,
    type,
    name: id.slice(id.lastIndexOf('/') + 1),
    account: 'p',
    region: 'europe-west1',
    tags: {},
    facts: { id, ancestors: ANCESTORS, ...facts },
    seenAt: Date.UTC(2026, 9, 1),
    provenance: 'gcp-asset-inventory',
  };
}

export function compute(kind: string, name: string): string {
  return `//compute.googleapis.com/projects/p/global/${kind}/${name}`;
}

/** As other assets spell a name of Compute Engine. */
export function link(kind: string, name: string): string {
  return `https://www.googleapis.com/compute/v1/projects/p/global/${kind}/${name}`;
}

export const NET = gcp('gcp-network', compute('networks', 'net'), { name: 'net' });

/** An instance with an external address, the tag `web` and the service account sa@p. */
export function instance(facts: JsonObject = {}): EstateResource {
  return gcp('gcp-instance', '//compute.googleapis.com/projects/p/zones/europe-west1-b/instances/web', {
    status: 'RUNNING',
    networkInterfaces: [{ network: link('networks', 'net'), accessConfigs: [{ natIP: '34.1.1.1' }] }],
    tags: { items: ['web'] },
    serviceAccounts: [{ email: 'sa@p.iam.gserviceaccount.com' }],
    ...facts,
  });
}

/** An ingress rule of the network for everything in it; by default TCP 443 from everywhere. */
export function firewall(name: string, facts: JsonObject = {}): EstateResource {
  return gcp('gcp-firewall', compute('firewalls', name), {
    name,
    network: link('networks', 'net'),
    direction: 'INGRESS',
    priority: 1000,
    sourceRanges: ['0.0.0.0/0'],
    ...(facts['denied'] === undefined ? { allowed: [{ IPProtocol: 'tcp', ports: ['443'] }] } : {}),
    ...facts,
  });
}

export function firewallPolicy(
  name: string,
  attachmentTarget: string,
  ...rules: readonly JsonObject[]
): EstateResource {
  return gcp('gcp-firewall-policy', `//compute.googleapis.com/locations/global/firewallPolicies/${name}`, {
    shortName: name,
    associations: [{ attachmentTarget }],
    rules: [...rules],
  });
}

/** A rule of a firewall policy, by default for all of TCP from everywhere. */
export function policyRule(
  priority: number,
  action: string,
  match: JsonObject = {},
  more: JsonObject = {},
): JsonObject {
  return {
    priority,
    action,
    direction: 'INGRESS',
    match: { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'tcp' }], ...match },
    ...more,
  };
}

export function iamPolicy(of: string, ...bindings: readonly JsonObject[]): EstateResource {
  return gcp('gcp-iam-policy', `${of}#iam-policy`, { of, bindings: [...bindings] });
}

export function binding(role: string, ...members: readonly string[]): JsonObject {
  return { role, members: [...members] };
}

export function orgPolicy(of: string, constraint: string, facts: JsonObject): EstateResource {
  return gcp('gcp-org-policy', `${of}#org-policy/${constraint}`, { of, constraint, ...facts });
}

export function waysInto(...resources: readonly EstateResource[]): readonly ExposureRecord[] {
  const ways = gcpExposure(new GcpEstate(resources), resources.at(-1) as EstateResource) ?? [];
  expectTold(ways);
  return ways;
}

/** `yes | internet tcp/443 app`, `no`, `unknown: what is missing`: the verdict on the last of these assets. */
export function verdictOn(...resources: readonly EstateResource[]): string {
  const ways = waysInto(...resources);
  const { state, missing } = publicAccessibility(ways);
  // Flags name the resource once more; the commands themselves are tried in formats.settled.test.ts.
  if (state === 'unknown') return `unknown: ${missing.map((text) => text.replace(/ --.*$/, '')).join('; ')}`;
  const reached = ways.filter((way) => way.verdict === 'yes');
  const said = reached.map((way) => `${way.audience} ${way.surface} ${way.auth}`).sort();
  return [state, ...new Set(said)].join(' | ');
}
