import { CATALOGUED_TOOLS, CONTROLS, type Control } from './control-catalogue.ts';
import { toolCheck } from './tool-check.ts';

/** Fields of a record that tell apart the controls which share a check id. */
export interface ControlHints {
  /** The single open port; 0 or -1 for all ports. */
  readonly port?: number;
  /** The kind of the resource, in whatever spelling: `iam-role`, `aws_iam_role`, `AWS::IAM::Role`. */
  readonly resourceKind?: string;
}

const BY_CHECK = indexByCheck();

function indexByCheck(): ReadonlyMap<string, readonly Control[]> {
  const index = new Map<string, Control[]>();
  for (const control of CONTROLS) {
    for (const tool of CATALOGUED_TOOLS) {
      for (const check of control.checks[tool] ?? []) {
        const key = toolCheck(tool, check);
        const listed = index.get(key);
        if (listed === undefined) index.set(key, [control]);
        else if (!listed.includes(control)) listed.push(control);
      }
    }
  }
  return index;
}

/** All controls that a tool's check can mean. */
export function controlsForCheck(tool: string, check: string): readonly Control[] {
  return BY_CHECK.get(toolCheck(tool, check)) ?? [];
}

/**
 * The control that a tool's check means; null when the catalogue has none. Of several that share the
 * id the record's own fields decide: the port, then the kind of resource; else the first listed
 * counts. A record that names one port which none of them is about means none of them.
 * (design: identity, names)
 */
export function controlForCheck(tool: string, check: string, hints: ControlHints = {}): Control | null {
  const listed = controlsForCheck(tool, check);
  const [first = null, ...others] = listed;
  if (others.length === 0) return first;
  const { port, resourceKind } = hints;
  if (port !== undefined && listed.some((control) => control.decidedBy?.ports !== undefined)) {
    const about = listed.find((control) => control.decidedBy?.ports?.includes(port));
    return about ?? listed.find((control) => control.decidedBy?.ports === undefined) ?? null;
  }
  if (resourceKind !== undefined) {
    const kind = resourceKind.toLowerCase().replace(/[^a-z0-9]/g, '');
    const about = listed.find((control) =>
      control.decidedBy?.resourceKinds?.some((part) => kind.includes(part)),
    );
    if (about !== undefined) return about;
  }
  return first;
}
