import type { Instant } from '#base/instant.ts';
import { asObject, asTexts } from '#base/json-value.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Caller, Question } from './caller.ts';
import { NO } from './certainty.ts';
import { allowMeets } from './condition.ts';
import { PolicyCompiler } from './policy-document.ts';
import { servicePrincipals } from './policy-principal.ts';

const POD_IDENTITY = 'pods.eks.amazonaws.com';

/**
 * Whether a role's trust policy may let a service account of a cluster become it (attack-paths §3.6): through an OIDC
 * provider of EKS with that subject, or through Pod Identity.
 */
export function trustsServiceAccount(
  trust: PolicyFacts,
  role: string,
  account: { readonly namespace: string; readonly name: string },
  now: Instant,
): boolean {
  return new PolicyCompiler().compile(trust).statements.some((statement) => {
    if (!statement.allows) return false;
    if (servicePrincipals(statement).includes(POD_IDENTITY)) return true;
    if (!matchesAction(statement, 'sts:assumerolewithwebidentity')) return false;
    return asTexts(asObject(statement.principal)?.['Federated']).some((provider) => {
      const issuer = /:oidc-provider\/(.+)$/.exec(provider)?.[1]?.toLowerCase();
      if (issuer === undefined) return false;
      const request = new Map<string, readonly string[]>([
        [`${issuer}:sub`, [`system:serviceaccount:${account.namespace}:${account.name}`]],
        [`${issuer}:aud`, ['sts.amazonaws.com']],
      ]);
      return allowMeets(statement.tests, asking(role, request, now)) !== NO;
    });
  });
}

function asking(role: string, request: Question['request'], now: Instant): Question {
  const caller: Caller = {
    arn: role,
    account: role.split(':')[4] ?? '',
    kind: 'role',
    name: role.slice(role.lastIndexOf('/') + 1),
    uniqueId: null,
    tags: null,
    choosesItsTags: false,
    isBounded: false,
    organisation: undefined,
  };
  return { caller, action: 'sts:assumerolewithwebidentity', resource: role, target: null, request, now };
}
