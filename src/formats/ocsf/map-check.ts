import { asText, at, type JsonObject } from '#base/json-value.ts';
import { checkName } from '#domain/control/tool-check.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import { isIdentityControl } from '../reading/aws/security-hub-type.ts';
import { findingBase } from './event-finding.ts';
import { isOfProwler, productOf } from './event-product.ts';
import { type EventResource, tagsOf } from './event-resource.ts';
import type { Verdict } from './event-state.ts';
import { prowlerInventory } from './prowler-inventory.ts';
import { rootKeys } from './root-keys.ts';

/** The check of an event: Prowler's, Security Hub's control, or what the product calls the kind of event. */
export function checkOf(event: JsonObject): string | undefined {
  if (isOfProwler(event))
    return (
      asText(at(event, 'metadata', 'event_code')) ??
      asText(at(event, 'metadata', 'product', 'feature', 'uid'))
    );
  return asText(at(event, 'compliance', 'control')) ?? asText(at(event, 'metadata', 'event_code'));
}

/** One finding per resource for the result of a check; a result that asks a person to look is none. */
export function mapCheck(
  event: JsonObject,
  check: string,
  verdict: Verdict,
  resources: readonly EventResource[],
): readonly Observation[] {
  const told = resources.flatMap((each) => [
    ...tagsOf(each),
    ...(isOfProwler(event)
      ? [...prowlerInventory(event, each), ...rootKeys(event, check, verdict, each)]
      : []),
  ]);
  const base = findingBase(event);
  if (verdict === 'neither') return told;
  const state =
    verdict === 'pass' ? ({ is: 'ended', why: 'The check passed.', passed: true } as const) : base.state;
  const product = productOf(event);
  const findings = resources.map(
    ({ resource, raw, account, region }): FindingObservation => ({
      ...base,
      state,
      title: base.title === '' ? check : base.title,
      type: isIdentityCheck(product, check) ? 'identity_risk' : 'misconfiguration',
      subject: { is: 'check', tool: product, check, ...hintsOf(asText(raw['type'])) },
      resource,
      place: { is: 'none' },
      findingClass: 'configuration',
      ...(isOfProwler(event)
        ? { cover: `${checkName('prowler', check)}@${account ?? ''}/${region ?? ''}` }
        : {}),
    }),
  );
  return [...findings, ...told];
}

function hintsOf(resourceKind: string | undefined): { readonly hints?: { readonly resourceKind: string } } {
  return resourceKind === undefined ? {} : { hints: { resourceKind } };
}

/** Services of Prowler's providers that are about who may do what (design: identity, names). */
const IDENTITY_SERVICES = new Set(['iam', 'entra', 'rbac', 'sso', 'identitystore', 'identitycenter']);

/** The catalogue of controls knows better where it knows a check. */
function isIdentityCheck(product: string, check: string): boolean {
  if (product === 'prowler') return IDENTITY_SERVICES.has(check.split('_', 1)[0] ?? '');
  return product === 'securityhub' && isIdentityControl(check);
}
