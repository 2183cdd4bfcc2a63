import type { Labels } from '../resource/facts/kubernetes-facts.ts';
import type { Authentication } from './exposure-record.ts';

/** What a front asks everybody for before anything behind it is reached. */
export interface Login {
  readonly auth: Authentication;
  readonly words: string;
  /** What has to be so for it to refuse strangers, where the cluster does not tell it. */
  readonly assumes?: string;
  /** Whom it lets through beside those whom the owner named; what would settle that, where it is not known. */
  readonly lets?: 'any-google-account' | { readonly missing: readonly string[] };
}

export const CLIENT_CERTIFICATE: Login = { auth: 'mtls', words: 'a client certificate' };

/** The login that an ingress asks everybody for (attack-paths §2.7, 3); null when it asks for none. */
export function loginOf(annotations: Labels): Login | null {
  const text = (key: string): string => annotations[key]?.trim() ?? '';
  const alb = text('alb.ingress.kubernetes.io/auth-type');
  const letsAll = text('alb.ingress.kubernetes.io/auth-on-unauthenticated-request') === 'allow';
  if ((alb === 'oidc' || alb === 'cognito') && !letsAll) return { auth: 'oidc', words: alb };
  if (verifiesClients(text('alb.ingress.kubernetes.io/mutual-authentication'))) return CLIENT_CERTIFICATE;
  if (
    text('nginx.ingress.kubernetes.io/auth-url') !== '' ||
    text('haproxy-ingress.github.io/auth-url') !== ''
  )
    return { auth: 'oidc', words: 'an external login (auth-url)' };
  const verify = text('nginx.ingress.kubernetes.io/auth-tls-verify-client') || 'on';
  if (text('nginx.ingress.kubernetes.io/auth-tls-secret') !== '' && verify === 'on')
    return CLIENT_CERTIFICATE;
  const nginx = text('nginx.ingress.kubernetes.io/auth-type');
  if (nginx === 'basic' || nginx === 'digest') return { auth: 'app', words: `a password (${nginx})` };
  if (text('nginx.org/basic-auth-secret') !== '' || text('haproxy.org/auth-type') === 'basic-auth')
    return { auth: 'app', words: 'a password (basic)' };
  return null;
}

/** `[{"port": 443, "mode": "verify", …}]`: nobody gets in only if every port that it names verifies. */
function verifiesClients(setting: string): boolean {
  const modes = [...setting.slice(0, 2_000).matchAll(/"mode"\s*:\s*"(\w+)"/g)].map((match) => match[1]);
  return modes.length > 0 && modes.every((mode) => mode === 'verify');
}
