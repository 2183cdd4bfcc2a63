import type { AzureRole } from './azure-roles.ts';

/** Whether a role allows an operation: some pattern names it, none of the exceptions does, and its condition lets it through. */
export function allows(role: AzureRole, operation: string): boolean {
  return holdsOperation(role, role.actions, role.notActions, operation);
}

/** The same for an operation on data. */
export function allowsOnData(role: AzureRole, operation: string): boolean {
  return holdsOperation(role, role.dataActions, role.notDataActions, operation);
}

function holdsOperation(
  role: AzureRole,
  patterns: readonly string[],
  exceptions: readonly string[],
  operation: string,
): boolean {
  return (
    patterns.some((pattern) => matchesOperation(pattern, operation)) &&
    !exceptions.some((pattern) => matchesOperation(pattern, operation)) &&
    (role.lets === undefined || role.lets(operation))
  );
}

/** `*` stands for any text, slashes included. Cases are the same. */
export function matchesOperation(pattern: string, operation: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = operation.toLowerCase();
  if (parts.length === 1) return text === parts[0];
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
