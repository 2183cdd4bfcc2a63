import type { Severity } from '#domain/severity/severity.ts';

/** What a report says of a rule, as far as it tells what the rule is about. */
export interface RuleTraits {
  readonly name?: string | undefined;
  readonly tags: readonly string[];
  readonly category?: string | undefined;
  readonly cwes: readonly number[];
  /** From `security-severity`; undefined where the rule states none. */
  readonly securitySeverity?: Severity | undefined;
}

/** What a result is about: decides its type, its place and its class. */
export type ResultNature = 'code' | 'iac' | 'secret' | 'os-package' | 'library' | 'license';

const IAC_TOOLS = new Set([
  'checkov',
  'kics',
  'tfsec',
  'terrascan',
  'snyk-iac',
  'cfn-nag',
  'kubesec',
  'kube-linter',
  'kube-score',
  'regula',
  'datree',
  'defsec',
  'polaris',
  'kubescape',
  'terraform-compliance',
]);
const SECRET_TOOLS = new Set([
  'gitleaks',
  'trufflehog',
  'detect-secrets',
  'ggshield',
  'gitguardian',
  'noseyparker',
  'kingfisher',
  'secretlint',
  'talisman',
  'whispers',
]);
const PACKAGE_TOOLS = new Set([
  'grype',
  'osv-scanner',
  'snyk',
  'docker-scout',
  'dependency-check',
  'clair',
  'govulncheck',
  'pip-audit',
  'npm-audit',
  'xray',
]);

const ADVISORY =
  /^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|(?:GO|RUSTSEC|PYSEC|MAL|OSV|DSA|DLA|ALAS\d*|RHSA|RHBA|ELSA|USN|SUSE-SU|TEMP)-[\w.:-]{3,60}|SNYK-[A-Z]+-[\w.:-]{3,120})/i;

/** The id of an advisory at the beginning of a text, or undefined. Grype writes `CVE-2024-1-packagename` as rule id. */
export function advisoryAtStart(text: string): string | undefined {
  return ADVISORY.exec(text.slice(0, 200))?.[0];
}

/**
 * By the rule first, then by the tool (design: identity, names). What is not known to be something else is code.
 */
export function resultNature(tool: string, check: string, rule: RuleTraits | undefined): ResultNature {
  const tags = rule?.tags ?? [];
  if (tool === 'trivy') return trivyNature(rule?.name, tags, check);
  if (
    SECRET_TOOLS.has(tool) ||
    check.startsWith('CKV_SECRET_') ||
    (tool === 'kics' && (rule?.name ?? '').startsWith('Passwords And Secrets'))
  )
    return 'secret';
  if (IAC_TOOLS.has(tool)) return 'iac';
  if (PACKAGE_TOOLS.has(tool) || advisoryAtStart(check) !== undefined) return 'library';
  return 'code';
}

function trivyNature(name: string | undefined, tags: readonly string[], check: string): ResultNature {
  if (name === 'OsPackageVulnerability') return 'os-package';
  if (name === 'LanguageSpecificPackageVulnerability') return 'library';
  if (name === 'Secret' || tags.includes('secret')) return 'secret';
  if (name === 'License' || tags.includes('license')) return 'license';
  if (name === 'Misconfiguration' || tags.includes('misconfiguration')) return 'iac';
  return advisoryAtStart(check) === undefined ? 'iac' : 'library';
}

const LINTERS = new Set([
  'actionlint',
  'ansible-lint',
  'biome',
  'cfn-lint',
  'checkstyle',
  'clang-tidy',
  'clippy',
  'credo',
  'detekt',
  'eslint',
  'flake8',
  'golangci-lint',
  'hadolint',
  'ktlint',
  'markdownlint',
  'mypy',
  'oxlint',
  'phpstan',
  'pmd',
  'psalm',
  'pylint',
  'rubocop',
  'ruff',
  'shellcheck',
  'staticcheck',
  'stylelint',
  'swiftlint',
  'tflint',
  'yamllint',
]);

/** Rules of linters that are about security all the same. */
const SECURITY_RULE =
  /^(?:security\/|security-node\/|no-unsanitized\/|no-secrets\/|xss\/|scanjs-rules\/|@microsoft\/sdl\/|Security\/|Tainted|gosec|G\d{3}$|S\d{3}$|cert-|android-cloexec)/;

/** Parts of the ids of Semgrep's registry that name another category than security. */
const SEMGREP_CATEGORIES = new Set([
  'best-practice',
  'compatibility',
  'correctness',
  'maintainability',
  'performance',
  'portability',
]);

const SPOTBUGS_SECURITY = new Set(['SECURITY', 'MALICIOUS_CODE']);

/**
 * True where the rule is known to be about something else than security: lint is no vulnerability
 * (design: identity, names). A rule that does not say is about security.
 */
export function isAboutOther(tool: string, check: string, rule: RuleTraits | undefined): boolean {
  if (rule?.securitySeverity !== undefined) return false;
  const tags = rule?.tags ?? [];
  const saysSecurity = tags.some((tag) => tag.toLowerCase() === 'security');
  if (saysSecurity) return false;
  if (tool === 'spotbugs') return tags.length > 0 && !tags.some((tag) => SPOTBUGS_SECURITY.has(tag));
  if (tool === 'codeql') return tags.length > 0;
  if (rule?.category !== undefined)
    return rule.category.toLowerCase() !== 'security' && (tool === 'semgrep' || tool === 'snyk-code');
  if (tool === 'semgrep')
    return (
      (rule?.cwes.length ?? 0) === 0 && check.split('.', 12).some((part) => SEMGREP_CATEGORIES.has(part))
    );
  return LINTERS.has(tool) && !SECURITY_RULE.test(check);
}
