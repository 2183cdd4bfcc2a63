import { expect, test } from 'vitest';
import { severityOfScore } from '#domain/severity/severity.ts';
import { cwesOf } from './cwe-numbers.ts';
import { advisoryAtStart, isAboutOther, type RuleTraits, resultNature } from './result-nature.ts';

function rule(
  fields: { name?: string; tags?: string[]; category?: string; severity?: string } = {},
): RuleTraits {
  const { name, tags = [], category, severity } = fields;
  return {
    name,
    tags,
    category,
    cwes: cwesOf(tags),
    securitySeverity: severity === undefined ? undefined : severityOfScore(Number(severity)),
  };
}

test.each([
  ['semgrep', 'python.lang.security.x', rule(), 'code'],
  ['checkov', 'CKV_AWS_1', rule(), 'iac'],
  ['checkov', 'CKV_SECRET_6', rule(), 'secret'],
  ['kics', 'd6355c88', rule({ name: 'Passwords And Secrets - Encryption Key' }), 'secret'],
  ['kics', 'd6355c88', rule({ name: 'Docker Socket Mounted' }), 'iac'],
  ['gitleaks', 'aws-access-key', rule(), 'secret'],
  ['trivy', 'CVE-2019-1549', rule({ name: 'OsPackageVulnerability' }), 'os-package'],
  ['trivy', 'CVE-2019-1549', rule({ name: 'LanguageSpecificPackageVulnerability' }), 'library'],
  ['trivy', 'AVD-AZU-0014', rule({ name: 'Misconfiguration' }), 'iac'],
  ['trivy', 'aws-access-key-id', rule({ name: 'Secret' }), 'secret'],
  ['trivy', 'GPL-3.0', rule({ name: 'License' }), 'license'],
  ['trivy', 'CVE-2019-1549', undefined, 'library'],
  ['grype', 'CVE-1999-0001-package-1', rule(), 'library'],
  ['unheard-of', 'GHSA-9pgh-qqpf-7wqj', rule(), 'library'],
  ['unheard-of', 'X1', undefined, 'code'],
])('%s, %s: %#', (tool, check, described, nature) => {
  expect(resultNature(tool, check, described)).toBe(nature);
});

test.each([
  ['codeql', 'py/x', rule({ tags: ['maintainability', 'external/cwe/cwe-563'] }), true],
  ['codeql', 'py/x', rule({ tags: ['security', 'maintainability'] }), false],
  ['codeql', 'py/x', undefined, false],
  ['codeql', 'py/x', rule({ tags: ['correctness'], severity: '7.0' }), false],
  ['semgrep', 'typescript.react.portability.i18next.x', rule(), true],
  ['semgrep', 'python.lang.security.x', rule({ tags: ['security'] }), false],
  ['semgrep', 'my-own-rule', rule(), false],
  ['semgrep', 'my-own-rule', rule({ category: 'best-practice' }), true],
  ['semgrep', 'my-own-rule', rule({ category: 'security' }), false],
  ['eslint', '@typescript-eslint/no-unused-vars', rule(), true],
  ['eslint', 'security/detect-object-injection', rule(), false],
  ['shellcheck', '2076', rule({ tags: ['Scan'] }), true],
  ['ruff', 'S105', rule(), false],
  ['ruff', 'E501', rule(), true],
  ['spotbugs', 'EI_EXPOSE_REP', rule({ tags: ['MALICIOUS_CODE'] }), false],
  ['spotbugs', 'DM_DEFAULT_ENCODING', rule({ tags: ['I18N'] }), true],
  ['spotbugs', 'X', rule(), false],
  ['snyk-code', 'javascript/XSS', rule({ category: 'Security' }), false],
  ['snyk-code', 'javascript/UseStrict', rule({ category: 'Defect' }), true],
  ['bandit', 'B104', rule(), false],
])('%s %s is about something else: %#', (tool, check, described, other) => {
  expect(isAboutOther(tool, check, described)).toBe(other);
});

test.each([
  ['CVE-1999-0001-package-1', 'CVE-1999-0001'],
  ['GHSA-9pgh-qqpf-7wqj-left-pad', 'GHSA-9pgh-qqpf-7wqj'],
  ['ELSA-2021-0001', 'ELSA-2021-0001'],
  ['SNYK-JS-LODASH-590103', 'SNYK-JS-LODASH-590103'],
  ['B104', undefined],
  ['CVE-20', undefined],
])('%s begins with the advisory %s', (text, advisory) => {
  expect(advisoryAtStart(text)).toBe(advisory);
});
