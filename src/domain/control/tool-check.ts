import { cleanText } from '#base/text.ts';
import aliases from './data/check-aliases.json' with { type: 'json' };

const TOOLS: ReadonlyMap<string, string> = new Map(Object.entries(aliases.tools));
const RENAMED: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(aliases.checks).map(([tool, checks]) => [tool, new Map(Object.entries(checks))]),
);

/** The alias file: other names of tools and of checks. */
export const checkNames: unknown = aliases;

const LONGEST_TOOL = 100;
const LONGEST_CHECK = 500;

/**
 * The one spelling of a tool's check, `tool:check`: `Semgrep OSS` is semgrep, `prowler-x` is `x`,
 * `AVD-DS-0002`, `DS-0002` and `DS002` are one. A check that its tool renamed has its newest name.
 * Names that no rule knows stay as they are. (design: identity, names)
 */
export function toolCheck(tool: string, check: string): string {
  const { tool: ownTool, check: ownCheck } = canonical(
    toolName(tool),
    cleanText(check, LONGEST_CHECK).normalize('NFC'),
  );
  return `${ownTool}:${RENAMED.get(ownTool)?.get(ownCheck) ?? ownCheck}`;
}

/** The check alone, in the same spelling: what stands behind the tool. */
export function checkName(tool: string, check: string): string {
  return withoutTool(toolCheck(tool, check));
}

/** The check of a `tool:check`. */
export function withoutTool(spelled: string): string {
  return spelled.slice(spelled.indexOf(':') + 1);
}

/** A tool's name in its one spelling: lower-case, spaces as dashes, products of one engine under its name. */
export function toolName(tool: string): string {
  const name = cleanText(tool, LONGEST_TOOL).normalize('NFC').toLowerCase().replace(/\s+/g, ' ');
  // A colon would blur where the tool ends and its check begins.
  return TOOLS.get(name) ?? name.replace(/[\s:]/g, '-');
}

interface Names {
  readonly tool: string;
  readonly check: string;
}

const TRIVY_CHECK = /^(?:AVD-)?([A-Z]{2,8})-?(\d{3,4})$/;
const AVD_CHECK = /^AVD-/i;
const PROWLER_2_NUMBER = /^([1-47])\.0?(\d{1,3})$/;
const SECURITY_HUB_CONTROL = /(?:^|\/)([A-Za-z][A-Za-z0-9]*\.\d{1,4})$/;
const CODEQL_PACK = /^[\w./-]{1,100}:(?=[\w-]+\/)/;

function canonical(tool: string, check: string): Names {
  switch (tool) {
    case 'trivy':
      return { tool, check: trivyCheck(check) };
    case 'tfsec':
      // Both read the same rules; only the `AVD-` spelling says so: tfsec's old `AWS007` is another numbering.
      return AVD_CHECK.test(check) ? { tool: 'trivy', check: trivyCheck(check) } : { tool, check };
    case 'prowler':
      return { tool, check: prowlerCheck(check) };
    case 'securityhub':
      return { tool, check: SECURITY_HUB_CONTROL.exec(check)?.[1] ?? check };
    case 'checkov':
    case 'kubescape':
      return { tool, check: check.toUpperCase() };
    case 'codeql':
      return { tool, check: check.replace(CODEQL_PACK, '') };
    case 'shellcheck':
      return { tool, check: /^\d{4}$/.test(check) ? `SC${check}` : check };
    default:
      return { tool, check };
  }
}

function trivyCheck(check: string): string {
  const match = TRIVY_CHECK.exec(check.toUpperCase());
  return match === null ? check : `${match[1]}-${match[2]?.padStart(4, '0')}`;
}

/** Prowler 2 names its checks `check11` and `extra73` and numbers the same ones 1.1 (or 1.01) and 7.3. */
function prowlerCheck(check: string): string {
  const bare = check.replace(/^(?:prowler-)+/, '');
  const match = PROWLER_2_NUMBER.exec(bare);
  if (match === null) return bare;
  return match[1] === '7' ? `extra7${match[2]}` : `check${match[1]}${match[2]}`;
}
