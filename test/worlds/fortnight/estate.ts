/** What can be wrong with one of these things. */
export type Thing =
  | 'shop image'
  | 'pay image'
  | 'shop repository'
  | 'pay repository'
  | 'shop code'
  | 'shop branch'
  | 'pay code'
  | 'account west'
  | 'account central'
  | 'cluster blue'
  | 'cluster old';

export interface Flaw {
  /** Advisory, rule or check. */
  readonly subject: string;
  readonly thing: Thing;
  /** Package, path or name of the object. */
  readonly at: string;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** First night on which it is there, and the first on which it is no more; null while it stays. */
  readonly from: number;
  readonly until: number | null;
}

/** The resource that the product should name for each thing; both branches are one repository. */
export const RESOURCE: Readonly<Record<Thing, string>> = {
  'shop image': 'registry.example/shop',
  'pay image': 'registry.example/pay',
  'shop repository': 'github.com/acme/shop',
  'pay repository': 'github.com/acme/pay',
  'shop code': 'github.com/acme/shop',
  'shop branch': 'github.com/acme/shop',
  'pay code': 'github.com/acme/pay',
  'account west': 'west-bucket',
  'account central': 'central-bucket',
  'cluster blue': 'Deployment shop/web',
  'cluster old': 'Deployment shop/web-old',
};

function flaw(
  thing: Thing,
  subject: string,
  at: string,
  severity: Flaw['severity'],
  from = 1,
  until: number | null = null,
): Flaw {
  return { subject, thing, at, severity, from, until };
}

function many(count: number, make: (index: number) => Flaw): readonly Flaw[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The truth about two weeks of two teams: everything that is wrong, from when to when. */
const FLAWS: readonly Flaw[] = [
  // The base image of the shop is renewed on night 6: 20 of 24 flaws of its system go.
  ...many(24, (index) =>
    flaw(
      'shop image',
      `CVE-2024-20${10 + index}`,
      `libsystem${index}`,
      index % 3 === 0 ? 'HIGH' : 'MEDIUM',
      1,
      index < 20 ? 6 : null,
    ),
  ),
  flaw('shop image', 'CVE-2021-23337', 'lodash', 'HIGH'),
  flaw('shop image', 'CVE-2024-45590', 'body-parser', 'HIGH', 2),
  flaw('shop image', 'CVE-2024-37890', 'ws', 'HIGH', 1, 5),
  // It comes back with a revert.
  flaw('shop image', 'CVE-2024-37890', 'ws', 'HIGH', 11),
  // There for one night only, in the build whose report is late.
  flaw('shop image', 'CVE-2024-4068', 'braces', 'HIGH', 4, 5),
  ...many(6, (index) => flaw('pay image', `CVE-2024-30${10 + index}`, `libpay${index}`, 'MEDIUM')),
  flaw('pay image', 'CVE-2022-25883', 'semver', 'HIGH', 1, 3),
  // The same advisory as in the shop, which is muted there by then.
  flaw('pay image', 'CVE-2021-23337', 'lodash', 'HIGH', 8),
  flaw('shop repository', 'CVE-2021-23337', 'lodash', 'HIGH'),
  // A monorepo's old tool is removed on night 14.
  ...many(30, (index) =>
    flaw(
      'shop repository',
      `CVE-2023-40${10 + index}`,
      `old-tool-${index}`,
      index % 2 === 0 ? 'HIGH' : 'LOW',
      1,
      index < 27 ? 14 : null,
    ),
  ),
  ...many(5, (index) =>
    flaw('pay repository', `CVE-2023-50${10 + index}`, `ledger-${index}`, 'HIGH', 1, index === 0 ? 5 : null),
  ),
  ...many(6, (index) =>
    flaw('pay repository', `CVE-2023-60${10 + index}`, `format-${index}`, index % 2 === 0 ? 'MEDIUM' : 'LOW'),
  ),
  // Newer than the report that is late.
  flaw('pay repository', 'CVE-2023-5099', 'ledger-new', 'HIGH', 6),
  flaw('shop code', 'javascript.express.injection', 'src/search.js', 'HIGH'),
  flaw('shop code', 'javascript.jwt.hardcoded-secret', 'src/session.js', 'HIGH'),
  flaw('shop code', 'javascript.express.open-redirect', 'src/login.js', 'MEDIUM', 1, 9),
  flaw('shop branch', 'javascript.eval', 'src/preview.js', 'HIGH', 8, 12),
  flaw('pay code', 'java.crypto.des', 'src/Vault.java', 'HIGH'),
  flaw('pay code', 'java.xxe', 'src/Statement.java', 'HIGH', 1, 7),
  flaw('pay code', 'java.random', 'src/Token.java', 'LOW', 4),
  flaw('account west', 's3_bucket_default_encryption', 'west-bucket', 'MEDIUM', 1, 7),
  flaw('account west', 's3_bucket_object_versioning', 'west-bucket', 'MEDIUM'),
  flaw('account central', 's3_bucket_default_encryption', 'central-bucket', 'MEDIUM'),
  flaw('account central', 's3_bucket_object_versioning', 'central-bucket', 'MEDIUM', 1, 10),
  ...['KSV-0011', 'KSV-0014', 'KSV-0018'].map((check) => flaw('cluster blue', check, 'web', 'MEDIUM')),
  flaw('cluster blue', 'KSV-0020', 'web', 'LOW', 4),
  // The cluster is switched off on night 9.
  ...['KSV-0014', 'KSV-0021'].map((check) => flaw('cluster old', check, 'web-old', 'HIGH', 1, 9)),
];

/** What is wrong with a thing on a night. */
export function wrongWith(thing: Thing, night: number): readonly Flaw[] {
  return FLAWS.filter((each) => each.thing === thing && isThere(each, night));
}

function isThere({ from, until }: Flaw, night: number): boolean {
  return from <= night && (until === null || night < until);
}

/** Everything that is wrong on a night, as lines. */
export function wrongAt(night: number): ReadonlySet<string> {
  return new Set(FLAWS.filter((each) => isThere(each, night)).map(lineOf));
}

/** A finding as the test compares it: what, on which resource. A check is called after its tool, an advisory is everybody's. */
export function lineOf({ subject, thing }: Pick<Flaw, 'subject' | 'thing'>): string {
  return `${TOOL[thing]}${subject} on ${RESOURCE[thing]}`;
}

const TOOL: Readonly<Record<Thing, string>> = {
  'shop image': '',
  'pay image': '',
  'shop repository': '',
  'pay repository': '',
  'shop code': 'semgrep:',
  'shop branch': 'semgrep:',
  'pay code': 'semgrep:',
  'account west': 'prowler:',
  'account central': 'prowler:',
  'cluster blue': 'trivy:',
  'cluster old': 'trivy:',
};
