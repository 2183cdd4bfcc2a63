import type { Severity } from './severity.ts';

/** What an attacker needs first: rights of their own, a vulnerable part or a leaked credential, or nothing. */
export type AttackVector = 'required_privileges' | 'vulnerability' | 'no_authorization';

/** `public`: reachable from the internet, or open to everyone by its own policy. */
export type Accessibility = 'private' | 'public';

export type Likelihood = 'improbable' | 'possible' | 'probable' | 'highly_probable';

/**
 * How far the harm goes: `low` hygiene, `medium` the component itself, `high` many other resources
 * too, `critical` full control of everything in the account or cluster.
 */
export type Impact = 'low' | 'medium' | 'high' | 'critical';

const LIKELIHOOD: Record<AttackVector, Record<Accessibility, Likelihood>> = {
  required_privileges: { private: 'improbable', public: 'possible' },
  vulnerability: { private: 'possible', public: 'probable' },
  no_authorization: { private: 'probable', public: 'highly_probable' },
};

const SEVERITY: Record<Likelihood, Record<Impact, Severity>> = {
  improbable: { low: 'low', medium: 'low', high: 'medium', critical: 'medium' },
  possible: { low: 'low', medium: 'medium', high: 'high', critical: 'high' },
  probable: { low: 'medium', medium: 'high', high: 'high', critical: 'critical' },
  highly_probable: { low: 'medium', medium: 'high', high: 'critical', critical: 'critical' },
};

/** How likely an attack is, of what it needs and from where it can be tried (design: severity, likelihood and impact). */
export function likelihoodOf(vector: AttackVector, accessibility: Accessibility): Likelihood {
  return LIKELIHOOD[vector][accessibility];
}

/** The severity of a misconfiguration or identity risk (design: severity, likelihood and impact). */
export function severityOfLikelihood(likelihood: Likelihood, impact: Impact): Severity {
  return SEVERITY[likelihood][impact];
}
