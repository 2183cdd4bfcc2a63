import type { FactFields, Facts } from './fact-shape.ts';

/** The facts of Front Door and of firewall policies, as those of `azure-facts.ts` are. */

const ID = { id: 'text' } as const satisfies FactFields;

/** `azure-front-door`: the classic kind, with its backends inside. `frontDoorId` is what it says of itself in `X-Azure-FDID`. */
export const FRONT_DOOR = {
  id: 'text',
  frontDoorId: 'text',
  enabledState: 'text',
  resourceState: 'text',
  frontendEndpoints: [{ id: 'text', hostName: 'text', webApplicationFirewallPolicyLink: ID }],
  backendPools: [{ id: 'text', backends: [{ address: 'text', enabledState: 'text' }] }],
  routingRules: [{ enabledState: 'text', frontendEndpoints: [ID], routeConfiguration: { backendPool: ID } }],
} as const satisfies FactFields;

/** `azure-cdn-profile`, of Front Door or of a plain content network. `frontDoorId` is what its requests say of it in `X-Azure-FDID`. */
export const FRONT_DOOR_PROFILE = { id: 'text', frontDoorId: 'text' } as const satisfies FactFields;

/** `azure-front-door-endpoint`, and `azure-front-door-domain`: a domain of one's own. */
export const FRONT_DOOR_PART = {
  id: 'text',
  enabledState: 'text',
  hostName: 'text',
} as const satisfies FactFields;

/** `azure-front-door-origin` of a profile. `status` is whether who has the target let the private link in. */
export const FRONT_DOOR_ORIGIN = {
  ...FRONT_DOOR_PART,
  sharedPrivateLinkResource: { privateLink: ID, status: 'text' },
} as const satisfies FactFields;

/** `azure-front-door-route`: from an endpoint, and domains of one's own, to a group of origins. */
export const FRONT_DOOR_ROUTE = {
  id: 'text',
  enabledState: 'text',
  originGroup: ID,
  linkToDefaultDomain: 'text',
  customDomains: [ID],
  ruleSets: [ID],
} as const satisfies FactFields;

/** `azure-front-door-rule`: a rule of a set, which may send requests to another group of origins. */
export const FRONT_DOOR_RULE = {
  id: 'text',
  actions: [{ parameters: { originGroupOverride: { originGroup: ID } } }],
} as const satisfies FactFields;

/** `azure-front-door-security`: which firewall policy stands in front of which endpoints and domains. */
export const FRONT_DOOR_SECURITY = {
  id: 'text',
  parameters: { wafPolicy: ID, associations: [{ domains: [ID], patternsToMatch: 'texts' }] },
} as const satisfies FactFields;

/**
 * `azure-waf-policy`: a firewall policy of Front Door or of an application gateway. Both spell the same things
 * differently; one spelling is kept.
 */
export const WAF_POLICY = {
  id: 'text',
  policySettings: { state: 'text', mode: 'text' },
  customRules: [
    {
      name: 'text',
      state: 'text',
      priority: 'number',
      ruleType: 'text',
      action: 'text',
      conditions: [
        {
          variables: [{ name: 'text', selector: 'text' }],
          operator: 'text',
          isNegated: 'boolean',
          values: 'texts',
        },
      ],
    },
  ],
  managedRules: { managedRuleSets: [{ ruleSetType: 'text' }] },
} as const satisfies FactFields;
export type WafPolicyFacts = Facts<typeof WAF_POLICY>;
