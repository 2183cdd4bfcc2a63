/**
 * The type that GuardDuty gave a finding, from the one under which Security Hub files it:
 * `TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled` is `Stealth:IAMUser/CloudTrailLoggingDisabled`.
 */
export function guardDutyType(securityHubType: string): string {
  // A purpose before the first slash: the type is GuardDuty's own spelling already.
  if (/^[^/:]*:/.test(securityHubType)) return securityHubType;
  const parts = securityHubType.split('/', 6);
  const last = parts.at(-1) ?? securityHubType;
  const purposed =
    last.includes(':') || parts.length < 2 ? last : `${parts.at(-2)?.replaceAll(' ', '')}:${last}`;
  const colon = purposed.indexOf(':');
  const dash = purposed.indexOf('-', colon + 1);
  return colon < 0 || dash < 0 ? purposed : `${purposed.slice(0, dash)}/${purposed.slice(dash + 1)}`;
}

/** True for the namespaces of types that report an attack: tactics, effects on the estate, unusual behaviour. */
export function isAttackType(securityHubType: string): boolean {
  return securityHubType.startsWith('TTPs') || securityHubType.startsWith('Unusual Behaviors');
}

/** Services of AWS whose failed checks are about who may do what (design: identity, names). */
const IDENTITY_SERVICES = new Set(['iam', 'sso', 'identitystore', 'identitycenter', 'identity-center']);

/** `IAM.4`, `PCI.IAM.1` and `SSO.1` are about identities; the catalogue of controls knows better where it knows a check. */
export function isIdentityControl(control: string): boolean {
  return control
    .toLowerCase()
    .split('.', 4)
    .some((part) => IDENTITY_SERVICES.has(part));
}
