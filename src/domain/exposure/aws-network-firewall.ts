import { awsCall } from '../resource/aws-call.ts';
import { NETWORK_FIREWALL, NETWORK_FIREWALL_POLICY } from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { noInventoryTells } from './untold.ts';

/** What an appliance between the internet and a subnet does with what strangers send; `missing` says what would tell. */
type Inspection =
  | { readonly passes: boolean; readonly policy: EstateResource }
  | { readonly missing: string };

const byEndpoint = (estate: AwsEstate): ReadonlyMap<string, EstateResource> =>
  new Map(
    estate
      .ofType('network-firewall')
      .flatMap((firewall) =>
        (estate.facts(NETWORK_FIREWALL, firewall).EndpointIds ?? []).map((id): [string, EstateResource] => [
          id,
          firewall,
        ]),
      ),
  );

/**
 * A firewall of AWS whose policy has no groups of rules does one thing with everything (attack-paths §2.2, route). Groups
 * of rules are not read, and no inventory tells what an appliance of somebody else lets through.
 */
export function inspectionAt(estate: AwsEstate, target: string, subnet: string): Inspection {
  if (!target.startsWith('vpce-'))
    return { missing: noInventoryTells(`what the appliance ${target} lets through to ${subnet}`) };
  const firewall = estate.derived(byEndpoint).get(target);
  if (firewall === undefined)
    return {
      missing: `the firewall of ${target}, which inspects what reaches ${subnet}: aws network-firewall describe-firewall --firewall-name NAME`,
    };
  const arn = estate.facts(NETWORK_FIREWALL, firewall).FirewallPolicyArn;
  const policy = estate.find('network-firewall-policy', arn);
  if (policy === undefined)
    return {
      missing: `the policy of firewall ${firewall.name}: ${awsCall('network-firewall describe-firewall-policy', [['--firewall-policy-arn', arn ?? 'ARN']])}`,
    };
  const facts = estate.facts(NETWORK_FIREWALL_POLICY, policy);
  if (facts.RuleGroups !== 0)
    return {
      missing: noInventoryTells(`what the rules of firewall policy ${policy.name} let through to ${subnet}`),
    };
  return { passes: passesAll(facts.StatelessDefaultActions, facts.StatefulDefaultActions), policy };
}

/** What the stateless engine forwards, the stateful one passes unless it is told to drop it. */
function passesAll(stateless: readonly string[] = [], stateful: readonly string[] = []): boolean {
  if (stateless.includes('aws:pass')) return true;
  return (
    stateless.includes('aws:forward_to_sfe') && !stateful.some((action) => action.startsWith('aws:drop'))
  );
}
